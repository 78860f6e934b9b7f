"""`understudy add`: bad input is said in words, with the command to go on with."""

from hashlib import sha256
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured_folder

WORDS = ["parcel", "invoice", "window", "garden", "engine", "piano", "bottle", "jacket", "mirror", "candle", "rocket"]


@pytest.fixture
def workspace(give: Give, tmp_path: Path) -> Path:
    """A workspace with the empty project “shop”."""
    give("new", "shop", workspace=tmp_path / "w")
    return tmp_path / "w"


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_without_two_answers_more_are_asked_for(give: Give, workspace: Path, tmp_path: Path) -> None:
    """Where there is nothing to tell apart yet, the next step is to add other answers, and then to train."""
    one = give("add", "shop", table(tmp_path / "one.csv", "a,b,y", "1,2,yes"), "--target", "y", workspace=workspace)
    assert one.status == 0
    assert "“y” is to be predicted; so far it says one thing only: “yes” (1)." in one.out
    assert "Next: add examples that say " in one.out
    assert one.out.rstrip().endswith("train shop")
    lines = [f"{place},{place % 3},{'yes' if place % 2 else 'no'}" for place in range(60)]
    both = give("add", "shop", table(tmp_path / "both.csv", "a,b,y", *lines), "--target", "y", workspace=workspace)
    assert "Next: understudy" in both.out
    assert "add examples" not in both.out


@pytest.mark.parametrize("said", ["abc", "", "1,5"])
def test_a_tolerance_that_is_no_number(give: Give, workspace: Path, tmp_path: Path, said: str) -> None:
    """It is said what was written and how a number is."""
    path = table(tmp_path / "t.csv", "a,y", *(f"{place},{place * 1.5}" for place in range(60)))
    given = give("add", "shop", path, "--target", "y", f"--tolerance={said}", workspace=workspace)
    assert given.status == 2
    assert f"“{said}” is no number. Write one such as 2 or 0.5" in " ".join(given.err.split())


@pytest.mark.parametrize("said", [("--tolerance", "3"), ("--unit", "cm")])
def test_labels_have_neither_tolerance_nor_unit(
    give: Give, workspace: Path, tmp_path: Path, said: tuple[str, str]
) -> None:
    """Where the answer turns out to be a label, what is said of numbers is refused, of tables and of folders."""
    path = table(tmp_path / "t.csv", "a,y", *(f"{place},{'yes' if place % 2 else 'no'}" for place in range(60)))
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=2)
    for source in ((path, "--target", "y"), (photos,)):
        refused = give("add", "shop", *source, *said, workspace=workspace)
        assert refused.status == 1
        assert f"{said[0]} would say nothing of" in refused.err
        assert "begin a project with --answers number" in refused.err
    assert give("add", "shop", path, "--target", "y", workspace=workspace).status == 0


def test_a_cell_that_is_too_long(give: Give, workspace: Path, tmp_path: Path) -> None:
    """Its line is left out and named, without the words of a library, and the others are taken in."""
    lines = [f"question number {'abcdefghij'[place % 10]} {place},{'ab'[place % 2]}" for place in range(40)]
    path = table(tmp_path / "t.csv", "text,label", "x " * 600_000 + ",a", *lines)
    given = give("add", "shop", path, "--target", "label", workspace=workspace)
    assert given.status == 0
    assert "Line 2 of “t.csv” has a cell of more than 1,000,000 letters" in given.out
    assert "Traceback" not in given.err


def test_what_is_not_there_names_the_command_that_begins_it(give: Give, workspace: Path, tmp_path: Path) -> None:
    """A project or a workspace that is missing leads to the command that makes one."""
    path = table(tmp_path / "t.csv", "a,y", "1,2")
    assert "understudy new nosuch" in give("add", "nosuch", path, workspace=workspace).err
    assert "understudy new NAME" in give("add", "shop", path, workspace=tmp_path / "elsewhere").err


def test_texts_that_differ_in_a_number_are_said_to_be_one(give: Give, workspace: Path, tmp_path: Path) -> None:
    """They are learned from though none can be sealed; it is said why, how many groups they are, and the way out."""
    lines = [f"{('my card is gone', 'the parcel is late')[n % 2]} number {n},{'cp'[n % 2]}" for n in range(40)]
    given = give("add", "shop", table(tmp_path / "t.csv", "text,label", *lines), workspace=workspace)
    assert "To learn from: 20 c, 20 p. Sealed for judging: 0." in given.out
    assert "That is 0% sealed, not 25%: what is alike or belongs together is never split" in given.out
    assert "They are 1 group: alike but for little, such as a number" in given.out
    assert "Add more texts of “c”, in other words than these" in given.out


def test_what_was_forgotten_is_not_said_to_be_there(give: Give, workspace: Path, tmp_path: Path) -> None:
    """A table that comes again is known but for what was forgotten, which stays out, and both are told."""
    mails = [f"mail about {word} {word}s,{'a' if place % 2 else 'b'}" for place, word in enumerate(WORDS)]
    path = table(tmp_path / "mails.csv", "text,label", *mails)
    give("add", "shop", path, workspace=workspace)
    digest = sha256(mails[0].split(",")[0].encode()).hexdigest()
    assert give("forget", "shop", "--digest", digest, "--reason", "asked", workspace=workspace).status == 0
    again = give("add", "shop", path, workspace=workspace).out
    assert f"Nothing new: shop has these {len(WORDS) - 1} texts already." in again
    assert "1 text left out, as it was forgotten before." in again
    give("forget", "shop", "--digest", sha256(mails[1].split(",")[0].encode()).hexdigest(), "--reason", "asked",
         workspace=workspace)  # fmt: skip
    alone = give("add", "shop", table(tmp_path / "one.csv", "text,label", mails[1]), workspace=workspace).out
    assert "Nothing was added to shop." in alone
    assert "already" not in alone
