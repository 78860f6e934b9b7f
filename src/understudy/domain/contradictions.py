"""Where a brief's figures contradict each other, the examples or the calendar.

A contradiction is no error: the brief is kept as it was said, and says so wherever it is shown. But nothing is launched
on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.brief import Brief
from understudy.domain.means import Means, fewest_examples
from understudy.domain.money import asked, count, money, share
from understudy.domain.task import AnswerKind
from understudy.domain.wrong_costs import WrongCosts


class ContradictionKind(StrEnum):
    """What contradicts what. Each kind has its paragraph in docs/explanation/should-it-be-ai.md."""

    NOBODY_SHOULD_ANSWER = "nobody-should-answer"
    PEOPLE_ARE_CHEAPER = "people-are-cheaper"
    IMPOSSIBLE_BAR = "impossible-bar"
    UNKNOWN_LABEL = "unknown-label"
    UNKNOWN_KIND = "unknown-kind"
    BUDGET_BELOW_ONE_MISTAKE = "budget-below-one-mistake"
    KILL_DATE_PASSED = "kill-date-passed"
    KILL_LABELS_TOO_FEW = "kill-labels-too-few"
    PEOPLE_WORSE_THAN_GUESSING = "people-worse-than-guessing"
    PEOPLE_MEASURED_OTHERWISE = "people-measured-otherwise"
    NO_DECISIONS = "no-decisions"


@dataclass(frozen=True)
class Contradiction:
    """One contradiction: fact, reason and remedy, one sentence each.

    Attributes:
        kind: Which.
        fields: The brief's attributes it is between.
        fact: What is so.
        reason: Why it matters.
        remedy: What would settle it.
    """

    kind: ContradictionKind
    fields: tuple[str, ...]
    fact: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Reckoning:
    """What was worked out of the figures so far; see `Economics`."""

    break_even: float | None
    planning_bar: float | None
    wrong: WrongCosts


def contradictions_of(brief: Brief, means: Means, reckoning: Reckoning) -> tuple[Contradiction, ...]:
    """Every contradiction, weightiest first."""
    return (
        *_of_money(brief, reckoning),
        *_of_bars(brief),
        *_of_people(brief, means),
        *_of_labels(brief, means),
        *_of_limits(brief, means, reckoning),
    )


def _of_money(brief: Brief, reckoning: Reckoning) -> Iterator[Contradiction]:
    dearest, even = reckoning.wrong.dearest, reckoning.break_even
    fields = ("person_cost", "wrong_cost", "model_cost")
    if dearest == 0:
        yield Contradiction(
            ContradictionKind.NOBODY_SHOULD_ANSWER,
            ("wrong_cost",),
            "A wrong answer costs nothing.",
            "Then any answer will do, and there is no need of people or of a model.",
            "Say what a wrong answer costs, in money, time or trust; if it truly costs nothing, stop asking.",
        )
    elif dearest is not None and (_is_above(even, 1.0) or (brief.person_cost or 0.0) > dearest):
        yield Contradiction(
            ContradictionKind.NOBODY_SHOULD_ANSWER,
            fields,
            f"An answer by people costs more than a wrong answer ({money(dearest, brief.currency)}).",
            "Then the cheapest is that nobody answers at all: even an answer that is always wrong would pay.",
            "Check both costs; if they are right, leave the question out.",
        )
    if even is not None and even <= 0:
        yield Contradiction(
            ContradictionKind.PEOPLE_ARE_CHEAPER,
            fields,
            f"A model's answer costs {money(brief.model_cost or 0.0, brief.currency)}, no less than one by people.",
            "Then even a model that is never wrong saves nothing.",
            "Find a cheaper way to run it, or let people go on answering.",
        )
    if brief.decisions_a_month == 0:
        yield Contradiction(
            ContradictionKind.NO_DECISIONS,
            ("decisions_a_month",),
            "There is no decision to make: 0 a month.",
            "What never happens cannot be worth automating.",
            "Say how many answers will be needed in a month, or wait until there are some.",
        )


def _is_above(figure: float | None, least: float) -> bool:
    return figure is not None and figure >= least


def _of_bars(brief: Brief) -> Iterator[Contradiction]:
    bars = [("asked_bar", "right answers", brief.asked_bar)]
    bars += [("class_bars", f"of “{label}” recognised", bar) for label, bar in brief.class_bars]
    for field, what, bar in bars:
        if bar is not None and bar >= 1:
            yield Contradiction(
                ContradictionKind.IMPOSSIBLE_BAR,
                (field,),
                f"You ask for 100% {what}.",
                "No number of examples proves that nothing will ever go wrong.",
                "Ask for less than 100%, such as 99%, and let people take the answers that are not sure.",
            )


def _of_people(brief: Brief, means: Means) -> Iterator[Contradiction]:
    kinds = max(2, len(means.labels)) if means.labels else 0
    guessing = 1 - 1 / kinds if kinds else 1.0
    stated = brief.person_error
    if stated is not None and stated >= guessing and stated > 0:
        guess = f"who guesses among {kinds} answers is wrong in {share(guessing)}" if kinds else "that is never right"
        yield Contradiction(
            ContradictionKind.PEOPLE_WORSE_THAN_GUESSING,
            ("person_error",),
            f"People are said to be wrong in {share(stated)} of their answers; {guess}.",
            "Labels from such answers teach nothing, and nothing can be measured against them.",
            "Check the figure; if it is right, find people or a rule that can tell the answers apart.",
        )
    measured = means.people_error
    if stated is not None and measured is not None and stated > measured.upper:
        yield Contradiction(
            ContradictionKind.PEOPLE_MEASURED_OTHERWISE,
            ("person_error",),
            f"The brief says people are wrong in {share(stated)}; double answers show at most {share(measured.upper)}.",
            "The larger people's error, the milder the bar, so this one may be too mild.",
            f"Set people's error to what was measured, {share(measured.estimate)}, or take the figure back.",
        )


def _of_labels(brief: Brief, means: Means) -> Iterator[Contradiction]:
    known = means.names
    if means.task.answers is not AnswerKind.LABEL and brief.wrong_costs:
        yield Contradiction(
            ContradictionKind.UNKNOWN_KIND,
            ("wrong_costs",),
            "Kinds of wrong answer are priced, and an answer here is not one of several labels.",
            "Which answer was given for which truth says little where there are so many of both.",
            "Take these costs out, and say what a wrong answer costs, whichever it is.",
        )
        return
    if not means.has_labels and brief.class_bars:
        yield Contradiction(
            ContradictionKind.UNKNOWN_LABEL,
            ("class_bars",),
            f"A bar is asked of “{brief.class_bars[0][0]}”, and answers here are no labels.",
            "Only a label can be recognised more or less often.",
            "Take the bars of single labels out; ask for a share right of all answers instead.",
        )
        return
    if not known:
        return
    listed = ", ".join(f"“{label}”" for label in known[:8]) + (" and others" if len(known) > 8 else "")
    said = f"The labels are {listed}." if len(known) > 1 else f"The only label is {listed}."
    strange = sorted({label for label, _ in brief.class_bars} - set(known))
    if strange:
        yield Contradiction(
            ContradictionKind.UNKNOWN_LABEL,
            ("class_bars",),
            f"A bar is asked of “{strange[0]}”, and no example bears that label.",
            said,
            f"Correct the label, or add examples of “{strange[0]}”.",
        )
    costs = [one for one in brief.wrong_costs if not _can_happen({one.truth, one.answer}, known)]
    if costs:
        yield Contradiction(
            ContradictionKind.UNKNOWN_KIND,
            ("wrong_costs",),
            f"A cost is named for “{costs[0].truth}” answered as “{costs[0].answer}”, which cannot happen here.",
            said,
            "Correct the labels of that cost, or take it out.",
        )


def _can_happen(kind: set[str], known: tuple[str, ...]) -> bool:
    """One label may be mistaken for the other; before a second one is gathered, it may be for any."""
    return len(kind) > 1 and (kind <= set(known) or (len(known) < 2 and bool(kind & set(known))))


def _of_limits(brief: Brief, means: Means, reckoning: Reckoning) -> Iterator[Contradiction]:
    dearest, kill, currency = reckoning.wrong.dearest, brief.kill, brief.currency
    if brief.loss_budget is not None and dearest is not None and brief.loss_budget < dearest:
        yield Contradiction(
            ContradictionKind.BUDGET_BELOW_ONE_MISTAKE,
            ("loss_budget", "wrong_cost"),
            f"You allow {money(brief.loss_budget, currency)} to be lost; one wrong answer costs "
            f"{money(dearest, currency)}.",
            "The first mistake would be one too many, and no check can stop a mistake before it happens.",
            "Allow more, or let people check every answer.",
        )
    if kill.by is not None and means.today is not None and kill.by < means.today:
        yield Contradiction(
            ContradictionKind.KILL_DATE_PASSED,
            ("kill",),
            f"The attempt was to end on {kill.by.isoformat()}, and that day has passed.",
            "A limit that may be passed is none.",
            "End the attempt, or agree on another date and say why.",
        )
    hopeless = reckoning.break_even is not None and reckoning.break_even <= 0
    bar = brief.asked_bar if hopeless else reckoning.planning_bar
    fewest = None if bar is None else fewest_examples(bar, means.sealed_share)
    if kill.labels is not None and fewest is not None and kill.labels < fewest:
        yield Contradiction(
            ContradictionKind.KILL_LABELS_TOO_FEW,
            ("kill",),
            f"The attempt is to end at {count(kill.labels)} labels; to show {asked(bar or 0.0)} right takes "
            f"at least {count(fewest)}.",
            f"With {share(means.sealed_share)} of them sealed, fewer prove nothing even when no answer is wrong.",
            "Allow more labels, or ask for less.",
        )
