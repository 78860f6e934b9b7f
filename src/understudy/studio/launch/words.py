"""Stages, what they rest on and what they may cost, in the words that every face uses."""

from collections.abc import Mapping
from typing import Any, Final

from understudy.domain.money import money, share_below
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.studio.claims.words import NO_THRESHOLD, alone_words, money_bound
from understudy.studio.launch.gate import RestsOn
from understudy.studio.words.phrases import hundredths, name, number, percent

SHORT = 12
"""Letters of a version that are shown; enough to tell a project's models apart."""

PEOPLE = "people"
SURE: Final = "How sure it is means the probability that it gives its own answer; below that, people answer."
"""What is said once where a threshold is told."""


def short(version: str) -> str:
    """A model's version as it is shown."""
    return version[:SHORT]


def answers_words(change: StageChange | None, *, versions: bool = True) -> str:
    """Who answers now, in one or two sentences.

    Args:
        change: What holds, or None while no stage was ever asked for.
        versions: Whether models are told by their versions, or as "the model" and "the model before it".
    """
    if change is None or change.stage is Stage.WIZARD or change.model is None:
        return "People answer every request."
    model = f"Model {short(change.model)}" if versions else "The model"
    before = "the model before it"
    if versions and change.fallback is not None:
        before = f"model {short(change.fallback)}"
    if change.stage is Stage.SHADOW:
        meanwhile = "People answer every request"
        if change.fallback is not None:
            meanwhile = _alone(f"{before[:1].upper()}{before[1:]}", change.fallback_terms)
        return f"{meanwhile}. {model} works in the dark; nobody is given its answers."
    if change.stage is Stage.CANARY:
        part = f"{model} is asked for {percent(change.share)} of the requests"
        rest = PEOPLE if change.fallback is None else f"{before} and people"
        return f"{part} and answers {_sure(change.terms)}; {rest} answer the others."
    return f"{_alone(model, change.terms)}."


def rollback_words(fallback: str | None) -> str:
    """Who takes over when the model is taken away or its breaker trips."""
    return "people take over" if fallback is None else f"model {short(fallback)} takes over"


def loss_words(terms: Terms) -> str:
    """What going wrong may cost before others take over, and how much is checked for it."""
    checked = f"{_share(terms.audit_share)} of its answers are checked by a person"
    if terms.most_lost is None and terms.loss_budget is not None and terms.wrong_cost:
        allowed = money(terms.loss_budget, terms.currency)
        return f"More than the {allowed} you allow may be lost before others take over, though {checked}."
    if terms.most_lost is None:
        return f"What may be lost is unknown, because no brief says what a wrong answer costs; {checked}."
    most = money_bound(terms.most_lost, terms.currency, low=False)
    lost = f"At most {most} is lost to errors beyond those allowed before others take over, in 95 of 100 cases"
    budget = "" if terms.loss_budget is None else f"; you allow {money(terms.loss_budget, terms.currency)}"
    return f"{lost}{budget}. {checked[:1].upper()}{checked[1:]}."


def error_words(terms: Terms) -> str:
    """How wrong the model may be before its breaker trips."""
    return f"Its breaker trips when more than {share_below(terms.most_error)} of its answers are proven to be wrong."


def limit_words(most_waiting: int) -> str:
    """How many audits may wait before the breaker trips; see `launch.rules.Rules.most_waiting`."""
    return f"At most {number(most_waiting)} of its audits may wait for a person at once; one more trips its breaker."


def cause_words(change: StageChange) -> str:
    """Who or what brought a stage about, and why; an override is always told as one."""
    reason = name(change.reason, length=300)
    who = name(change.by)
    match change.cause:
        case Cause.TRIPPED:
            return f"The breaker tripped: {reason}"
        case Cause.ROLLED_BACK:
            return f"{who} rolled back: {_quoted(reason)}"
        case Cause.OVERRIDDEN:
            against = str(change.evidence.get("fact", "the evidence did not allow it")).rstrip(".")
            return f"{who} overrode the evidence: {_quoted(reason)} Against it stood: {against}."
    return f"{who} asked for it: {_quoted(reason)}"


def rests_words(evidence: Mapping[str, Any]) -> str:
    """What allowed a stage, in one sentence; empty where nothing had to."""
    rests_on = evidence.get("rests_on")
    if rests_on == RestsOn.REVIEW:
        review = evidence.get("review") or {}
        return f"It rests on review {review.get('number')}, which says “{review.get('verdict')}”."
    if rests_on == RestsOn.SHADOW:
        shadow = evidence.get("shadow") or {}
        right, alone = shadow.get("right", 0), shadow.get("alone", 0)
        return (
            f"It rests on the shadow: {number(right)} of {number(alone)} answers it would have given alone were right."
        )
    if rests_on == RestsOn.OVERRIDE:
        return "It rests on an override; the evidence did not allow it."
    return ""


def _quoted(reason: str) -> str:
    """A reason in quotation marks, and a full stop where it has no end of its own."""
    return f"“{reason}”" if reason.endswith((".", "!", "?", "…")) else f"“{reason}”."


def _alone(model: str, terms: Terms | None) -> str:
    return f"{model} answers {_sure(terms)}, and people answer the rest"


def _sure(terms: Terms | None) -> str:
    return "alone" if terms is None else alone_words(terms.threshold)


def sure_words(change: StageChange | None) -> str:
    """What "sure" means, where a stage tells a threshold; else nothing."""
    told = [] if change is None or change.model is None else [change.terms, change.fallback_terms]
    if change is not None and change.stage is Stage.SHADOW:
        told = [change.fallback_terms]
    return SURE if any(each is not None and hundredths(each.threshold) > NO_THRESHOLD for each in told) else ""


def _share(part: float) -> str:
    return percent(round(part, 4))
