"""The launch review as a pure function: the same material gives the same review, figure by figure."""

from understudy.domain.evidence import ReliabilityBin
from understudy.domain.review import AutomationPromise, Claim, LossPromise, Review
from understudy.stats.calibration import calibration_error, reliability_bins
from understudy.studio.claims.claims import accuracy_claim, class_claims, rule_result, saving_claims
from understudy.studio.claims.fairness_findings import slice_findings
from understudy.studio.claims.number_claims import number_claims, number_picture
from understudy.studio.claims.promises import automation_claims, loss_claim, loss_of, promise_of
from understudy.studio.claims.review_material import BUDGET, Material
from understudy.studio.claims.slice_claims import Slice, slice_claims, slices_of
from understudy.studio.review.reasons import Seen, reasons_of, verdict_of


def review_of(material: Material) -> Review:
    """Decides. Reads no clock, no file and no ledger."""
    promise = promise_of(material)
    loss = loss_of(material, promise)
    slices = slices_of(material)
    claims = _ranked([*_wanted(material, promise, loss), *_measured(material, slices)])
    rule = rule_result(material)
    reasons = reasons_of(material, Seen(claims, rule, loss, promise))
    answers, grounds, bins = material.answers, material.grounds, _reliability(material)
    return Review(
        project=grounds.project.name,
        model=answers.model,
        brief=None if grounds.brief is None else grounds.brief.number,
        look=answers.look,
        answers=material.blob,
        data=answers.data,
        alpha=material.alpha,
        budget=BUDGET,
        verdict=verdict_of(reasons, claims),
        reasons=reasons,
        claims=claims,
        promise=promise,
        rule=rule,
        loss=loss,
        at=grounds.at,
        people=material.people,
        findings=slice_findings(material, slices),
        champion="" if material.champion is None else material.champion.model,
        material=material.grounds_blob,
        calibration_error=calibration_error(bins) if bins else None,
        reliability=bins,
        numbers=number_picture(material),
        synthetic=grounds.synthetic,
        synthetic_count=grounds.synthetic_count,
        later=material.later,
    )


def _wanted(material: Material, promise: AutomationPromise | None, loss: LossPromise | None) -> list[Claim]:
    fits = loss_claim(material, loss)
    return [*automation_claims(material, promise), *([] if fits is None else [fits])]


def _reliability(material: Material) -> tuple[ReliabilityBin, ...]:
    """How far its probabilities can be believed, of all that was not strange to it."""
    known = ~material.answers.strangers
    return reliability_bins(material.answers.sure[known], material.right[known])


def _measured(material: Material, slices: tuple[Slice, ...]) -> list[Claim]:
    return [
        *saving_claims(material),
        accuracy_claim(material),
        *class_claims(material),
        *number_claims(material),
        *slice_claims(material, slices),
    ]


def _ranked(claims: list[Claim]) -> tuple[Claim, ...]:
    """Required ones first; else in the order of the telling."""
    return tuple(sorted(claims, key=lambda claim: not claim.required))
