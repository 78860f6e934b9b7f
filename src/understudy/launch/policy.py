"""Who answers a request: a model, its fallback or a person, and why. Every request has exactly one of them.

`route` says before any model is asked who may answer, and `answered_by` what becomes of it once the model has spoken.
Between the two stands nothing but the model's own answer, so both laws can be checked here: a model in the shadow stage
never answers, and one whose breaker is open never does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.decision import AnsweredBy, Because
from understudy.domain.stage import Stage, StageChange, Terms
from understudy.launch.chance import chance_of


class Mishap(StrEnum):
    """Why a model that was asked said nothing."""

    OVERLOADED = "overloaded"
    """More was waiting for it than may wait."""
    FAULT = "fault"
    """It failed, was too slow, or could not be loaded."""


@dataclass(frozen=True)
class Route:
    """Where a request goes.

    Attributes:
        model: Version of the model that is asked, and that answers if it is sure enough; None when a person answers.
        terms: Under which it answers; None when a person does.
        because: Why it is a person, or why it is this model and not the one that the stage is about; None when the
            model that the stage is about is asked.
        dark: Version of the model that is asked too, in the dark; it never answers.
    """

    model: str | None
    terms: Terms | None
    because: Because | None
    dark: str | None = None


@dataclass(frozen=True)
class Turn:
    """Who answers.

    Attributes:
        answered_by: The model or a person (`NOBODY_YET`: one will).
        model: Version of the model that answers, or None when a person does.
        because: Why.
    """

    answered_by: AnsweredBy
    model: str | None
    because: Because


PEOPLE = Route(None, None, Because.WIZARD)
"""Where no stage stands, people answer."""


def route(standing: StageChange | None, key: str, *, tripped: Collection[str] = ()) -> Route:
    """Where a request goes.

    Args:
        standing: The stage that holds, or None before the first.
        key: The request's, for which the share of a canary is drawn; the same key goes the same way.
        tripped: Versions of the models whose breaker is not closed.
    """
    if standing is None or standing.stage is Stage.WIZARD:
        return PEOPLE
    dark = standing.model if standing.stage is Stage.SHADOW else None
    why = _why_not(standing, key, tripped)
    if why is None:
        return Route(standing.model, standing.terms, None)
    falls_back = standing.fallback is not None and standing.fallback_terms is not None
    if falls_back and standing.fallback not in tripped:
        return Route(standing.fallback, standing.fallback_terms, why, dark)
    return Route(None, None, why, dark)


def answered_by(way: Route, said: float | Mishap | None, *, stranger: bool = False) -> Turn:
    """Who answers, once the model that was asked has spoken.

    Args:
        way: Where the request went.
        said: The probability of the model's answer, 0..1, or why there is none; of no account when none was asked.
        stranger: The model takes the input for something that is unlike all its examples; it never answers that alone.
    """
    if way.model is None or way.terms is None:
        return Turn(AnsweredBy.NOBODY_YET, None, way.because or Because.WIZARD)
    if not isinstance(said, float):
        why = Because.OVERLOADED if said is Mishap.OVERLOADED else Because.FAULT
        return Turn(AnsweredBy.NOBODY_YET, None, why)
    if stranger:
        return Turn(AnsweredBy.NOBODY_YET, None, Because.UNLIKE)
    if not way.terms.threshold <= said <= 1.0:
        return Turn(AnsweredBy.NOBODY_YET, None, Because.BELOW_THRESHOLD)
    return Turn(AnsweredBy.MODEL, way.model, Because.CONFIDENT)


def in_canary(version: str, share: float, key: str) -> bool:
    """Whether a request belongs to a model's share; one that does still does when the share grows."""
    return chance_of(f"canary {version}", key) < share


def _why_not(standing: StageChange, key: str, tripped: Collection[str]) -> Because | None:
    """Why the model that the stage is about is not asked, or None when it is."""
    if standing.model is None or standing.terms is None:
        return Because.WIZARD
    if standing.stage is Stage.SHADOW:
        return Because.SHADOW
    if standing.model in tripped:
        return Because.TRIPPED
    if standing.stage is Stage.LIVE or in_canary(standing.model, standing.share, key):
        return None
    return Because.NOT_IN_CANARY
