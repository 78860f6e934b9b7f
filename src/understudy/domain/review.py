"""A review: the launch decision, every claim it rests on, and what would change it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from understudy.domain.evidence import Later, ReliabilityBin
from understudy.domain.finding import Finding
from understudy.domain.synthetic import SyntheticWorth


class Verdict(StrEnum):
    """What a review says."""

    LAUNCH = "launch"
    NOT_YET = "not yet"
    STOP = "stop"


class ClaimKind(StrEnum):
    """What a claim is about. Each kind has its paragraph in docs/reference/review.md."""

    ACCURACY = "accuracy"
    AUTOMATION = "automation"
    """Wrong answers among those it gives alone; where kinds of wrong answer differ in cost, what they cost."""
    CLASS_RECALL = "class-recall"
    CLASS_PRECISION = "class-precision"
    SLICE = "slice"
    SAVING_OVER_PEOPLE = "saving-over-people"
    SAVING_OVER_CHAMPION = "saving-over-champion"
    SAVING_OVER_RULE = "saving-over-rule"
    LOSS_BUDGET = "loss-budget"
    MEDIAN_ERROR = "median-error"
    """Of numbers: half of the answers are off by no more."""
    LARGE_ERROR = "large-error"
    """Of numbers: nine in ten answers are off by no more."""
    USUAL_ERROR = "usual-error"
    """Of numbers: what half of the answers of something simpler would be off by."""
    INTERVAL_COVERAGE = "interval-coverage"
    """Of numbers: truths inside the interval that comes with each answer."""
    INTERVAL_WIDTH = "interval-width"
    """Of numbers: how far around an answer nine in ten truths lie."""
    SIZE_BIAS = "size-bias"
    """Of numbers: whether answers are too high or too low where truths are small, middling or large."""


class Outcome(StrEnum):
    """What the evidence says about a claim."""

    PROVEN = "proven"
    OPEN = "open"
    """Neither proven nor refuted."""
    REFUTED = "refuted"
    """The opposite is proven."""
    NOT_APPLICABLE = "not-applicable"


PER_MISTAKE = "wrong answers per answer"
"""The unit of a saving where no cost is known: each wrong answer counts 1, and nothing is said in money."""


@dataclass(frozen=True)
class Measured:
    """A figure with a one-sided bound on each side.

    Attributes:
        estimate: As observed, in `unit`.
        lower: One-sided lower bound at `confidence`.
        upper: One-sided upper bound at `confidence`.
        count: Examples it rests on.
        groups: Independent groups among them.
        confidence: Coverage of each bound alone, 0..1.
        method: How the bounds were made.
        unit: "share", the currency a decision's money is in, `PER_MISTAKE`, or what numbers count.
    """

    estimate: float
    lower: float
    upper: float
    count: int
    groups: int
    confidence: float
    method: str
    unit: str = "share"


@dataclass(frozen=True)
class Claim:
    """One thing that has to be shown, or is worth knowing.

    Attributes:
        kind: What it is about.
        subject: The label, "column=value" or rival it is about; empty when it is about the whole.
        measured: The figure, or None when nothing could be measured.
        bar: What is asked of it, in the figure's unit, or None when nothing is.
        at_least: The figure shall be at least the bar; else at most.
        required: A launch needs it proven.
        outcome: What the evidence says.
        needed: Examples (sealed, of the subject) that would probably prove it, or None when unknown or no number does.
        why_not: Why nothing could be measured, one sentence; else empty.
    """

    kind: ClaimKind
    subject: str
    measured: Measured | None
    bar: float | None
    at_least: bool
    required: bool
    outcome: Outcome
    needed: int | None = None
    why_not: str = ""


@dataclass(frozen=True)
class AutomationPoint:
    """What would happen if the model answered alone from one probability on.

    Attributes:
        threshold: The least probability it answers with.
        answered: Sealed examples it answers.
        wrong: How many of those wrongly.
        share: Answered of all, 0..1.
        error: Wrong of answered, 0..1, or the mean cost of an answer in the promise's unit; 0.0 when none is answered.
        error_upper: One-sided upper bound at the promise's confidence, of this point alone.
        proven: What is promised is proven from this point on, all points together.
    """

    threshold: float
    answered: int
    wrong: int
    share: float
    error: float
    error_upper: float
    proven: bool


@dataclass(frozen=True)
class AutomationPromise:
    """What the model may answer alone ("62% alone, at most 2% of them wrong; people take the rest").

    Attributes:
        most_error: The promised share of wrong answers among those given alone, 0..1; in money what such an answer may
            cost on average by being wrong, which is a person's cost of a decision less the model's.
        threshold: From which probability on it answers alone, or None when nothing could be promised.
        share: Share of the sealed examples that it answers alone, 0..1.
        share_lower: One-sided lower bound of that share.
        confidence: Of the promise, 0..1.
        curve: Every threshold looked at, from the strictest on.
        unit: "share", or the currency that most_error and the curve's errors are in.
        most_wrong: Promised in money, the share of wrong answers that is promised besides, or None when none is asked.
        failed: The threshold whose test failed and ended the testing, or None where none did.
    """

    most_error: float
    threshold: float | None
    share: float
    share_lower: float
    confidence: float
    curve: tuple[AutomationPoint, ...]
    unit: str = "share"
    most_wrong: float | None = None
    failed: float | None = None


@dataclass(frozen=True)
class RuleResult:
    """The best one-line rule beside the model.

    Attributes:
        rule: In words ("brightness above 93 means crack").
        share_right: Of the sealed examples.
        meets_bar: Its own lower bound clears the bar.
        given_away: It may live on something that gives the label away, which no new example will do.
    """

    rule: str
    share_right: Measured
    meets_bar: bool
    given_away: bool = False

    @property
    def will_do(self) -> bool:
        """It meets the bar, and nothing speaks against shipping it instead of a model."""
        return self.meets_bar and not self.given_away


class ReasonKind(StrEnum):
    """Why a review says what it says. Each kind has its paragraph in docs/reference/review.md."""

    PROVEN = "proven"
    CLAIM_OPEN = "claim-open"
    CLAIM_REFUTED = "claim-refuted"
    NO_BRIEF = "no-brief"
    UNKNOWN_FIGURE = "unknown-figure"
    CONTRADICTION = "contradiction"
    IMPOSSIBLE_BAR = "impossible-bar"
    SHIP_THE_RULE = "ship-the-rule"
    FAKE_IT_FIRST = "fake-it-first"
    TOO_FEW_EXAMPLES = "too-few-examples"
    ONE_CLASS = "one-class"
    WORN_OUT = "worn-out"
    WORSE_LATER = "worse-later"
    DRAWN = "drawn"
    SERIOUS_FINDING = "serious-finding"
    NOTED_FINDING = "noted-finding"
    KILL_CRITERION = "kill-criterion"
    LOSS_TOO_LARGE = "loss-too-large"
    CHECKS_TOO_DEAR = "checks-too-dear"


@dataclass(frozen=True)
class Reason:
    """One reason of a verdict: fact, reason and remedy, one sentence each.

    Attributes:
        kind: Which.
        verdict: What it speaks for.
        fact: What is so.
        reason: Why it matters.
        remedy: What would change it; empty when nothing has to.
    """

    kind: ReasonKind
    verdict: Verdict
    fact: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class LossPromise:
    """What going wrong may cost before people take over again.

    Attributes:
        assumed_error: Share wrong that the model is assumed to fall to, 0..1.
        audit_share: Share of the model's answers that a person checks, 0..1.
        cases_until_rollback: Served cases until the breaker trips, 95th percentile.
        most_lost: In the brief's currency, 95th percentile; None where no audits keep the budget, so that nothing is
            promised.
        budget: What may be lost, or None if unknown.
        audits_cost_a_month: What those checks cost, or None if unknown.
        unseen: Of the budget, what is kept for answers that are given while audits wait.
        most_waiting: So many audits may wait before the breaker trips, or None where the promise does not say.
    """

    assumed_error: float
    audit_share: float
    cases_until_rollback: int
    most_lost: float | None
    budget: float | None
    audits_cost_a_month: float | None
    unseen: float = 0.0
    most_waiting: int | None = None


@dataclass(frozen=True)
class NumberPoint:
    """One sealed example whose answer is a number.

    Attributes:
        truth: What was so.
        said: What the model said.
        low: Lower end of the interval that came with it, or None.
        high: Upper end, or None.
    """

    truth: float
    said: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class NumberPicture:
    """What a picture of answers against truths is drawn from.

    Attributes:
        unit: What the numbers count, or empty.
        tolerance: How far off a number may be and still count as right.
        points: Up to 200 sealed examples, evenly spread over the truths, in rising order of truth.
        of: How many there are in all.
    """

    unit: str
    tolerance: float
    points: tuple[NumberPoint, ...]
    of: int


@dataclass(frozen=True)
class Review:
    """The launch decision about one model, from one look at the sealed set.

    Attributes:
        project: Its name.
        model: The model's version (SHA-256 of its file, in hex).
        brief: Number of the brief's version, or None when there is none.
        look: Which look it rests on; 1 is the first.
        answers: SHA-256 of the stored sealed answers it was computed from, in hex.
        data: SHA-256 over the sealed examples' digests and labels, in hex.
        alpha: Share of the project's error budget that this look could spend.
        budget: The whole error budget, 0.05.
        verdict: What it says.
        reasons: Why, weightiest first.
        claims: Every claim, required ones first.
        promise: What it could answer alone, or None without a bar.
        rule: The best one-line rule, or None when there are no facts to make one of.
        loss: Maximum loss before rollback, or None when costs are unknown.
        at: When, UTC.
        people: Share of one person's answers that are wrong, from double answers, or None when there are none.
        findings: What the sealed answers show beside the claims: weak and unfair slices.
        champion: Version of the model that answered requests then and was asked about the same photos, or empty.
        material: SHA-256 of the blob that holds all else that it was computed from, in hex.
        calibration_error: Mean gap between how sure it was and how often it was right, 0..1, or None without answers.
        reliability: Answers by how sure the model was, with their counts, in rising order.
        numbers: What the picture of answers against truths is drawn from, where answers are numbers; else None.
        synthetic: What synthetic examples added when that was measured last, or None.
        synthetic_count: Synthetic examples that the model learned from.
        later: How it did on later examples than it learned from, where times are known; else None.
    """

    project: str
    model: str
    brief: int | None
    look: int
    answers: str
    data: str
    alpha: float
    budget: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    claims: tuple[Claim, ...]
    promise: AutomationPromise | None
    rule: RuleResult | None
    loss: LossPromise | None
    at: datetime
    people: Measured | None = None
    findings: tuple[Finding, ...] = ()
    champion: str = ""
    material: str = ""
    calibration_error: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    numbers: NumberPicture | None = None
    synthetic: SyntheticWorth | None = None
    synthetic_count: int = 0
    later: Later | None = None
