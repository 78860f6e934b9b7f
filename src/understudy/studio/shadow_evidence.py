"""What a model showed in the dark: people answered, it answered unseen, and each such request is fresh evidence.

Only answers that it would have given alone count, those of which it was sure enough. The bound on how many of them
are right holds at every moment at once, so anyone may look at any time and promote the moment it clears the bar. Each
shadow stage of a project spends its own part of a budget of 5%, beside the budget of the reviews.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from understudy.domain.answer import Answer
from understudy.domain.money import asked as asked_share
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.stage import Stage, StageChange
from understudy.domain.task import Task
from understudy.stats.anytime import ConfidenceSequence, answers_needed, sequence_of
from understudy.stats.looks import alpha_of
from understudy.studio.phrases import OVER_ALL_LOOKS, about, floor_percent, number, percent
from understudy.studio.workspace import Workspace

PAGE = 2_000
"""Pairs read from the ledger at a time."""


class Pair(Protocol):
    """A request that people answered and the model answered in the dark."""

    @property
    def seq(self) -> int:
        """Its place among the project's."""
        ...

    @property
    def input_digest(self) -> str:
        """SHA-256 of the input's bytes, in hex."""
        ...

    @property
    def answer(self) -> Answer:
        """What the model said, unseen."""
        ...

    @property
    def truth(self) -> str:
        """What people said."""
        ...


@dataclass(frozen=True)
class ShadowEvidence:
    """What one shadow stage has shown so far.

    Attributes:
        model: Version of the model in shadow.
        since: Number of the stage change that began it.
        epoch: How many shadow stages the project has had, this one included.
        answered: Requests that people answered meanwhile and the model answered too; the same bytes count once.
        alone: How many of them it would have answered alone.
        right: How many of those as people did.
        lower: With `confidence`, at least this share of them is right, however often one looks; 0..1.
        confidence: Of the bound, 0..1.
        bar: The share that has to be shown, 0..1.
        needed: About so many more requests will probably show it, or None when no number would at this rate.
    """

    model: str
    since: int
    epoch: int
    answered: int
    alone: int
    right: int
    lower: float
    confidence: float
    bar: float
    needed: int | None

    @property
    def cleared(self) -> bool:
        """Whether the bar was ever shown; once shown, it stays so."""
        return self.alone > 0 and self.lower >= self.bar

    @property
    def speaks_against(self) -> bool:
        """Whether it is right too seldom for any number of requests to show the bar."""
        return self.alone > 0 and self.needed is None and not self.cleared

    def record(self) -> dict[str, Any]:
        """Every figure, as plain JSON."""
        return {
            "rests_on": "shadow",
            "model": self.model,
            "since_stage": self.since,
            "epoch": self.epoch,
            "answered": self.answered,
            "alone": self.alone,
            "right": self.right,
            "lower": self.lower,
            "confidence": self.confidence,
            "bar": self.bar,
            "needed": self.needed,
            "cleared": self.cleared,
        }


def shadow_evidence(workspace: Workspace, project: str, model: str) -> ShadowEvidence | None:
    """What a model showed in its latest shadow stage, or None when it never was in shadow.

    Args:
        workspace: Where the project is.
        project: Its name.
        model: The model's version.

    Raises:
        UnknownProject: No such project.
    """
    return evidence_among(workspace, project, workspace.ledger.stages(project), model)


def evidence_among(
    workspace: Workspace, project: str, stages: Iterable[StageChange], model: str
) -> ShadowEvidence | None:
    """The same, for stages that were read already."""
    epochs = shadow_epochs(stages)
    epoch = max((place for place, begun in enumerate(epochs, 1) if begun.model == model), default=0)
    if not epoch:
        return None
    begun = epochs[epoch - 1]
    task = workspace.ledger.project(project).task
    return evidence_from(_pairs(workspace, project, model, begun.number), begun, epoch, task)


def shadow_epochs(stages: Iterable[StageChange]) -> list[StageChange]:
    """The changes with which a model went into shadow, oldest first.

    A change by which only the model that answers meanwhile was taken away lets the same shadow go on.
    """
    found: list[StageChange] = []
    before: StageChange | None = None
    for change in stages:
        goes_on = before is not None and before.stage is Stage.SHADOW
        goes_on = goes_on and before is not None and (before.model, before.terms) == (change.model, change.terms)
        if change.stage is Stage.SHADOW and change.model is not None and change.terms is not None and not goes_on:
            found.append(change)
        before = change
    return found


def evidence_from(pairs: Iterable[Pair], begun: StageChange, epoch: int, task: Task = PHOTO_LABELS) -> ShadowEvidence:
    """Counts what a shadow stage showed, in the order in which requests came.

    Args:
        pairs: What people and the model said, in that order.
        begun: The stage, with a model and terms.
        epoch: How many shadow stages the project has had, this one included.
        task: Says which answers are right.

    Raises:
        ValueError: The stage has no terms.
    """
    if begun.terms is None or begun.model is None:
        raise ValueError("a shadow stage has a model and terms")
    alpha, bar = alpha_of(epoch), 1.0 - begun.terms.most_error
    seen: set[str] = set()
    right = []
    for pair in pairs:
        if pair.input_digest in seen:
            continue
        seen.add(pair.input_digest)
        if pair.answer.probability >= begun.terms.threshold and not pair.answer.stranger:
            right.append(task.right(pair.answer.label, pair.truth))
    bounds = sequence_of(right, confidence=1.0 - alpha)
    return ShadowEvidence(
        model=begun.model,
        since=begun.number,
        epoch=epoch,
        answered=len(seen),
        alone=bounds.count,
        right=round(bounds.total),
        lower=bounds.lower,
        confidence=bounds.confidence,
        bar=bar,
        needed=_needed(bounds, bar, len(seen)),
    )


def shadow_words(found: ShadowEvidence, *, asked: bool = True) -> str:
    """The evidence in a sentence: figure, bound, bar, and how many more requests will do.

    Args:
        found: The evidence.
        asked: A brief asks for the bar; else it is what the model's threshold was chosen for.
    """
    wanted = "the brief asks for" if asked else "no brief asks for any share, so it aims at"
    if not found.alone:
        return f"No answer that it would have given alone is known yet; {wanted} {asked_share(found.bar)} right."
    seen = f"{number(found.right)} of {number(found.alone)} answers it would have given alone were right"
    return f"{seen}: {_bound(found)}; {wanted} {asked_share(found.bar)}{_rest(found)}."


def _bound(found: ShadowEvidence) -> str:
    least = floor_percent(found.lower, against=found.bar) if found.cleared else _floor_tenths(found.lower)
    if least == "0%":
        return "that shows nothing yet"
    return f"at least {least} at any time with {percent(OVER_ALL_LOOKS)} confidence"


def _rest(found: ShadowEvidence) -> str:
    if found.cleared:
        return ", so it is shown"
    if found.needed is None:
        return "; at this rate no number of requests will show it"
    return f"; about {about(found.needed)} more requests will do"


def _needed(bounds: ConfidenceSequence, bar: float, answered: int) -> int | None:
    """More requests until the bar is probably shown, should the share right stay as it is."""
    if bounds.proven(bar) and bounds.count:
        return 0
    rate, share = (bounds.estimate, bounds.count / answered) if bounds.count else (1.0, 1.0)
    whole = answers_needed(bar, rate, confidence=bounds.confidence)
    return None if whole is None else max(1, math.ceil((whole - bounds.count) / share))


def _pairs(workspace: Workspace, project: str, model: str, since: int) -> Iterator[Pair]:
    after = 0
    while True:
        page = workspace.ledger.shadow_pairs(project, model, since_stage=since, after_seq=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].seq


def _floor_tenths(share: float) -> str:
    """A bound in tenths of a percent, never rounded up."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g}%"
