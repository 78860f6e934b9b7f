"""A claim of a review as one line: what was seen, what is proven, what was asked for, and what came of it."""

import math
from dataclasses import dataclass
from typing import Final

from understudy.domain.money import asked, money, share_below
from understudy.domain.review import PER_MISTAKE, Claim, ClaimKind, Measured, Outcome
from understudy.domain.task import NONE_OF_THESE
from understudy.stats.evidence_needed import rests_on_groups
from understudy.studio.claims.slice_names import slice_parts
from understudy.studio.words.number_words import measure, measure_bound
from understudy.studio.words.phrases import (
    Noun,
    about,
    floor_hundredths,
    floor_percent,
    hundredths,
    name,
    number,
    percent,
)

NO_THRESHOLD: Final = 5
"""Hundredths of sureness that nearly every answer has: from there on a model answers all that is not strange to it."""

NAMES = {
    ClaimKind.ACCURACY: "Right answers",
    ClaimKind.AUTOMATION: "Wrong where it answers alone",
    ClaimKind.CLASS_RECALL: "“{}” recognised",
    ClaimKind.CLASS_PRECISION: "Right when it says “{}”",
    ClaimKind.SLICE: "Right where {}",
    ClaimKind.SAVING_OVER_PEOPLE: "Saved a decision, against people",
    ClaimKind.SAVING_OVER_CHAMPION: "Saved a decision, against the model that answers now",
    ClaimKind.SAVING_OVER_RULE: "Saved a decision, against the one-line rule",
    ClaimKind.LOSS_BUDGET: "Lost until people take over",
    ClaimKind.MEDIAN_ERROR: "Half are off by",
    ClaimKind.LARGE_ERROR: "Nine in ten are off by",
    ClaimKind.USUAL_ERROR: "Half would be off by, if {}",
    ClaimKind.INTERVAL_COVERAGE: "Truths inside stated intervals",
    ClaimKind.INTERVAL_WIDTH: "Nine in ten truths lie within",
    ClaimKind.SIZE_BIAS: "Leaning where the truth is {}",
}
FEWER = {
    ClaimKind.SAVING_OVER_CHAMPION: "Fewer wrong answers than by the model that answers now",
    ClaimKind.SAVING_OVER_RULE: "Fewer wrong answers than by the one-line rule",
}
"""What a saving is called where no brief says what a wrong answer costs."""
SAVINGS = frozenset(
    {ClaimKind.SAVING_OVER_PEOPLE, ClaimKind.SAVING_OVER_CHAMPION, ClaimKind.SAVING_OVER_RULE},
)
"""Claims that something is better than nothing, which nobody has to ask for."""
OF_NUMBERS = frozenset(
    {
        ClaimKind.MEDIAN_ERROR,
        ClaimKind.LARGE_ERROR,
        ClaimKind.USUAL_ERROR,
        ClaimKind.INTERVAL_WIDTH,
        ClaimKind.SIZE_BIAS,
    }
)
"""Claims whose figures are in the unit of the numbers."""
NONE_NAMES = {
    ClaimKind.CLASS_RECALL: "Refused, of what belongs to no label",
    ClaimKind.CLASS_PRECISION: "Right when it says that it is none of the labels",
}
NOT_MEASURED = "not measured"
OUTCOMES = {
    Outcome.PROVEN: "proven",
    Outcome.OPEN: "open",
    Outcome.REFUTED: "refuted",
    Outcome.NOT_APPLICABLE: NOT_MEASURED,
}
COST_ALONE = "Cost of mistakes where it answers alone"
MEANINGS = {
    Outcome.PROVEN: "That is proven.",
    Outcome.OPEN: "That is neither proven nor refuted.",
    Outcome.REFUTED: "The opposite is proven.",
}


@dataclass(frozen=True)
class ClaimRow:
    """One claim's line.

    Attributes:
        kind: What it is about.
        subject: The label, slice or rival as it is, for links.
        name: What is claimed, as it is shown.
        shown: What was seen ("112 of 120", "€0.41"), or "not measured".
        bound: What is proven of it ("at least 87%"); empty when nothing was measured.
        bar: What is asked for ("92%"), or above what a saving begins; empty when nothing is.
        asked: The same in words ("at least 92% is asked for").
        outcome: What the evidence says.
        word: The same in one word.
        required: A launch needs it proven.
        needs: What would probably prove it; empty when it is proven, or no number is known.
        sentence: All of that.
    """

    kind: ClaimKind
    subject: str
    name: str
    shown: str
    bound: str
    bar: str
    asked: str
    outcome: Outcome
    word: str
    required: bool
    needs: str
    sentence: str


def claim_row(claim: Claim, currency: str, things: Noun) -> ClaimRow:
    """Puts a claim into words.

    Args:
        claim: What has to be shown.
        currency: Three letters, for claims about money.
        things: What the examples are called.
    """
    title, seen, proven = claim_name(claim), "", ""
    if claim.measured is not None:
        proven = bound_words(claim, currency)
        seen = proven if claim.kind is ClaimKind.LOSS_BUDGET else _seen(claim, claim.measured, currency)
    elif claim.kind is ClaimKind.LOSS_BUDGET and claim.outcome is Outcome.REFUTED:
        seen = (
            f"more than {money(claim.bar or 0.0, currency)}"  # no share of checks keeps it, so no limit was worked out
        )
    bar = bar_words(claim, currency)
    wanted = f"at {'least' if claim.at_least else 'most'} {bar} is asked for" if bar else "nothing is asked of it"
    wanted = f"{bar} it is better" if bar and claim.kind in SAVINGS else wanted
    needs = _needs(claim, title, things)
    return ClaimRow(
        kind=claim.kind,
        subject=claim.subject,
        name=title,
        shown=seen or NOT_MEASURED,
        bound=proven,
        bar=bar,
        asked=wanted,
        outcome=claim.outcome,
        word=_outcome(claim),
        required=claim.required,
        needs=needs,
        sentence=_sentence(claim, title, seen, proven, wanted) + (f" {needs}" if needs else ""),
    )


def _outcome(claim: Claim) -> str:
    too_much = claim.kind is ClaimKind.LOSS_BUDGET and claim.outcome is Outcome.REFUTED
    return "too much" if too_much else OUTCOMES[claim.outcome]


def _meaning(claim: Claim) -> str:
    too_much = claim.kind is ClaimKind.LOSS_BUDGET and claim.outcome is Outcome.REFUTED
    return "That is more than may be lost." if too_much else MEANINGS[claim.outcome]


def claim_name(claim: Claim) -> str:
    """What is claimed, with the label or slice it is about as it can be shown."""
    if is_cost(claim):
        return COST_ALONE
    if claim.subject == NONE_OF_THESE and claim.kind in NONE_NAMES:
        return NONE_NAMES[claim.kind]
    if claim.measured is not None and claim.measured.unit == PER_MISTAKE:
        return FEWER[claim.kind]
    subject = name(claim.subject)
    if claim.kind is ClaimKind.SLICE:
        column, value = slice_parts(claim.subject)
        subject = f"{name(column)} is “{name(value)}”" if value else f"{name(column)} is known"
    return NAMES[claim.kind].format(subject)


def _seen(claim: Claim, measured: Measured, currency: str) -> str:
    if claim.kind is ClaimKind.SIZE_BIAS:
        return _leaning(measured.estimate, measured.unit)
    if claim.kind in OF_NUMBERS:
        return measure(measured.estimate, measured.unit)
    return seen_words(measured, currency)


def _leaning(off: float, unit: str) -> str:
    """How far an answer lies above or below the truth."""
    return f"{measure(abs(off), unit)} too {'high' if off > 0 else 'low'}" if off else "neither"


def is_cost(claim: Claim) -> bool:
    """Whether it is about what answers given alone cost, and not how many are wrong."""
    return claim.kind is ClaimKind.AUTOMATION and claim.measured is not None and claim.measured.unit != "share"


def right_of(measured: Measured) -> int:
    """How many of the counted examples a share stands for."""
    return round(measured.estimate * measured.count)


def seen_words(measured: Measured, currency: str) -> str:
    """A figure as it was seen."""
    if measured.unit == PER_MISTAKE:
        return of_hundred(measured.estimate)
    if measured.unit != "share":
        return money(measured.estimate, currency)
    return f"{number(right_of(measured))} of {number(measured.count)}"


def bound_words(claim: Claim, currency: str) -> str:
    """What is proven of a claim; of a refuted one, the bound on the other side. Never rounded to the better."""
    measured = claim.measured
    if measured is None:
        return ""
    if claim.kind is ClaimKind.SIZE_BIAS:
        ends = (measure_bound(measured.lower, "", low=True), measure_bound(measured.upper, measured.unit, low=False))
        return f"between {ends[0]} and {ends[1]} above the truth"
    reckoned = claim.kind is ClaimKind.LOSS_BUDGET  # a limit that was worked out, with no other side to it
    low = claim.at_least is not (claim.outcome is Outcome.REFUTED and not reckoned)
    if claim.kind in OF_NUMBERS:
        bound = measured.lower if low else measured.upper
        return f"at {'least' if low else 'most'} {measure_bound(bound, measured.unit, low=low)}"
    if measured.unit != "share":
        bound = measured.lower if low else measured.upper
        shown = money_bound(bound, currency, low=low)
        if measured.unit == PER_MISTAKE:
            shown = of_hundred((math.floor if low else math.ceil)(bound * 1000) / 1000)
        return f"at {'least' if low else 'most'} {shown}"
    if low:
        return f"at least {floor_percent(measured.lower, against=claim.bar)}"
    return f"at most {ceil_percent(measured.upper, against=claim.bar)}"


def of_hundred(share: float) -> str:
    """How many of 100 answers a difference in wrong ones makes ("5.7 in 100", "−2.7 in 100"), to a tenth."""
    tenths = round(share * 1000)
    return f"{'−' if tenths < 0 else ''}{abs(tenths) / 10:g} in 100"


def ceil_percent(share: float, *, against: float | None = None) -> str:
    """An upper bound as a percentage, never rounded down; as many decimals as show that it keeps below a bar."""
    if against is None or share > against:
        return f"{100 - floor_hundredths(1 - share)}%"
    for decimals in range(4):
        shown = math.ceil(round(share * 100 * 10**decimals, 9)) / 10**decimals
        if shown / 100 <= against:
            return f"{shown:.{decimals}f}%"
    return percent(against)


def money_bound(bound: float, currency: str, *, low: bool) -> str:
    """A bound in money, rounded to the worse: a lower one down, an upper one up, to as many digits as money shows."""
    if not bound or not math.isfinite(bound):
        return money(0.0, currency) if not bound else "anything"
    size = max(abs(bound), 1e-6)
    step = 1.0 if size >= 100 else 0.01 if size >= 1 else 10.0 ** (math.floor(math.log10(size)) - 1)
    whole = round(bound / step, 9)
    return money((math.floor(whole) if low else math.ceil(whole)) * step, currency)


def bar_words(claim: Claim, currency: str) -> str:
    """What is asked of a claim, rounded to the stricter; empty when nothing is."""
    if claim.bar is None:
        return ""
    if claim.kind in SAVINGS:
        per_mistake = claim.measured is not None and claim.measured.unit == PER_MISTAKE
        return "above 0" if per_mistake else f"above {money(claim.bar, currency)}"
    if claim.kind is ClaimKind.LOSS_BUDGET or (claim.measured is not None and claim.measured.unit != "share"):
        return money(claim.bar, currency)
    return asked(claim.bar) if claim.at_least else share_below(claim.bar)


def _needs(claim: Claim, title: str, things: Noun) -> str:
    if claim.needed is None or claim.outcome in {Outcome.PROVEN, Outcome.REFUTED}:
        return ""
    count = "none" if claim.measured is None else number(claim.measured.count)
    have = (
        f"; of those there are it answers {count} alone"
        if claim.kind is ClaimKind.AUTOMATION
        else f"; there are {count}"
    )
    which = {
        ClaimKind.CLASS_RECALL: f" of “{name(claim.subject)}”",
        ClaimKind.CLASS_PRECISION: f" that it calls “{name(claim.subject)}”",
        ClaimKind.SLICE: title.removeprefix("Right"),
    }.get(claim.kind, "")
    what = {
        ClaimKind.ACCURACY: f"{asked(claim.bar)} right" if claim.bar is not None else "it",
        ClaimKind.AUTOMATION: "that they cost no more" if is_cost(claim) else "that few are wrong",
    }.get(claim.kind, "the saving" if claim.kind.value.startswith("saving") else "it")
    return (
        f"About {about(claim.needed)} sealed {things.many}{which}{_in_groups(claim)} would probably prove {what}{have}."
    )


def _in_groups(claim: Claim) -> str:
    """Of how many groups so many examples are, where evidence rests on groups."""
    measured = claim.measured
    if measured is None or claim.needed is None or not rests_on_groups(measured.count, measured.groups):
        return ""
    return f" in about {about(math.ceil(claim.needed * measured.groups / measured.count))} groups"


def _sentence(claim: Claim, title: str, seen: str, proven: str, wanted: str) -> str:
    if not seen or claim.outcome is Outcome.NOT_APPLICABLE:
        why = name(claim.why_not, length=300) if claim.why_not else "Nothing could be measured."
        return f"{title}: not measured. {why}"
    meaning = _meaning(claim) if claim.bar is not None else ""
    figure = seen if claim.kind is ClaimKind.LOSS_BUDGET else f"{seen}, so {proven}"
    return f"{title}: {figure}; {wanted}. {meaning}".rstrip()


def alone_words(threshold: float) -> str:
    """What a model answers alone: from how sure on; or all that it knows the like of, where hardly any is less sure."""
    told = hundredths(threshold)
    return f"alone from {told}% sure on" if told > NO_THRESHOLD else "alone whatever is like what it learned from"
