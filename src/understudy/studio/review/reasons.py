"""Why a review says what it says, and the verdict that follows.

A verdict is never better than its worst reason, and “launch” needs every required claim proven besides, so that no
reason that was forgotten can launch anything.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.domain.advice import AdviceKind, advice_of
from understudy.domain.contradictions import ContradictionKind
from understudy.domain.finding import FindingKind, Severity
from understudy.domain.means import fewest_sealed
from understudy.domain.money import about_money, asked, money
from understudy.domain.review import (
    AutomationPromise,
    Claim,
    ClaimKind,
    LossPromise,
    Outcome,
    Reason,
    ReasonKind,
    RuleResult,
    Verdict,
)
from understudy.stats.anytime import answers_needed
from understudy.stats.intervals import lower_bound
from understudy.studio.claims.promise_worth import saving_as_seen
from understudy.studio.claims.remedies import addition, claim_remedy, labelling_price, must_get_better
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.words import claim_row, money_bound
from understudy.studio.review.budget_words import broken_budget
from understudy.studio.review.circumstance_reasons import circumstance_reasons, finding_reason
from understudy.studio.words.phrases import Noun, about, number, percent, things_of

WHAT_PROOFS_REST_ON = frozenset(
    {
        FindingKind.HIDDEN_GROUP,
        FindingKind.SHORTCUT,
        FindingKind.LEAK,
        FindingKind.DRIFT,
        FindingKind.SUSPECT_LABEL,
        FindingKind.DISAGREEMENT,
    }
)
"""Findings that, if it is as they suspect, make a proof worth less than it says."""

BLOCKING_ADVICE = AdviceKind.FAKE_IT_FIRST
WEIGHT = {
    kind: place
    for place, kind in enumerate(
        (
            ReasonKind.KILL_CRITERION,
            ReasonKind.SHIP_THE_RULE,
            ReasonKind.NO_BRIEF,
            ReasonKind.DRAWN,
            ReasonKind.IMPOSSIBLE_BAR,
            ReasonKind.CONTRADICTION,
            ReasonKind.ONE_CLASS,
            ReasonKind.WORN_OUT,
            ReasonKind.WORSE_LATER,
            ReasonKind.SERIOUS_FINDING,
            ReasonKind.FAKE_IT_FIRST,
            ReasonKind.CLAIM_REFUTED,
            ReasonKind.TOO_FEW_EXAMPLES,
            ReasonKind.CLAIM_OPEN,
            ReasonKind.LOSS_TOO_LARGE,
            ReasonKind.CHECKS_TOO_DEAR,
            ReasonKind.PROVEN,
            ReasonKind.NOTED_FINDING,
            ReasonKind.UNKNOWN_FIGURE,
        )
    )
}
"""Of reasons that speak for the same, which is told first."""

SEVERITY = {Verdict.STOP: 0, Verdict.NOT_YET: 1, Verdict.LAUNCH: 2}


@dataclass(frozen=True)
class Seen:
    """What the sealed answers and the brief's figures came to.

    Attributes:
        claims: Every claim.
        rule: The best one-line rule, or None.
        loss: Maximum loss, or None when costs are unknown.
        promise: What could be answered alone, or None.
    """

    claims: tuple[Claim, ...]
    rule: RuleResult | None
    loss: LossPromise | None
    promise: AutomationPromise | None = None


def verdict_of(reasons: Sequence[Reason], claims: Sequence[Claim]) -> Verdict:
    """What a review says.

    Returns:
        The worst that any reason speaks for; “launch” only if there is a required claim and every one is proven.
    """
    said = {reason.verdict for reason in reasons}
    if Verdict.STOP in said:
        return Verdict.STOP
    required = [claim for claim in claims if claim.required]
    proven = bool(required) and all(claim.outcome is Outcome.PROVEN for claim in required)
    return Verdict.LAUNCH if proven and Verdict.NOT_YET not in said else Verdict.NOT_YET


def reasons_of(material: Material, seen: Seen) -> tuple[Reason, ...]:
    """Every reason, weightiest first."""
    reasons = [
        *_killed(material),
        *_rule(seen),
        *circumstance_reasons(material),
        *_brief(material),
        *_too_few(material, seen.claims),
        *_claims(material, seen.claims),
        *_loss(material, seen),
        *_checks(material, seen),
        *_noted(material),
        *_unknown(material),
    ]
    return tuple(sorted(reasons, key=lambda reason: (SEVERITY[reason.verdict], WEIGHT[reason.kind])))


def _killed(material: Material) -> Iterator[Reason]:
    """What was agreed to end the attempt, unless it has led to a launch by now."""
    brief, grounds = material.brief, material.grounds
    if brief is None or grounds.launched:
        return
    met = []
    if brief.kill.by is not None and grounds.at.date() > brief.kill.by:
        met.append(f"The attempt was to end on {brief.kill.by:%-d %B %Y} unless something was launched by then.")
    if brief.kill.labels is not None and grounds.labelled >= brief.kill.labels:
        given = f"{number(grounds.labelled)} are given"
        met.append(f"The attempt was to end at {number(brief.kill.labels)} labels without a launch; {given}.")
    spent = material.economics.labelling_cost(grounds.labelled)
    if brief.kill.money is not None and spent is not None and spent >= brief.kill.money:
        limit = money(brief.kill.money, brief.currency)
        spending = about_money(spent, brief.currency)
        met.append(f"The attempt was to end at {limit} without a launch; labels have cost about {spending}.")
    for fact in met:
        yield Reason(
            ReasonKind.KILL_CRITERION,
            Verdict.STOP,
            fact,
            "It was agreed before the work began, so that hope does not keep alive what does not work out.",
            "Let it end; or change the brief and say why, for everyone to read.",
        )


def _rule(seen: Seen) -> Iterator[Reason]:
    rule = seen.rule
    if rule is None or not rule.will_do:
        return
    saves = any(each.kind is ClaimKind.SAVING_OVER_RULE and each.outcome is Outcome.PROVEN for each in seen.claims)
    more = " The model is proven to save more; if that is worth keeping one running, ask for more in the brief."
    yield Reason(
        ReasonKind.SHIP_THE_RULE,
        Verdict.STOP,
        f"A rule of one line already meets the bar: {rule.rule}.",
        f"It costs nothing to run, everyone can check it, and it has no bad days.{more if saves else ''}",
        "Ship the rule, and come back when it no longer does.",
    )


def _brief(material: Material) -> Iterator[Reason]:
    brief, economics = material.brief, material.economics
    if brief is None:
        yield Reason(
            ReasonKind.NO_BRIEF,
            Verdict.NOT_YET,
            "There is no brief.",
            "Without one nobody can say what a right answer is worth, what a wrong one costs, or what is good enough.",
            "Write the brief; it takes ten minutes, and whatever you do not know may stay unknown.",
        )
        return
    for one in economics.contradictions:
        kind = ReasonKind.CONTRADICTION
        if one.kind is ContradictionKind.IMPOSSIBLE_BAR:
            kind = ReasonKind.IMPOSSIBLE_BAR
        yield Reason(kind, Verdict.NOT_YET, one.fact, one.reason, one.remedy)
    for advice in advice_of(brief, economics, material.means):
        if advice.kind is BLOCKING_ADVICE:
            yield Reason(ReasonKind.FAKE_IT_FIRST, Verdict.NOT_YET, advice.fact, advice.reason, advice.remedy)


def _too_few(material: Material, claims: Sequence[Claim]) -> Iterator[Reason]:
    """Where even no mistake at all could not prove the bar: the way that is left is the shadow stage.

    Not where the model was right too seldom for what is asked: then no shadow would show it either, and what does not
    depend on how many there are is told with the claim.
    """
    bar, answers, things = material.bar, material.answers, _things(material)
    independent = len(set(answers.groups))
    if bar is None or lower_bound(independent, max(1, independent), confidence=material.confidence) >= bar:
        return
    have = f"{things.counted(answers.count)} sealed"
    groups = "1 group" if independent == 1 else f"{number(independent)} groups"
    apart = f" in {groups}" if independent < answers.count else ""
    wanted = f"{asked(bar)} right is"
    economics = material.economics
    if material.by_money and economics.people_cost is not None and bar > (economics.asked_bar or 0.0):
        most = money_bound(economics.people_cost - economics.model_cost, economics.currency, low=False)
        wanted = f"That mistakes cost at most {most} an answer is"
    claim = next((each for each in claims if each.kind is ClaimKind.AUTOMATION), None)
    better = claim is not None and must_get_better(claim)
    yield Reason(
        ReasonKind.TOO_FEW_EXAMPLES,
        Verdict.NOT_YET,
        f"{wanted} not provable yet with {have}{apart}, even if every answer were right.",
        f"A model that is worse than that answers so few rightly by luck more often than {percent(material.alpha)}.",
        "" if better else f"{_shadow(material, bar)} {_gather(material, bar, claim)}".rstrip(),
    )


def _shadow(material: Material, bar: float) -> str:
    seen = float(material.right.mean()) if material.answers.count else 0.0
    assumed = seen if seen > bar else min(1.0, (1.0 + bar) / 2)
    needed = answers_needed(bar, assumed, confidence=material.confidence)
    if needed is None:
        return "Go to the shadow stage, where people answer every request and the model answers in the dark."
    sure = "if it stays as good as this" if seen > bar else f"if it is right {percent(round(assumed, 4))} of the time"
    return f"Go to the shadow stage: about {about(needed)} answered requests will do, {sure}."


def _gather(material: Material, bar: float, claim: Claim | None) -> str:
    """How many more are sealed when so many are gathered, and what labelling them costs: as the open claim has it.

    Where nothing was measured, so many that the bar could be shown if every answer were right.
    """
    share, sealed = material.grounds.project.sealed_share, fewest_sealed(bar)
    if not share or sealed is None:
        return ""
    if claim is not None and claim.measured is not None:
        told = addition(material, claim)
        return f"Or {told[0].lower()}{told[1:]}" if told else ""
    missing = max(1, math.ceil(math.log(material.alpha) / math.log(bar)) - len(set(material.answers.groups)))
    in_all = math.ceil(missing / share)
    price = labelling_price(material, in_all)
    return f"Or gather about {about(in_all)} more, so that {about(missing)} more are sealed{price}."


def _claims(material: Material, claims: Sequence[Claim]) -> Iterator[Reason]:
    """Each required claim that is not proven; where all are, that they are; and a champion that is better."""
    required = [claim for claim in claims if claim.required and claim.kind is not ClaimKind.LOSS_BUDGET]
    for claim in required:
        if claim.outcome is not Outcome.PROVEN:
            yield _not_proven(material, claim)
    for claim in claims:
        if claim.kind is ClaimKind.SAVING_OVER_CHAMPION and claim.outcome is Outcome.REFUTED:
            yield Reason(
                ReasonKind.CLAIM_REFUTED,
                Verdict.NOT_YET,
                f"{_fact(material, claim)}",
                "The model that answers now is proven to do better, so this one would be a step back.",
                "Leave the present one in place, or train on more examples.",
            )
    if required and all(claim.outcome is Outcome.PROVEN for claim in required):
        yield Reason(
            ReasonKind.PROVEN,
            Verdict.LAUNCH,
            _fact(material, required[0]),
            f"It was shown on {_things(material).counted(material.answers.count)} that nothing had learned from.",
            "",
        )


def _not_proven(material: Material, claim: Claim) -> Reason:
    refuted = claim.outcome is Outcome.REFUTED
    kind = ReasonKind.CLAIM_REFUTED if refuted else ReasonKind.CLAIM_OPEN
    reason = "A launch needs this, and the opposite is proven." if refuted else "A launch needs this proven."
    verdict = Verdict.STOP if refuted else Verdict.NOT_YET
    return Reason(kind, verdict, _fact(material, claim), reason, claim_remedy(material, claim))


def _fact(material: Material, claim: Claim) -> str:
    row = claim_row(claim, material.economics.currency, _things(material))
    if claim.measured is None:
        return f"{row.name}: {claim.why_not or 'nothing could be measured.'}"
    return f"{row.name}: {row.shown}, so {row.bound}; {row.asked}."


def _loss(material: Material, seen: Seen) -> Iterator[Reason]:
    claim = next((each for each in seen.claims if each.kind is ClaimKind.LOSS_BUDGET), None)
    if claim is None or claim.outcome is Outcome.PROVEN:
        return
    if seen.loss is None:
        yield Reason(
            ReasonKind.UNKNOWN_FIGURE,
            Verdict.NOT_YET,
            "Whether the loss stays within the budget cannot be reckoned.",
            claim.why_not,
            "Fill in the missing figures of the brief, or take the loss budget back.",
        )
        return
    yield Reason(ReasonKind.LOSS_TOO_LARGE, Verdict.NOT_YET, *broken_budget(seen.loss, material.economics))


def _checks(material: Material, seen: Seen) -> Iterator[Reason]:
    """Where checking the model's answers would cost more than the model saves."""
    saved = None if seen.promise is None else saving_as_seen(seen.promise, material.economics)
    checks = None if seen.loss is None else seen.loss.audits_cost_a_month
    if saved is None or checks is None or checks <= saved:
        return
    currency = material.economics.currency
    yield Reason(
        ReasonKind.CHECKS_TOO_DEAR,
        Verdict.NOT_YET,
        f"Checks cost about {about_money(checks, currency)} a month, more than the {about_money(saved, currency)} "
        "that answering alone saves.",
        "The less may be lost before people take over, the more of its answers they have to check.",
        "Raise the loss budget, so that fewer answers are checked; or leave it to people.",
    )


def _noted(material: Material) -> Iterator[Reason]:
    """What the audit suspects and nobody has answered for: whoever launches shall have read it."""
    for finding in material.grounds.findings:
        if finding.severity is Severity.MEDIUM and finding.kind in WHAT_PROOFS_REST_ON:
            yield finding_reason(finding)


def _unknown(material: Material) -> Iterator[Reason]:
    """What nobody has said yet: it holds nothing up by itself, but the reader shall know what hangs on it."""
    if material.brief is None:
        return
    for one in material.economics.unknown:
        yield Reason(
            ReasonKind.UNKNOWN_FIGURE,
            Verdict.LAUNCH,
            f"The brief leaves open {one.name}.",
            one.hangs,
            "",
        )


def _things(material: Material) -> Noun:
    return things_of(material.grounds.project)
