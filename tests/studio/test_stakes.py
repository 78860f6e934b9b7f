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
from understudy.studio.gathering import Reading, gather, project_for
from understudy.studio.shelf import load_recorded
from understudy.studio.stakes import BadStakes, Stakes
from understudy.studio.training import Order, train
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
        (Stakes((("bad", 0.0),)), "An example counts some number of times above 0."),
        (Stakes((("bad", float("inf")),)), "“bad” cannot count inf times."),
        (Stakes(by_costs=True), "It has no brief"),
    ],
)
def test_what_cannot_count_is_refused(loans: Workspace, stakes: Stakes, said: str) -> None:
    """An unknown label, a weight that is none, and costs of which nothing is known end a training before it begins."""
    with pytest.raises(BadStakes) as caught:
        stakes.said(loans, loans.ledger.project("loans"))
    assert said in str(caught.value)


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
