"""What reviews are computed from, made by hand: answers of any quality, briefs with and without money."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from understudy.domain.brief import Brief, BriefVersion, Demand
from understudy.domain.project import Project
from understudy.domain.rule import Rule, RuleKind
from understudy.studio.claims.review_material import Grounds, Material, packed_grounds
from understudy.studio.judgement.sealed_answers import SealedAnswers, facts_kept, packed

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LABELS = ("crack", "sound")
MAJORITY = Rule(RuleKind.MAJORITY, "", None, "", (), "crack", 0.5)
GOOD = Brief(
    problem="Cracks are found late.",
    who="Six inspectors.",
    today="Two people look at every photo.",
    demand=Demand.PAID,
    decisions_a_month=4000.0,
    person_cost=2.0,
    person_error=0.02,
    model_cost=0.0,
    wrong_cost=25.0,
    loss_budget=20_000.0,
    minimum_viable=False,
)
"""Its break-even error is 10%, so its bar is 90%."""


def answers(right: int, of: int, *, knowing: bool = True, **changes: Any) -> SealedAnswers:
    """So many right answers of so many, in an order by chance; labels take turns.

    Args:
        right: Right answers.
        of: All of them.
        knowing: The wrong ones are those it is least sure of; else it is as sure of one as of another.
        changes: Other values than the usual ones.
    """
    draw = np.random.default_rng(0)
    order = draw.permutation(of)
    truth = np.arange(of) % 2
    wrong = order >= right
    said = np.where(wrong, 1 - truth, truth)
    sure = np.linspace(0.99, 0.6, of)[order] if knowing else draw.uniform(0.6, 0.99, of)
    probabilities = np.empty((of, 2))
    probabilities[np.arange(of), said] = sure
    probabilities[np.arange(of), 1 - said] = 1 - sure
    share = right / of if of else 1.0
    held_out = np.linspace(0.99, 0.6, 400)
    values: dict[str, Any] = {
        "model": "a" * 64,
        "look": 1,
        "labels": LABELS,
        "threshold": 0.5,
        "majority": "crack",
        "digests": tuple(f"{place:064x}" for place in range(of)),
        "groups": tuple(f"g{place}" for place in range(of)),
        "truth": truth,
        "probabilities": probabilities,
        "stated": held_out,
        "right": np.arange(400) < share * 400 if knowing else draw.uniform(size=400) < share,
        "rule": MAJORITY,
        "facts": facts_kept([{"camera": "phone" if place % 3 else "drone"} for place in range(of)]),
    }
    return SealedAnswers(**(values | changes))


def material(given: SealedAnswers, brief: Brief | None = GOOD, **changes: Any) -> Material:
    """What a review of these answers would be computed from."""
    version = None if brief is None else BriefVersion(1, brief, "Ada", AT, "")
    grounds = Grounds(
        project=Project("blades", AT),
        at=AT,
        brief=version,
        train=(("crack", 200), ("sound", 200)),
        labelled=400 + given.count,
        champion="" if given.champion is None else given.champion.model,
    )
    grounds = replace(grounds, **changes)
    return Material(given, _digest(packed(given)), grounds, _digest(packed_grounds(grounds)))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
