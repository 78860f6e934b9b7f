"""What the model may answer alone where kinds of wrong answer differ in cost: promised in money, not in shares.

An answer given alone may cost as much by being wrong as a person's decision costs, mistakes included, less what the
model's answer costs to make. Whatever is answered alone at no more than that is no dearer than people.

Where the brief asks for a share of right answers besides, thresholds are tested for both in the same order, and only
one that passed both tests, after all before it did, is promised. The first threshold in that order at which either
claim is false must have passed the test of that claim, so both together are wrong no more often than one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from understudy.domain.review import AutomationPoint, AutomationPromise, Claim, ClaimKind, Measured, Outcome
from understudy.stats.betting import mean_measured
from understudy.stats.clusters import clustered_proportion
from understudy.stats.evidence_needed import costs_needed
from understudy.stats.thresholds import automation_promise, cost_promise, cost_testing_order
from understudy.studio.claims.automation_claims import WORTHWHILE, alone_from, is_worthwhile, promise_claim, share_claim
from understudy.studio.claims.claims import Amounts, wrong_costs
from understudy.studio.claims.review_material import Material

GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole parts, fill 0..1 evenly, however many are taken."""

LIKELY = 2.0
"""Standard errors between what is seen and what is shown."""

NOT_SEALED = "No labelled example is sealed."
PEOPLE_UNKNOWN = "The brief does not say what an answer by people costs."


@dataclass(frozen=True)
class CostProofs:
    """What was proven of the answers given alone.

    Attributes:
        money: What they cost.
        shares: How many are wrong, or None when no share is asked for.
        sure: How sure the model is of each sealed example, (n,).
        groups: The group of each.
    """

    money: AutomationPromise
    shares: AutomationPromise | None
    sure: Amounts
    groups: tuple[str, ...]

    @property
    def promise(self) -> AutomationPromise:
        """What may be answered alone: where both are proven, the most lenient threshold."""
        if self.shares is None:
            return self.money
        held = {point.threshold for point in self.shares.curve if point.proven}
        curve = tuple(replace(point, proven=point.proven and point.threshold in held) for point in self.money.curve)
        both = [point for point in curve if point.proven]
        most_wrong = self.shares.most_error
        if not both:
            return replace(self.money, threshold=None, share=0.0, share_lower=0.0, curve=curve, most_wrong=most_wrong)
        last = min(point.threshold for point in both)
        part = clustered_proportion(self.sure >= last, self.groups, confidence=self.money.confidence)
        found = replace(self.money, threshold=last, share=part.estimate, share_lower=part.lower)
        return replace(found, curve=curve, most_wrong=most_wrong)


def cost_proofs(material: Material) -> CostProofs | None:
    """Tests what answers given alone cost, and how many are wrong where that is asked besides.

    Returns:
        What was proven; None where it is unknown what people cost, or nothing is sealed.
    """
    answers, economics = material.answers, material.economics
    dearest = economics.wrong.dearest
    if economics.people_cost is None or not dearest or not answers.count:
        return None
    most = economics.people_cost - economics.model_cost
    order = cost_testing_order(
        answers.stated,
        training_losses(material),
        most_cost=most,
        sealed_count=len(set(answers.groups)),
        confidence=material.confidence,
    )
    money = cost_promise(
        answers.sure,
        wrong_costs(material, answers.answers),
        groups=answers.groups,
        most_cost=most,
        bounds=(0.0, dearest),
        order=order,
        confidence=material.confidence,
    )
    money = replace(money, unit=economics.currency)
    return CostProofs(money, _shares(material, order), answers.sure, answers.groups)


def cost_claims(material: Material, promise: AutomationPromise | None) -> Iterator[Claim]:
    """What has to be shown of the answers given alone: what they cost, and what share is right where one is asked."""
    proofs = None if promise is None else _proofs_of(material, promise)
    if proofs is None:
        why = PEOPLE_UNKNOWN if material.answers.count else NOT_SEALED
        yield Claim(ClaimKind.AUTOMATION, "", None, None, False, True, Outcome.OPEN, None, why)
        return
    yield promise_claim(
        proofs.money,
        lambda point: _cost_from(material, point),
        lambda point: _needed_from(material, proofs.money, point),
    )
    if proofs.shares is not None:
        # Each may be proven at a threshold of its own; a launch needs one threshold at which both are.
        joint = replace(proofs.shares, threshold=proofs.promise.threshold, share=proofs.promise.share)
        yield share_claim(material, joint if is_worthwhile(proofs.money) else proofs.shares)


def _proofs_of(material: Material, promise: AutomationPromise) -> CostProofs | None:
    """What a promise rests on; where money is all that was asked, it is the promise itself."""
    if promise.most_wrong is not None:
        return cost_proofs(material)
    return CostProofs(promise, None, material.answers.sure, material.answers.groups)


def training_losses(material: Material) -> Amounts:
    """What each held-out training answer would have cost, as far as is known: it is, which of them were wrong.

    Which kind a wrong one was is not kept. Each is given one by a fixed lot: pairs of labels as often as the labels
    are common, and within a pair as often one way as the other, as a model errs that is as sure as it is right. It
    decides in which order thresholds are tested and nothing else, so a wrong guess proves less, and never too much.
    Where nothing would pay if it were so, every mistake counts as one of the cheapest kind: only if it is, is there
    anything to be proven.
    """
    answers, losses = material.answers, np.zeros(len(material.answers.stated))
    wrong = np.flatnonzero(~answers.right)
    count = {label: number for label, number in material.grounds.train if number}
    kinds = [(truth, said) for truth in count for said in count if truth != said]
    dearest = material.economics.wrong.dearest or 0.0
    if not kinds:
        losses[wrong] = dearest
        return losses
    known = [material.economics.cost(truth, said) for truth, said in kinds]
    costs = np.array([dearest if cost is None else cost for cost in known])
    weights = np.cumsum([float(count[truth]) * count[said] for truth, said in kinds])
    lots = (0.5 + GOLDEN * np.arange(len(wrong))) % 1.0
    losses[wrong] = costs[np.minimum(np.searchsorted(weights, lots * weights[-1], side="right"), len(costs) - 1)]
    if not _pays_somewhere(material, losses):
        losses[wrong] = costs.min()
    return losses


def _pays_somewhere(material: Material, losses: Amounts) -> bool:
    """Whether the surest answers, in any number worth its keep, would likely be shown to cost less than people."""
    economics, count = material.economics, len(losses)
    surest = losses[np.argsort(-material.answers.stated, kind="stable")]
    ranks = np.arange(1, count + 1)
    means, squares = np.cumsum(surest) / ranks, np.cumsum(surest**2) / ranks
    sealed = np.maximum(ranks / max(count, 1) * len(set(material.answers.groups)), 1.0)
    reached = means + LIKELY * np.sqrt(np.maximum(squares - means**2, 0.0) / sealed)
    most = (economics.people_cost or 0.0) - economics.model_cost
    return bool(np.any(reached[int(WORTHWHILE * count) :] < most))


def _shares(material: Material, order: tuple[float, ...]) -> AutomationPromise | None:
    asked, answers = material.economics.asked_bar, material.answers
    if asked is None or not 0.0 < asked < 1.0:
        return None
    return automation_promise(
        answers.sure,
        material.right,
        groups=answers.groups,
        most_error=1.0 - asked,
        order=order,
        confidence=material.confidence,
    )


def _cost_from(material: Material, point: AutomationPoint) -> Measured:
    """What answers given alone from a threshold on cost by being wrong."""
    alone, groups = alone_from(material, point)
    return mean_measured(
        wrong_costs(material, material.answers.answers)[alone],
        low=0.0,
        high=material.economics.wrong.dearest or 0.0,
        groups=groups,
        confidence=material.confidence,
        unit=material.economics.currency,
    )


def _needed_from(material: Material, promise: AutomationPromise, point: AutomationPoint) -> int | None:
    alone, groups = alone_from(material, point)
    return costs_needed(
        wrong_costs(material, material.answers.answers)[alone],
        promise.most_error,
        groups=groups,
        highest=material.economics.wrong.dearest or 0.0,
        confidence=material.next_confidence,
    )
