"""Copies of rows, and rows that join what is known of people already."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import FindingKind
from understudy.modalities.interactions.columns import ColumnsUnclear
from understudy.modalities.interactions.question import Event, read_question
from understudy.modalities.interactions.reading import Example, Interactions, NothingTaken, read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.interactions.taken import Before
from understudy.modalities.table.frame import read_frame

HEADER = "user,item,rating,timestamp"
Row = tuple[str, str, int, int]


def _read(rows: Sequence[Row], before: Before | None = None, header: str = HEADER) -> Interactions:
    lines = [",".join(map(str, row[: header.count(",") + 1])) for row in rows]
    sheet = Sheet.of(read_frame("t", "\n".join([header, *lines]).encode()))
    return read_interactions("t", sheet, before=before)


def _known(found: Interactions) -> Before:
    """What a project would know of what was read."""
    kept = {each.group: _events(each) for each in found.examples()}
    about, items = found.about(), frozenset(each.label for each in found.examples())
    return Before(
        lambda who: kept.get(who, ()), frozenset(kept), items, about["timed"], about["repeats"], about["liked_from"]
    )


def _events(example: Example) -> list[Event]:
    question = read_question(example.data)
    return [*question.history, Event(example.label, when=question.asked), *question.after]


def test_copies_of_rows_count_once_and_are_told() -> None:
    """A table with every row twice, with or without times, is read as the table, and how many copies it has is said."""
    rows = [(f"p{at % 4}", f"i{at % 7}", 1 + at % 5, at) for at in range(20)]
    for header in (HEADER, "user,item,rating"):
        once, twice = _read(rows, header=header), _read([*rows, *rows], header=header)
        assert list(twice.examples()) == list(once.examples())
        (finding,) = [each for each in twice.findings if each not in once.findings]
        assert (finding.kind, finding.fact.split(" are ")[0]) == (FindingKind.TWIN, "20 rows")


def test_the_same_item_at_another_time_is_no_copy() -> None:
    """Where an item is taken again and again at other times, every time counts, and nothing is said of copies."""
    found = _read([("ann", "ab"[at % 2], 5, at) for at in range(8)])
    assert (found.taken.repeats, len(found.taken.who), found.findings) == (True, 8, ())


def test_rows_join_what_is_known_of_a_person() -> None:
    """What was held out becomes history, what is new comes after it, and what counts as liked stays as it was."""
    first = _read([("ann", "a", 5, 1), ("ann", "b", 4, 2), ("ann", "c", 1, 3), ("bob", "a", 1, 1), ("bob", "c", 5, 2)])
    later = _read([("ann", "d", 5, 9), ("ann", "b", 4, 2)], _known(first))
    (ann,) = later.examples()
    assert (ann.label, ann.group) == ("d", "ann")
    assert [(event.item, event.value) for event in read_question(ann.data).history] == [("a", 5), ("b", 4), ("c", 1)]
    assert later.about() == first.about()
    assert [each.fact for each in later.findings] == ["1 row was known already."]


def test_a_later_table_of_high_ratings_alone_is_liked() -> None:
    """Where four and more counts as liked already, a table of nothing but fives says what each liked last."""
    first = _read([("ann", "a", 5, 1), ("ann", "b", 1, 2), ("bob", "a", 4, 1), ("bob", "b", 1, 2)])
    later = _read([("cy", "a", 5, 9), ("cy", "b", 5, 10), ("di", "b", 5, 11), ("di", "c", 5, 12)], _known(first))
    assert {each.group: each.label for each in later.examples()} == {"cy": "b", "di": "c"}


rows_of_few = st.lists(
    st.tuples(st.sampled_from("xyz"), st.sampled_from("abcdef"), st.integers(1, 5), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)


@given(rows_of_few, st.booleans())
def test_what_is_added_again_adds_nothing(rows: list[Row], timed: bool) -> None:
    """The same table once more, joined to what is known from it, gives the same examples byte by byte.

    That is so where a person, an item and a time make one row: of two ratings of one moment nobody knows the first.
    """
    rows = list(
        {(who, what, when if timed else 0): (who, what, value, when) for who, what, value, when in rows}.values()
    )
    try:
        found = _read(rows, header=HEADER if timed else "user,item,rating")
    except NothingTaken:
        return
    before = list(found.examples())
    again = _read(rows, _known(found), HEADER if timed else "user,item,rating")
    known = {each.group for each in before}
    assert [each for each in again.examples() if each.group in known] == before
    told = sum(who in known for who, *_ in rows)
    assert any(each.fact.startswith(f"{told:,} row") and "known already" in each.fact for each in again.findings)


def test_columns_that_changed_places_are_refused() -> None:
    """Where the people of a table are the project's items and its items the people, it is said which way round."""
    first = _read([(f"p{at % 5}", f"i{at % 7}", 1 + at % 5, at) for at in range(30)])
    turned = [(f"i{at % 7}", f"p{at % 5}", 1 + at % 5, 40 + at) for at in range(30)]
    with pytest.raises(ColumnsUnclear, match="--who item --what user"):
        _read(turned, _known(first))
