"""How the figures of a review were computed, in two lines each; only what a report uses is told."""

from collections.abc import Iterator
from typing import NamedTuple

from understudy.domain.review import Claim, ClaimKind
from understudy.studio.report.evidence import ReportEvidence

SAVINGS = {ClaimKind.SAVING_OVER_PEOPLE, ClaimKind.SAVING_OVER_CHAMPION, ClaimKind.SAVING_OVER_RULE}


class Method(NamedTuple):
    """A method.

    Attributes:
        name: What it is about.
        text: How it goes, in about two lines, with its source.
    """

    name: str
    text: str


SEALED = Method(
    "Sealed examples",
    "Each example fell to training or to the sealed set when it arrived, by a hash of its group. No training, "
    "choice or threshold ever saw a sealed label before this look, and the model that was judged is the file that "
    "is launched.",
)
LOOKS = Method(
    "Looks",
    "Every opening of the sealed labels is counted and spends a part of one error budget: the first 70%, the k-th "
    "0.3/((k−1)k) of it. All looks that are ever made together launch a model that is not good enough at most "
    "that often. Sealed examples at least half of which were looked at 20 times before launch nothing, as models "
    "could by then have been made to suit them.",
)
SHARES = Method(
    "Shares",
    "One-sided Clopper–Pearson bounds at the look's confidence. Where examples share a group, their number is "
    "divided by the design effect and by the uncertainty of that effect (Student's t with groups minus one "
    "degrees of freedom). Labels are taken for the truth: labels that are wrong at random make a bound too low, but "
    "labels that are wrong exactly where the model is wrong hide its mistakes.",
)
ALL_REQUIRED = Method(
    "Several claims",
    "A launch needs every required claim proven, each at the whole error of the look. That needs no correction: a "
    "model that misses one bar must get past the test of that very bar (intersection–union test).",
)
AUTOMATION = Method(
    "Answering alone",
    "Thresholds are tested on sealed examples one after the other, in an order fixed on training data, until one "
    "fails (Learn then Test, fixed sequence; Angelopoulos et al. 2021). So the choice among thresholds costs no "
    "confidence.",
)
COSTS = Method(
    "What answers given alone cost",
    "Where kinds of wrong answer differ in cost, the same tests are made of the mean cost of an answer, bounded by "
    "betting: it may be no more than a person's decision costs, mistakes included, less the model's own.",
)
MONEY = Method(
    "Savings",
    "Differences in cost, example by example, between the model and its rival, bounded by betting (Waudby-Smith & "
    "Ramdas 2024). The bound holds for any bounded cost, whatever its distribution.",
)
LOSS = Method(
    "Maximum loss",
    "The 95th percentile of the answers given until a sequential test of the checked answers trips, times what "
    "each wrong one costs. The share of answers that people check is the least that fits the loss budget.",
)
PEOPLE = Method(
    "People's error",
    "From examples that two people answered without seeing each other's answer. Disagreement between them is "
    "turned into the share of one person's answers that are wrong.",
)
RULE = Method(
    "The one-line rule",
    "The best rule with one column, one keyword or one threshold, or of lists what most people liked, without what "
    "somebody has; chosen on training examples alone and judged on the same sealed examples as the model.",
)
RELIABILITY = Method(
    "Reliability",
    "Answers are grouped by how sure the model said it was; in each group the share that was right is compared "
    "with it. Lines are 95% Clopper–Pearson intervals.",
)
NUMBERS = Method(
    "Numbers",
    "A number is right within the tolerance that the brief names, and shares count such numbers. Errors are bounded by "
    "order statistics, without any idea of their distribution; the width that holds nine in ten truths is that of a "
    "conformal interval, its bound that of a tolerance interval (Wilks 1941; Lei et al. 2018).",
)
LEARNING = Method(
    "The learning curve",
    "One member of the model's kind, or two fixed ones for rows and histories, was trained anew on ever larger grouped "
    "parts of the training examples; families of curves were fitted to what it got right, and the fits repeated on "
    "resampled groups give the interval.",
)


def methods_of(evidence: ReportEvidence) -> tuple[Method, ...]:
    """The methods that a report's figures were made by."""
    return tuple(_methods(evidence))


def _methods(evidence: ReportEvidence) -> Iterator[Method]:
    review = evidence.review
    yield SEALED
    yield LOOKS
    yield SHARES
    if sum(claim.required for claim in review.claims) > 1:
        yield ALL_REQUIRED
    if review.promise is not None:
        yield AUTOMATION
        if review.promise.unit != "share":
            yield COSTS
    yield from _besides(evidence)


def _besides(evidence: ReportEvidence) -> Iterator[Method]:
    """The methods of figures that only some reviews have."""
    review = evidence.review
    there = (
        (any(_measured(claim, SAVINGS) for claim in review.claims), MONEY),
        (review.loss is not None, LOSS),
        (review.people is not None, PEOPLE),
        (review.rule is not None, RULE),
        (review.numbers is not None, NUMBERS),
        (evidence.judgement is not None, RELIABILITY),
        (evidence.curve is not None, LEARNING),
    )
    yield from (method for is_there, method in there if is_there)


def _measured(claim: Claim, kinds: set[ClaimKind]) -> bool:
    return claim.kind in kinds and claim.measured is not None
