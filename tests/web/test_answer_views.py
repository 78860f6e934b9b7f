"""Answers as pages show them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from understudy.domain.answer import Answer, Reason
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.task import AnswerKind
from understudy.web.answer_views import AnswerView, answer_view
from understudy.web.disclosure import Disclosure
from understudy.web.inputs import InputView


def decided(answer: Answer) -> Decision:
    at = datetime(2026, 5, 31, tzinfo=UTC)
    return Decision("d", "p", "0" * 64, answer, AnsweredBy.NOBODY_YET, "m", at, 0.1, Because.TRIED)


def viewed(answer: Answer, *, calibrated: bool = True) -> AnswerView:
    return answer_view(Disclosure(decided(answer)), InputView("text", "/input"), calibrated=calibrated)


def test_a_probability_is_as_careful_as_what_is_sealed() -> None:
    """Where too little is sealed to take it at its word, it is the model's own account and no more."""
    sure = Answer("refund", 0.88, "", 0.0, False, (("refund", 0.88), ("card", 0.12)))
    assert viewed(sure).says == "Of 100 answers as sure as this one, about 88 should be right."
    assert viewed(sure, calibrated=False).says == (
        "By its own account, about 88 of 100 answers as sure as this one would be right; "
        "too little is sealed to tell whether that holds."
    )
    ranked = Answer("tea; cake", 0.48, "", 0.0, False, (("tea", 0.02), ("cake", 0.01)), kind=AnswerKind.RANKING)
    told = viewed(ranked, calibrated=False).says
    assert told.startswith("By its own account, about 48 of 100 lists as sure as this one would hold what comes next;")


def test_a_strangers_figures_are_those_of_the_terminal() -> None:
    """With what is left for none of the labels, in a bar of its own and in the same words."""
    shares = (("refund", 0.53), ("top-up", 0.1), ("card", 0.37))
    view = viewed(Answer("refund", 0.265, "top-up", 0.05, True, shares, unknown=True))
    assert view.says == "Perhaps refund (26%), else top-up (5%), or none of these (50%)."
    rows = [(row.label, row.share) for row in view.first_rows]
    assert [label for label, _ in rows] == ["none of these", "refund", "card", "top-up"]
    assert [share for _, share in rows] == pytest.approx([0.5, 0.265, 0.185, 0.05])


def test_of_a_list_it_is_said_what_its_probability_is_of() -> None:
    """It is that of holding what comes next, and the bars of its items are parts of it."""
    scores = (("tea", 0.02), ("cake", 0.01))
    view = viewed(Answer("tea; cake", 0.48, "", 0.0, False, scores, kind=AnswerKind.RANKING))
    assert view.says.startswith("Of 100 lists as sure as this one, about 48 should hold what comes next.")
    assert [row.share for row in view.first_rows] == pytest.approx([0.32, 0.16])


def test_items_are_called_what_people_call_them() -> None:
    """By title in the answer, which names the first alone, and by title and name where each has its bar."""
    scores = (("12", 0.02), ("7", 0.01))
    titles = ("Heat (1995)", "7")
    view = viewed(Answer("12; 7", 0.48, "", 0.0, False, scores, kind=AnswerKind.RANKING, titles=titles))
    assert view.label == "Heat (1995) and 1 more"
    assert view.headline == "Heat (1995) and 1 more, about 48 in 100."
    assert not view.other_rows
    assert [row.label for row in view.first_rows] == ["Heat (1995) (12)", "7"]


@pytest.mark.parametrize(("kind", "thing"), [("sound", "recording"), ("video", "clip")])
def test_where_no_part_decided_it_that_is_said(kind: str, thing: str) -> None:
    """A recording that sounds the same all along says so; one with a part that decided names its seconds."""
    rain = Answer("rain", 0.9, "wind", 0.1, False, (("rain", 0.9), ("wind", 0.1)))
    parts = (Reason("0 to 1 seconds", 0.004, (0.0, 1.0)), Reason("1 to 2 seconds", -0.3, (1.0, 2.0)))

    def facts(*reasons: Reason) -> list[str]:
        return list(answer_view(Disclosure(decided(rain)), InputView(kind, "/input"), reasons).facts)

    (none,) = facts(*parts)
    assert none.startswith(f"No part of the {thing} decided it by itself: without any single one the model would be ")
    assert facts(replace(parts[0], push=0.4)) == ["What decided it lies from 0.0 to 1.0 seconds."]
    channel = Reason("the channel z", 0.8)
    both = list(answer_view(Disclosure(decided(rain)), InputView(kind, "/input"), [*parts, channel]).facts)
    assert both == []  # a part decided it, though none in time
    assert facts() == []
