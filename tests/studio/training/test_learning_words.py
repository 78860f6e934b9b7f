"""A learning curve in words."""

import dataclasses

import pytest

from studio.curves import curve, told
from understudy.domain.brief import Brief
from understudy.domain.learning import Behaviour, LabelsNeeded
from understudy.domain.task import AnswerKind, Task
from understudy.studio.training.learning_words import Situation, first_label, learning_words, plus_minus, table_rows
from understudy.studio.words.phrases import Noun

SITUATION = Situation(examples=141, sealed_share=0.25, target=0.92)


def said(given: object, situation: Situation = SITUATION) -> str:
    words = learning_words(given, situation)  # type: ignore[arg-type]
    return " ".join([words.headline, *words.says, words.next_step])


def test_a_round_names_count_label_and_what_to_expect() -> None:
    """The advice says how many, of what above all, and what accuracy to expect with how much doubt."""
    words = learning_words(curve(needed=LabelsNeeded(0.92, 246, 190, 400)), SITUATION)
    assert words.headline == "Label about 140 more, “crack” above all: expect 91% ± 2."
    assert words.count == 140
    assert words.first == "crack"
    assert not words.stop
    assert "92% will take about 140 more in all; 8 times in 10 between 70 and 350." in words.says
    assert "Of “crack” 81 in 100 are recognised now; as many again would probably bring 88." in words.says
    assert "About 35 of them will be sealed, and are not learned from." in words.says
    assert "ask again" in words.next_step


def test_a_round_at_most_doubles() -> None:
    """However far the target, one round asks for no more than as many again."""
    words = learning_words(
        curve(needed=LabelsNeeded(0.97, 2_000, 700, None)), dataclasses.replace(SITUATION, target=0.97)
    )
    assert words.count == 188
    assert (
        "97% will take about 2,500 more in all; 8 times in 10 between 750 and more than can be foretold." in words.says
    )


def test_photos_that_wait_are_never_sealed() -> None:
    """What lies on the training side without a label needs no photos on top of it."""
    waiting = dataclasses.replace(SITUATION, waiting=500)
    words = learning_words(curve(needed=LabelsNeeded(0.92, 246, 190, 400)), waiting)
    assert words.count == 105
    assert "500 photos wait for a label already." in words.says
    assert not any("sealed" in each for each in words.says)


def test_labels_cost_what_the_brief_says() -> None:
    """A label's price is the brief's, else a person's answer, else it is said to be unknown."""
    given = curve(needed=LabelsNeeded(0.92, 246, 190, 400))
    priced = dataclasses.replace(SITUATION, brief=Brief(label_cost=0.5))
    assert "They cost about €70 to label." in said(given, priced)
    assert "They cost about €280 to label." in said(given, dataclasses.replace(SITUATION, brief=Brief(person_cost=2.0)))
    assert "What they cost is unknown" in said(given, dataclasses.replace(SITUATION, brief=Brief()))
    assert "cost" not in said(given)


def test_a_flat_curve_says_stop() -> None:
    """Where more would hardly help, the advice is to stop, and where the target is missed, what helps instead."""
    flat = curve(Behaviour.FLAT, forecasts=told(141, 282, step=0.001))
    words = learning_words(flat, SITUATION)
    assert words.headline == "Stop labelling photos like these."
    assert words.stop
    assert words.count == 0
    assert "92% is not to be had by more photos like these." in words.says
    assert "mistakes" in words.next_step
    assert "reviewed" in learning_words(flat, dataclasses.replace(SITUATION, target=0.85)).next_step


def test_labels_with_too_few_examples_are_left_out_of_a_stop() -> None:
    """No curve tells of a label that is hardly there, so more of it is asked for before anything else."""
    flat = curve(Behaviour.FLAT, forecasts=told(141, 282, step=0.001))
    scarce = dataclasses.replace(SITUATION, target=0.85, few=("close_account",))
    words = learning_words(flat, scarce)
    assert words.headline == "Stop labelling photos like these, but for “close_account”."
    assert words.says[0] == "Of “close_account” there are too few for a curve to tell of it."
    assert words.next_step == "Add photos of “close_account” first; then leave it at that: have the model reviewed."
    there = learning_words(curve(needed=LabelsNeeded(0.85, 90, 60, 130)), scarce)
    assert there.headline.endswith("no more labels are needed to learn from, but for “close_account”.")
    assert there.next_step == "Add photos of “close_account” first; then have the model reviewed."
    missed = learning_words(flat, dataclasses.replace(scarce, target=0.92, few=("a", "b")))
    assert missed.next_step.startswith("Add photos of “a”, “b” first; then look at the mistakes:")


def test_an_ill_behaved_curve_is_not_read() -> None:
    """The words abstain, say why, and foretell nothing."""
    words = learning_words(curve(Behaviour.ILL), SITUATION)
    assert words.headline == "The curve does not say."
    assert "guess" in words.says[0]
    assert "expect" not in said(curve(Behaviour.ILL))
    assert not words.stop


def test_too_few_are_told_how_many_it_takes() -> None:
    """Too few photos get a number, not a forecast."""
    few = Situation(examples=6, sealed_share=0.25)
    words = learning_words(dataclasses.replace(curve(Behaviour.TOO_SHORT), points=()), few)
    assert words.headline == "Too few photos to say what more would bring."
    assert words.count == 19
    assert "there are 6" in words.says[0]


def test_many_examples_of_few_groups_are_told_apart_from_few_examples() -> None:
    """Where there are enough examples but of too few groups, more of the same are not asked for."""
    spoken = Situation(examples=100, sealed_share=0.25, groups=2, things=Noun("recording", "recordings"))
    words = learning_words(dataclasses.replace(curve(Behaviour.TOO_SHORT), points=()), spoken)
    assert "They are in 2 groups only: what belongs together counts as one and is never split." in words.says[0]
    assert words.next_step == "Add recordings of other groups, several for each label, then ask again."
    apart = learning_words(
        dataclasses.replace(curve(Behaviour.TOO_SHORT), points=()), dataclasses.replace(spoken, groups=100)
    )
    assert apart.next_step.startswith("Label about 14 more")


def test_a_target_that_is_reached_needs_no_more() -> None:
    """Where the curve is at the target already, the next step is the review, which alone proves it."""
    words = learning_words(curve(needed=LabelsNeeded(0.85, 90, 60, 130)), dataclasses.replace(SITUATION, target=0.85))
    assert words.headline.startswith("85% is probably reached already")
    assert words.stop
    assert "proven" in words.says[-1]


def test_a_target_out_of_reach_is_told() -> None:
    """A target that the curve never reaches is said to be out of reach, with what a round would bring all the same."""
    text = said(curve(needed=LabelsNeeded(0.92, None, 900, None)))
    assert "92% is probably out of reach with photos like these, however many." in text
    assert text.startswith("Label about 190 more")


def test_without_a_target_a_round_is_still_planned() -> None:
    """Nobody has to name a bar to be told what as many again would bring."""
    words = learning_words(curve(), dataclasses.replace(SITUATION, target=None))
    assert words.headline == "Label about 190 more, “crack” above all: expect 92% ± 2."


def test_a_label_is_named_only_where_it_stands_out() -> None:
    """One label alone, or gains too small to tell, name nobody."""
    assert first_label(curve(by_label=(("crack", 0.81, 0.88), ("sound", 0.9, 0.93)))) == "crack"
    assert first_label(curve(by_label=(("crack", 0.9, 0.91), ("sound", 0.9, 0.905)))) is None
    assert first_label(curve(by_label=(("crack", 0.8, 0.9),))) is None
    assert first_label(curve(by_label=())) is None


@pytest.mark.parametrize(("lower", "upper", "shown"), [(0.92, 0.955, "94% ± 2"), (0.9, 0.95, "94% ± 4")])
def test_plus_minus_covers_the_wider_side(lower: float, upper: float, shown: str) -> None:
    """An interval that is not even is told by its wider side, rounded outwards."""
    given = dataclasses.replace(told(141)[0], accuracy=0.94, lower=lower, upper=upper)
    assert plus_minus(given) == shown


def test_no_share_below_nothing_is_expected() -> None:
    """Where the wider side would reach below 0 on the other, both ends are told."""
    given = dataclasses.replace(told(141)[0], accuracy=0.08, lower=0.021, upper=0.185)
    assert plus_minus(given) == "8% (from 2% to 19%)"


def test_the_table_has_what_was_measured_and_what_is_foretold() -> None:
    """Measured rows say so; foretold ones have their interval, rounded outwards."""
    rows = table_rows(curve())
    assert rows[0] == ("40", "80%", "measured")
    assert rows[4] == ("141", "88%", "86% to 90%")


ROWS = dataclasses.replace(SITUATION, things=Noun("row", "rows"))
HISTORIES = dataclasses.replace(
    SITUATION, things=Noun("history", "histories"), task=Task("interactions", AnswerKind.RANKING)
)


def test_right_is_explained_where_it_does_not_go_without_saying() -> None:
    """Of numbers the tolerance is told, of several labels that all count, of rankings what makes a list right."""
    given = curve(needed=LabelsNeeded(0.92, 246, 190, 400), by_label=())
    number = dataclasses.replace(ROWS, task=Task("table", AnswerKind.NUMBER, 2_500.0, "€"))
    assert "A number is right when it is at most 2,500 € off." in said(given, number)
    assert "names all labels and no other" in said(
        given, dataclasses.replace(ROWS, task=Task("table", AnswerKind.LABELS))
    )
    assert "A list is right when what came next stands in it." in said(given, HISTORIES)
    assert "is right when" not in said(given, dataclasses.replace(ROWS, task=Task("table")))


def test_nobody_is_asked_to_label_histories() -> None:
    """Histories are gathered and cost no label; too few, a flat curve and a reached target say so in the same words."""
    given = curve(needed=LabelsNeeded(0.92, 246, 190, 400), by_label=())
    priced = dataclasses.replace(HISTORIES, brief=Brief(label_cost=0.5))
    words = learning_words(given, priced)
    assert words.headline == "Gather about 140 more histories: expect 91% ± 2."
    for behaviour in Behaviour:
        each = curve(behaviour, forecasts=told(141, 282, step=0.001), by_label=())
        text = said(each, priced).replace("label of a history", "")
        assert "Label about" not in text
        assert "label about" not in text
        assert "labelling" not in text
        assert "cost" not in text
    reached = learning_words(given, dataclasses.replace(HISTORIES, target=0.5))
    assert "no more histories are needed" in reached.headline


@pytest.mark.parametrize("modality", ["photo", "text", "sound", "video", "table", "interactions"])
def test_what_helps_instead_is_of_the_kind(modality: str) -> None:
    """Where more of the same would not help, nobody with rows or texts is told to take better pictures."""
    flat = curve(Behaviour.FLAT, forecasts=told(141, 282, step=0.001))
    step = learning_words(flat, dataclasses.replace(SITUATION, task=Task(modality))).next_step
    assert step.startswith("Look at the mistakes: ")
    assert ("pictures" in step) is (modality == "photo")


def test_a_review_takes_a_model() -> None:
    """Who needs no more examples and has no model is told to train one first."""
    flat = curve(Behaviour.FLAT, forecasts=told(141, 282))
    new = dataclasses.replace(SITUATION, target=None, trained=False)
    assert learning_words(flat, new).next_step == "Leave it at that: train a model, and have it reviewed."
    trained = dataclasses.replace(new, trained=True)
    assert learning_words(flat, trained).next_step == "Leave it at that: have the model reviewed."
    reached = dataclasses.replace(SITUATION, target=0.5, trained=False)
    assert learning_words(curve(), reached).next_step == "Train a model, and have it reviewed."


def test_a_model_that_is_better_than_its_curve_is_told() -> None:
    """Where a look saw more than the curve holds likely, what the curve is measured with is said; else it is not."""
    better = dataclasses.replace(SITUATION, target=None, seen=0.97)
    assert "right for 97 in 100 of the sealed photos. The curve is measured with a simpler one" in said(curve(), better)
    assert "simpler" not in said(curve(), dataclasses.replace(better, seen=0.8))
    assert "simpler" not in said(curve())
