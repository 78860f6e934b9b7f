"""What counts how much while a table is learned from."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from understudy.domain.brief import Brief, WrongCost
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.stakes import LEAST_WEIGHT, MOST_WEIGHT, BadStakes, Stakes
from understudy.studio.training.training import Order, TrainingFailed, train
from understudy.studio.workspace import Workspace

BY_KIND = Brief(wrong_cost=10.0, wrong_costs=(WrongCost("bad", "good", 400.0),))


@pytest.fixture
def loans(tmp_path: Path) -> Iterator[Workspace]:
    """Loans, one in four of which goes bad, the oftener the larger."""
    chance = np.random.default_rng(0)
    rows = [
        [round(x, 3), "bad" if chance.random() < 1 / (1 + np.exp(1.5 - x)) else "good"] for x in chance.normal(size=300)
    ]
    with (tmp_path / "loans.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["amount", "outcome"], *rows])
    with Workspace.open(tmp_path / "w") as workspace:
        project = project_for(workspace, tmp_path / "loans.csv", None, sealed_share=0.0)
        reading = Reading(label_column="outcome")
        gather(workspace, project, tmp_path / "loans.csv", reading=reading, by="ann", progress=lambda *_: None)
        yield workspace


def _bad(workspace: Workspace, stakes: Stakes) -> int:
    """How many of a hundred amounts are answered with “bad” after a training."""
    order = Order(Budget(trials=1), stakes=stakes)
    fitted = train(workspace, "loans", order, LocalExecutor(), on_progress=lambda _: None)
    model = load_recorded(workspace, fitted.record.blob)
    return sum(model.predict({"amount": float(x)}).label == "bad" for x in np.linspace(-2, 2, 100))


def test_by_costs_the_dear_mistake_is_avoided(loans: Workspace) -> None:
    """Where a bad loan called good costs forty times as much as the contrary, nearly all are called bad."""
    loans.ledger.add_brief("loans", BY_KIND, by="ann", reason="", at=loans.now())
    assert _bad(loans, Stakes()) < 50
    assert _bad(loans, Stakes((("bad", 3.0),), by_costs=True)) > 85


@pytest.mark.parametrize(
    ("stakes", "said"),
    [
        (Stakes((("bda", 3.0),)), "Perhaps “bad” is meant."),
        (Stakes((("bad", 0.0),)), "An example counts from 0.001 to 1000 times"),
        (Stakes((("bad", 1e300),)), "“bad” cannot count 1e+300 times."),
        (Stakes((("bad", 1e-300),)), "“bad” cannot count 1e-300 times."),
        (Stakes((("bad", float("inf")),)), "“bad” cannot count inf times."),
        (Stakes((("bad", float("nan")),)), "“bad” cannot count nan times."),
        (Stakes((("bad", 2.0), ("good", 1.0), ("bad", 5.0))), "“bad” is weighed more than once: 2 and 5."),
        (Stakes(by_costs=True), "It has no brief"),
    ],
)
def test_what_cannot_count_is_refused(loans: Workspace, stakes: Stakes, said: str) -> None:
    """Unknown labels, weights that are none or two, and costs nobody knows end a training before it begins."""
    with pytest.raises(BadStakes) as caught:
        stakes.said(loans, loans.ledger.project("loans"))
    assert said in str(caught.value)


def test_the_greatest_and_the_least_weight_can_be_trained_by(loans: Workspace) -> None:
    """Whatever is not refused is no trouble to any candidate."""
    order = Order(Budget(trials=6), stakes=Stakes((("bad", MOST_WEIGHT), ("good", LEAST_WEIGHT))))
    fitted = train(loans, "loans", order, LocalExecutor(), on_progress=lambda _: None)
    assert fitted.record.blob


@pytest.mark.parametrize(
    ("stakes", "said"),
    [
        (Stakes((("bad", 2.0),)), "Since then how much labels count (--weigh) changed, so"),
        (Stakes(by_costs=True), "Since then what mistakes cost (--by-costs) changed, so"),
    ],
)
def test_a_run_goes_on_only_by_the_same_stakes_and_says_so(loans: Workspace, stakes: Stakes, said: str) -> None:
    """What changed is named: not the columns, which are the same."""
    loans.ledger.add_brief("loans", BY_KIND, by="ann", reason="", at=loans.now())
    train(loans, "loans", Order(Budget(trials=1)), LocalExecutor(), on_progress=lambda _: None)
    with pytest.raises(TrainingFailed) as refused:
        train(
            loans,
            "loans",
            Order(Budget(trials=1), stakes=stakes, resume=True),
            LocalExecutor(),
            on_progress=lambda _: None,
        )
    assert said in str(refused.value)


def test_costs_that_are_all_the_same_are_no_costs_to_answer_by(loans: Workspace) -> None:
    """With one cost for every mistake the likeliest answer is the cheapest, and one kind alone tells too little."""
    for brief, said in (
        (Brief(wrong_cost=10.0), "all mistakes cost the same"),
        (Brief(wrong_costs=BY_KIND.wrong_costs), "names no cost of every kind"),
    ):
        loans.ledger.add_brief("loans", brief, by="ann", reason="", at=loans.now())
        with pytest.raises(BadStakes, match=said):
            Stakes(by_costs=True).said(loans, loans.ledger.project("loans"))


@pytest.mark.parametrize("task", [Task("photo"), Task("text")])
def test_other_models_do_not_heed_them(loans: Workspace, task: Task) -> None:
    """What is no table of labels says so, instead of training as ever."""
    with pytest.raises(BadStakes, match="cannot be trained by here"):
        Stakes((("bad", 2.0),)).said(loans, Project("loans", loans.now(), task=task))
    assert Stakes().said(loans, Project("loans", loans.now(), task=task)) == {}
