"""Breakers fed from a real ledger: what trips them, what follows, and that a replay gives the same."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brightness import photo
from understudy.domain.decision import Decision
from understudy.domain.opinion import Outcome, QuestionKind
from understudy.domain.stage import Cause, Event, EventKind, Stage, StageChange, Terms
from understudy.launch.trip import State
from understudy.serving.asking import Request
from understudy.serving.faults import TOLD_APART, Faults
from understudy.serving.guard import FaultTeller, Guard
from understudy.serving.model import ModelFault
from understudy.serving.router import Router
from understudy.serving.watch import Watch, run_of
from understudy.store.draws import DrawnCase
from understudy.store.errors import LedgerUnavailable, StageMoved
from understudy.store.ledger import Ledger

from .faltering import Faltering
from .house import TERMS, House, change

AUDITED = replace(TERMS, audit_share=1.0)
LATER, HOUR = timedelta(seconds=1), timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


def served(house: House, count: int, *, level: int = 250, project: str = "lamp") -> list[Decision]:
    async def scene(router: Router) -> list[Decision]:
        return [await router.decide(project, Request(photo(level))) for _ in range(count)]

    return house.play(scene)


def outcomes(ledger: Ledger, decisions: Sequence[Decision], value: str, *, at: datetime | None = None) -> None:
    ledger.record_outcomes([Outcome(each.id, value, "till", "api", at or now()) for each in decisions])


def guard_of(house: House, *, at: timedelta = LATER, told: list[tuple[str, str, int]] | None = None) -> Guard:
    """A guard whose clock runs ahead, so that everything until now may be told."""
    house.standings.refresh()
    noted = told if told is not None else []
    return Guard(house.ledger, house.standings, on_trip=lambda *place: noted.append(place), now=lambda: now() + at)


def stage(house: House) -> StageChange:
    present = house.ledger.stage("lamp")
    assert present is not None
    return present


# Trips.


def test_proven_excess_takes_the_model_out(house: House) -> None:
    """Audits that are all wrong open the breaker: the model goes into the dark, on record, with the figures."""
    house.promote(Stage.LIVE, terms=AUDITED)
    outcomes(house.ledger, served(house, 12), "dark")
    told: list[tuple[str, str, int]] = []
    guard = guard_of(house, told=told)
    guard.tick()
    present = stage(house)
    assert (present.stage, present.model, present.fallback) == (Stage.SHADOW, house.model.version, None)
    assert (present.cause, present.by, present.number, present.share) == (Cause.TRIPPED, "breaker", 2, 0.0)
    assert present.evidence["cause"] == "excess"
    assert present.evidence["evidence"] >= present.evidence["needed"]
    assert present.reason.startswith("The model was wrong in ")
    assert present.reason.endswith("audited answers; at most 10% may be.")
    (event,) = [each for each in house.ledger.events("lamp") if each.kind is EventKind.TRIPPED]
    assert event.fact == present.reason
    assert told == [("lamp", house.model.version, 1)]
    guard.tick()
    assert stage(house).number == 2
    assert guard.guarded == []


def test_good_answers_leave_it_in(house: House) -> None:
    """Audits that are right change nothing, and the evidence falls."""
    house.promote(Stage.LIVE, terms=AUDITED)
    outcomes(house.ledger, served(house, 12), "bright")
    guard = guard_of(house)
    guard.tick()
    assert stage(house).number == 1
    (watched,) = guard.guarded
    assert watched.breaker.mixture.audits == 12
    assert watched.breaker.mixture.evidence < 1.0


def test_the_fallback_answers_after_a_trip(house: House) -> None:
    """The model before it takes over under its own terms; when that one trips too, people do."""
    before = replace(house.model, version="cd" * 32)
    house.shelf.others.append(before)
    house.promote(Stage.LIVE, terms=AUDITED, fallback=before.version)
    outcomes(house.ledger, served(house, 12), "dark")
    guard_of(house).tick()
    first = stage(house)
    assert (first.stage, first.fallback, first.fallback_terms) == (Stage.SHADOW, before.version, AUDITED)
    again = served(house, 12)
    assert {decision.model for decision in again} == {before.version}
    outcomes(house.ledger, again, "dark")
    guard_of(house).tick()
    second = stage(house)
    assert (second.stage, second.model, second.fallback) == (Stage.SHADOW, house.model.version, None)
    assert second.cause is Cause.TRIPPED


@pytest.mark.parametrize(("late", "tripped"), [(-0.5, False), (0.75, True)])
def test_starvation_takes_the_model_out_within_a_second_of_its_deadline(
    house: House, late: float, tripped: bool
) -> None:
    """An audit that becomes due while nobody answers any ends the model's autonomy, and not before."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.ledger.set_setting("lamp", "audit-hours", 1.0, "Ada", now())
    (decision,) = served(house, 1)
    after = timedelta(hours=1, seconds=late) - (now() - decision.at)
    guard_of(house, at=after).tick()
    assert (stage(house).number == 2) is tripped
    if tripped:
        assert stage(house).evidence["cause"] == "starvation"
        assert "nobody had answered any" in stage(house).reason


def test_an_answer_in_time_keeps_the_model_in(house: House) -> None:
    """A person who audits before the deadline is heard, though the guard looks long after."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.ledger.set_setting("lamp", "audit-hours", 1.0, "Ada", now())
    (decision,) = served(house, 1)
    house.say(decision.id, "bright", kind=QuestionKind.AUDIT)
    guard_of(house, at=timedelta(hours=3)).tick()
    assert stage(house).number == 1


def test_people_who_cannot_tell_prove_nothing(house: House) -> None:
    """An audit that nobody could judge counts as answered, and not as wrong."""
    house.promote(Stage.LIVE, terms=AUDITED)
    (decision,) = served(house, 1)
    for by in ("Ben", "Cleo"):
        house.say(decision.id, None, kind=QuestionKind.AUDIT, by=by)
    guard = guard_of(house)
    guard.tick()
    (watched,) = guard.guarded
    assert (watched.breaker.mixture.audits, watched.breaker.wrong) == (1, 0.0)


def test_too_many_audits_that_wait_starve_it(house: House) -> None:
    """More audits than may wait mean that nothing would be noticed."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.ledger.set_setting("lamp", "most-audits-waiting", 3.0, "Ada", now())
    served(house, 4)
    guard_of(house).tick()
    assert stage(house).evidence["starved"] == "waiting"


def test_faults_of_several_workers_add_up(house: House) -> None:
    """Five faults within a minute trip it, whichever process met them; each is on record for all."""
    house.promote(Stage.LIVE)
    version = house.model.version
    for worker, count in (("one", 2), ("two", 3)):
        faults = Faults()
        for asked in range(count):
            faults.note("lamp", version, ModelFault.too_slow(version, 5.0), asked=asked)
        FaultTeller(house.ledger, faults, worker, answers=house.standings.answers).tick()
    kinds = [event.evidence["kind"] for event in house.ledger.events("lamp") if event.kind is EventKind.FAULT]
    assert kinds == ["too-slow", "too-slow"]
    guard_of(house).tick()
    assert stage(house).evidence["cause"] == "faults"
    assert "The last time: Model " in stage(house).reason
    assert "did not answer within 5 seconds" in stage(house).reason


@pytest.mark.parametrize(("inputs", "number"), [(["a"] * 9, 1), (["a", "b", "c", "d"], 1), (list("abcde"), 2)])
def test_one_input_that_several_workers_fail_on_counts_once(house: House, inputs: list[str], number: int) -> None:
    """Whoever it is sent to and however often, also where it is told in several events; five of them trip it."""
    house.promote(Stage.LIVE)
    house.standings.refresh()
    version = house.model.version
    for worker in ("one", "two"):
        faults = Faults()
        teller = FaultTeller(house.ledger, faults, worker, answers=house.standings.answers)
        for name in inputs:
            fault = ModelFault.of(version, ValueError(name), digest=name * 64)
            for _ in range(3):
                faults.note("lamp", version, fault, asked=1)
            teller.tick()
    events = [event for event in house.ledger.events("lamp") if event.kind is EventKind.FAULT]
    assert {event.evidence["count"] for event in events} == {1}
    assert not any("a" * 9 in str(event.evidence) for event in events)
    guard_of(house).tick()
    assert stage(house).number == number


def test_what_is_no_input_s_doing_counts_each_time(house: House) -> None:
    """Faults of many inputs that were gathered count as many as there are, whether or not all are told apart."""
    faults, version = Faults(), house.model.version
    for name in range(TOLD_APART + 20):
        faults.note("lamp", version, ModelFault.of(version, ValueError(), digest=f"{name:064}"[::-1]), asked=1)
    faults.note("lamp", version, ModelFault.of(version, ValueError()), asked=1)
    (told,) = faults.take()
    assert (told.count, len(told.inputs)) == (TOLD_APART + 21, TOLD_APART)


def test_the_webhook_hears_of_a_fault(house: House) -> None:
    """Faults are posted as they are recorded; without a webhook there is nothing to post."""
    version, faults = house.model.version, Faults()
    for url in (None, "https://example.com/x"):
        house.ledger.set_setting("lamp", "webhook-url", url, "Ada", now())
        faults.note("lamp", version, ModelFault.too_slow(version, 5.0), asked=1)
        FaultTeller(house.ledger, faults, "one", answers=house.standings.answers).tick()
    (due,) = house.ledger.due_deliveries(now() + LATER, 10)
    assert (due.channel, due.event, due.payload["model"]) == ("webhook", "model.fault", version)
    assert due.payload["evidence"]["kind"] == "too-slow"


def test_four_faults_are_let_pass(house: House) -> None:
    """Below the limit the model stays in; faults of before its stage began do not count."""
    version = house.model.version

    def fault(count: int, at: datetime) -> None:
        evidence = {"kind": "x", "count": count, "asked": 1, "worker": "w"}
        house.ledger.record_event("lamp", Event(EventKind.FAULT, version, "It failed.", at, evidence))

    fault(9, now())
    house.promote(Stage.LIVE)
    fault(4, now())
    guard = guard_of(house)
    guard.tick()
    assert stage(house).number == 1
    fault(1, now())
    guard.tick()
    assert stage(house).number == 2


def test_a_spent_loss_budget_trips_it(house: House) -> None:
    """Once wrong answers have cost half of what may be lost, the model is out, with the sum in words."""
    costly = Terms(threshold=0.7, most_error=0.45, audit_share=1.0, wrong_cost=100.0, loss_budget=400.0)
    house.promote(Stage.LIVE, terms=costly)
    outcomes(house.ledger, served(house, 4), "dark")
    guard_of(house).tick()
    assert stage(house).evidence["cause"] == "loss"
    assert "opens well before the €400 that may be lost" in stage(house).reason


def test_whoever_is_told_is_told_with_the_trip(house: House) -> None:
    """Webhook and owner get a delivery in the same transaction as the change; nobody who is not set does."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.ledger.set_setting("lamp", "webhook-url", "https://example.org/hook", "Ada", now())
    house.ledger.set_setting("lamp", "owner-email", "ada@example.org", "Ada", now())
    outcomes(house.ledger, served(house, 12), "dark")
    guard_of(house).tick()
    due = house.ledger.due_deliveries(now() + LATER, 10)
    assert {each.channel for each in due} == {"webhook", "mail"}
    assert {each.event for each in due} == {"breaker.tripped"}
    assert due[0].payload["now"] == "People answer now."
    assert due[0].payload["evidence"]["cause"] == "excess"


def test_another_worker_may_be_faster(house: House) -> None:
    """Two guards see the same breaker open; one change is recorded, and neither fails."""
    house.promote(Stage.LIVE, terms=AUDITED)
    outcomes(house.ledger, served(house, 12), "dark")
    house.standings.refresh()

    class Slower(Ledger):
        def change_stage(self, project: str, change: StageChange, **more: object) -> StageChange:
            guard_of(house).tick()
            with pytest.raises(StageMoved):
                house.ledger.change_stage(project, change)
            return house.ledger.change_stage(project, change, **more)

    slower = Slower(house.ledger._database)
    Guard(slower, house.standings, now=lambda: now() + LATER).tick()
    assert [each.cause for each in house.ledger.stages("lamp")] == [Cause.ASKED, Cause.TRIPPED]


# Restoring.


def test_a_replay_gives_the_same_breaker(house: House) -> None:
    """A guard that watched as things happened and one that starts afterwards hold the same breaker, to the last bit."""
    house.promote(Stage.LIVE, terms=replace(TERMS, audit_share=0.5, threshold=0.6))
    along, waiting = guard_of(house), list[Decision]()
    for turn in range(16):
        waiting += served(house, 4, level=250 if turn % 3 else 180)
        along.tick()
        early, waiting = waiting[turn % 3 : 4], [*waiting[: turn % 3], *waiting[4:]]
        outcomes(house.ledger, early, "dark" if turn == 7 else "bright")
        if turn % 2:
            along.tick()
    outcomes(house.ledger, waiting[:-2], "bright")
    along.tick()
    afterwards = guard_of(house)
    afterwards.tick()
    (one,), (other,) = along.guarded, afterwards.guarded
    assert one.breaker.mixture.audits > 10
    assert one.breaker.mixture == other.breaker.mixture
    assert one.breaker.meter == other.breaker.meter
    assert one.breaker.waiting == other.breaker.waiting


def test_a_crash_between_noticing_and_writing_trips_on_the_next_start(house: House) -> None:
    """What one process had noticed and not written, the next one notices again from the ledger."""
    house.promote(Stage.LIVE, terms=AUDITED)
    outcomes(house.ledger, served(house, 12), "dark")
    run = run_of("lamp", house.ledger.stages("lamp"), house.model.version)
    assert run is not None
    lost = Watch(house.ledger, run, run.rules(house.ledger.settings("lamp")))
    assert lost.advance(now() + LATER)
    assert lost.breaker.state is State.OPEN
    guard_of(house).tick()
    assert stage(house).cause is Cause.TRIPPED


def test_a_long_history_is_told_in_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is read in one go or in many, the breaker is the same, and nothing trips on the way."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.ledger.set_setting("lamp", "most-audits-waiting", 3.0, "Ada", now())
    for _ in range(8):
        outcomes(house.ledger, served(house, 3), "bright")
    whole = guard_of(house)
    whole.tick()
    monkeypatch.setattr("understudy.serving.watch.AT_ONCE", 2)
    parts = guard_of(house)
    parts.tick()
    assert parts.guarded[0].breaker.mixture == whole.guarded[0].breaker.mixture
    assert parts.guarded[0].breaker.mixture.audits == 24
    assert stage(house).number == 1


@pytest.mark.parametrize("method", ["stages", "project", "draws_after", "events", "truths", "change_stage"])
def test_a_ledger_that_fails_for_a_moment_costs_no_audit(house: House, method: str) -> None:
    """Whatever could not be read or written, the next look finds all of it, as a process does that starts anew."""
    house.promote(Stage.LIVE, terms=AUDITED)
    outcomes(house.ledger, served(house, 12), "dark")
    house.standings.refresh()
    guard = Guard(Faltering(house.ledger, method), house.standings, now=lambda: now() + LATER)
    with pytest.raises(LedgerUnavailable):
        guard.tick()
    assert stage(house).number == 1
    guard.tick()
    assert stage(house).evidence["cause"] == "excess"


@pytest.mark.parametrize("method", ["draws_after", "events", "truths"])
def test_a_breaker_that_missed_a_moment_is_the_one_that_did_not(house: House, method: str) -> None:
    """Whenever the ledger fails, the breaker is in the end the same to the last bit as one that was always told."""
    house.promote(Stage.LIVE, terms=AUDITED)
    house.standings.refresh()
    faltering = Faltering(house.ledger, method, passed=1, times=2)
    troubled = Guard(faltering, house.standings, now=lambda: now() + LATER)
    for _ in range(4):
        outcomes(house.ledger, served(house, 3), "bright")
        with suppress(LedgerUnavailable):
            troubled.tick()
    troubled.tick()
    afterwards = guard_of(house)
    afterwards.tick()
    (one,), (other,) = troubled.guarded, afterwards.guarded
    assert one.breaker.mixture.audits == 12
    assert (one.breaker.mixture, one.breaker.meter) == (other.breaker.mixture, other.breaker.meter)


class Spoilt(Faltering):
    """A ledger in which something of one project cannot be understood."""

    def draws_after(self, project: str, *arguments: object, **more: object) -> Sequence[DrawnCase]:
        if project == "lamp":
            raise ValueError("“12,5” is no number")
        return self._ledger.draws_after(project, *arguments, **more)


def test_what_fails_for_one_project_unguards_no_other(house: House) -> None:
    """A model whose record cannot be read is said, and the others are watched and taken out as ever."""
    other = replace(house.model, version="cd" * 32)
    house.shelf.models["untrained"] = other
    house.promote(Stage.LIVE, terms=AUDITED)
    house.promote(Stage.LIVE, other.version, project="untrained", terms=AUDITED)
    outcomes(house.ledger, served(house, 12, project="untrained"), "dark")
    house.standings.refresh()
    guard = Guard(Spoilt(house.ledger, "nothing"), house.standings, now=lambda: now() + LATER)
    with pytest.raises(ValueError, match="no number"):
        guard.tick()
    tripped = house.ledger.stage("untrained")
    assert tripped is not None
    assert tripped.cause is Cause.TRIPPED
    assert stage(house).number == 1


def test_new_terms_are_watched_though_the_ledger_failed_when_they_came(house: House) -> None:
    """A model that is launched anew is held by its new terms, however often their stage could not be read at first."""
    house.promote(Stage.LIVE)
    house.standings.refresh()
    guard = Guard(Faltering(house.ledger, "stages", passed=1), house.standings, now=lambda: now() + LATER)
    guard.tick()
    house.promote(Stage.LIVE, terms=replace(AUDITED, most_error=0.02))
    house.standings.refresh()
    with pytest.raises(LedgerUnavailable):
        guard.tick()
    guard.tick()
    (watched,) = guard.guarded
    assert watched.breaker.rules.most_error == 0.02


def test_a_long_record_makes_no_old_fault_a_new_one(house: House) -> None:
    """Faults an hour apart never add up, also for a process that reads more of them than one query brings."""
    hours, version = 1_010, house.model.version
    began = now() - timedelta(hours=hours)
    house.ledger.change_stage("lamp", replace(change(1, Stage.LIVE, version, terms=AUDITED), at=began))
    for hour in range(hours):
        evidence = {"kind": "x", "count": 1, "asked": 1_000 * hour, "worker": "w"}
        house.ledger.record_event("lamp", Event(EventKind.FAULT, version, "It failed.", began + hour * HOUR, evidence))
    outcomes(house.ledger, served(house, 1), "bright")
    guard = guard_of(house)
    guard.tick()
    guard.tick()
    assert stage(house).number == 1


# Runs.


def test_a_run_goes_on_over_stages_of_the_same_terms(house: House) -> None:
    """From canary to live the evidence goes on; other terms, people in between, or a trip begin anew."""
    version = house.model.version
    house.promote(Stage.CANARY)
    house.promote(Stage.LIVE)
    changes = house.ledger.stages("lamp")
    run = run_of("lamp", changes, version)
    assert run is not None
    assert run.since == 1
    house.promote(Stage.LIVE, terms=AUDITED)
    house.promote(Stage.WIZARD)
    house.promote(Stage.LIVE, terms=AUDITED)
    house.promote(Stage.SHADOW, cause=Cause.TRIPPED)
    house.promote(Stage.LIVE, terms=AUDITED)
    changes = house.ledger.stages("lamp")

    def since(last: int) -> int | None:
        run = run_of("lamp", changes[:last], version)
        return run.since if run else None

    assert [since(last) for last in range(1, 8)] == [1, 1, 3, None, 5, None, 7]
    assert run_of("lamp", [], version) is None


def test_a_fault_that_goes_on_is_told_less_and_less_often(house: House) -> None:
    """A model that fails all day in the dark leaves some hundred events, and every one of its faults is counted."""
    faults, clock = Faults(), [now()]
    teller = FaultTeller(house.ledger, faults, "w", answers=house.standings.answers, now=lambda: clock[0])
    version = house.model.version
    for second in range(24 * 60):
        faults.note("lamp", version, ModelFault.too_slow(version, 5.0), asked=second)
        teller.tick()
        clock[0] += timedelta(minutes=1)
    told = house.ledger.events("lamp", limit=5000)
    assert 100 < len(told) < 200
    waiting = 24 * 60 - sum(int(event.evidence["count"]) for event in told)
    assert 0 <= waiting <= 10
    assert [event.evidence["count"] for event in told[:5]] == [1, 1, 1, 1, 1]


def test_a_burst_after_rare_faults_trips_at_once(house: House) -> None:
    """Faults of a model that answers are counted as they come: rare ones never add up, a burst is not kept waiting."""
    house.promote(Stage.LIVE)
    house.standings.refresh()
    faults, clock, version = Faults(), [now()], house.model.version
    teller = FaultTeller(house.ledger, faults, "w", answers=house.standings.answers, now=lambda: clock[0])

    def met(count: int, asked: int) -> None:
        for _ in range(count):
            faults.note("lamp", version, ModelFault.too_slow(version, 5.0), asked=asked)
        teller.tick()

    house.ledger.set_setting("lamp", "webhook-url", "https://example.com/x", "Ada", now())
    for turn in range(30):
        met(1, turn * 1_000)
        clock[0] += timedelta(minutes=5)
    ahead = timedelta(days=1)
    guard_of(house, at=ahead).tick()
    assert stage(house).number == 1
    posts = [each.event for each in house.ledger.due_deliveries(clock[0], 100)]
    assert len(posts) < 30
    met(5, 30_000)
    guard_of(house, at=ahead).tick()
    assert stage(house).evidence["cause"] == "faults"
