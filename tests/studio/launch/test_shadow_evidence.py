"""What a model showed in the dark: which answers count, how they bound, and when they are enough."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.launches import FIRST, SECOND, TERMS, Pair, change, pairs, tripped
from understudy.domain.stage import Stage
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task
from understudy.stats.anytime import ConfidenceSequence
from understudy.stats.looks import alpha_of
from understudy.studio.launch.shadow_evidence import evidence_from, shadow_epochs, shadow_words

SHADOW = change(1, Stage.SHADOW)


def mixed(right: int, of: int) -> list[bool]:
    """So many right answers, the wrong ones spread evenly."""
    wrong = set(np.linspace(0, of - 1, of - right, dtype=int))
    return [place not in wrong for place in range(of)]


def test_only_answers_that_it_would_have_given_alone_count() -> None:
    """Of what it was not sure enough, neither right nor wrong answers move the bound."""
    alone = evidence_from(pairs(mixed(45, 50)), SHADOW, 1)
    unsure = [replace(each, seq=each.seq + 50) for each in pairs([False] * 30, sure=0.6)]
    beside = evidence_from([*pairs(mixed(45, 50)), *unsure], SHADOW, 1)
    assert (alone.answered, alone.alone, alone.right) == (50, 50, 45)
    assert (beside.answered, beside.alone, beside.right) == (80, 50, 45)
    assert beside.lower == alone.lower


def test_what_it_takes_for_something_unlike_all_its_examples_counts_neither_way() -> None:
    """It never answers that alone, however sure: right or wrong, told or waiting, it moves no bound."""
    strangers = [replace(each, seq=each.seq + 50) for each in pairs([True, False] * 15, sure=0.95)]
    unlike = [replace(each, answer=replace(each.answer, unknown=True)) for each in strangers]
    waiting = [replace(each, input_digest=f"unheard {each.seq}", truth=None) for each in unlike]
    alone = evidence_from(pairs(mixed(45, 50)), SHADOW, 1)
    beside = evidence_from([*waiting, *unlike, *pairs(mixed(45, 50))], SHADOW, 1)
    assert (beside.answered, beside.alone, beside.right, beside.waiting) == (80, 50, 45, 0)
    assert beside.lower == alone.lower


KINDS = [
    (Task(answers=AnswerKind.NUMBER, tolerance=5.0), "100", "104.5", "106"),
    (Task(answers=AnswerKind.LABELS), "red; tall", "tall; red", "red"),
    (Task(answers=AnswerKind.RANKING), "Casablanca; Alien; Heat", "Alien", "Jaws"),
    (Task(), "crack", "crack", "sound"),
    (Task(), NONE_OF_THESE, NONE_OF_THESE, "crack"),
]


@pytest.mark.parametrize(("task", "answer", "right", "wrong"), KINDS)
def test_right_is_what_the_task_calls_right(task: Task, answer: str, right: str, wrong: str) -> None:
    """A number within the tolerance, the same set, an item of the list: each counts as right in the dark, else not."""
    made = [
        replace(each, answer=replace(each.answer, label=answer), truth=right if hit else wrong)
        for each, hit in zip(pairs([True] * 20), mixed(18, 20), strict=True)
    ]
    assert evidence_from(made, SHADOW, 1, task).right == 18


def test_the_same_photo_again_is_no_new_evidence() -> None:
    """A client that sends the same bytes again and again moves nothing; the first time counts."""
    once = evidence_from(pairs(mixed(18, 20)), SHADOW, 1)
    again = evidence_from(pairs(mixed(18, 20)) + pairs([True] * 20) * 10, SHADOW, 1)
    assert again == once


def told(hits: Iterable[bool | None]) -> list[Pair]:
    """Pairs in the order of the requests; None where nobody has answered."""
    known = list(hits)
    made = pairs(bool(hit) for hit in known)
    return [each if hit is not None else replace(each, truth=None) for each, hit in zip(made, known, strict=True)]


def test_what_waits_in_front_counts_as_wrong_until_it_is_answered() -> None:
    """It moves the bound alone; what waits behind the last that was answered moves nothing."""
    answered = evidence_from(told([*[True] * 20, False, *[True] * 20]), SHADOW, 1)
    waits = evidence_from(told([*[True] * 20, None, *[True] * 20, None, None]), SHADOW, 1)
    assert (waits.answered, waits.alone, waits.right, waits.waiting) == (40, 40, 40, 1)
    assert waits.lower == answered.lower
    assert shadow_words(waits).startswith(
        "40 of 40 answers it would have given alone were right, and 1 more that nobody has answered counts as wrong "
        "until somebody does: at least "
    )
    assert "2 more that nobody has answered count as" in shadow_words(
        evidence_from(told([None, None, True]), SHADOW, 1)
    )
    assert evidence_from(told([None] * 9), SHADOW, 1) == evidence_from([], SHADOW, 1)


def test_as_many_answers_are_needed_as_wait_in_front() -> None:
    """However well the model does, the bar is not shown while they wait."""
    found = evidence_from(told([*[None] * 300, *[True] * 200]), SHADOW, 1)
    assert not found.cleared
    assert found.needed == 300


@settings(max_examples=50)
@given(st.lists(st.sampled_from([True, False, None]), max_size=60), st.data())
def test_every_answer_that_comes_can_only_raise_the_bound(hits: list[bool | None], data: st.DataObject) -> None:
    """Whatever was shown stays shown, in whichever order people answer, and whatever they say."""
    before = evidence_from(told(hits), SHADOW, 1)
    later = [data.draw(st.sampled_from([True, False, None])) if hit is None else hit for hit in hits]
    assert evidence_from(told(later), SHADOW, 1).lower >= before.lower


def test_who_answers_the_easy_ones_first_launches_no_bad_model_by_it() -> None:
    """A model right in 90 of 100 where 92 are asked, people take 2 hours over what it has right and 24 over the rest.

    In the order of the requests, the bar is shown in no more runs than the budget allows; in that of people's answers,
    in every second one.
    """
    runs, shown, by_arrival = 40, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        asked_at, right = np.sort(rng.uniform(0, 72, 720)), rng.random(720) < 0.9
        known_at = asked_at + rng.exponential(np.where(right, 2.0, 24.0))
        known = known_at <= 72
        shown += evidence_from(told(np.where(known, right, None)), SHADOW, 1).cleared
        arrived = np.argsort(known_at)[: int(known.sum())]
        by_arrival += evidence_from(told(right[arrived].tolist()), SHADOW, 1).cleared
    assert shown / runs <= alpha_of(1)
    assert by_arrival / runs > 0.3


@settings(max_examples=25)
@given(st.lists(st.booleans(), max_size=80), st.integers(1, 5))
def test_the_bound_is_the_anytime_bound_of_its_epoch(right: list[bool], epoch: int) -> None:
    """Right and wrong answers, one by one, give the confidence sequence at that epoch's part of the budget."""
    bounds = ConfidenceSequence(confidence=1 - alpha_of(epoch))
    for hit in right:
        bounds = bounds.update(hit)
    found = evidence_from(pairs(right), SHADOW, epoch)
    assert found.lower == pytest.approx(bounds.lower, abs=1e-9)
    assert found.confidence == bounds.confidence
    assert found.cleared == (bool(right) and bounds.lower >= 0.92)


def test_once_shown_it_stays_shown() -> None:
    """A bar that was cleared stays cleared, whatever comes later; the words say that it is shown."""
    enough = evidence_from(pairs([True] * 80), SHADOW, 1)
    assert enough.cleared
    assert enough.needed == 0
    assert shadow_words(enough).endswith("the brief asks for 92%, so it is shown.")
    assert evidence_from(pairs([True] * 80 + [False] * 20), SHADOW, 1).cleared


def test_words_say_how_far_it_is() -> None:
    """Figure, bound and bar in one sentence, and about how many more requests will do."""
    found = evidence_from(pairs(mixed(112, 118)), SHADOW, 1)
    words = shadow_words(found)
    assert words.startswith("112 of 118 answers it would have given alone were right: at least ")
    assert "at any time with 95% confidence; the brief asks for 92%; about " in words
    assert words.endswith(" more requests will do.")
    assert found.needed is not None
    assert 100 < found.needed < 2000
    half = pairs([False] * 118, sure=0.6)
    slower = evidence_from([*pairs(mixed(112, 118)), *half], SHADOW, 1)
    assert slower.needed == pytest.approx(2 * found.needed, abs=2)


def test_nothing_known_and_nothing_to_hope_for() -> None:
    """Before the first answer it says so; below the bar it says that no number of requests will show it."""
    nothing = evidence_from([], SHADOW, 1)
    assert not nothing.cleared
    assert shadow_words(nothing) == (
        "No answer that it would have given alone is known yet; the brief asks for 92% right."
    )
    unasked = shadow_words(nothing, asked=False)
    assert unasked.endswith("; no brief asks for any share, so it aims at 92% right.")
    assert "you asked" not in unasked
    poor = evidence_from(pairs(mixed(80, 100)), SHADOW, 1)
    assert poor.needed is None
    assert shadow_words(poor).endswith("at this rate no number of requests will show it.")
    wrong = shadow_words(evidence_from(pairs([False] * 2), SHADOW, 1))
    assert wrong.startswith("0 of 2 answers it would have given alone were right: that shows nothing yet; ")


def test_epochs_are_counted_for_the_whole_project() -> None:
    """Each way into shadow is an epoch; taking away the model that answers meanwhile lets the shadow go on."""
    shadow = change(1, Stage.SHADOW, SECOND, fallback=FIRST, fallback_terms=TERMS)
    stages = [
        shadow,
        tripped(2, SECOND, fallback=None),
        change(3, Stage.LIVE, SECOND),
        tripped(4, SECOND),
        change(5, Stage.SHADOW, FIRST),
        change(6, Stage.SHADOW, FIRST, terms=replace(TERMS, threshold=0.9)),
    ]
    assert [each.number for each in shadow_epochs(stages)] == [1, 4, 5, 6]
