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


@pytest.fixture
def flats_in(give: Give, flats: Path, tmp_path: Path) -> Path:
    """A workspace with the flats in a project."""
    give("new", "flats", workspace=tmp_path / "w")
    give("add", "flats", flats, "--target", "rent", workspace=tmp_path / "w")
    return tmp_path / "w"


def test_a_correction_that_no_value_bears_out_is_refused(give: Give, flats_in: Path) -> None:
    """A column of letters is no number, and nothing is recorded that would make all of it unknown."""
    said = give("columns", "flats", "--set", "area=number", workspace=flats_in)
    assert said.status == 1
    assert "“area” cannot be taken for a number." in said.err
    assert "the first is “" in said.err
    assert "area  " in give("columns", "flats", workspace=flats_in).out.replace("flag", "")
    assert "as corrected" not in give("columns", "flats", workspace=flats_in).out


def test_values_that_a_correction_leaves_out_are_counted(give: Give, tmp_path: Path) -> None:
    """Where some can be read and some cannot, it is said at once how many count as not known."""
    rows = [f"{'many' if n % 2 else n},{n}.05.2026,{'yes' if n % 3 else 'no'}" for n in range(1, 25)]
    (tmp_path / "t.csv").write_text("size,day,label\n" + "\n".join(rows))
    give("train", tmp_path / "t.csv", "--project", "t", "--trials", "1", "--no-look", workspace=tmp_path / "w")
    said = give("columns", "t", "--set", "size=number", "--set", "day=date", workspace=tmp_path / "w").out
    learned = int(said.partition(" rows, such as")[0].rpartition(" of ")[2])
    assert 12 < learned <= 24
    assert "“size” says no number in " in said
    assert "such as “many”; these count as not known." in said
    assert "“day” says no" not in said


def test_columns_that_are_not_there_are_counted_and_the_meant_one_is_named(give: Give, tmp_path: Path) -> None:
    """Of many columns a few are named, then how many more there are; a slip in the beginning of a long name is seen."""
    names = ["checking_status", *(f"c{n}" for n in range(19)), "label"]
    rows = [",".join(str(n * at % 7) for at in range(20)) + f",{'ab'[n % 2]}" for n in range(20)]
    (tmp_path / "t.csv").write_text(",".join(names) + "\n" + "\n".join(rows))
    give("new", "t", workspace=tmp_path / "w")
    give("add", "t", tmp_path / "t.csv", workspace=tmp_path / "w")
    said = give("columns", "t", "--set", "chekking=category", workspace=tmp_path / "w").err
    assert "“c10” and 9 more." in said
    assert "Perhaps “checking_status” is meant." in said


def test_what_a_refusal_tells_to_do_can_be_done(give: Give, flats_in: Path, flats: Path) -> None:
    """The command that begins another project does; a project of texts is not told to add a table."""
    refused = give("columns", "flats", "--set", "size=target", workspace=flats_in).err
    assert "understudy train table.csv --project NAME --target 'size'." in refused
    told = ("train", flats, "--project", "other", "--target", "size", "--trials", "1", "--no-look")
    assert give(*told, workspace=flats_in).status == 0
    give("new", "mails", "--as", "text", workspace=flats_in)
    texts = give("columns", "mails", workspace=flats_in).err
    assert "It decides about texts, and only rows of a table have columns." in texts
    assert "Add a table" not in texts
    give("new", "loans", "--as", "table", workspace=flats_in)
    assert "or answer what was asked about rows: understudy answer loans." in " ".join(
        give("columns", "loans", workspace=flats_in).err.split()
    )
    unknown = give("columns", "my_loans", workspace=flats_in).err
    assert "understudy new my-loans" in unknown
