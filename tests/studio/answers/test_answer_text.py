"""What people and programs say, as it is kept: numbers, sets, items; in the queue, as outcomes, as examples."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import Clock
from coloured import coloured
from studio.served import answered, asked, turned_out
from understudy.domain.decision import Decision
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, labels_in, number_text
from understudy.store.errors import OutcomeConflict
from understudy.studio.answers.answer_text import LONGEST_LABEL, BadLabel, checked_answer, text_of
from understudy.studio.answers.known_labels import UnknownLabel
from understudy.studio.claims.review_material import double_answers
from understudy.studio.examples.harvest import harvest
from understudy.studio.people.outcomes import read_outcomes, take_outcomes
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

MINUTES = Task("photo", AnswerKind.NUMBER, 5.0, "minutes")
EUROS = Task("photo", AnswerKind.NUMBER, 5.0, "€")
TAGS = Task("photo", AnswerKind.LABELS)
FILMS = Task("photo", AnswerKind.RANKING)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=clock) as opened:
        opened.ledger.create_project(Project("blades", opened.now(), sealed_share=0.0, task=MINUTES))
        yield opened


def say(
    workspace: Workspace, made: Decision, value: str, *, by: str = "Ada", kind: QuestionKind = QuestionKind.ANSWER
) -> str | None:
    said = Queue(workspace).answer(made.id, kind, value, by=by)
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    return said.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12.5", "12.5"),
        (" 12,5 minutes", "12.5"),
        ("1200", "1200"),
        ("20k", "20000"),
        ("0,345", "0.345"),
        ("1234,567", "1234.567"),
        ("1,234,567", "1234567"),
        ("-3", "-3"),
        ("1e3", "1000"),
        ("0.345", "0.345"),
        ("1234.567", "1234.567"),
        ("1.2000", "1.2"),
        ("1.234.567", "1234567"),
    ],
)
def test_numbers_are_read_as_people_and_programs_write_them(typed: str, kept: str) -> None:
    """With a comma or a point, with thousands, with its unit, or as a program prints it: one text for one number."""
    assert checked_answer(MINUTES, typed, typed=True) == kept
    assert checked_answer(EUROS, f"€{typed.replace('minutes', '')}", typed=True) == kept


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("1.200", "Write 1200 or 1.2."),
        ("-12.345 minutes", "Write -12345 or -12.3450."),
        ("999.999", "999.9990"),
        ("1,250", "Write 1250 or 1.25."),
        ("-12,345 minutes", "Write -12345 or -12.3450."),
    ],
)
def test_a_number_that_could_be_two_is_asked_again(typed: str, ways: str) -> None:
    """Of what a person types; both numbers are told as they are read, and a program's point is before a fraction."""
    with pytest.raises(BadLabel, match="can be read in two ways") as refused:
        checked_answer(MINUTES, typed, typed=True)
    assert ways in refused.value.remedy
    whole, fraction = re.findall(r"-?[\d.]*\d", refused.value.remedy)
    bare, said = float(typed.removesuffix(" minutes").replace(",", ".")), checked_answer(MINUTES, typed, typed=False)
    assert checked_answer(MINUTES, whole, typed=True) == number_text(round(bare * 1000))
    assert checked_answer(MINUTES, fraction, typed=True) == number_text(bare)
    assert said == number_text(round(bare * 1000) if "," in typed else bare)


@given(number=st.floats(-1e6, 1e6), sign=st.sampled_from(".,"))
def test_a_number_is_never_taken_for_a_thousand_times_as_much(number: float, sign: str) -> None:
    """Whatever decimals somebody types, the answer is that number, or it is asked again."""
    try:
        kept = checked_answer(MINUTES, f"{number:.3f}".replace(".", sign), typed=True)
    except BadLabel:
        assert 1 <= abs(round(number, 3)) < 1000
        return
    assert float(kept) == round(number, 3)


@pytest.mark.parametrize("typed", ["", "soon", "nan", "inf", "1e999", "12 apples", "3;4", "\x00", "--5"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """An answer that is none says what an answer is, with the unit, and what to write."""
    with pytest.raises(BadLabel) as refused:
        checked_answer(MINUTES, typed, typed=True)
    assert "a number in minutes" in refused.value.reason
    assert refused.value.remedy


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_a_number_is_kept_as_one_text(number: float) -> None:
    """Whatever is kept reads back as itself: to check it again changes nothing."""
    kept = checked_answer(MINUTES, repr(number), typed=False)
    assert checked_answer(MINUTES, kept, typed=False) == kept == number_text(number)
    assert text_of(number) == repr(number)


@given(st.lists(st.text("abcdé ", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=6))
def test_a_set_is_kept_as_one_text(labels: list[str]) -> None:
    """However ordered and often repeated, the same labels are the same text."""
    kept = checked_answer(TAGS, text_of(labels), typed=True)
    assert (
        kept
        == checked_answer(TAGS, text_of([*reversed(labels), labels[0]]), typed=True)
        == checked_answer(TAGS, kept, typed=True)
    )
    assert set(labels_in(kept)) == {label.strip() for label in labels}


def test_no_label_at_all_is_said_in_words() -> None:
    """An empty set is “none of these”; nothing chosen could mean that nobody looked, and is refused."""
    assert (
        checked_answer(TAGS, text_of([]), typed=True)
        == checked_answer(TAGS, NONE_OF_THESE, typed=True)
        == NONE_OF_THESE
    )
    for nothing in ("", " ; ", ";"):
        with pytest.raises(BadLabel, match="No label was chosen"):
            checked_answer(TAGS, nothing, typed=True)
    with pytest.raises(BadLabel, match="51 labels"):
        checked_answer(TAGS, "; ".join(map(str, range(51))), typed=True)
    with pytest.raises(BadLabel, match="cannot be a label"):
        checked_answer(TAGS, f"red; {'x' * (LONGEST_LABEL + 1)}", typed=True)
    assert checked_answer(Task(), NONE_OF_THESE, typed=True) == NONE_OF_THESE


@pytest.mark.parametrize("said", [[NONE_OF_THESE, "red"], ["red", f" {NONE_OF_THESE} ", "tall"]])
def test_none_of_these_stands_alone(said: list[str]) -> None:
    """Beside another label it contradicts itself, and no model could ever answer so."""
    with pytest.raises(BadLabel, match="others stand beside it") as refused:
        checked_answer(TAGS, text_of(said), typed=False)
    assert "alone" in refused.value.remedy
    assert checked_answer(TAGS, f"{NONE_OF_THESE}; {NONE_OF_THESE}", typed=True) == NONE_OF_THESE


def test_people_answer_with_numbers(workspace: Workspace) -> None:
    """The queue keeps numbers in one form, offers no labels, and refuses what is none without closing the question."""
    made = asked(workspace, coloured("amber", 1))
    assert Queue(workspace).labels("blades") == ()
    assert Queue(workspace).task("blades") == MINUTES
    with pytest.raises(BadLabel):
        say(workspace, made, "long")
    assert say(workspace, made, "40,5 minutes") == "40.5"


def test_two_numbers_settle_at_their_median(workspace: Workspace) -> None:
    """Both answers stay on record, count for people's own error, and the median of them is the label that stands."""
    made = asked(workspace, coloured("amber", 1), double=True)
    say(workspace, made, "40")
    say(workspace, made, "46", by="Ben", kind=QuestionKind.DOUBLE)
    assert harvest(workspace, "blades").answers == 2
    (example,) = workspace.ledger.examples("blades", side=Side.TRAIN)
    assert example.label == "43"
    assert [(each.by, each.value) for each in workspace.ledger.labels_of("blades", made.input_digest)] == [
        ("Ada", "40"),
        ("Ben", "46"),
        ("the median of 2 people", "43"),
    ]
    opinions = list(workspace.ledger.opinions("blades"))
    assert [each.by for each in opinions] == ["Ada", "Ben"]
    assert double_answers(opinions) == (("40", "46"),)
    assert harvest(workspace, "blades").answers == 0


def test_labels_of_sets_are_offered_one_by_one(workspace: Workspace) -> None:
    """After two answers of two labels each, four are offered, in the order of their first use."""
    workspace.ledger.set_task("blades", TAGS)
    assert say(workspace, asked(workspace, coloured("amber", 1)), "tall; red") == "red; tall"
    assert say(workspace, asked(workspace, coloured("azure", 1)), "red; old; round") == "old; red; round"
    assert Queue(workspace).labels("blades") == ("red", "tall", "old", "round")


def test_outcomes_are_numbers_within_no_list(workspace: Workspace) -> None:
    """A table of outcomes is read as numbers, in whatever form; the same number again is the same outcome."""
    made = [answered(workspace, coloured("amber", each), "m1", label="40") for each in range(4)]
    table = io.StringIO()
    table.write("decision,actual\n")
    for each, value in zip(made, ["41.50", '"1,200"', "soon", "7.125"], strict=True):
        table.write(f"{each.id},{value}\n")
    told = read_outcomes("truth.csv", table.getvalue().encode())
    taken = take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv")
    assert taken.recorded == 3
    (refused,) = taken.refused
    assert "“soon” is no answer here" in refused.finding.fact
    kept = workspace.ledger.outcome(made[0].id)
    assert kept is not None
    assert kept.value == "41.5"
    assert turned_out(workspace, made[0], "41.5 minutes", by="Ben") == kept
    with pytest.raises(OutcomeConflict):
        turned_out(workspace, made[0], "42", by="Ben")


def test_outcomes_of_sets_know_their_labels(workspace: Workspace) -> None:
    """A set in another order is the same outcome, and one misspelt label among several is found."""
    workspace.ledger.set_task("blades", TAGS)
    say(workspace, asked(workspace, coloured("amber", 1)), "tall; red")
    made = answered(workspace, coloured("azure", 1), "m1", label="red; tall")
    with pytest.raises(UnknownLabel, match="tal"):
        turned_out(workspace, made, "red; tal", by="Ada")
    assert turned_out(workspace, made, "tall;red", by="Ada").value == "red; tall"
    assert turned_out(workspace, made, "red; tall", by="Ada").value == "red; tall"


def test_an_outcome_of_a_ranking_is_an_item(workspace: Workspace) -> None:
    """What was chosen may be an item of the model's list, or one that people have named before."""
    workspace.ledger.set_task("blades", FILMS)
    say(workspace, asked(workspace, coloured("amber", 1)), "Alien")
    made = [answered(workspace, coloured("azure", each), "m1", label="Heat; Jaws") for each in range(3)]
    assert turned_out(workspace, made[0], "Jaws", by="Ada").value == "Jaws"
    assert turned_out(workspace, made[1], "Alien", by="Ada").value == "Alien"
    with pytest.raises(UnknownLabel):
        turned_out(workspace, made[2], "Jors", by="Ada")


def test_an_answer_of_a_ranking_is_a_known_item_or_said_to_be_new(workspace: Workspace) -> None:
    """An item that nobody had or named is refused with the one that is probably meant, unless “+” says it is new."""
    workspace.ledger.set_task("blades", FILMS)
    assert say(workspace, asked(workspace, coloured("amber", 1)), "Casablanca") == "Casablanca"
    assert say(workspace, asked(workspace, coloured("amber", 2)), "Vertigo") == "Vertigo", "nothing is known yet"
    digest = workspace.blobs.put('{"who":"Ann","history":[["Fantômas",null]]}'.encode())
    example = Example(digest, "Ann", Provenance.UPLOAD, "Ann", Side.TRAIN, "Casablanca", 0, 0, "")
    workspace.ledger.add_examples("blades", [example], by="Ada", at=workspace.now())
    waiting = asked(workspace, coloured("azure", 1))
    with pytest.raises(UnknownLabel, match="is no item of") as refused:
        say(workspace, waiting, "Casablanka")
    assert refused.value.remedy.startswith("Perhaps “Casablanca” is meant. If a new item is meant, say so: write +Casa")
    assert say(workspace, waiting, "+Metropolis") == "Metropolis"
    assert say(workspace, asked(workspace, coloured("azure", 2)), "Metropolis") == "Metropolis"
    assert say(workspace, asked(workspace, coloured("azure", 3)), "Fantômas") == "Fantômas"
