"""`understudy columns`, and what `add` says of tables and texts."""

import json
from pathlib import Path

import pytest

from cli.conftest import Give


@pytest.fixture
def flats(tmp_path: Path) -> Path:
    """A table of flats with their rent, and a column that is the rent by another name."""
    rows = [f"{n},{30 + n * 7 % 90},{'AB'[n % 2]},{600 + n * 13 % 800},{(600 + n * 13 % 800) * 12}" for n in range(120)]
    path = tmp_path / "flats.csv"
    path.write_text("no,size,area,rent,rent_a_year\n" + "\n".join(rows), encoding="utf-8")
    return path


def test_add_says_what_it_understood(give: Give, flats: Path, tmp_path: Path) -> None:
    """Target, tolerance, columns and what is held out and why, each with how to correct it."""
    give("new", "flats", workspace=tmp_path / "w")
    said = give("add", "flats", flats, "--target", "rent", "--unit", "€", workspace=tmp_path / "w")
    assert said.status == 0, said.err
    for told in (
        "“rent” holds numbers, from 600 to 1,3",
        "To change it: --tolerance.",
        "The model sees 1 number: “size”.",
        "Held out: “no”",
        "Held out: “rent_a_year”, gives the answer away.",
        "understudy columns flats --set",
        "120 rows added to flats.",
    ):
        assert told in said.out


def test_columns_are_shown_and_corrected(give: Give, flats: Path, tmp_path: Path) -> None:
    """One line a column; a correction is seen at once, as JSON too."""
    give("new", "flats", workspace=tmp_path / "w")
    give("add", "flats", flats, "--target", "rent", workspace=tmp_path / "w")
    shown = give("columns", "flats", workspace=tmp_path / "w").out.splitlines()
    assert [line.split()[0] for line in shown] == ["no", "size", "area", "rent", "rent_a_year"]
    said = give("columns", "flats", "--set", "rent_a_year=feature", "--json", workspace=tmp_path / "w")
    assert {each["name"]: each["role"] for each in json.loads(said.out)}["rent_a_year"] == "feature"
    wrong = give("columns", "flats", "--set", "rent_a_year=lovely", workspace=tmp_path / "w")
    assert wrong.status == 1
    assert "is no correction of a column" in wrong.err
    other = give("columns", "flats", "--set", "area=target", workspace=tmp_path / "w").err
    assert "--target 'area'." in other
    none = give("columns", "flats", "--set", "rent=held-out", workspace=tmp_path / "w").err
    assert "--target COLUMN." in none


def test_what_is_unclear_is_asked(give: Give, flats: Path, tmp_path: Path) -> None:
    """A table whose target nobody named is refused with the columns it has."""
    give("new", "flats", workspace=tmp_path / "w")
    said = give("add", "flats", flats, workspace=tmp_path / "w")
    assert said.status == 1
    assert "“flats.csv” does not say which column is to be predicted." in said.err
    assert "--target 'rent_a_year'" in said.err


def test_a_project_of_texts_can_begin_with_people(give: Give, tmp_path: Path) -> None:
    """Said from day one, what comes in is not guessed from the first file."""
    said = give("new", "mails", "--as", "text", workspace=tmp_path / "w")
    assert "Next, give it texts:" in said.out
    (tmp_path / "mails.csv").write_text("body,team,urgent\n" + "Where is it,a,yes\nSend it back,b,no\n" * 5)
    added = give("add", "mails", tmp_path / "mails.csv", "--text", "body", "--target", "team", workspace=tmp_path / "w")
    assert "2 texts added to mails." in added.out
