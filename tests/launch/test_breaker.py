"""Claims about the circuit breaker of one model."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.launch.told import RULES, after, audits

from understudy.domain.stage import TripCause
from understudy.launch.breaker import Breaker
from understudy.launch.events import (
    Answered,
    Drawn,
    Event,
    Fault,
    Passed,
    Retried,
    ShadowAnswered,
    Stopped,
    Unaudited,
)
from understudy.launch.rules import RECENT
from understudy.launch.trip import Change, Starved, State
from understudy.stats.bets import Bets
from understudy.stats.restarts import RestartingMixture

losses = st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0])
chances = st.floats(0.08, 1.0)
names = st.sampled_from([f"a{number}" for number in range(30)])
moments = st.floats(0.0, 50.0)
anything: st.SearchStrategy[Event] = st.one_of(
    st.builds(Drawn, moments, names, st.floats(0.0, 80.0), chances, st.floats(0.0, 1.0)),
    st.builds(Unaudited, moments, chances, st.floats(0.0, 1.0)),
    st.builds(Answered, moments, names, losses),
    st.builds(Fault, moments, st.integers(0, 500), st.sampled_from(["", "", "a", "b"])),
    st.builds(Stopped, moments),
    st.builds(Retried, moments),
    st.builds(ShadowAnswered, moments, moments, losses),
    st.builds(Passed, moments),
)
stories = st.lists(anything, max_size=60)


def test_a_good_model_is_left_alone() -> None:
    """2,000 audits of which 3% are wrong, where 5% may be, open nothing."""
    wrong = np.random.default_rng(90).random(2000) < 0.03
    breaker, changes = after(audits(wrong.astype(float).tolist()))
    assert breaker.lets_answer
    assert set(changes) == {Change.NOTHING}
    assert breaker.mixture.audits == 2000


def test_a_bad_model_is_stopped_with_its_evidence() -> None:
    """When half of the answers turn wrong, it opens within some 40 audits, and the trip says what it had seen."""
    rng = np.random.default_rng(91)
    told = [*(rng.random(1000) < 0.03).tolist(), *(rng.random(60) < 0.5).tolist()]
    breaker, changes = after(audits([float(one) for one in told]))
    assert changes.count(Change.TRIPPED) == 1
    assert breaker.state is State.OPEN
    assert breaker.trip is not None
    assert breaker.trip.cause is TripCause.EXCESS
    assert breaker.trip.evidence >= breaker.trip.needed == 20.0
    assert 1000 < breaker.trip.audits <= 1040
    assert breaker.trip.wrong == sum(told[: breaker.trip.audits])
    assert breaker.next_due is None


@settings(max_examples=60)
@given(
    st.lists(st.tuples(losses, chances, st.floats(0.0, 1.0), st.floats(0.0, 30.0)), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_order_of_arrival_does_not_matter(drawn: list[tuple[float, float, float, float]], random: Random) -> None:
    """Answers that come in time give the same evidence, to the bit, in whatever order they come."""
    draws: list[Event] = []
    for number, (_, chance, expected, _) in enumerate(drawn):
        draws += [
            Unaudited(float(number), chance, expected),
            Drawn(float(number), str(number), 100.0, chance, expected),
        ]
    answers = [Answered(60.0, str(number), loss) for number, (loss, _, _, _) in enumerate(drawn)]
    straight, _ = after([*draws, *answers])
    mixed = list(answers)
    random.shuffle(mixed)
    shuffled, _ = after([*draws, *mixed])
    assert shuffled.mixture == straight.mixture
    assert shuffled.state is straight.state
    early = sorted(
        [*draws, *(replace(answer, at=number + drawn[number][3]) for number, answer in enumerate(answers))],
        key=lambda event: event.at,
    )
    assert after(early)[0].mixture == straight.mixture


@settings(max_examples=40)
@given(st.lists(st.tuples(losses, chances, st.floats(0.0, 1.0)), min_size=1, max_size=40))
def test_it_counts_as_the_statistics_say(drawn: list[tuple[float, float, float]]) -> None:
    """Its evidence is that of the bets and the restarting mixture, audit by audit."""
    bets, mixture, breaker = Bets(0.05, 0.08), RestartingMixture(0.05), Breaker.new(RULES)
    for number, (loss, chance, expected) in enumerate(drawn):
        if not breaker.lets_answer:
            break
        mixture = mixture.grown(bets.unaudited(chance, expected), bets.audited(loss, chance, expected))
        events = [
            Unaudited(float(number), chance, expected),
            Drawn(float(number), str(number), 99.0, chance, expected),
            Answered(float(number), str(number), loss),
        ]
        breaker, _ = after(events, breaker)
        assert breaker.mixture == mixture


@settings(max_examples=200)
@given(stories)
def test_the_clock_only_says_sooner_what_would_be_said(events: list[Event]) -> None:
    """Being told of the time in between changes neither the evidence nor what a trip says, only when it is known."""
    told: list[Event] = []
    for event in sorted(events, key=lambda each: each.at):
        told += [Passed(event.at), event]
    plain, _ = after([*sorted(events, key=lambda each: each.at), Passed(100.0)])
    ticked, _ = after([*told, Passed(100.0)])
    assert ticked == plain


@settings(max_examples=150)
@given(stories)
def test_an_open_breaker_never_closes_without_new_evidence(events: list[Event]) -> None:
    """It opens once and stays open; only what the model said in the dark afterwards, proven at the bar, closes it."""
    breaker = Breaker.new(replace(RULES, most_error=0.4))
    for event in events:
        before = breaker
        breaker, change = before.observe(event)
        assert (change is Change.NOTHING) == (breaker.state is before.state)
        if breaker.lets_answer and not before.lets_answer:
            assert isinstance(event, ShadowAnswered)
            assert before.state is State.HALF_OPEN
            assert breaker.shadow.proven(0.6)
        if before.state is State.OPEN and breaker.state is State.HALF_OPEN:
            assert isinstance(event, Retried)
        if not breaker.lets_answer:
            assert breaker.trip is not None


def test_new_evidence_closes_it() -> None:
    """Answers in the dark from before the new try do not count; enough right ones since close it, with a new start."""
    breaker, _ = after([*audits([1.0] * 30), Retried(1000.0)])
    assert breaker.state is State.HALF_OPEN
    stale, _ = after([ShadowAnswered(1001.0 + number, 999.0, 0.0) for number in range(300)], breaker)
    assert stale.shadow.count == 0
    fresh, changes = after([ShadowAnswered(1001.0 + number, 1000.5, 0.0) for number in range(300)], breaker)
    assert changes.count(Change.CLOSED) == 1
    assert fresh.lets_answer
    assert changes.index(Change.CLOSED) == 87
    assert fresh.mixture == RestartingMixture(0.05)
    assert fresh.meter.lost == breaker.meter.lost
    bad, _ = after([ShadowAnswered(1001.0 + number, 1000.5, float(number % 5 == 0)) for number in range(600)], breaker)
    assert bad.state is State.HALF_OPEN


def test_it_opens_again_while_it_is_half_open() -> None:
    """A person, or faults in the dark, stop a new try."""
    half, _ = after([Stopped(0.0), Retried(1.0)])
    assert after([Stopped(2.0)], half)[1] == [Change.TRIPPED]
    breaker, changes = after([Fault(2.0, number) for number in range(5)], half)
    assert changes[-1] is Change.TRIPPED
    assert breaker.trip is not None
    assert breaker.trip.cause is TripCause.FAULTS


def test_overdue_audits_count_as_right() -> None:
    """Errors that are reported after they were due do not count as evidence, but they count as lost."""
    rules = replace(RULES, wrong_cost=2.0, loss_budget=1e9)
    draws: list[Event] = [Drawn(0.0, str(number), 10.0, 0.1) for number in range(20)]
    answers: list[Event] = [Answered(9.0, "0", 0.0)]
    late: list[Event] = [Answered(11.0, str(number), 1.0) for number in range(1, 20)]
    breaker, _ = after([*draws, *answers, *late], Breaker.new(rules))
    right, _ = after([*draws, *(Answered(9.0, str(number), 0.0) for number in range(20))], Breaker.new(rules))
    assert breaker.mixture == right.mixture
    assert breaker.overdue == 19
    assert breaker.meter.lost == pytest.approx(19 * 2.0 / 0.1)


def test_silence_trips_at_the_deadline() -> None:
    """When an audit becomes due and nobody answered any since it was drawn, it opens at that moment, not later."""
    answered = audits([0.0] * 50)
    breaker, _ = after([*answered, Drawn(60.0, "x", 160.0, 0.1), Drawn(61.0, "y", 161.0, 0.1)])
    assert breaker.next_due == 160.0
    assert after([Passed(159.9)], breaker)[0].lets_answer
    for moment in (160.0, 160.7, 5000.0):
        opened, changes = after([Passed(moment)], breaker)
        assert changes == [Change.TRIPPED]
        assert opened.trip is not None
        assert (opened.trip.cause, opened.trip.starved, opened.trip.at) == (
            TripCause.STARVATION,
            Starved.SILENT,
            160.0,
        )
    busy, _ = after([Answered(100.0, "y", 0.0), Passed(160.0)], breaker)
    assert busy.lets_answer


def test_too_many_overdue_trip() -> None:
    """Where more than 40 of the last 100 audits go unanswered, it opens although the others are answered."""
    for missing, opens in ((3, False), (2, True)):
        events: list[Event] = []
        for number in range(400):
            events.append(Drawn(float(number), str(number), number + 10.0, 0.1))
            if number % missing:
                events.append(Answered(number + 0.5, str(number), 0.0))
        breaker, _ = after(events)
        assert breaker.lets_answer is not opens
        if breaker.trip is not None:
            assert breaker.trip.starved is Starved.OVERDUE
            assert sum(breaker.recent) == RULES.most_overdue + 1
            assert len(breaker.recent) <= RECENT


def test_too_many_waiting_trip() -> None:
    """One audit more than may wait opens it, so what is remembered is bounded."""
    draws: list[Event] = [Drawn(0.0, str(number), 1e9, 0.1) for number in range(501)]
    breaker, changes = after(draws)
    assert changes.index(Change.TRIPPED) == 500
    assert breaker.trip is not None
    assert breaker.trip.starved is Starved.WAITING
    assert breaker.trip.waiting == 501
    more, _ = after([Drawn(1.0, f"more {number}", 1e9, 0.1) for number in range(700)], breaker)
    assert len(more.waiting) + len(more.late) <= 500


@pytest.mark.parametrize(
    ("faults", "opens"),
    [
        ([Fault(float(number), 1000 * number) for number in range(5)], True),
        ([Fault(20.0 * number, 1000 * number) for number in range(5)], False),
        ([Fault(1000.0 * number, 20 * number) for number in range(5)], True),
        ([Fault(1000.0 * number, 1000 * number) for number in range(50)], False),
        ([Fault(float(number), number) for number in range(4)], False),
    ],
)
def test_faults_trip_within_either_window(faults: list[Fault], opens: bool) -> None:
    """Five faults within a minute, or within 100 requests, open it; the same spread wider do not."""
    breaker, _ = after(faults)
    assert breaker.lets_answer is not opens
    assert len(breaker.faults) <= 5


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.permutations("abcde"))
def test_faults_of_one_input_count_once(again: list[str], five: list[str]) -> None:
    """Four inputs that fail over and over leave the model in; whatever came before, five in a row take it out."""
    faults = [Fault(0.01 * number, number, mark) for number, mark in enumerate(again)]
    breaker, _ = after(faults)
    assert breaker.lets_answer
    breaker, _ = after([Fault(1.0, 100, mark) for mark in five], breaker)
    assert breaker.trip is not None
    assert (breaker.trip.cause, breaker.trip.faults) == (TripCause.FAULTS, 5)


def test_an_input_that_fails_again_later_counts_later() -> None:
    """Its first fault is forgotten, so that it is still there when four others fail an hour on."""
    faults = [Fault(at, 1000 * number, "a") for number, at in enumerate((0.0, 3600.0))]
    breaker, _ = after([*faults, *(Fault(3601.0, 2000, mark) for mark in "bcd")])
    assert breaker.lets_answer
    assert not after([Fault(3602.0, 2000, "e")], breaker)[0].lets_answer


def test_a_spent_budget_trips() -> None:
    """An excess of half the budget opens it; without a budget or a cost, losses are at most counted."""
    few_errors = [float(number % 10 == 0) for number in range(200)]
    rules = replace(RULES, wrong_cost=1.0, loss_budget=100.0)
    breaker, _ = after(audits(few_errors), Breaker.new(rules))
    assert breaker.trip is not None
    assert breaker.trip.cause is TripCause.LOSS
    assert 50.0 <= breaker.trip.excess < 50.0 + 10.0
    assert after(audits(few_errors), Breaker.new(replace(rules, loss_budget=None)))[0].lets_answer
    assert after(audits(few_errors), Breaker.new(replace(rules, wrong_cost=None)))[0].lets_answer


def test_a_person_stops_it() -> None:
    """A person opens it at once, and the first cause stays."""
    breaker, changes = after([Stopped(5.0), Stopped(6.0), *(Fault(7.0, number) for number in range(9))])
    assert changes.count(Change.TRIPPED) == 1
    assert breaker.trip is not None
    assert (breaker.trip.cause, breaker.trip.at) == (TripCause.ASKED, 5.0)


def test_leaving_out_unaudited_answers_is_safe() -> None:
    """Answers that are not told of only lower the evidence."""
    rng = np.random.default_rng(92)
    told, less = Breaker.new(RULES), Breaker.new(RULES)
    for number in range(300):
        error = float(rng.beta(0.3, 3.0))
        told, _ = after([Unaudited(float(number), 0.1, error)], told)
        if number % 10 == 0:
            events = [Drawn(float(number), str(number), 1e9, 0.1, error), Answered(float(number), str(number), 0.0)]
            told, less = after(events, told)[0], after(events, less)[0]
            assert less.mixture.evidence <= told.mixture.evidence


def test_what_cannot_be_is_refused() -> None:
    """An audit below the floor and a loss beyond 0..1 are errors, and change nothing."""
    breaker = Breaker.new(RULES)
    for event in (Drawn(0.0, "a", 1.0, 0.01), Drawn(0.0, "a", 1.0, 1.5), Answered(0.0, "a", 1.5)):
        with pytest.raises(ValueError, match=r"floor|loss"):
            breaker.observe(event)
    for bad in ({"most_error": 0.0}, {"floor": 0.0}, {"most_waiting": 0}, {"most_overdue": 100}, {"unseen": -1.0}):
        with pytest.raises(ValueError, match=r".+"):
            replace(RULES, **bad)  # type: ignore[arg-type]


def test_unknown_and_repeated_news_change_nothing() -> None:
    """An answer to an unknown audit, a second answer and a second draw of the same audit are passed over."""
    breaker, _ = after([Drawn(0.0, "a", 9.0, 0.1), Drawn(0.0, "b", 9.0, 0.1), Answered(1.0, "b", 0.0)])
    again, changes = after([Answered(1.0, "c", 1.0), Answered(1.0, "b", 1.0), Drawn(1.0, "a", 9.0, 0.1)], breaker)
    assert again == breaker
    assert set(changes) == {Change.NOTHING}
