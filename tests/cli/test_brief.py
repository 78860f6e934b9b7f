"""`understudy brief`."""

import tomllib
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured_folder
from understudy.studio.workspace import Workspace


def test_figures_are_set_and_shown(give: Give, tmp_path: Path) -> None:
    """Options begin the project and its brief; without options it is shown, the verdict first."""
    place = tmp_path / "w"
    set_ = give(
        "brief", "blades", "--problem", "cracks are found late", "--who", "the team", "--decisions", "4000/month",
        "--person-cost", "2,50 €", "--person-error", "3%", "--wrong-cost", "€40", "--wrong", "crack=sound:400",
        "--class-bar", "crack=98%", "--slice", "camera", "--no-mvp", "--by", "ada", "--reason", "first talk",
        workspace=place,
    )  # fmt: skip
    assert set_.status == 0, set_.err
    said = give("brief", "blades", workspace=place)
    assert said.out == set_.out
    assert said.out.startswith("Not enough examples yet: ")
    assert "Next: " in said.out
    assert "Kinds that cost something else: crack taken for sound €400" in said.out
    with Workspace.open(place) as opened:
        version = opened.ledger.latest_brief("blades")
        assert version is not None
        assert (version.by, version.reason, version.brief.minimum_viable) == ("ada", "first talk", False)


def test_entries_are_added_and_figures_taken_back(give: Give, tmp_path: Path) -> None:
    """A further kind of wrong answer is added; a figure that is unknown again is said to be; history tells both."""
    give("brief", "blades", "--wrong", "crack=sound:400", "--person-cost", "2", workspace=tmp_path)
    give("brief", "blades", "--wrong", "sound=crack:5", "--unknown", "person-cost", workspace=tmp_path)
    said = give("brief", "blades", workspace=tmp_path).out
    assert "crack taken for sound €400, sound taken for crack €5" in said
    assert "A person’s answer: unknown" in said
    past = give("brief", "blades", "--history", workspace=tmp_path).out
    assert past.startswith("Version 2, ")
    assert "A person’s answer: €2 → unknown" in past


def test_the_example_file_works(give: Give, tmp_path: Path) -> None:
    """What --example prints can be read by --file, and answers everything."""
    example = give("brief", "--example", "any")
    assert example.status == 0
    assert tomllib.loads(example.out)["person_cost"] == "2.50"
    (tmp_path / "brief.toml").write_text(example.out)
    said = give("brief", "blades", "--file", tmp_path / "brief.toml", workspace=tmp_path / "w")
    assert said.status == 0
    assert "What hangs on what is unknown" not in said.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--person-cost", "1.200"], "could be 1200 or 1.2"),
        (["--decisions", "1.000/month"], "“1.000” could be 1000 or 1.\nWrite 1000 or 1."),
        (["--kill-by", "5/6/2027"], "It could be 6 May 2027 or 5 June 2027."),
        (["--kill-by", "32/1/2027"], "No calendar has this day."),
        (["--kill-by", "2027-02-30"], "No calendar has this day."),
        (["--kill-by", "soon"], "That is not how a day is written."),
        (["--person-error", "3"], "would be 300%"),
        (["--bar", "100%"], "No number of examples proves"),
        (["--wrong-cost", "-4"], "never below zero"),
        (["--unknown", "colour"], "A brief has no “colour”"),
        (["--file", "nowhere.toml"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused(words: list[str], says: str, give: Give, tmp_path: Path) -> None:
    """An impossible or unclear figure is refused in three sentences, and nothing is recorded."""
    said = give("brief", "blades", *words, workspace=tmp_path / "w")
    assert said.status == 1
    assert says in said.err
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.ledger.projects() == []


def test_a_slice_that_no_example_says_is_told(give: Give, tmp_path: Path) -> None:
    """Photos could say their camera, and these do not: the brief says so, and how the slice is taken out again."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=3)
    give("new", "blades", workspace=tmp_path / "w")
    give("add", "blades", photos, workspace=tmp_path / "w")
    said = give("brief", "blades", "--slice", "camera", "--slice", "format", workspace=tmp_path / "w")
    assert "None of 6 photos that were looked at says “camera”" in said.out
    assert "brief blades --unknown slices" in said.out
    assert "says “format”" not in said.out
    assert "None of 6" not in give("brief", "blades", "--unknown", "slices", workspace=tmp_path / "w").out


def test_a_project_that_is_not_there(give: Give, tmp_path: Path) -> None:
    """Only looking at a brief begins nothing, and says how it is begun."""
    said = give("brief", "blades", workspace=tmp_path / "w")
    assert said.status == 1
    assert f"understudy --workspace {tmp_path / 'w'} brief blades --ask" in said.err
    assert not (tmp_path / "w").exists()


def test_the_interview_is_resumed(give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is saved at once: after a stop the interview goes on with what is still open."""
    answers(monkeypatch, "cracks are found late", "unknown", "", "lots", "said")
    first = give("brief", "blades", "--ask", workspace=tmp_path)
    assert first.status == 130
    assert "Each answer so far is saved." in first.err
    assert "“lots” is no sign of demand." in first.out
    answers(monkeypatch, "the team", *[""] * 20)
    again = give("brief", "blades", "--ask", workspace=tmp_path)
    assert again.status == 0
    assert "What goes wrong today" not in again.out.split("\n\n")[1]
    assert "Who hurts: the team" in again.out
    assert "Sign of demand: they said so when asked" in again.out


def test_the_interview_asks_again_what_contradicts(give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Costs by kind of a project of several labels are asked about, and “unknown” takes them out."""
    rows = "".join(f'mail {at} has come,"{"card;late" if at % 2 else "late"}"\n' for at in range(20))
    (tmp_path / "mails.csv").write_text(f"text,label\n{rows}")
    give("new", "mails", workspace=tmp_path / "w")
    give("brief", "mails", "--wrong", "card=late:20", "--wrong-cost", "30", workspace=tmp_path / "w")
    give("add", "mails", tmp_path / "mails.csv", workspace=tmp_path / "w")
    assert "Take these costs out" in give("brief", "mails", workspace=tmp_path / "w").out
    kind = "Which kind of wrong answer costs something else?"
    answers(monkeypatch, *[""] * 30)
    left = give("brief", "mails", "--ask", workspace=tmp_path / "w")
    assert kind in left.out
    place = int(left.out.split(kind)[0].rpartition("\n")[2].partition("/")[0])
    answers(monkeypatch, *[""] * (place - 1), "unknown", *[""] * 30)
    taken_out = give("brief", "mails", "--ask", workspace=tmp_path / "w")
    assert "Take these costs out" not in taken_out.out
    answers(monkeypatch, *[""] * 30)
    assert kind not in give("brief", "mails", "--ask", workspace=tmp_path / "w").out


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """What is typed next; after that the input ends."""
    left = iter(lines)

    def typed(_prompt: str = "") -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("click.termui.visible_prompt_func", typed)
