"""A table whose rows came about one after the other, from the file to the review: what is sealed is of the past."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clock import Clock
from understudy.domain.review import ReasonKind, Review, Verdict
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.studio.brief.briefing import write_brief
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.review.reviewing import review
from understudy.studio.review.verifying import verify
from understudy.studio.training.training import Order, train
from understudy.studio.workspace import Workspace

from .materials import GOOD

BRIEF = replace(GOOD, tolerance=10.0, wrong_costs=(), class_bars=())


def reviewed(workspace: Workspace, folder: Path, growth: NDArray[np.float64]) -> Review:
    """The review of a model that learned what a size is worth, which grows, a row a step."""
    chance, source = np.random.default_rng(1), folder / "series.csv"
    with source.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["step", "size", "number"])
        for place, worth in enumerate(growth):
            size = chance.integers(0, 9)
            table.writerow([place, size, f"{worth * size + chance.normal(0, 2):.1f}"])
    write_brief(workspace, "series", BRIEF, by="Ada")
    project = project_for(workspace, source, "series", sealed_share=None)
    reading = Reading(label_column="number", time_column="step")
    gather(workspace, project, source, reading=reading, by="Ada", progress=lambda *_: None)
    train(workspace, "series", Order(Budget(trials=2)), LocalExecutor(), on_progress=lambda *_: None)
    return review(workspace, "series", progress=lambda *_: None)


@pytest.mark.parametrize("grows", [True, False])
def test_what_grows_is_held_up_and_what_stays_is_not(tmp_path: Path, grows: bool) -> None:
    """Only a model whose later rows fare worse than its sealed ones is held up for it; both reviews can be verified."""
    with Workspace.open(tmp_path / "w", now=Clock()) as workspace:
        found = reviewed(workspace, tmp_path, np.linspace(10, 40 if grows else 10, 800))
        assert verify(workspace, "series", deep=True).holds
    assert found.later is not None
    assert found.later.worse == grows
    held_up = {each.kind for each in found.reasons if each.verdict is Verdict.NOT_YET}
    assert (ReasonKind.WORSE_LATER in held_up) == grows
