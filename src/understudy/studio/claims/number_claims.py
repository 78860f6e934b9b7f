"""The claims of a review that only numbers have: how far off they are, what their intervals hold, where they lean.

None of them is required: what a launch needs is the share within the tolerance, as of every kind of answer. They say
what that share does not: how far off an answer is that is not within it, and what stands beside the model.
"""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from understudy.domain.review import Claim, ClaimKind, Measured, NumberPicture, NumberPoint, Outcome
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.task import AnswerKind, number_in
from understudy.stats.number_figures import MOST, STATED, by_size, coverage, errors_of, proven_width
from understudy.stats.regression import error_quantile
from understudy.stats.replies import numbers_of
from understudy.studio.claims.claims import weighed
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.rule_text import rule_text
from understudy.studio.words.number_words import BEYOND, measure

MOST_POINTS = 200
Numbers = npt.NDArray[np.float64]


def number_claims(material: Material) -> Iterator[Claim]:
    """Every claim about numbers; none where answers are something else, or nothing is sealed."""
    answers = material.answers
    if material.task.answers is not AnswerKind.NUMBER or not answers.count:
        return
    errors = errors_of(numbers_of(answers.answers), numbers_of(answers.true_labels))
    yield _error(material, ClaimKind.MEDIAN_ERROR, "", errors, 0.5)
    yield _error(material, ClaimKind.LARGE_ERROR, "", errors, MOST)
    for subject, said in _simpler(material):
        rival = errors_of(numbers_of(said), numbers_of(answers.true_labels))
        yield _error(material, ClaimKind.USUAL_ERROR, subject, rival, 0.5)
    yield from _intervals(material, errors)
    yield from _leaning(material)


def number_picture(material: Material) -> NumberPicture | None:
    """Answers against truths, or None where answers are something else."""
    answers, task = material.answers, material.task
    if task.answers is not AnswerKind.NUMBER or answers.replies is None:
        return None
    said, truth, ends = numbers_of(answers.answers), numbers_of(answers.true_labels), answers.replies.intervals
    order = np.argsort(truth, kind="stable")
    order = order[np.isfinite(said[order]) & np.isfinite(truth[order])]
    if len(order) > MOST_POINTS:
        order = order[np.linspace(0, len(order) - 1, MOST_POINTS).round().astype(int)]
    none = np.full((answers.count, 2), np.nan)
    points = [_point(truth[place], said[place], (none if ends is None else ends)[place]) for place in order]
    return NumberPicture(task.unit, task.tolerance, tuple(points), answers.count)


def _point(truth: float, said: float, ends: Numbers) -> NumberPoint:
    if not np.all(np.isfinite(ends)):
        return NumberPoint(float(truth), float(said))
    return NumberPoint(float(truth), float(said), float(ends[0]), float(ends[1]))


def _simpler(material: Material) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What stands beside the model: always the training median, and the best rule of one line if it is another."""
    answers = material.answers
    plain = Rule(RuleKind.MAJORITY, "", None, "", (), answers.majority, 0.0)
    if math.isfinite(number_in(answers.majority)):
        yield rule_text(plain), (answers.majority,) * answers.count
    if answers.rule is not None and answers.rule.kind is not RuleKind.MAJORITY:
        yield rule_text(answers.rule), answers.rule_answers


def _error(material: Material, kind: ClaimKind, subject: str, errors: Numbers, q: float) -> Claim:
    found = error_quantile(errors, q, material.confidence, groups=material.answers.groups, unit=material.task.unit)
    return _reported(material, kind, subject, _at_least_nothing(found), at_least=False)


def _intervals(material: Material, errors: Numbers) -> Iterator[Claim]:
    """What the stated intervals hold, and how wide one has to be that is proven to hold nine in ten."""
    answers, groups = material.answers, material.answers.groups
    ends = None if answers.replies is None else answers.replies.intervals
    held = coverage(numbers_of(answers.true_labels), ends, groups=groups, confidence=material.confidence)
    if held is None:
        why = "No interval came with the answers."
        yield Claim(ClaimKind.INTERVAL_COVERAGE, "", None, None, True, False, Outcome.NOT_APPLICABLE, None, why)
    else:
        yield weighed(ClaimKind.INTERVAL_COVERAGE, "", held, STATED, required=False)
    width = proven_width(errors, groups=groups, confidence=material.confidence)
    named = Measured(**{**vars(width), "unit": material.task.unit})
    yield _reported(material, ClaimKind.INTERVAL_WIDTH, "", named, at_least=False)


def _leaning(material: Material) -> Iterator[Claim]:
    answers = material.answers
    thirds = by_size(
        numbers_of(answers.answers),
        numbers_of(answers.true_labels),
        groups=answers.groups,
        confidence=material.confidence,
        unit=material.task.unit,
    )
    for third in thirds:
        yield _reported(material, ClaimKind.SIZE_BIAS, third.name, third.off, at_least=True)


def _reported(material: Material, kind: ClaimKind, subject: str, found: Measured, *, at_least: bool) -> Claim:
    """A figure of which nothing is asked; where too few are sealed to bound it, what was seen and why no bound is."""
    if all(abs(figure) < BEYOND for figure in (found.lower, found.upper, found.estimate)):
        return Claim(kind, subject, found, None, at_least, False, Outcome.OPEN)
    seen = f"As seen it is {measure(found.estimate, material.task.unit)}; " if abs(found.estimate) < BEYOND else ""
    why = f"{seen}{found.count} sealed {'is' if found.count == 1 else 'are'} too few to bound it."
    return Claim(kind, subject, None, None, at_least, False, Outcome.NOT_APPLICABLE, None, why[:1].upper() + why[1:])


def _at_least_nothing(found: Measured) -> Measured:
    """No error is below zero, whatever is sealed."""
    return Measured(**{**vars(found), "lower": max(0.0, found.lower)})
