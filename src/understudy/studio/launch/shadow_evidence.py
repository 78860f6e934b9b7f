"""What a model showed in the dark: people answered, it answered unseen, and each such request is fresh evidence.

Only answers that it would have given alone count, those of which it was sure enough. The bound on how many of them
are right holds at every moment at once, so anyone may look at any time and promote the moment it clears the bar. Each
shadow stage of a project spends its own part of a budget of 5%, beside the budget of the reviews.

Requests count in the order in which they came, not in that of people's answers: people answer the easy ones first,
and those are what a model is right about. Read as they were answered, 72 hours of a model that is right in 85 of 100
show a bar of 90% in 45% of cases where people take 2 hours over what it has right and 24 over what it has wrong. So a
request that nobody has answered yet counts as wrong for the bound until somebody does. That can only lower the bound,
whatever people leave undone or delete; it mirrors the breaker, for which an audit that is due unanswered counts as
right. Those in which people could not tell are left out, as they are of every review.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from understudy.domain.answer import Answer
from understudy.domain.money import asked as asked_share
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.stage import Stage, StageChange, Terms
from understudy.domain.task import Task
from understudy.stats.anytime import answers_needed, sequence_of
from understudy.stats.looks import alpha_of
from understudy.studio.words.phrases import OVER_ALL_LOOKS, about, floor_percent, number, percent
from understudy.studio.workspace import Workspace

PAGE = 2_000
"""Pairs read from the ledger at a time."""


class Pair(Protocol):
    """A request that was put to people and that the model answered in the dark."""

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
    def truth(self) -> str | None:
        """What people said, or None while they have said nothing."""
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
        waiting: Requests that came before one of those, that it would have answered alone too, and that nobody has
            answered; they count as wrong for `lower`.
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
    waiting: int
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
            "waiting": self.waiting,
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
    answered, alone, hits = _counted(pairs, begun.terms, task)
    bounds = sequence_of(hits, confidence=1.0 - alpha_of(epoch))
    found = ShadowEvidence(
        model=begun.model,
        since=begun.number,
        epoch=epoch,
        answered=answered,
        alone=alone,
        right=sum(hits),
        waiting=len(hits) - alone,
        lower=bounds.lower,
        confidence=bounds.confidence,
        bar=1.0 - begun.terms.most_error,
        needed=None,
    )
    return replace(found, needed=_needed(found))


def _counted(pairs: Iterable[Pair], terms: Terms, task: Task) -> tuple[int, int, list[bool]]:
    """How many requests people answered, how many of them it would have answered alone, and what counts as right.

    The last runs, of those it would have answered alone, to the latest that people answered: what waits behind it says
    nothing yet, and what waits in front of it counts as wrong.
    """
    seen: set[str] = set()
    answered, alone, waiting, hits = 0, 0, 0, list[bool]()
    for pair in pairs:
        if pair.input_digest in seen:
            continue
        seen.add(pair.input_digest)
        answered += pair.truth is not None
        if pair.answer.probability < terms.threshold or pair.answer.stranger:
            continue
        if pair.truth is None:
            waiting += 1
            continue
        hits += [*[False] * waiting, task.right(pair.answer.label, pair.truth)]
        alone, waiting = alone + 1, 0
    return answered, alone, hits


def shadow_words(found: ShadowEvidence, *, asked: bool = True) -> str:
    """The evidence in a sentence: figure, bound, bar, and how many more requests will do.

    Args:
        found: The evidence.
        asked: A brief asks for the bar; else it is what the model's threshold was chosen for.
    """
    wanted = "the brief asks for" if asked else "no brief asks for any share, so it aims at"
    if not found.alone:
        return f"No answer that it would have given alone is known yet; {wanted} {asked_share(found.bar)} right."
    seen = f"{number(found.right)} of {number(found.alone)} answers it would have given alone were right{_left(found)}"
    return f"{seen}: {_bound(found)}; {wanted} {asked_share(found.bar)}{_rest(found)}."


def _left(found: ShadowEvidence) -> str:
    if not found.waiting:
        return ""
    verb = "counts" if found.waiting == 1 else "count"
    return f", and {number(found.waiting)} more that nobody has answered {verb} as wrong until somebody does"


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


def _needed(found: ShadowEvidence) -> int | None:
    """More answers of people until the bar is probably shown, should the share right stay as it is."""
    if found.cleared:
        return 0
    rate, share = (found.right / found.alone, found.alone / found.answered) if found.alone else (1.0, 1.0)
    whole = answers_needed(found.bar, rate, confidence=found.confidence)
    return None if whole is None else max(1, found.waiting, math.ceil((whole - found.alone) / share))


def _pairs(workspace: Workspace, project: str, model: str, since: int) -> Iterator[Pair]:
    after, now = 0, workspace.now()
    while True:
        page = workspace.ledger.shadow_pairs(project, model, since_stage=since, now=now, after_seq=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].seq


def _floor_tenths(share: float) -> str:
    """A bound in tenths of a percent, never rounded up."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g}%"
