"""What a review is computed from: the answers of one look, and all else that was known at the time.

Both are kept as blobs that never change, so the same review can be computed again from them at any time.
"""

import gzip
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt

from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.economics import Economics, economics_of
from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Later
from understudy.domain.example import Label
from understudy.domain.finding import Finding
from understudy.domain.means import Means, means_of_task
from understudy.domain.project import Project
from understudy.domain.review import Measured
from understudy.domain.settings import Settings
from understudy.domain.synthetic import SyntheticWorth
from understudy.domain.task import AnswerKind, Task
from understudy.stats.agreement import task_error
from understudy.stats.clusters import clustered_proportion
from understudy.stats.later import later_of
from understudy.stats.looks import alpha_of
from understudy.stats.replies import right_of
from understudy.store.codec import as_json, from_json
from understudy.studio.judgement.sealed_answers import Rival, SealedAnswers

BUDGET = 0.05
"""The chance, over all looks that a project ever spends, that a model is launched that is not good enough."""


class MaterialUnreadable(UnderstudyError):
    """A blob does not hold what a review was computed from."""


@dataclass(frozen=True)
class Grounds:
    """What was known when a review was made, besides the answers.

    Attributes:
        project: Whose review it is.
        at: When it was made, UTC.
        brief: The brief as it stood, or None.
        findings: What the data audit saw and nobody has taken responsibility for.
        sensitive: Facts that tell people apart in ways that matter to them, by their names.
        pairs: What two different people said first about the same training example.
        train: Labelled training examples by label, as (label, count).
        labelled: Labels that people gave until then, sealed ones included.
        seen: For each fact by which the brief asks for slices, every value that any example has.
        launched: An earlier review said “launch”.
        times_seen: How often at least half of the sealed examples were looked at before this look.
        answer_minutes: Within which people usually answered.
        synthetic: What synthetic examples added when that was measured last, or None.
        synthetic_count: Synthetic examples that the model learned from.
        champion: Version of the other model that answered requests then; empty where none did.
    """

    project: Project
    at: datetime
    brief: BriefVersion | None
    findings: tuple[Finding, ...] = ()
    sensitive: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    train: tuple[tuple[str, int], ...] = ()
    labelled: int = 0
    seen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    launched: bool = False
    times_seen: int = 0
    answer_minutes: float = Settings.answer_minutes
    synthetic: SyntheticWorth | None = None
    synthetic_count: int = 0
    champion: str = ""


@dataclass(frozen=True)
class Material:
    """All that a review is computed from.

    Attributes:
        answers: What the look was answered.
        blob: SHA-256 of the stored answers, in hex.
        grounds: What else was known.
        grounds_blob: SHA-256 of that as it is stored, in hex.
    """

    answers: SealedAnswers
    blob: str
    grounds: Grounds
    grounds_blob: str

    @property
    def brief(self) -> Brief | None:
        """What the brief says, or None."""
        return None if self.grounds.brief is None else self.grounds.brief.brief

    @property
    def answer_minutes(self) -> float:
        """Within which people usually answered."""
        return self.grounds.answer_minutes

    @property
    def alpha(self) -> float:
        """What this look may spend of the error budget."""
        return alpha_of(self.answers.look, budget=BUDGET)

    @property
    def confidence(self) -> float:
        """Coverage of every bound, so that all looks together keep 1 - `BUDGET`."""
        return 1.0 - self.alpha

    @property
    def next_confidence(self) -> float:
        """Coverage of the bounds of the next look, which is what more examples would be held by."""
        return 1.0 - alpha_of(self.answers.look + 1, budget=BUDGET)

    @property
    def task(self) -> Task:
        """What is decided about, and what counts as right, as it stood."""
        return self.grounds.project.task

    @property
    def champion(self) -> Rival | None:
        """The model that answers requests now, if the look asked it; the one that it asked may do so no more."""
        asked = self.answers.champion
        return asked if asked is not None and asked.model == self.grounds.champion else None

    @cached_property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether each answer is right, (n,)."""
        return right_of(self.task, self.answers.answers, self.answers.true_labels)

    @cached_property
    def later(self) -> Later | None:
        """How the model did on later examples than it learned from, where times are known."""
        sealed = clustered_proportion(self.right, self.answers.groups, confidence=self.confidence)
        return later_of(self.answers.later, sealed) if self.answers.later else None

    @cached_property
    def people(self) -> Measured | None:
        """Share of one person's answers that are wrong, from double answers, or None when there are none."""
        labels = self.answers.labels if self.task.answers is AnswerKind.LABEL else ()
        return task_error(self.task, self.grounds.pairs, confidence=1.0 - BUDGET, labels=labels)

    @cached_property
    def means(self) -> Means:
        """What the project has got."""
        grounds = self.grounds
        means = means_of_task(self.task, dict(grounds.train), self.answers.labels)
        share = grounds.project.sealed_share
        return replace(means, sealed=self.answers.count, sealed_share=share, people_error=self.people)

    @cached_property
    def economics(self) -> Economics:
        """What follows from the brief's figures; all of it unknown without a brief."""
        return economics_of(self.brief or Brief(), self.means)

    @property
    def bar(self) -> float | None:
        """The share right that a launch needs, strictly between 0 and 1, or None when there is none to be shown."""
        bar = self.economics.bar
        return bar if bar is not None and 0.0 < bar < 1.0 else None

    @property
    def by_money(self) -> bool:
        """Kinds of wrong answer differ in cost, so the money itself has to be shown and no share says enough."""
        one_label = self.task.answers is AnswerKind.LABEL
        return one_label and self.economics.wrong.complete and not self.economics.uniform


def packed_grounds(grounds: Grounds) -> bytes:
    """The grounds as bytes; the same grounds give the same bytes."""
    text = json.dumps(as_json(Grounds, grounds), ensure_ascii=False, sort_keys=True)
    return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def unpacked_grounds(data: bytes) -> Grounds:
    """Reads what `packed_grounds` wrote, exactly.

    Raises:
        MaterialUnreadable: It is something else.
    """
    try:
        return from_json(Grounds, json.loads(gzip.decompress(data).decode("utf-8", "surrogatepass")))
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        raise MaterialUnreadable(
            fact="What a review was computed from cannot be read.",
            reason=f"It is damaged, or was written by a later version ({type(error).__name__}).",
            remedy="Restore the workspace from a backup, or review the model again.",
        ) from error


def double_answers(opinions: Iterable[Label]) -> tuple[tuple[str, str], ...]:
    """What two different people said first about the same example, in the order of the examples.

    Args:
        opinions: By digest, then in the order they were said. Whoever corrects an own answer has not answered twice.
    """
    pairs = []
    for _, said in groupby(opinions, key=lambda label: label.digest):
        first: dict[str, str] = {}
        for label in said:
            first.setdefault(label.by, label.value)
        if len(first) > 1:
            one, other = list(first.values())[:2]
            pairs.append((one, other))
    return tuple(pairs)
