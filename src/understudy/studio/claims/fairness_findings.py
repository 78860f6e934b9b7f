"""What the sealed answers show between slices: where the model is proven worse, and where it treats people unlike.

Fairness is measured in fairlearn's definitions: demographic parity is the largest gap between groups in the share that
gets one answer, equalised odds the largest gap in the share that rightly or wrongly gets it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.review import Measured, Outcome
from understudy.stats.fairness import odds_gap, parity_gap, worse_than_rest
from understudy.stats.replies import has_label
from understudy.stats.shares import outcome_of
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.slice_claims import FEWEST, Slice
from understudy.studio.claims.words import ceil_percent
from understudy.studio.examples.sliceable_facts import MOST_VALUES
from understudy.studio.words.phrases import floor_percent, hundredths, name, number

ALLOWED_GAP = 0.1
"""Groups of people may differ by so much before a gap is told of."""

WEAK = "Performance that is good on average can hide a group for which it is not."
UNLIKE = "People of different groups get different answers, or are wronged more often."


def slice_findings(material: Material, slices: Sequence[Slice]) -> tuple[Finding, ...]:
    """Weak slices and unfair gaps, each of them proven; a gap that chance could make is not told."""
    if not material.answers.count:
        return ()
    return (*_weak(material, slices), *_unfair(material))


def _weak(material: Material, slices: Sequence[Slice]) -> Iterator[Finding]:
    """Slices proven worse than the rest, with Holm's correction over all of them."""
    told = [each for each in slices if FEWEST <= each.members.sum() <= material.answers.count - FEWEST]
    if not told:
        return
    members = np.stack([each.members for each in told])
    compared = worse_than_rest(material.right, members, groups=material.answers.groups, confidence=material.confidence)
    for each, found in zip(told, compared, strict=True):
        if found.worse:
            own, rest = found.own, found.rest
            tally = f"{number(round(own.estimate * own.count))} of {number(own.count)}"
            yield Finding(
                kind=FindingKind.WEAK_SLICE,
                severity=Severity.MEDIUM,
                subject=each.subject,
                fact=f"Where {name(each.fact)} is “{name(each.value)}”, {tally} are right; elsewhere "
                f"{hundredths(rest.estimate)}%.",
                reason=f"That is more than chance, with all slices counted in. {WEAK}",
                remedy="Add examples of that kind, or let people answer them.",
            )


def _unfair(material: Material) -> Iterator[Finding]:
    for column in material.grounds.sensitive:
        values = material.answers.facts.column(column)
        groups_of_people = ["missing" if value is None else str(value) for value in values]
        if not 2 <= len(set(groups_of_people)) <= MOST_VALUES:
            continue
        for label in material.answers.labels:
            yield from _gaps(material, column, groups_of_people, label)


def _gaps(material: Material, column: str, people: list[str], label: str) -> Iterator[Finding]:
    answers, groups, confidence = material.answers, material.answers.groups, material.confidence
    has = has_label(material.task, answers.true_labels, label)
    given = has_label(material.task, answers.answers, label)
    gap = parity_gap(given, people, groups=groups, confidence=confidence)
    if outcome_of(gap, ALLOWED_GAP, at_least=False) is Outcome.REFUTED:
        yield _gap(column, label, gap, f"The share of answers “{name(label)}” differs by {name(column)}")
    odds = odds_gap(has, given, people, groups=groups, confidence=confidence)
    if outcome_of(odds, ALLOWED_GAP, at_least=False) is Outcome.REFUTED:
        yield _gap(
            column, label, odds, f"How often “{name(label)}” is rightly or wrongly said differs by {name(column)}"
        )


def _gap(column: str, label: str, gap: Measured, told: str) -> Finding:
    least = floor_percent(gap.lower)
    return Finding(
        kind=FindingKind.UNFAIR,
        severity=Severity.MEDIUM,
        subject=f"{column}={label}",
        fact=f"{told}: by {ceil_percent(gap.estimate)}, and at least {least}.",
        reason=f"{UNLIKE} More than {hundredths(ALLOWED_GAP)}% is proven.",
        remedy="Find out whether the difference is just; if not, gather more examples of the group that is wronged.",
    )
