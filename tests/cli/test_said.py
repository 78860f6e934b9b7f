"""Answers in words: how sure is enough, which way each part moved which label, and what that means."""

import json
from dataclasses import replace

import pytest

from understudy.cli.said import as_json, in_words, reasons_in_a_cell, reasons_in_words
from understudy.domain.answer import Answer, Reason, answer_from
from understudy.domain.task import AnswerKind, Task
from understudy.studio.launch.terms import BY_REVIEW, Alone

PAY = Task("table", AnswerKind.NUMBER, 5.0, "€")
LABELS = Answer("brakes; oil", 0.9, "", 0.0, False, (), kind=AnswerKind.LABELS)


@pytest.mark.parametrize(
    ("share", "threshold", "end"),
    [
        (0.84, 0.86, "; the model answers alone from 86%, by its review"),
        (0.8561, 0.8612, "from 86.1%, by its review"),
        (0.9, 1.0, "nothing alone"),
    ],
)
def test_it_is_said_how_sure_is_enough(share: float, threshold: float, end: str) -> None:
    """An answer for a person says from where on the model would give it, told apart from how sure it is."""
    answer = answer_from(("no", "yes"), (share, 1 - share), threshold=threshold)
    assert in_words(answer, Task("table"), Alone(threshold, BY_REVIEW)).endswith(end)
    assert "alone" not in in_words(
        answer_from(("no", "yes"), (0.99, 0.01), threshold=0.5), Task("table"), Alone(0.5, BY_REVIEW)
    )


def test_numbers_have_their_unit() -> None:
    """The answer and both ends of its interval."""
    answer = Answer("74092.5", 0.6, "", 0.0, False, (), kind=AnswerKind.NUMBER, interval=(61000.0, 90000.0))
    assert in_words(answer, PAY, Alone(0.5, BY_REVIEW)) == "€74,092.5 (60%), between €61,000 and €90,000"


def test_a_list_says_what_its_probability_is_of_and_what_its_items_are_called() -> None:
    """That one of them comes next; items with names stand on lines of their own."""
    scores = (("12", 0.3), ("7", 0.2))
    answer = Answer("12; 7", 0.49, "", 0.0, False, scores, kind=AnswerKind.RANKING)
    films = Task("interactions", AnswerKind.RANKING)
    assert in_words(answer, films, Alone(0.0, BY_REVIEW)) == "12; 7 (49%: what comes next is one of these)"
    named = in_words(replace(answer, titles=("Heat (1995)", "7")), films, Alone(0.0, BY_REVIEW))
    assert named == "what comes next is one of these (49%):\n  12  Heat (1995)\n  7"


@pytest.mark.parametrize(("push", "decided"), [(0.4, [2.0, 4.0]), (-0.4, None)])
def test_programs_read_which_seconds_decided(push: float, decided: list[float] | None) -> None:
    """Each reason says where it lies, and the answer which decided, or null where none did by itself, as over HTTP."""
    answer = answer_from(("no", "yes"), (0.1, 0.9), threshold=0.5)
    reasons = [Reason("2 to 4 s", push, (2.0, 4.0)), Reason("0 to 2 s", -0.5, (0.0, 2.0))]
    told = json.loads(as_json("a.wav", answer, reasons))
    assert told["seconds"] == decided
    assert [each["seconds"] for each in told["reasons"]] == [[2.0, 4.0], [0.0, 2.0]]
    plain = json.loads(as_json("a.txt", answer, [Reason("the word “refund”", 0.4)]))
    assert "seconds" not in plain
    assert "seconds" not in plain["reasons"][0]


def test_of_several_labels_each_part_says_which() -> None:
    """In lines and in one cell, parts of one way and label together, the strongest first."""
    reasons = [
        Reason("km: 9", 0.5, label="oil"),
        Reason("loud", -0.4, label="brakes"),
        Reason("age", 0.3, label="oil"),
    ]
    told = reasons_in_words(LABELS, reasons, explained=True)
    assert told[:2] == ["  for “oil”: km: 9", "  against “brakes”: loud"]
    assert told[-1].startswith("  Strongest first. “For”: without this part")
    assert reasons_in_a_cell(LABELS, reasons, 3) == "for “oil”: km: 9, age; against “brakes”: loud"


def test_where_all_is_against_no_part_carries_the_answer() -> None:
    """It is said, for else an answer would seem to stand against all evidence."""
    (*_, means) = reasons_in_words(LABELS, [Reason("a", -0.4), Reason("b", -0.1)], explained=True)
    assert means.endswith("No single part carries the answer: it rests on several together.")
