"""A table whose answers are numbers, from the file to the breaker: everything after training goes by the tolerance."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from clock import Clock
from studio.altered import altering
from studio.served import answered
from understudy.domain.answer import Answer
from understudy.domain.economics import economics_of
from understudy.domain.example import Side
from understudy.domain.opinion import QuestionKind
from understudy.domain.review import ClaimKind, Outcome, Verdict
from understudy.domain.stage import Stage
from understudy.domain.task import AnswerKind, number_in, number_text
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.launch.trip import State
from understudy.studio.answers.answer_text import BadLabel
from understudy.studio.brief.briefing import briefed, write_brief
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.harvest import harvest
from understudy.studio.launch.breaker_trace import BreakerTraces
from understudy.studio.launch.staging import promote
from understudy.studio.people.queue import Queue
from understudy.studio.report.reporting import write_report
from understudy.studio.review.reviewing import review
from understudy.studio.review.verifying import verify
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.training import Order, train
from understudy.studio.workspace import Workspace

from .materials import GOOD

PROJECT = "blades"
"""The project that `studio.served` records requests for."""
BRIEF = replace(GOOD, tolerance=20.0, unit="k€", wrong_costs=(), class_bars=())


def houses(path: Path, count: int = 700) -> Path:
    """Prices that follow from four columns, give or take 8."""
    chance = np.random.default_rng(0)
    rooms, age = chance.integers(1, 8, count), chance.integers(0, 60, count)
    income, near = chance.gamma(3, 2, count), chance.choice(["bay", "inland", "ocean"], count)
    price = 50 + 22 * rooms + 9 * income - 0.6 * age + np.select([near == "bay", near == "ocean"], [40, 60], 0)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["rooms", "age", "income", "near", "price"])
        rows = zip(rooms, age, income.round(3), near, (price + chance.normal(0, 8, count)).round(1), strict=True)
        table.writerows(rows)
    return path


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the houses in it, a brief, and a model of four trials."""
    folder = tmp_path_factory.mktemp("houses")
    with Workspace.open(folder / "w", now=Clock()) as opened:
        write_brief(opened, PROJECT, BRIEF, by="Ada")
        project = project_for(opened, folder / "houses.csv", PROJECT, sealed_share=None)
        source = houses(folder / "houses.csv")
        gather(opened, project, source, reading=Reading(label_column="price"), by="Ada", progress=lambda *_: None)
        train(opened, PROJECT, Order(Budget(trials=3)), LocalExecutor(), on_progress=lambda *_: None)
        yield opened


def test_numbers_go_all_the_way(workspace: Workspace) -> None:
    """The brief's tolerance is the task's; the review launches by it, and says how far off answers are."""
    task = workspace.ledger.project(PROJECT).task
    assert (task.answers, task.tolerance, task.unit) == (AnswerKind.NUMBER, 20.0, "k€")
    found = review(workspace, PROJECT, progress=lambda *_: None)
    assert found.verdict is Verdict.LAUNCH, [reason.fact for reason in found.reasons]
    kinds = {claim.kind: claim for claim in found.claims}
    median, usual = kinds[ClaimKind.MEDIAN_ERROR].measured, kinds[ClaimKind.USUAL_ERROR].measured
    assert median is not None
    assert usual is not None
    assert 3.0 < median.estimate < median.upper < usual.lower
    assert kinds[ClaimKind.INTERVAL_COVERAGE].measured is not None
    assert kinds[ClaimKind.SAVING_OVER_RULE].outcome is Outcome.PROVEN
    assert found.numbers is not None
    assert all(point.low is not None for point in found.numbers.points)
    assert economics_of(BRIEF, briefed(workspace, PROJECT).means).bar == pytest.approx(0.9)


def test_the_review_holds_when_it_is_computed_again(workspace: Workspace) -> None:
    """Figure by figure from what is kept, and the model gives the same numbers again."""
    review(workspace, PROJECT, progress=lambda *_: None)
    found = verify(workspace, PROJECT, deep=True)
    assert found.holds, [(check.name, check.says) for check in found.checks if not check.holds]


def test_a_number_without_a_probability_is_another_answer(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To verify a review deeply finds a model that says the same numbers, but not how sure it is."""
    review(workspace, PROJECT, progress=lambda *_: None)
    altering(monkeypatch, lambda _: float("nan"))
    found = verify(workspace, PROJECT, deep=True)
    assert [check.name for check in found.checks if not check.holds] == ["the model's answers"]
    assert "and 1 of its answers is another." in found.checks[-1].says


def test_a_breaker_counts_numbers_out_of_tolerance(workspace: Workspace) -> None:
    """Live, audited answers near enough leave it closed; people who find others prove it wrong, and it opens."""
    review(workspace, PROJECT, progress=lambda *_: None)
    change = promote(workspace, PROJECT, Stage.LIVE, by="Ada", reason="to see")
    queue, traces, clock = Queue(workspace), BreakerTraces(workspace.ledger), workspace.now
    assert isinstance(clock, Clock)
    assert change.model is not None
    said = answers(workspace, change.model, 40)
    clock.pass_(hours=1)

    def audited(part: list[tuple[bytes, Answer]], off: float) -> State:
        for data, answer in part:
            made = answered(workspace, data, str(change.model), audited=True, answer=answer)
            truth = number_in(answer.label) + off
            queue.answer(made.id, QuestionKind.AUDIT, f"{truth:.1f} k€", by="Ben")
            clock.pass_(seconds=20)
        clock.pass_(minutes=1)
        (watched,) = traces.of(PROJECT, clock())
        return watched.breaker.state

    assert audited(said[:15], 19.0) is State.CLOSED
    assert audited(said[15:], 21.0) is State.OPEN
    made = answered(workspace, b"{}", change.model, audited=True, answer=said[0][1])
    with pytest.raises(BadLabel):
        queue.answer(made.id, QuestionKind.AUDIT, "dear", by="Ben")


def answers(workspace: Workspace, version: str, count: int) -> list[tuple[bytes, Answer]]:
    """What the model says to rows that it has not been asked about."""
    record = next(each for each in workspace.ledger.models(PROJECT) if each.version == version)
    model = load_recorded(workspace, record.blob)
    known = islice(workspace.ledger.examples(PROJECT, side=Side.TRAIN), count)
    rows = [workspace.blobs.get(each.digest) for each in known]
    said = [each for each in model.predict_all(rows) if isinstance(each, Answer)]
    assert all(each.kind is AnswerKind.NUMBER and each.interval is not None for each in said)
    assert [number_text(number_in(each.label)) for each in said] == [each.label for each in said]
    return list(zip(rows, said, strict=True))


def test_people_s_numbers_are_learned_from(workspace: Workspace) -> None:
    """What audits said becomes labels like those that were added."""
    before = workspace.ledger.counts(PROJECT)
    taken = harvest(workspace, PROJECT)
    assert taken.answers == 40
    assert workspace.ledger.counts(PROJECT).total >= before.total
    assert all(number_in(label) == number_in(label) for label in workspace.ledger.counts(PROJECT).train)


def test_the_report_has_the_picture(workspace: Workspace, tmp_path: Path) -> None:
    """A report of numbers says what right means, and holds answers against truths."""
    write_report(workspace, review(workspace, PROJECT, progress=lambda *_: None), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "within 20 k€ of the truth" in text
    assert "Half of the answers are off by at most" in text
