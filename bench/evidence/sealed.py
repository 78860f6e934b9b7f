"""A drawn look at a sealed set, as the product's own review takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from understudy.domain.brief import Brief, BriefVersion, Demand
from understudy.domain.fact_rows import FactRows
from understudy.domain.project import Project
from understudy.domain.rule import Fact
from understudy.studio.claims.review_material import Grounds, Material
from understudy.studio.judgement.sealed_answers import SealedAnswers

Shares = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
AT = datetime(2026, 1, 5, tzinfo=UTC)
LABELS = ("fault", "fine")
BRIEF = Brief(
    problem="Photos wait for days until somebody has looked at them.",
    who="Those who wait.",
    demand=Demand.USED,
    decisions_a_month=10_000,
)
"""All that a launch needs besides a bar, so that nothing but the evidence is in its way."""


@dataclass(frozen=True)
class HeldOut:
    """What the model said of training examples while they were held out.

    Attributes:
        stated: How sure it was, 0.5..1, shape (m,).
        right: Whether it was right, shape (m,).
    """

    stated: Shares
    right: Flags


@dataclass(frozen=True)
class Look:
    """One look at one sealed set.

    Attributes:
        truth: Which of `LABELS` each example bears, shape (n,).
        right: Whether the model gave that, shape (n,).
        stated: How sure it was, 0.5..1, shape (n,).
        held_out: Of training examples.
        number: Of the look; 1 is the first.
        groups: What each example belongs with; every one alone when empty.
        facts: What is known of each example without a model.
        pairs: What two people said about the same training example.
        times_seen: How often the same examples were looked at before.
    """

    truth: npt.NDArray[np.int64]
    right: Flags
    stated: Shares
    held_out: HeldOut
    number: int = 1
    groups: tuple[str, ...] = ()
    facts: tuple[dict[str, Fact], ...] = ()
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    times_seen: int = 0

    @property
    def answered(self) -> npt.NDArray[np.int64]:
        """Which label the model gave each example, shape (n,)."""
        return np.where(self.right, self.truth, 1 - self.truth)


def material(look: Look, brief: Brief) -> Material:
    """What the product reviews: the look as it would have been stored, and the brief."""
    count = len(look.truth)
    names = tuple(f"{place:06d}" for place in range(count))
    probabilities = np.empty((count, 2))
    probabilities[np.arange(count), look.answered] = look.stated
    probabilities[np.arange(count), 1 - look.answered] = 1.0 - look.stated
    answers = SealedAnswers(
        model="simulated",
        look=look.number,
        labels=LABELS,
        threshold=0.5,
        majority=LABELS[0],
        digests=names,
        groups=look.groups or names,
        truth=look.truth,
        probabilities=probabilities,
        stated=look.held_out.stated,
        right=look.held_out.right,
        facts=FactRows.of(look.facts or [{} for _ in names]),
    )
    return Material(answers, "", _grounds(look, brief), "")


def both_labels(count: int) -> npt.NDArray[np.int64]:
    """Each label as often as the other, since a look at one label alone launches nothing; shape (count,)."""
    return np.arange(count, dtype=np.int64) % 2


def unsure(rng: np.random.Generator, shape: int | Sequence[int]) -> Shares:
    """How sure a model is that cannot tell when it is right: the worst case, as every threshold is as good as none."""
    return rng.uniform(0.501, 0.999, shape)


def _grounds(look: Look, brief: Brief) -> Grounds:
    values: dict[str, set[str]] = {}
    for known in look.facts:
        for name, value in known.items():
            values.setdefault(name, set()).add(str(value))
    trained = len(look.held_out.right)
    return Grounds(
        project=Project("simulated", AT),
        at=AT,
        brief=BriefVersion(1, brief, "simulation", AT, ""),
        pairs=look.pairs,
        train=tuple((label, trained // 2) for label in LABELS),
        labelled=trained + len(look.truth),
        times_seen=look.times_seen,
        seen=tuple((name, tuple(sorted(each))) for name, each in values.items() if name in brief.slices),
    )
