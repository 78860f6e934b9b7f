"""The gate before a launch: what allows a model to answer alone, or what is missing. Reads no clock and no ledger.

A model is let through by its review, as long as it never tripped; or by what it showed in shadow, since its last trip
if there was one. Shadow itself is open to every model, because nobody is served by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from understudy.domain.errors import UnderstudyError
from understudy.domain.review import Reason, Review, Verdict
from understudy.domain.stage import Cause, Stage, StageChange
from understudy.studio.launch.shadow_evidence import ShadowEvidence, shadow_words
from understudy.studio.words.phrases import about


class RestsOn(StrEnum):
    """What a stage change rests on. Each has its paragraph in docs/reference/stages.md."""

    NOTHING_NEEDED = "nothing-needed"
    REVIEW = "review"
    SHADOW = "shadow"
    OVERRIDE = "override"


class First(StrEnum):
    """What to do before a step that a review allows."""

    REVIEW = "review"
    """What the review rests on has changed."""
    SHADOW = "shadow"
    """In shadow the model was right too seldom."""


@dataclass(frozen=True)
class Allowance:
    """Whether a stage may begin, and why.

    Attributes:
        allowed: It may.
        rests_on: What allows it; `OVERRIDE` where only an override would.
        fact: In one sentence.
        reason: In one sentence, or a few; empty where nothing stands against it.
        remedy: What would change it; empty where nothing has to.
        evidence: Every figure behind it, as plain JSON.
        first: What to do before, though it is allowed; None where nothing speaks against it.
        caution: The same in a few sentences.
    """

    allowed: bool
    rests_on: RestsOn
    fact: str
    reason: str = ""
    remedy: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    first: First | None = None
    caution: str = ""


class LaunchRefused(UnderstudyError):
    """The evidence does not allow the stage that was asked for.

    Args:
        allowance: What stands against it, with its figures.
    """

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(fact=allowance.fact, reason=allowance.reason, remedy=allowance.remedy)
        self.evidence = allowance.evidence


@dataclass(frozen=True)
class Case:
    """What speaks for and against letting one model answer.

    Attributes:
        project: The project's name.
        model: The model's version.
        briefed: There is a brief.
        most_error: Share of wrong answers that the brief bears, 0..1, or None where it does not say.
        review: The latest review of this very model by the brief that stands, or None.
        number: Which of the project's reviews it is.
        serious: Facts of grave findings in the data that it had not seen and nobody has answered for.
        tripped: The stage change by which this model tripped last, or None.
        shadow: What it showed in its latest shadow stage, or None.
        changed: What changed since the review, in a sentence; empty where nothing has.
    """

    project: str
    model: str
    briefed: bool
    most_error: float | None
    review: Review | None
    number: int
    serious: tuple[str, ...]
    tripped: StageChange | None
    shadow: ShadowEvidence | None
    changed: str = ""

    @property
    def by_review(self) -> bool:
        """The review lets it through."""
        says = self.review is not None and self.review.verdict is Verdict.LAUNCH
        return says and self.tripped is None and not self.serious

    @property
    def by_shadow(self) -> bool:
        """What it showed in shadow lets it through: by the brief as it is, and since it tripped."""
        shadow, tripped = self.shadow, self.tripped
        if shadow is None or self.most_error is None or not self.briefed:
            return False
        fresh = tripped is None or shadow.since >= tripped.number
        return fresh and shadow.cleared and shadow.bar >= 1.0 - self.most_error - 1e-12

    def record(self) -> dict[str, Any]:
        """The figures, as plain JSON."""
        review = self.review
        said = None
        if review is not None:
            facts = [reason.fact for reason in review.reasons]
            said = {"number": self.number, "verdict": review.verdict.value, "look": review.look, "reasons": facts}
        return {
            "model": self.model,
            "review": said,
            "shadow": None if self.shadow is None else self.shadow.record(),
            "tripped": None if self.tripped is None else self.tripped.number,
        }


def gate(case: Case, to: Stage) -> Allowance:
    """Whether a model may go to a stage.

    Args:
        case: What is known.
        to: Shadow, canary or live.
    """
    if to is Stage.SHADOW:
        fact = "In shadow the model answers nobody, so nothing has to be shown for it."
        return Allowance(True, RestsOn.NOTHING_NEEDED, fact, evidence=_with(case, RestsOn.NOTHING_NEEDED))
    if case.by_review:
        fact = f"Review {case.number} says “{Verdict.LAUNCH.value}”."
        first, caution = _before(case)
        evidence = _with(case, RestsOn.REVIEW) | ({"caution": caution} if caution else {})
        return Allowance(True, RestsOn.REVIEW, fact, evidence=evidence, first=first, caution=caution)
    if case.by_shadow and case.shadow is not None:
        return Allowance(True, RestsOn.SHADOW, shadow_words(case.shadow), evidence=_with(case, RestsOn.SHADOW))
    fact, reason, remedy = _against(case)
    override = "or override it by name, with a reason that is shown for ever"
    remedy = f"{remedy.rstrip('.')}; {override}."
    said = {**_with(case, RestsOn.OVERRIDE), "fact": fact, "reason": reason, "remedy": remedy}
    return Allowance(False, RestsOn.OVERRIDE, fact, reason, remedy, said)


def trips_of(stages: Iterable[StageChange]) -> list[tuple[str, StageChange]]:
    """Which model each trip was about, oldest first.

    A trip that leaves the stage and takes the fallback away was the fallback's; any other is the model's that the stage
    was about.
    """
    found, before = [], None
    for change in stages:
        if change.cause is Cause.TRIPPED:
            fell = before is not None and before.fallback is not None and change.fallback is None
            if before is not None and fell and before.stage is change.stage and before.model == change.model:
                found.append((before.fallback or "", change))
            else:
                found.append((change.model or "", change))
        before = change
    return found


def last_trip(stages: Iterable[StageChange], model: str) -> StageChange | None:
    """The stage change by which a model tripped last, or None."""
    return next((change for version, change in reversed(trips_of(stages)) if version == model), None)


def shadow_caution(shadow: ShadowEvidence | None) -> str:
    """What to do before a launch that the shadow speaks against, in a few sentences; empty where it does not."""
    if shadow is None or not shadow.speaks_against:
        return ""
    seen = f"The shadow speaks against it: {_lower(shadow_words(shadow))}"
    return f"{seen} Let people answer more requests, which shows whether that was bad luck, or train a better model."


def _before(case: Case) -> tuple[First | None, str]:
    """What to do before a step that the review allows, and why."""
    if case.changed:
        return First.REVIEW, f"{case.changed} Review the model again first (understudy review {case.project})."
    caution = shadow_caution(case.shadow)
    return (First.SHADOW, caution) if caution else (None, "")


def _with(case: Case, rests_on: RestsOn) -> dict[str, Any]:
    return {"rests_on": rests_on.value, **case.record()}


def _against(case: Case) -> tuple[str, str, str]:
    """The weightiest thing that stands against a launch: fact, reason, remedy."""
    name = case.project
    if case.tripped is not None:
        reason = (
            f"After a trip only new evidence from the shadow lets a model answer again. {_shadow_says(case)}".strip()
        )
        remedy = f"{_shadow_asks(case)}, or train a better model"
        if not case.briefed:
            reason = f"{reason} There is no brief to say how much of it, either."
            remedy = f"Write a brief (understudy brief {name} --ask). {remedy}"
        return (
            f"Its breaker tripped on {case.tripped.at:%Y-%m-%d at %H:%M} UTC: {case.tripped.reason}",
            reason,
            remedy,
        )
    if not case.briefed:
        return (
            "There is no brief, so nothing says how good is good enough.",
            "A launch is proven against a bar, and the bar comes from what a wrong answer costs.",
            f"Write one (understudy brief {name} --ask) and review the model (understudy review {name})",
        )
    review = case.review
    if review is None:
        return (
            "This model was not reviewed by the brief as it stands.",
            f"Nothing has shown yet that it is good enough. {_shadow_says(case)}".strip(),
            f"Review it (understudy review {name}), or {_lower(_shadow_asks(case))}",
        )
    if review.verdict is Verdict.LAUNCH:
        return (
            f"Since the review said “launch”, this was found in the data: {case.serious[0]}",
            "A finding of high severity can make the verdict wrong.",
            f"Mend the data or answer for it (understudy audit {name}), and review again (understudy review {name})",
        )
    first = _weightiest(review)
    rest = _shadow_asks(case)
    if first.remedy and (case.shadow is None or "shadow" not in first.remedy):
        rest = f"{first.remedy.rstrip('.')}, or {_lower(rest)}"
    return (
        f"The review says “{review.verdict.value}”: {first.fact}",
        f"{first.reason} {_shadow_says(case)}".strip(),
        rest,
    )


def _weightiest(review: Review) -> Reason:
    against = [reason for reason in review.reasons if reason.verdict is review.verdict]
    return (against or list(review.reasons))[0]


def _shadow_says(case: Case) -> str:
    if case.shadow is None:
        return ""
    return f"In shadow: {_lower(shadow_words(case.shadow, asked=case.most_error is not None))}"


def _shadow_asks(case: Case) -> str:
    """What would let it through by way of the shadow."""
    shadow = case.shadow
    if shadow is None:
        return f"Let it work in shadow (understudy promote {case.project} shadow) while people answer"
    if shadow.needed:
        return f"Answer about {about(shadow.needed)} more requests while it works in shadow"
    if shadow.cleared:
        return f"Begin the shadow anew (understudy promote {case.project} shadow), for the brief asks for more now"
    return "Train a better model, for this one does not come near the bar"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
