"""What a project should do next. How many examples would show a bar, only a review says, for it knows their groups."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.domain.evidence import ClassRecall, Judgement
from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.studio.phrases import PHOTOS, Noun, about, name

FIRST_SEALED = 20
"""Sealed examples for a first verdict that means something: all right, they show 86%."""

SMALLEST_ROUND = 10
WRONG = {
    AnswerKind.LABEL: "Look at the mistakes first: when every answer is wrong, labels may have been swapped.",
    AnswerKind.NUMBER: "Look at the mistakes first: no number is near enough; is the tolerance what you meant?",
}
SAME = {
    AnswerKind.LABEL: "answering the commonest label",
    AnswerKind.LABELS: "answering the commonest set of labels",
    AnswerKind.NUMBER: "saying the median",
    AnswerKind.RANKING: "listing the most popular",
}
"""What needs no model, in the middle of a sentence."""


class Awaited(StrEnum):
    """What comes before any advice about more examples, as nobody has said yet how good is good enough."""

    NOTHING = ""
    BRIEF = "Write the brief; it takes ten minutes, and whatever you do not know may stay unknown."
    REVIEW = "Review it: that holds these answers against the brief."


@dataclass(frozen=True)
class Circumstances:
    """What the words need to know besides the judgement.

    Attributes:
        project: Whose model it is.
        gathered: Labelled examples by label, sealed ones included.
        bar: The share right that is asked for, strictly between 0 and 1, or None while nobody has said.
        findings: What was seen as the examples came in.
        things: What the examples are called.
        awaited: What has to be done first; then no bar is spoken of.
    """

    project: Project
    gathered: Mapping[str, int]
    bar: float | None = None
    findings: Sequence[Finding] = ()
    things: Noun = field(default=PHOTOS)
    awaited: Awaited = Awaited.NOTHING

    def __post_init__(self) -> None:
        if self.bar is not None and not 0.0 < self.bar < 1.0:
            raise ValueError("a bar lies strictly between 0 and 1")


def next_step(judgement: Judgement, circumstances: Circumstances) -> str:
    """The one thing to do now."""
    if circumstances.awaited:
        return circumstances.awaited.value
    return (
        _before_judging(judgement, circumstances)
        or _before_growing(judgement)
        or _after_clearing(judgement, circumstances)
        or _strengthen(judgement, circumstances)
    )


def weakest(judgement: Judgement, gathered: Mapping[str, int]) -> ClassRecall:
    """The label whose recognition is least proven; of equals the one with fewest examples."""
    return min(judgement.recalls, key=lambda one: (one.recall.lower, gathered.get(one.label, 0), one.label))


def _before_judging(judgement: Judgement, circumstances: Circumstances) -> str | None:
    """Advice while the sealed set says nothing, or nothing about some label."""
    things = circumstances.things.many
    if circumstances.project.drawn:
        return f"Add {things} of your own: drawn ones say nothing about real ones."
    if circumstances.project.sealed_share == 0.0:
        return f"Begin a project that seals some {things}: this one seals none, so nothing can be proven."
    if not judgement.accuracy.trials:
        count = _to_seal(FIRST_SEALED, circumstances.project.sealed_share)
        return f"Add about {count} {things}, so that about {FIRST_SEALED} are sealed."
    unseen = _unsealed(judgement, circumstances.gathered)
    return _seal_some(unseen, circumstances) if unseen else None


def _before_growing(judgement: Judgement) -> str | None:
    """Advice where more examples are not what is missing."""
    if not judgement.accuracy.successes:
        return WRONG.get(judgement.task.answers, "Look at the mistakes first: every answer is wrong.")
    if judgement.accuracy.successes < judgement.majority:
        return f"Look at the mistakes first: {SAME[judgement.task.answers]} every time does better than the model."
    return None


def _after_clearing(judgement: Judgement, circumstances: Circumstances) -> str | None:
    """Advice once the bar is shown."""
    if circumstances.bar is None or judgement.accuracy.lower < circumstances.bar:
        return None
    return f"Try it on new {circumstances.things.many} of your own."


def _unsealed(judgement: Judgement, gathered: Mapping[str, int]) -> list[str]:
    """Labels without a sealed example, those with fewest examples first."""
    labels = [one.label for one in judgement.recalls if not one.recall.trials]
    return sorted(labels, key=lambda label: (gathered.get(label, 0), label))


def _seal_some(labels: Sequence[str], circumstances: Circumstances) -> str:
    """Advice for labels of which nothing is sealed: as many as will seal at least one, 95 times in 100."""
    share, things = circumstances.project.sealed_share, circumstances.things
    enough = math.ceil(math.log(0.05) / math.log1p(-share)) if 0.0 < share < 1.0 else SMALLEST_ROUND
    others = len(labels) - 1
    rest = f" and of {others} other label{'' if others == 1 else 's'}" if others else ""
    return f"Add about {about(enough)} {things.many} of “{name(labels[0])}”{rest}: none of them is sealed yet."


def _strengthen(judgement: Judgement, circumstances: Circumstances) -> str:
    """Advice to add examples of the least proven label: as many again as it has."""
    if not judgement.recalls:
        return _double(judgement, circumstances)
    least = weakest(judgement, circumstances.gathered)
    count = max(SMALLEST_ROUND, circumstances.gathered.get(least.label, 0))
    things, sealed = circumstances.things, least.recall.trials
    of = f"{least.recall.successes} of its {sealed} sealed {things.one if sealed == 1 else things.many} recognised"
    return f"Add about {about(count)} {things.many} of “{name(least.label)}”, the least proven label: {of}."


def _double(judgement: Judgement, circumstances: Circumstances) -> str:
    """Advice to add examples where there are no labels to choose among: as many again as there are."""
    count = max(SMALLEST_ROUND, sum(circumstances.gathered.values()), judgement.accuracy.trials)
    return f"Add about {about(count)} {circumstances.things.many}; the rarer the answer, the better."


def _to_seal(count: int, share: float) -> str:
    return about(math.ceil(count / share)) if share > 0 else about(count)
