"""How a project stands in service: its breakers told again from the ledger, what waits, what was lost, what is next."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clock import Clock
from studio.launches import AT, FIRST, SECOND, TERMS, change
from studio.reviews import launch
from studio.served import answered
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.review import Verdict
from understudy.domain.settings import Settings
from understudy.domain.stage import Stage
from understudy.launch.breaker import Breaker
from understudy.launch.loss import LossMeter
from understudy.serving.watch import run_of
from understudy.store.questions import QueueCounts
from understudy.studio.launch.service_words import breaker_words, breakers, next_stage, serving_step, waiting_words
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=clock) as opened:
        opened.ledger.create_project(Project("blades", AT))
        yield opened


def test_a_breaker_is_told_again(workspace: Workspace, clock: Clock) -> None:
    """Audits, one of them wrong and one unanswered, are counted, and the loss is estimated by the draw's chance."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE, terms=replace(TERMS, loss_budget=2_000.0)))
    clock.pass_(hours=2)
    made = [answered(workspace, b"photo %d" % number, FIRST, audited=True) for number in range(3)]
    for each, label in zip(made, ("crack", "sound"), strict=False):
        Queue(workspace).answer(each.id, QuestionKind.AUDIT, label, by="Ben")
    clock.pass_(minutes=1)
    ((run, breaker),) = breakers(workspace, "blades")
    assert (run.model, breaker.lets_answer, breaker.mixture.audits) == (FIRST, True, 2)
    words = breaker_words(run, breaker)
    assert words.startswith("Breaker of model a1a1a1a1a1a1: closed, after 2 audits; ")
    assert "and it trips at 20 to 1. 1 audit waits for a person; at most 200 may." in words
    assert (
        "Wrong answers have cost about €400 so far; since the moment from which it looks worst, about €370 more than "
        "is allowed for. The breaker opens when they cost about €1,000 more than is allowed for; in 95 of 100 cases no "
        "more than €2,000 beyond what is allowed for is lost by then."
    ) in words


def lossy(meter: LossMeter, **terms: float | None) -> str:
    """What a breaker with this meter says of the loss."""
    run = run_of("blades", [change(1, Stage.LIVE, terms=replace(TERMS, **terms))], FIRST)
    assert run is not None
    breaker = replace(Breaker.new(run.rules(Settings())), meter=meter)
    return breaker_words(run, breaker).partition("Wrong answers have ")[2]


def test_the_alarm_is_told_of_the_excess_and_never_of_all_that_was_lost() -> None:
    """A model may have cost far more than the alarm and be in good order: only what is beyond the allowed counts."""
    assert lossy(LossMeter(0.08, 40.0, alarm=250.0, lost=13_000.0)) == (
        "cost about €13,000 so far; of late, no more than is allowed for. The breaker opens when they cost about €250 "
        "more than is allowed for; in 95 of 100 cases no more than €500 beyond what is allowed for is lost by then."
    )


def test_no_limit_is_promised_where_no_audits_keep_it() -> None:
    """A launch that says "more than you allow may be lost" is not contradicted once it answers."""
    told = lossy(LossMeter(0.08, 40.0, alarm=250.0, lost=13_000.0), most_lost=None)
    assert told.endswith("more than is allowed for; more than the €500 you allow may be lost by then.")
    assert "95 of 100" not in told


def test_answers_ahead_of_their_turn_are_told_and_counted_in_the_order_of_the_draws(
    workspace: Workspace, clock: Clock
) -> None:
    """While the first audit waits, later ones that are answered count for nothing, but nobody denies them."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE, terms=replace(TERMS, loss_budget=20_000.0)))
    clock.pass_(hours=2)
    made = [answered(workspace, b"photo %d" % number, FIRST, audited=True) for number in range(4)]
    for each in made[1:3]:
        Queue(workspace).answer(each.id, QuestionKind.AUDIT, "sound", by="Ben")
    clock.pass_(minutes=1)
    ((run, breaker),) = breakers(workspace, "blades")
    assert (breaker.mixture.audits, breaker.ahead, breaker.unanswered) == (0, (1.0, 1.0), 2)
    assert (
        "2 audits are answered (2 wrong), and counted in the order in which they were drawn: once every earlier one is "
        "answered or overdue. 2 audits wait for a person"
    ) in breaker_words(run, breaker)
    Queue(workspace).answer(made[0].id, QuestionKind.AUDIT, "crack", by="Ben")
    clock.pass_(minutes=1)
    ((run, breaker),) = breakers(workspace, "blades")
    assert (breaker.mixture.audits, breaker.wrong, breaker.ahead) == (3, 2.0, ())
    assert "answered" not in breaker_words(run, breaker)


def test_every_model_that_answers_has_a_breaker(workspace: Workspace, clock: Clock) -> None:
    """Canary and the model behind it have one each; a model in shadow has none, for it answers nobody."""
    behind = {"fallback": SECOND, "fallback_terms": TERMS}
    workspace.ledger.change_stage("blades", change(1, Stage.CANARY, **behind))
    clock.pass_(hours=3)
    assert [run.model for run, _ in breakers(workspace, "blades")] == [FIRST, SECOND]
    workspace.ledger.change_stage("blades", change(2, Stage.SHADOW, **behind))
    assert [run.model for run, _ in breakers(workspace, "blades")] == [SECOND]


def test_what_waits() -> None:
    """Requests, checks and second opinions are counted apart, with the oldest and what is overdue."""
    assert waiting_words(QueueCounts(0, 0, 0, 0, None)) == "Nothing waits for people."
    assert waiting_words(QueueCounts(3, 1, 0, 2, AT)) == (
        "Waiting for people: 3 requests, 1 check, the oldest since 2026-05-04 12:00 UTC; 2 overdue."
    )


def test_what_comes_next() -> None:
    """Shadow first, canary once the evidence allows it, then live, and then nothing."""
    assert next_stage(None, launchable=False) == "promote {project} shadow"
    assert next_stage(None, launchable=True) == "promote {project} canary"
    assert next_stage(change(1, Stage.SHADOW), launchable=False) is None
    assert next_stage(change(1, Stage.SHADOW), launchable=True) == "promote {project} canary"
    assert next_stage(change(1, Stage.CANARY), launchable=True) == "promote {project} live"
    assert next_stage(change(1, Stage.LIVE), launchable=True) is None


def test_what_is_to_be_done_in_a_stage() -> None:
    """What waits comes first; but no stage says that nothing has to be done where the review stands against it."""
    for stage in (Stage.SHADOW, Stage.CANARY, Stage.LIVE):
        held = change(1, stage)
        said = launch(model=FIRST)
        assert serving_step(held, said, 3).startswith("Answer what waits for people (3): ")
        assert serving_step(held, said, 0).startswith("Nothing has to be done now. ")
        assert serving_step(held, replace(said, model=SECOND), 3) == ""
        for against in (Verdict.NOT_YET, Verdict.STOP):
            assert serving_step(held, replace(said, verdict=against), 0) == ""
            learning = stage is Stage.SHADOW and against is Verdict.NOT_YET
            assert bool(serving_step(held, replace(said, verdict=against), 3)) is learning
    assert serving_step(None, launch(model=FIRST), 3) == serving_step(change(1, Stage.WIZARD), said, 3) == ""


def test_the_limit_in_force_is_said(workspace: Workspace, clock: Clock) -> None:
    """The loss budget's plan may allow fewer audits to wait than the setting: the smaller number is the one told."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE, terms=replace(TERMS, most_waiting=34)))
    clock.pass_(hours=1)
    ((run, breaker),) = breakers(workspace, "blades")
    assert "At most 34 of its audits may wait for a person at once; one more trips its breaker." in breaker_words(
        run, breaker
    )
