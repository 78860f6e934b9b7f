"""Known labels: how one of them is chosen by a digit, and what is meant by one that nobody has used."""

from collections.abc import Sequence

import pytest

from understudy.domain.task import AnswerKind, Task
from understudy.studio.answers.known_labels import UnknownLabel, chosen_by_place, digit_keys, meant_answer


@pytest.mark.parametrize(
    ("labels", "by_place"),
    [
        ([], True),
        (["crack", "sound"], True),
        (["3", "4", "5"], False),
        (["1", "2"], False),
        (["-1", "none"], False),
        (["0.5", "sound"], False),
        (["10", "20"], False),
        (["1 star", "2 stars"], True),
        (["2 stars", "1 star"], False),
        (["grade 02", "grade 1"], False),
        (["level 0", "level 9"], False),
        (["<=50K", ">50K"], True),
    ],
)
def test_labels_that_could_be_taken_for_places(labels: Sequence[str], by_place: bool) -> None:
    """A number means a place only where no label is a number and none holds that of another's place."""
    assert chosen_by_place(labels) is by_place


@pytest.mark.parametrize(
    ("labels", "keys"),
    [
        (["crack", "sound"], {"crack": "1", "sound": "2"}),
        (list("abcdefghijkl"), dict(zip("abcdefghi", "123456789", strict=True))),
        (["5", "0", "3", "x"], {"5": "5", "0": "0", "3": "3"}),
        (["1", "10", "2"], {"2": "2"}),
        (["1", "-1"], {}),
        (["2 stars", "1 star"], {}),
    ],
)
def test_a_digit_chooses_the_label_that_it_is(labels: Sequence[str], keys: dict[str, str]) -> None:
    """Else the place; a digit that others begin with too chooses nothing."""
    assert digit_keys(labels) == keys


@pytest.mark.parametrize(
    ("answers", "text", "kept"),
    [
        ("label", " crack ", "crack"),
        ("label", "+dent", "dent"),
        ("label", "+ dent", "dent"),
        ("label", "+1", "+1"),
        ("label", "none of these", "none of these"),
        ("labels", "+dent; crack", "crack; dent"),
        ("labels", "none of these", "none of these"),
        ("number", "+3", "3"),
    ],
)
def test_a_plus_sign_says_that_a_label_is_new(answers: str, text: str, kept: str) -> None:
    """It is no part of the label, unless it is one of a label that is used already."""
    assert meant_answer(Task("photo", AnswerKind(answers)), text, ["crack", "+1"], of="blades", typed=False) == kept


@pytest.mark.parametrize(("answers", "text"), [("label", "Crack"), ("label", "+"), ("labels", "crack;dent")])
def test_a_label_that_nobody_has_used_is_a_slip(answers: str, text: str) -> None:
    """A difference in capitals is one too, and so is a plus sign with nothing behind it."""
    with pytest.raises(UnknownLabel, match="is no label of “blades”") as slip:
        meant_answer(Task("photo", AnswerKind(answers)), text, ["crack"], of="blades", typed=False)
    assert "say so: write +" in slip.value.remedy


@pytest.mark.parametrize(("text", "kept"), [("dent", "dent"), ("+dent", "dent"), ("+", "+")])
def test_any_label_may_be_the_first(text: str, kept: str) -> None:
    """Where nobody has used a label yet, none can be a slip."""
    assert meant_answer(Task(), text, [], of="blades", typed=False) == kept
