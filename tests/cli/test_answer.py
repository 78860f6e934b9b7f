"""`understudy answer`: the queue on a terminal, and the same for scripts."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from cli.conftest import Give, Said
from coloured import coloured, coloured_folder
from studio.served import answered, asked
from understudy.domain.decision import Decision
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.modalities.interactions.content import Content
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("blades", opened.now()))
    return tmp_path / "w"


def ask(workspace: Path, *names: str) -> list[Decision]:
    with Workspace.open(workspace) as opened:
        return [asked(opened, coloured("amber", number)) for number, _ in enumerate(names)]


def type_in(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path, *lines: str, by: str = "Ada") -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return give("answer", "blades", "--by", by, workspace=workspace)


def said(workspace: Path, decision: Decision) -> list[tuple[str | None, str]]:
    with Workspace.open(workspace) as opened:
        return [(opinion.value, opinion.by) for opinion in opened.ledger.opinions_of(decision.id)]


def test_question_after_question(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """The first label is typed, the next chosen by its number; one is skipped, one nobody can tell; then it ends."""
    made = ask(workspace, *"abcd")
    told = type_in(give, monkeypatch, workspace, "crack", "1", "s", "c")
    assert told.status == 0
    assert "There are no labels yet: type what it shows." in told.out
    assert "1 crack" in told.out
    assert "“crack”. (u takes it back)" in told.out
    assert told.out.splitlines()[-1] == "You answered 3. Waiting: 2."
    assert [said(workspace, each) for each in made] == [[("crack", "Ada")], [("crack", "Ada")], [], [(None, "Ada")]]


def test_nothing_is_offered_that_cannot_be_done(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """Without time to take an answer back, taking back is not offered."""
    ask(workspace, "a")
    give("set", "blades", "undo-seconds", "0", workspace=workspace)
    told = type_in(give, monkeypatch, workspace, "crack")
    assert "“crack”." in told.out
    assert "back" not in told.out


def test_an_answer_is_taken_back(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """What was said last is taken back by u, and its question comes again at once."""
    made = ask(workspace, "a", "b")
    told = type_in(give, monkeypatch, workspace, "crack", "u", "+sound", "q")
    assert f"Taken back. It is asked again: {made[0].id}" in told.out
    assert told.out.endswith("You answered 1. Waiting: 1.\n")
    assert said(workspace, made[0]) == [("sound", "Ada")]
    again = type_in(give, monkeypatch, workspace, "q", by="Ben")
    assert "Waiting: 1." in again.out


def test_what_is_no_label_is_asked_again(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """A word that is none of the labels changes nothing and says how a new one is added."""
    made = ask(workspace, "a", "b")
    told = type_in(give, monkeypatch, workspace, "crack", "krack", "9", "CRACK")
    assert "“krack” is none of the labels." in told.out
    assert "+krack adds it as a new one." in told.out
    assert "“9” is none of the labels." in told.out
    assert said(workspace, made[1]) == [("crack", "Ada")]


def test_a_script_takes_a_question_and_answers_it(give: Give, workspace: Path) -> None:
    """--json shows the next question with a picture that any viewer opens; --decision and --label answer it."""
    (made,) = ask(workspace, "a")
    shown = json.loads(give("answer", "blades", "--json", workspace=workspace).out)
    assert (shown["decision"], shown["kind"], shown["labels"]) == (made.id, "answer", [])
    assert Image.open(shown["file"]).size == (96, 72)
    given = give("answer", "blades", "--decision", made.id, "--label", "crack", "--json", workspace=workspace)
    assert json.loads(given.out)["value"] == "crack"
    assert json.loads(give("answer", "blades", "--json", workspace=workspace).out) is None
    twice = give("answer", "blades", "--decision", made.id, "--label", "+sound", "--by", "Ben", workspace=workspace)
    assert twice.status == 1
    assert "answered" in twice.err


def test_a_script_need_not_say_what_kind_of_question_it_answers(give: Give, workspace: Path) -> None:
    """Of a decision of which only a check is asked, the answer is that check; a wrong kind is still refused."""
    with Workspace.open(workspace) as opened:
        made = answered(opened, b"a", "a1" * 32, audited=True)
    wrong = give("answer", "blades", "--decision", made.id, "--label", "crack", "--kind", "answer", workspace=workspace)
    assert "Nobody is asked for this now: answer of decision" in wrong.err
    said = give("answer", "blades", "--decision", made.id, "--label", "+crack", "--json", workspace=workspace)
    assert json.loads(said.out)["kind"] == "audit"


def test_a_script_says_that_a_label_is_new(give: Give, workspace: Path) -> None:
    """A label that nobody has used is refused with the nearest one; after a plus sign it is taken."""
    first, second = ask(workspace, "a", "b")
    give("answer", "blades", "--decision", first.id, "--label", "crack", workspace=workspace)
    slip = give("answer", "blades", "--decision", second.id, "--label", "krack", workspace=workspace)
    assert slip.status == 1
    assert slip.err.startswith("“krack” is no label of “blades”.\nIts labels are “crack”;")
    assert "Perhaps “crack” is meant. If a new label is meant, say so: write +krack." in slip.err
    assert said(workspace, second) == []
    new = give("answer", "blades", "--decision", second.id, "--label", "+dent", workspace=workspace)
    assert new.out == "Recorded: “dent”.\n"
    assert [said(workspace, each)[0][0] for each in (first, second)] == ["crack", "dent"]


def test_a_script_says_which_of_several_labels_are_new(give: Give, workspace: Path) -> None:
    """Each label is looked at by itself; none of these is no label."""
    of(workspace, Task("photo", AnswerKind.LABELS))
    first, second, third = ask(workspace, "a", "b", "c")
    give("answer", "blades", "--decision", first.id, "--label", "red; tall", workspace=workspace)
    slip = give("answer", "blades", "--decision", second.id, "--label", "tall; rde", workspace=workspace)
    assert "“rde” is no label of “blades”." in slip.err
    give("answer", "blades", "--decision", second.id, "--label", "tall; +old", workspace=workspace)
    give("answer", "blades", "--decision", third.id, "--label", "none of these", workspace=workspace)
    assert [said(workspace, each)[0][0] for each in (second, third)] == ["old; tall", "none of these"]


def test_no_picture_is_left_behind(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """Pictures that were shown are deleted once they are dealt with."""
    ask(workspace, "a", "b")
    type_in(give, monkeypatch, workspace, "crack", "q")
    assert list((workspace / "cache" / "previews").iterdir()) == []


def test_half_an_answer_is_misuse(give: Give, workspace: Path) -> None:
    """A label without a decision, and a project that is not there, are said."""
    assert give("answer", "blades", "--label", "crack", workspace=workspace).status == 2
    assert "There is no project" in give("answer", "nowhere", workspace=workspace).err


def test_answers_are_learned_from(give: Give, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What people answered is taken in before the next training, which says so, and learned from."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=8)
    give("train", photos, "--project", "blades", "--trials", "2", "--no-look", workspace=tmp_path / "w")
    give("set", "blades", "undo-seconds", "0", workspace=tmp_path / "w")
    with Workspace.open(tmp_path / "w") as opened:
        for number in range(50, 54):
            asked(opened, coloured("azure", number))
    type_in(give, monkeypatch, tmp_path / "w", *["azure"] * 4)
    told = give("train", "blades", "--trials", "2", "--no-look", workspace=tmp_path / "w")
    assert told.status == 0
    assert "4 answers of people taken in; 4 are new to learn from or judge by." in told.out
    with Workspace.open(tmp_path / "w") as opened:
        counts = opened.ledger.counts("blades")
    assert sum(counts.train.values()) + counts.sealed == 20


def of(workspace: Path, task: Task) -> None:
    with Workspace.open(workspace) as opened:
        opened.ledger.set_task("blades", task)


def test_numbers_are_typed(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """The unit is asked for; what is no number is asked again, and the answer is told with its unit."""
    of(workspace, Task("photo", AnswerKind.NUMBER, 5.0, "minutes"))
    made = ask(workspace, "a")
    told = type_in(give, monkeypatch, workspace, "soon", "1.200", "1,200.5 minutes")
    assert "Type the number, in minutes." in told.out
    assert "“soon” is no answer here." in told.out
    assert "“1.200” can be read in two ways. Write 1200 or 1.2." in told.out
    assert "1,200.5 minutes. (u takes it back)" in told.out
    assert said(workspace, made[0]) == [("1200.5", "Ada")]


def test_labels_that_are_numbers_are_typed_themselves(
    give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    """What is typed is the label, never its place in the list; a number that is no label is asked again."""
    made = ask(workspace, *"abcde")
    told = type_in(give, monkeypatch, workspace, "5", "+3", "+8", "3", "1", "8")
    assert "Type it as it stands here: 5  3  8" in told.out
    assert "“1” is none of the labels. A label answers; s skips, c cannot tell, q ends. +1 adds it" in told.out
    assert [said(workspace, each)[0][0] for each in made] == ["5", "3", "8", "3", "8"]


def test_letters_of_either_case_are_told_apart(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """Where two labels differ in case alone, each is chosen as it is written."""
    made = ask(workspace, *"abcde")
    type_in(give, monkeypatch, workspace, "A", "+0", "+a", "A", "a")
    assert [said(workspace, each)[0][0] for each in made] == ["A", "0", "a", "A", "a"]


def test_several_labels_that_are_numbers_are_typed_themselves(
    give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    """0 is a label where it is one, and none of these is written out."""
    of(workspace, Task("photo", AnswerKind.LABELS))
    made = ask(workspace, *"abcd")
    told = type_in(give, monkeypatch, workspace, "0; 2", "0", "2, 0", "1", "none of these")
    assert "Type it as it stands here: none of these  0  2" in told.out
    assert [said(workspace, each)[0][0] for each in made] == ["0; 2", "0", "0; 2", "none of these"]


def test_several_labels_are_chosen_by_their_numbers(
    give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    """Typed once, they are listed; commas between numbers choose several, and 0 none of them."""
    of(workspace, Task("photo", AnswerKind.LABELS))
    made = ask(workspace, "a", "b", "c")
    told = type_in(give, monkeypatch, workspace, "tall; red", "2, 1, +old", "0")
    assert "0 none of these  1 red  2 tall" in told.out
    kept = [said(workspace, each) for each in made]
    assert kept == [[("red; tall", "Ada")], [("old; red; tall", "Ada")], [("none of these", "Ada")]]


@pytest.mark.parametrize("nothing", ["", "  ", ",", ";", "+"])
@pytest.mark.parametrize("known", [(), ("red", "tall")])
def test_who_chooses_no_label_is_asked_again(
    give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path, known: tuple[str, ...], nothing: str
) -> None:
    """Enter alone does not say that none of several labels applies; the same question takes what is typed then."""
    of(workspace, Task("photo", AnswerKind.LABELS))
    first, second = ask(workspace, "a", "b")
    if known:
        give("answer", "blades", "--decision", first.id, "--label", "; ".join(known), workspace=workspace)
    told = type_in(give, monkeypatch, workspace, nothing, "+old; +red", "q")
    assert "No label was chosen. Choose those that apply, or say “none of these”." in told.out
    assert "You answered 1." in told.out
    assert said(workspace, second if known else first) == [("old; red", "Ada")]


def test_the_item_that_was_chosen_is_typed(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """In recommendations a person says what was chosen; scripts read what is asked for."""
    of(workspace, Task("photo", AnswerKind.RANKING))
    made = ask(workspace, "a", "b")
    told = type_in(give, monkeypatch, workspace, "Alien", "1")
    assert "Nothing was chosen yet: type what was." in told.out
    assert [said(workspace, each) for each in made] == [[("Alien", "Ada")], [("Alien", "Ada")]]
    ask(workspace, "c", "d", "e")
    type_in(give, monkeypatch, workspace, "Heat", "+Heat")
    assert said(workspace, made[1]) == [("Alien", "Ada")]
    question = json.loads(give("answer", "blades", "--by", "Ben", "--json", workspace=workspace).out)
    assert (question["answers"], question["unit"]) == ("ranking", "")


def test_an_item_is_shown_and_typed_by_its_title(give: Give, monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    """Where a table gave titles, they stand before the items that people choose from, and one that is typed counts."""
    of(workspace, Task("photo", AnswerKind.RANKING))
    made = ask(workspace, "a", "b")
    with Workspace.open(workspace) as opened:
        titles = opened.blobs.put(Content({"7": "Alien", "8": "Heat"}).to_bytes())
        opened.ledger.record_schema("blades", {"content": titles}, by="Ada", at=opened.now())
    told = type_in(give, monkeypatch, workspace, "7", "alien")
    assert "Type it as it stands here: Alien (7)" in told.out
    assert [said(workspace, each) for each in made] == [[("7", "Ada")], [("7", "Ada")]]
