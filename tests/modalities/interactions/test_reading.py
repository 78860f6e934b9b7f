"""From tables to examples."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_histories import drawn_interactions
from understudy.domain.finding import FindingKind
from understudy.modalities.interactions.cells import moments
from understudy.modalities.interactions.columns import Columns, ColumnsUnclear
from understudy.modalities.interactions.modality import MODALITY, NoEncoder
from understudy.modalities.interactions.question import read_question
from understudy.modalities.interactions.reading import Interactions, NothingTaken, read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.interactions.taken import Before
from understudy.modalities.registry import modality_named
from understudy.modalities.table.frame import read_frame
from understudy.modalities.table.unreadable import TableUnreadable

DATA = Path(__file__).parents[4] / "shared" / "data"


def _table(*rows: str, header: str = "user,item,rating,timestamp") -> bytes:
    return "\n".join([header, *rows]).encode()


def _read(
    table: bytes | Path,
    wanted: Columns | None = None,
    *,
    content: Mapping[str, bytes] | None = None,
    before: Before | None = None,
) -> Interactions:
    return read_interactions("t", Sheet.of(read_frame("t", table)), wanted, content=content, before=before)


def test_what_was_liked_last_is_held_out_and_what_came_later_stands_apart() -> None:
    """With times, the label is the last liked item; what came after it is no part of its history but kept apart."""
    found = _read(_table("ann,a,5,1", "ann,b,4,3", "ann,c,1,4", "ann,d,5,2", "bob,a,1,1"))
    (ann,) = found.examples()
    question = read_question(ann.data)
    assert ann.label == "b"
    assert [event.item for event in question.history] == ["a", "d"]
    assert [event.item for event in question.after] == ["c"]
    assert question.asked == 3
    assert (ann.name, ann.group) == ("ann", "ann")
    assert [finding.kind for finding in found.findings] == [FindingKind.UNLABELLED]


def test_without_times_one_liked_item_is_drawn_whatever_the_order_of_rows() -> None:
    """Without times the held-out item depends on person and item alone, and everything else is history."""
    rows = [f"ann,{item},{rating}" for item, rating in zip("abcdef", (5, 5, 5, 1, 1, 5), strict=True)]
    header = "user,item,rating"
    first = next(iter(_read(_table(*rows, header=header)).examples()))
    again = next(iter(_read(_table(*reversed(rows), header=header)).examples()))
    assert first.label == again.label
    assert first.label in "abcf"
    taken = {event.item for event in read_question(first.data).history}
    assert taken == set("abcdef") - {first.label}


def test_a_long_history_is_kept_whole() -> None:
    """All that somebody took is kept, however much it is: lists must leave it out."""
    (ann,) = _read(_table(*(f"ann,{at},5,{at}" for at in range(3000)))).examples()
    assert len(read_question(ann.data).history) == 2999


def test_whose_highest_counts_as_liked_is_told() -> None:
    """How many rated nothing as high as counts as liked is said beside who gave everything the lowest rating."""
    rows = (*(f"ann,{item},2,1" for item in "abcd"), "bob,a,0,1", "bob,b,1,2", "cat,a,0,1", "cat,b,0,2")
    facts = [finding.fact for finding in _read(_table(*rows)).findings]
    assert facts == [
        "1 of 3 people gave the lowest rating to all they took.",
        "1 of 3 people rated nothing 2 or more; of them what they rated highest counts as liked.",
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("abcdef"), st.integers(1, 5), st.integers(0, 9)),
        min_size=1,
        max_size=30,
    )
)
def test_nothing_after_the_cut_is_in_a_history(rows: list[tuple[str, str, int, int]]) -> None:
    """No event of a history is later than the question, and where taking again is rare the label is not among them."""
    try:
        found = _read(_table(*(",".join(map(str, row)) for row in rows)))
    except NothingTaken:
        return
    assert found.count == len(list(found.examples()))
    for example in found.examples():
        question = read_question(example.data)
        assert question.asked is not None
        assert all(event.when is not None and event.when <= question.asked for event in question.history)
        if not found.taken.repeats:
            assert example.label not in {event.item for event in question.history}


def test_items_taken_again_and_again_stay_in_histories() -> None:
    """Where taking again is usual, every time counts, and the data say so."""
    rows = [f"ann,{item},{at}" for at, item in enumerate("abababab")]
    found = _read(_table(*rows, header="customer,product,date"))
    assert found.about() == {"timed": True, "repeats": True, "liked_from": None, "length": 10}
    (ann,) = found.examples()
    assert len(read_question(ann.data).history) == 7


@pytest.mark.parametrize(("again", "usual"), [(1, False), (2, True)])
def test_taking_again_is_usual_above_one_event_in_twenty(again: int, usual: bool) -> None:
    """One of twenty events that takes an item again is rare, and only the first time counts; two of them are usual."""
    rows = [f"ann,i{at % (20 - again)},{at}" for at in range(20)]
    taken = _read(_table(*rows, header="customer,product,date")).taken
    assert taken.repeats is usual
    assert len(taken.who) == (20 if usual else 19)


@pytest.mark.parametrize(
    "header",
    ["userId,movieId,rating,timestamp", "Customer ID,SKU,Stars,Order date", "visitor;page;score;when", "u,i,rate,date"],
)
def test_columns_are_found_by_name_or_shape(header: str) -> None:
    """Usual names say which column is which; else two columns that repeat are who and what, in this order."""
    parting = ";" if ";" in header else ","
    rows = [parting.join([f"p{at % 5}", f"i{at % 7}", str(at % 5), f"2024-01-{1 + at % 28:02d}"]) for at in range(40)]
    columns = _read(_table(*rows, header=header)).columns
    assert [columns.who, columns.what, columns.rating, columns.when] == header.split(parting)


def test_columns_can_be_named_and_denied() -> None:
    """What a person says of columns holds, also that there is no rating."""
    data = _table("a,x,b,5", "b,y,a,1", "a,y,b,2", header="one,two,three,rating")
    found = _read(data, Columns(who="three", what="two", rating=""))
    assert found.columns == Columns("three", "two")
    assert found.taken.people == ("b", "a")
    with pytest.raises(ColumnsUnclear, match="no column “four”"):
        _read(data, Columns(who="four"))
    with pytest.raises(ColumnsUnclear, match="who took something"):
        _read(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", TableUnreadable),
        (b"user", ColumnsUnclear),
        (b"user,user,user\n1,2,3\n1,2,3", ColumnsUnclear),
        (b"user,item\n", NothingTaken),
        (b"user,item\na,x\nb,x", NothingTaken),
        (b"user,item\n,x\nb,", NothingTaken),
    ],
)
def test_a_table_of_nothing_is_refused(data: bytes, error: type[Exception]) -> None:
    """A table without interactions to learn from gets an error that says so."""
    with pytest.raises(error):
        _read(data)


def test_bad_rows_are_told_and_left_out() -> None:
    """Rows that cannot be used become findings with their lines; none is dropped in silence."""
    found = _read(_table("a,x,5,1", ",y,5,2", "a,z,good,3", "b,x,4,?", "b,y,,5"))
    told = {finding.fact: finding.evidence for finding in found.findings}
    assert told["1 row does not say who took what."] == ("line 3",)
    assert told["1 row has a rating that is no number, which is not used."] == ("line 4",)
    assert told["1 row has no rating, which counts as liked."] == ("line 6",)
    assert len(found.taken.who) == 4


def test_times_and_numbers_are_read_as_people_write_them() -> None:
    """Seconds, milliseconds, ISO 8601 and days first or months first all give the same moments."""
    assert moments(["86400", "172800"]) == [86400.0, 172800.0]
    assert moments(["1700000000000"]) == [1.7e9]
    assert moments(["1970-01-02", "1970-01-03T00:00:00Z", "?"]) == [86400.0, 172800.0, None]
    assert moments(["02.01.1970", "31.01.1970"]) == [86400.0, 30 * 86400.0]
    assert moments(["01/02/1970", "01/31/1970"]) == [86400.0, 30 * 86400.0]
    assert moments(["Jan 2, 1970 06:00", "Jan 31, 1970 00:00"]) == [1.25 * 86400.0, 30 * 86400.0]


def test_months_and_quarters_are_moments_in_their_order() -> None:
    """Numbers though they are, December of a year does not come after January of the next."""
    days = 86400.0
    assert moments(["12.1970", "1.1971", "?"]) == [334 * days, 365 * days, None]
    assert moments(["1970-12", "1971-01"]) == [334 * days, 365 * days]
    assert moments(["Q4 1970", "Q1 1971"]) == [273 * days, 365 * days]
    assert moments(["3.1970", "4.5"]) == [3.197, 4.5]
    assert moments(["MAY 1970", "JUN 1970"]) == [120 * days, 151 * days]
    dated = _table(*(f"p{at % 5},i{at % 7},MAY {2000 + at}" for at in range(20)), header="user,item,out")
    assert _read(dated).columns.when == "out"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        (("4,5", "4.5", "1e400", "nan", "x"), (4.5, 4.5, None, None, None)),
        (("3,5", "4,125", "5"), (3.5, 4.125, 5.0)),
        (("1,234", "12", "2,000"), (1234.0, 12.0, 2000.0)),
        (("€ 4", "12 %", "1_5", "3 of 5"), (4.0, 12.0, None, None)),
        (("1.200,50", "3,5", "1.200"), (1200.5, 3.5, 1200.0)),
    ],
)
def test_ratings_are_read_as_the_numbers_of_every_table_are(
    written: tuple[str, ...], numbers: tuple[float | None, ...]
) -> None:
    """In the way of their column: a comma groups thousands or stands before a fraction, and signs hide no number."""
    rows = (f"ann;{at};{cell}" for at, cell in enumerate(written))
    value = _read(_table(*rows, header="user;item;rating")).taken.value
    np.testing.assert_array_equal(value, [np.nan if each is None else each for each in numbers])


def test_prices_of_items_are_numbers_whatever_sign_stands_beside_them() -> None:
    """An item is described by which fifth of the prices its own lies in."""
    items = "item;price\n" + "\n".join(f"{at};{at},50 €" for at in range(10))
    content = _read(b"user;item\na;0\na;9\nb;0\n", content={"items.csv": items.encode()}).content
    assert content.words["0"] == ("price: 0",)
    assert content.words["9"] == ("price: 4",)


def test_items_are_met_however_their_names_are_written_down() -> None:
    """Signs that part items in a list, blanks, and letters beyond the longest name: each is kept as it was taken."""
    long = "x" * 600
    taken = f'user,item\na,"tea; black"\na,{long}\nb,"tea;  black"\n'
    items = f'product,kind\n" tea;   black ",hot\n{long},long\n{long[:501]},n/a\nother,hot\n'
    content = _read(taken.encode(), content={"items.csv": items.encode()}).content
    assert set(content.words) == {"tea, black", long[:500], "other"}
    assert content.words["tea, black"] == content.words["other"] == ("kind: hot",)
    assert content.words[long[:500]] == ("kind: long",)


@given(st.lists(st.integers(0, 40), min_size=12, max_size=40, unique=True))
def test_a_number_is_told_by_the_fifth_of_the_column_in_which_it_lies(prices: list[int]) -> None:
    """As many words as fifths, rising with the number, whatever numbers there are."""
    items = "item,price\n" + "".join(f"i{price},{price}\n" for price in prices)
    taken = "user,item\n" + "".join(f"u{price % 3},i{price}\n" for price in prices)
    words = _read(taken.encode(), content={"items.csv": items.encode()}).content.words
    fifths = [int(words[f"i{price}"][0].removeprefix("price: ")) for price in sorted(prices)]
    edges = [sorted(prices)[len(prices) * part // 5] for part in range(1, 5)]
    assert fifths == [sum(price > edge for edge in edges) for price in sorted(prices)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    """Names keep their letters, whatever wrote the file."""
    sheet = Sheet.of(read_frame("t", "user,item\nJosé,El Rincón\n".encode(encoding)))
    assert sheet.header == ("user", "item")
    assert list(sheet.rows()) == [(2, ["José", "El Rincón"])]


def test_an_item_keeps_its_letters_however_far_down_a_table_it_stands() -> None:
    """A table about items in Windows-1252 whose first accent lies beyond the first million bytes is read as such."""
    rows = (f"item {at},{'plain words of an item ' * 10}" for at in range(5000))
    items = "\n".join(["item,about", *rows, "Café,sweet"]).encode("cp1252")
    assert items.index("é".encode("cp1252")) > 1_000_000
    content = _read("user,item\na,Café\na,item 7\nb,Café\n".encode(), content={"items.csv": items}).content
    assert "Café" in content.words


def test_what_is_wrong_in_a_table_about_items_is_told() -> None:
    """Its rows that cannot be used are named, and the others describe their items."""
    items = b"item,kind\nx,tea\ny\ny,cake,2,3\nz,tea\n"
    found = _read(b"user,item\na,x\na,y\nb,x\n", content={"items.csv": items})
    assert list(found.content.words) == ["x", "z"]
    assert [(each.kind, each.subject) for each in found.findings] == [
        (FindingKind.BAD_ROW, "items.csv, line 3"),
        (FindingKind.BAD_ROW, "items.csv, line 4"),
    ]


def test_a_table_about_items_may_come_in_any_kind_of_file() -> None:
    """JSON lines describe items as CSV does."""
    items = b'{"item": "x", "title": "Tea for two"}\n{"item": "y", "title": "Cake"}\n'
    found = _read(b"user,item\na,x\na,y\nb,x\n", content={"items.jsonl": items})
    assert found.content.names == {"x": "Tea for two", "y": "Cake"}


def test_content_is_read_from_several_tables() -> None:
    """Tables about items give names and words; one that describes none of them is told."""
    content = {
        "places.csv": "id,name,price\nx,Café X,low\ny,Bar Y,low\nw,New,high\n".encode("cp1252"),
        "kinds.csv": b"place,kind\nx,tea|cake\nx,coffee\ny,tea\ny,coffee\n",
        "other.csv": b"a,b\n1,2\n",
    }
    found = _read(b"user,place\na,x\na,y\nb,x\n", content=content)
    assert found.content.names["x"] == "Café X"
    assert set(found.content.words["x"]) >= {"price: low", "kind: tea", "kind: coffee"}
    assert "w" in found.content.words
    assert [finding.subject for finding in found.findings] == ["other.csv"]
    assert type(found.content).from_bytes(found.content.to_bytes()) == found.content


def test_drawn_interactions_are_the_same_for_the_same_seed_and_follow_tastes() -> None:
    """Synthetic interactions need no data of anybody, and people of one taste take like items."""
    drawn = drawn_interactions(40, 30, seed=3, purity=1.0)
    assert drawn == drawn_interactions(40, 30, seed=3, purity=1.0)
    assert drawn != drawn_interactions(40, 30, seed=4, purity=1.0)
    found = _read(drawn.interactions, content={"items.csv": drawn.items})
    first = [found.taken.items[at] for at in found.taken.what[found.taken.who == 0]]
    assert {word for item in first for word in found.content.words[item] if "genre" in word} == {"genre: genre 1"}


def test_the_modality_is_found_by_name_and_needs_no_encoder() -> None:
    """Interactions are one modality among others; asking for an encoder is refused with a reason."""
    assert modality_named("interactions") is MODALITY
    for data in MODALITY.golden():
        MODALITY.inspect(data)
    facts = MODALITY.facts(b'{"history": [["a", 4, 0], ["b", 2, 86400]]}')
    assert facts == {"events": 2.0, "days covered": 1.0, "latest item": "b", "mean rating": 3.0}
    with pytest.raises(NoEncoder, match="without naming an encoder"):
        MODALITY.encoder("bert")


@pytest.mark.skipif(not DATA.exists(), reason="the shared data sets are not here")
def test_restaurants_are_read_with_their_places_in_latin_1() -> None:
    """A real table without times, and two tables about its items, one in Latin-1."""
    folder = DATA / "restaurant_ratings"
    content = {name: (folder / name).read_bytes() for name in ("places.csv", "cuisine.csv")}
    found = _read(folder / "train.csv", content=content)
    assert found.columns == Columns("userID", "placeID", None, "rating")
    assert found.about() == {"timed": False, "repeats": False, "liked_from": 2.0, "length": 10}
    assert "El Rincón de San Francisco" in found.content.names.values()
    assert len(list(found.examples())) == 125


def test_times_that_are_missing_or_cannot_be_read_are_told() -> None:
    """By their lines, with where such an event counts; where no time is used at all, that alone is said."""
    rows = ("ann,a,5,2026-01-02", "ann,b,5,2026-01-03", "ann,c,5,soon", "bob,a,5,2026-01-05", "bob,b,5,", "bob,c,5,-")
    found = _read(_table(*rows, "bob,d,5,2026-01-07"))
    told = {finding.fact: finding.evidence for finding in found.findings}
    assert told == {
        "1 row has a time that cannot be read, which counts as the earliest.": ("line 4",),
        "2 rows have no time, which counts as the earliest.": ("line 6", "line 7"),
    }
    later = _read(_table(*rows, "bob,d,5,2026-01-07"), before=Before(timed=True, repeats=False))
    assert {finding.fact.rpartition(" ")[2] for finding in later.findings} == {"latest."}
    (unused,) = _read(_table("ann,a,5,soon", "ann,b,5,", "bob,b,5,2026-01-03")).findings
    assert unused.fact == "Few cells of “timestamp” are times, so none is used."
    # Rows that came without times keep none, so a table that is mended has to begin another project.
    assert unused.remedy.endswith(": understudy train t --project NAME --who user --what item --time timestamp.")


@pytest.mark.parametrize(("dated", "when"), [(9, "visited"), (6, "visited"), (4, None)])
def test_a_column_of_dates_says_when_as_soon_as_its_times_are_used(dated: int, when: str | None) -> None:
    """Whatever it is called, and though some of its cells are empty or no dates."""
    rows = [f"{person},{item}" for person in ("ann", "bob") for item in "abcde"]
    cells = [f"2026-01-{at + 1:02}" if at < dated else ("", "soon")[at % 2] for at in range(len(rows))]
    table = _table(*(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)), header="user,item,visited")
    assert _read(table).columns.when == when


@pytest.mark.parametrize(
    ("header", "written", "when", "told"),
    [
        ("month", "{0}.2024", "month", False),
        ("visited", "{0}.2024", "visited", False),
        ("month", "2024{0:02}", "month", False),
        ("Monat", "soon {0}", "Monat", True),
        ("month", "{0}", None, False),
    ],
)
def test_months_say_when_or_are_told_of(header: str, written: str, when: str | None, told: bool) -> None:
    """Though they look like numbers; one that cannot be read is told of, and one without a year is no time."""
    rows = [f"{person},{item},{written.format(at % 12 + 1)}" for person in "pqrs" for at, item in enumerate("abcde")]
    found = _read(_table(*rows, header=f"user,item,{header}"))
    assert found.columns.when == when
    assert any(finding.fact.startswith("Few cells of") for finding in found.findings) is told
