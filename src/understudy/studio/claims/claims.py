"""The claims of a review: what has to be shown, what is worth knowing, and what the sealed answers say about each.

Every required claim has to be proven, each at the look's whole alpha: a model that fails any one of them is launched
only if that one claim was proven by luck (an intersection-union test, Berger 1982). All claims but the automation are
about all answers, also those where the model would rather ask a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.domain.finding import FindingKind
from understudy.domain.review import PER_MISTAKE, Claim, ClaimKind, Measured, Outcome, RuleResult
from understudy.domain.rule import Rule, RuleKind
from understudy.stats.betting import mean_measured
from understudy.stats.evidence_needed import shares_needed
from understudy.stats.replies import has_label, right_of
from understudy.stats.shares import outcome_of, precision_measured, share_measured
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.rule_text import rule_text

Amounts = npt.NDArray[np.float64]

LEAKS = (FindingKind.LEAK, FindingKind.ID_COLUMN)
"""Findings about one column; a shortcut's is about a label, whichever fact gives it away."""


def accuracy_claim(material: Material) -> Claim:
    """Right answers of all, against the bar on those given alone: never required, as people may take the rest."""
    asked = material.economics.asked_bar
    bar = material.bar
    if material.by_money:
        bar = asked if asked is not None and 0.0 < asked < 1.0 else None
    if not material.answers.count:
        return _unmeasured(ClaimKind.ACCURACY, "", bar, why="No labelled example is sealed.")
    return share_claimed(material, ClaimKind.ACCURACY, "", np.ones(material.answers.count, np.bool_), bar)


def class_claims(material: Material) -> Iterator[Claim]:
    """Each label's recall, required where the brief sets a bar for it, and its precision; of several at once likewise.

    Numbers and rankings have no labels. “None of these” is a label like any other: its recall says how often what
    belongs to no label is refused, its precision how often a refusal is right.
    """
    if not material.means.has_labels:
        return
    answers, asked = material.answers, dict(material.brief.class_bars if material.brief else ())
    for label in (*answers.labels, *sorted(set(asked) - set(answers.labels))):
        bar = asked.get(label)
        own = has_label(material.task, answers.true_labels, label)
        given = has_label(material.task, answers.answers, label)
        if own.any():
            required = bar is not None
            yield share_claimed(material, ClaimKind.CLASS_RECALL, label, own, bar, right=given, required=required)
        else:
            why = f"No example of “{label}” is sealed."
            yield _unmeasured(ClaimKind.CLASS_RECALL, label, bar, required=bar is not None, why=why)
        if given.any():
            said = precision_measured(own, given, True, groups=answers.groups, confidence=material.confidence)
            yield weighed(ClaimKind.CLASS_PRECISION, label, said, None, required=False)
        else:
            why = f"The model never said “{label}”."
            yield _unmeasured(ClaimKind.CLASS_PRECISION, label, None, required=False, why=why)


def saving_claims(material: Material) -> Iterator[Claim]:
    """What one answer by the model saves over each rival, on average, if it answers everything."""
    answers, economics = material.answers, material.economics
    if not answers.count:
        return
    own = wrong_costs(material, answers.answers)
    if economics.people_cost is not None and priced(material):
        saved = economics.people_cost - economics.model_cost - own
        yield _saving(material, ClaimKind.SAVING_OVER_PEOPLE, "people", saved)
    champion = material.champion
    if champion is not None:
        saved = wrong_costs(material, champion.answers) - own
        yield _saving(material, ClaimKind.SAVING_OVER_CHAMPION, champion.model, saved)
    elif material.grounds.champion:
        why = "It has come to answer since these examples were looked at; the next look asks it too."
        yield _unmeasured(ClaimKind.SAVING_OVER_CHAMPION, material.grounds.champion, 0.0, why=why)
    if answers.rule is not None:
        cost = economics.model_cost if priced(material) else 0.0
        saved = wrong_costs(material, answers.rule_answers) - own - cost
        yield _saving(material, ClaimKind.SAVING_OVER_RULE, rule_text(answers.rule), saved)


def rule_result(material: Material) -> RuleResult | None:
    """The best one-line rule on the sealed examples; its own lower bound decides whether it meets the bar.

    Where kinds of wrong answer differ in cost it has to save, and to keep the share that is asked besides.
    """
    answers = material.answers
    if answers.rule is None or not answers.count:
        return None
    right = right_of(material.task, answers.rule_answers, answers.true_labels)
    measured = share_measured(right, groups=answers.groups, confidence=material.confidence)
    meets = material.bar is not None and outcome_of(measured, material.bar, at_least=True) is Outcome.PROVEN
    if material.by_money:
        asked = material.economics.asked_bar
        right_enough = asked is None or outcome_of(measured, asked, at_least=True) is Outcome.PROVEN
        meets = right_enough and material.economics.people_cost is not None and _rule_saves(material)
    return RuleResult(rule_text(answers.rule), measured, meets, _gives_it_away(answers.rule, material))


def _gives_it_away(rule: Rule, material: Material) -> bool:
    """Whether a rule may live on something that gives the label away, which no new example will do."""
    findings = material.grounds.findings
    if rule.kind in {RuleKind.MAJORITY, RuleKind.POPULAR}:
        return False
    leaks = {each.subject for each in findings if each.kind in LEAKS}
    return rule.column in leaks or any(each.kind is FindingKind.SHORTCUT for each in findings)


def priced(material: Material) -> bool:
    """Whether every wrong answer has a cost."""
    return material.economics.wrong.complete


def wrong_costs(material: Material, said: Sequence[str]) -> Amounts:
    """What each answer costs by being wrong; 0 where it is right, 1 where it is wrong and no cost is known, (n,)."""
    truths = material.answers.true_labels
    wrong = ~right_of(material.task, said, truths)
    if not priced(material):
        return wrong.astype(np.float64)
    costs = [_cost(material, truth, answer) for truth, answer in zip(truths, said, strict=True)]
    return np.where(wrong, np.array(costs, np.float64), 0.0)


def weighed(
    kind: ClaimKind,
    subject: str,
    measured: Measured,
    bar: float | None,
    *,
    required: bool,
    at_least: bool = True,
) -> Claim:
    """A claim with what its figure says about it; where nothing is asked, nothing is proven either."""
    if bar is None:
        return Claim(kind, subject, measured, None, at_least, required, Outcome.OPEN)
    outcome = outcome_of(measured, bar, at_least=at_least)
    return Claim(kind, subject, measured, bar, at_least, required, outcome)


def share_claimed(
    material: Material,
    kind: ClaimKind,
    subject: str,
    members: npt.NDArray[np.bool_],
    bar: float | None,
    *,
    right: npt.NDArray[np.bool_] | None = None,
    required: bool = False,
) -> Claim:
    """That a share of some of the sealed answers is right; where that is open, with how many would probably prove it.

    Args:
        material: What the review is computed from.
        kind: What the claim is about.
        subject: Which label or slice.
        members: Which of the sealed examples count, (n,).
        bar: The share to be shown, or None.
        right: Which answers count as right, (n,); None for those that are.
        required: A launch needs it.
    """
    hits = (material.right if right is None else right)[members]
    groups = [group for group, inside in zip(material.answers.groups, members, strict=True) if inside]
    measured = share_measured(hits, groups=groups, confidence=material.confidence)
    claim = weighed(kind, subject, measured, bar, required=required)
    if claim.outcome is not Outcome.OPEN:
        return claim
    return replace(claim, needed=shares_needed(hits, bar, groups=groups, confidence=material.next_confidence))


def _unmeasured(kind: ClaimKind, subject: str, bar: float | None, *, why: str, required: bool = False) -> Claim:
    outcome = Outcome.OPEN if required else Outcome.NOT_APPLICABLE
    return Claim(kind, subject, None, bar, True, required, outcome, None, why)


def _saving(material: Material, kind: ClaimKind, subject: str, saved: Amounts) -> Claim:
    """By betting on the differences, each of which lies between what the costs allow at worst and at best."""
    economics, known = material.economics, priced(material)
    dearest = (economics.wrong.dearest or 0.0) if known else 1.0
    offset = economics.model_cost if known else 0.0
    low, high = -dearest - offset, dearest
    if kind is ClaimKind.SAVING_OVER_PEOPLE:
        high = (economics.people_cost or 0.0) - offset
        low = high - dearest
    if kind is ClaimKind.SAVING_OVER_CHAMPION:
        low = -dearest
    if not high > low:
        return _unmeasured(kind, subject, 0.0, why="Wrong answers cost nothing, so none is saved.")
    measured = mean_measured(
        np.clip(saved, low, high),
        low=low,
        high=high,
        groups=material.answers.groups,
        confidence=material.confidence,
        unit=economics.currency if known else PER_MISTAKE,
    )
    # Nothing saved is not a saving: what has to be shown is more than zero, and a bound above zero shows it.
    claim = weighed(kind, subject, measured, 0.0, required=False)
    return claim if measured.lower != 0.0 else Claim(kind, subject, measured, 0.0, True, False, Outcome.OPEN)


def _rule_saves(material: Material) -> bool:
    people = material.economics.people_cost or 0.0
    saved = people - wrong_costs(material, material.answers.rule_answers)
    dearest = material.economics.wrong.dearest or 0.0
    if not dearest:
        return False
    measured = mean_measured(
        np.clip(saved, people - dearest, people),
        low=people - dearest,
        high=people,
        groups=material.answers.groups,
        confidence=material.confidence,
        unit=material.economics.currency,
    )
    return measured.lower > 0.0


def _cost(material: Material, truth: str, answer: str) -> float:
    cost = material.economics.cost(truth, answer)
    return (material.economics.wrong.dearest or 0.0) if cost is None else cost
