"""A further table of the same columns need only be named: the project remembers how the one before was read."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clock import Clock
from coloured import coloured
from understudy.domain.example import Example
from understudy.intake.incoming import SourceUnreadable
from understudy.studio.collection.gathering import Gathered, gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace

ROWS = 24
HEADER = "number,review,stars,author,shop"
MARKS = ("good", "bad")
NAMED = {"text_column": "review", "label_column": "stars"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=Clock()) as opened:
        yield opened


def taken(workspace: Workspace, source: Path, **reading: object) -> Gathered:
    """Adds a source to the project “reviews”, which begins with the first."""
    project = project_for(workspace, source, "reviews", sealed_share=None)
    told = Reading(**reading)  # type: ignore[arg-type]
    return gather(workspace, project, source, reading=told, by="ada", progress=lambda _done, _total: None)


def labels(workspace: Workspace) -> dict[str, str | None]:
    """What each example is said to be, sealed ones included, by its name."""
    said = {each.digest: each.label for each in workspace.ledger.arrivals("reviews")}
    found: list[Example] = list(workspace.ledger.examples("reviews"))
    return {each.name: said[each.digest] for each in found}


def reviews(path: Path, start: int, header: str = HEADER, rows: int = ROWS) -> Path:
    """A table in which four columns may say the answer."""
    lines = [
        f"{n},the {n * 7919} delivery of {n * 31} parcels came late,{MARKS[n % 2]},a{n % 5},s{n % 3}"
        for n in range(start, start + rows)
    ]
    path.write_text("\n".join([header, *lines]))
    return path


def test_a_further_table_of_texts_is_read_as_the_one_before(workspace: Workspace, tmp_path: Path) -> None:
    """Whatever other columns it has and however few its rows are, and in other capitals too."""
    taken(workspace, reviews(tmp_path / "0.csv", 0), **NAMED)
    for part, header, rows in ((1, HEADER, ROWS), (2, HEADER, 1), (3, HEADER.upper(), ROWS)):
        assert taken(workspace, reviews(tmp_path / f"{part}.csv", part * ROWS, header, rows)).new == rows
    found = labels(workspace)
    assert len(found) == 3 * ROWS + 1
    assert {name: MARKS[int(name.rpartition(" ")[2]) % 2] for name in found} == found


def test_what_is_named_goes_before_what_is_remembered(workspace: Workspace, tmp_path: Path) -> None:
    """And it is what the next table is read by."""
    taken(workspace, reviews(tmp_path / "0.csv", 0), **NAMED)
    other = HEADER.replace("review", "words")
    taken(workspace, reviews(tmp_path / "1.csv", ROWS, other), text_column="words")
    assert taken(workspace, reviews(tmp_path / "2.csv", 2 * ROWS, other)).new == ROWS
    assert workspace.ledger.project("reviews").columns == {"text": "words", "label": "stars"}
    assert set(labels(workspace).values()) == {"good", "bad"}


@pytest.mark.parametrize(
    ("known", "now", "says"),
    [
        ("review", "words", "It held the texts of the table before, .* Name the column that holds the texts with"),
        ("stars", "grade", "“grade”, “author”, “shop” may say that .* --target grade; if none does, leave them out"),
    ],
)
def test_a_table_without_what_is_remembered_is_refused(
    workspace: Workspace, tmp_path: Path, known: str, now: str, says: str
) -> None:
    """Nothing is guessed in its place, and nothing is recorded; what to do is told."""
    taken(workspace, reviews(tmp_path / "0.csv", 0), **NAMED)
    with pytest.raises(SourceUnreadable, match=says) as refused:
        taken(workspace, reviews(tmp_path / "1.csv", ROWS, HEADER.replace(known, now)))
    assert refused.value.fact == f"“1.csv” has no column “{known}”."
    assert workspace.ledger.counts("reviews").total == ROWS


def test_texts_alone_have_no_label_yet(workspace: Workspace, tmp_path: Path) -> None:
    """A running number is not taken for the answer, and the next table has its labels again."""
    taken(workspace, reviews(tmp_path / "0.csv", 0), **NAMED)
    lines = [f"{n},the {n * 31} box of {n * 7919} was empty" for n in range(ROWS)]
    (tmp_path / "alone.csv").write_text("\n".join(["number,review", *lines]))
    assert "the texts have no label yet" in " ".join(taken(workspace, tmp_path / "alone.csv").says)
    taken(workspace, reviews(tmp_path / "1.csv", ROWS))
    said = labels(workspace)
    assert {name.partition(",")[0]: label is None for name, label in said.items()} == {
        "0.csv": False,
        "alone.csv": True,
        "1.csv": False,
    }


def test_what_somebody_made_up_changes_nothing_that_is_remembered(workspace: Workspace, tmp_path: Path) -> None:
    """Its columns are what its generator calls them."""
    taken(workspace, reviews(tmp_path / "0.csv", 0), **NAMED)
    made = reviews(tmp_path / "made.csv", ROWS, HEADER.replace("review", "words").replace("stars", "mark"))
    taken(workspace, made, synthetic=True, text_column="words", label_column="mark")
    assert taken(workspace, reviews(tmp_path / "1.csv", 2 * ROWS)).new == ROWS


def listed_photos(folder: Path, start: int, cells: Callable[[int], str]) -> Path:
    """A table that names photos, and says about them in columns that are not named like labels."""
    folder.mkdir()
    lines = ["lies_at,shows,seen_by"]
    for number in range(start, start + ROWS):
        (folder / f"{number}.jpg").write_bytes(coloured(("amber", "azure")[number % 2], number))
        lines.append(f'{number}.jpg,"{cells(number)}",ann')
    (folder / "list.csv").write_text("\n".join(lines))
    return folder / "list.csv"


def test_a_further_table_that_names_photos_is_read_as_the_one_before(workspace: Workspace, tmp_path: Path) -> None:
    """Neither the column of files nor that of labels has to be named again."""
    says = {"path_column": "lies_at", "label_column": "shows"}
    for part in (0, 1):
        source = listed_photos(tmp_path / str(part), part * ROWS, lambda number: ("amber", "azure")[number % 2])
        assert taken(workspace, source, **(says if part == 0 else {})).new == ROWS
    said = list(labels(workspace).values())
    assert {label: said.count(label) for label in said} == {"amber": ROWS, "azure": ROWS}


def test_a_further_table_of_interactions_is_read_as_the_one_before(workspace: Workspace, tmp_path: Path) -> None:
    """Who took what is said once."""
    for part in (0, 1):
        lines = [f"p{part}{n % 20},t{n * 7 % 11},{n % 3}" for n in range(200)]
        (tmp_path / f"{part}.csv").write_text("\n".join(["party,thing,shade", *lines]))
        assert taken(workspace, tmp_path / f"{part}.csv", **({"who": "party", "what": "thing"} if not part else {})).new
    assert len({each.group for each in workspace.ledger.arrivals("reviews")}) == 40


SIGNS = ("pain", "fever", "cough")


def two_of(number: int) -> str:
    return f"{SIGNS[number % 3]}, {SIGNS[(number + 1 + number // 3 % 2) % 3]}"


def in_texts(folder: Path, start: int, rows: int) -> Path:
    """Texts with several labels, and commas between them."""
    folder.mkdir()
    lines = [f'the {n * 7919} patient of {n * 31} said so,"{two_of(n)}"' for n in range(start, start + rows)]
    (folder / "notes.csv").write_text("\n".join(["note,label", *lines]))
    return folder / "notes.csv"


def in_rows(folder: Path, start: int, rows: int) -> Path:
    """The same beside rows of data."""
    folder.mkdir()
    lines = [f'{n * 7 % 50},{n * 13 % 17},"{two_of(n)}"' for n in range(start, start + rows)]
    (folder / "rows.csv").write_text("\n".join(["age,weight,label", *lines]))
    return folder / "rows.csv"


def in_folders(folder: Path, start: int, rows: int) -> Path:
    """The same as names of folders."""
    for number in range(start, start + rows):
        (folder / two_of(number)).mkdir(parents=True, exist_ok=True)
        name = f"{number}.jpg"
        (folder / two_of(number) / name).write_bytes(coloured(("amber", "azure")[number % 2], number))
    return folder


@pytest.mark.parametrize("made", [in_texts, in_rows, in_folders])
def test_commas_part_labels_in_further_sources_too(
    workspace: Workspace, tmp_path: Path, made: Callable[[Path, int, int], Path]
) -> None:
    """Once somebody said that there are several, a single further example is read so."""
    taken(workspace, made(tmp_path / "0", 0, ROWS), answers="labels")
    taken(workspace, made(tmp_path / "1", ROWS, ROWS))
    taken(workspace, made(tmp_path / "2", 2 * ROWS, 1))
    said = [str(label).split("; ") for label in labels(workspace).values()]
    assert {len(each) for each in said} == {2}
    assert {label for each in said for label in each} == set(SIGNS)
