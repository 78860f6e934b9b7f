"""Stages, terms and shadow answers, made by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.domain.answer import Answer, answer_from
from understudy.domain.stage import Cause, Stage, StageChange, Terms

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TERMS = Terms(threshold=0.8, most_error=0.08, audit_share=0.1, wrong_cost=40.0, loss_budget=500.0, most_lost=310.4)
FIRST, SECOND = "a1" * 32, "b2" * 32


def change(number: int, stage: Stage, model: str | None = FIRST, **parts: Any) -> StageChange:
    """A stage change an hour after the one before it, asked for by Ada."""
    whole = StageChange(
        number=number,
        stage=stage,
        model=model,
        terms=None if model is None else TERMS,
        fallback=None,
        fallback_terms=None,
        share={Stage.CANARY: 0.1, Stage.LIVE: 1.0}.get(stage, 0.0),
        cause=Cause.ASKED,
        by="Ada",
        reason="The pilot begins.",
        at=AT + timedelta(hours=number),
    )
    return replace(whole, **parts)


def tripped(number: int, model: str = FIRST, **parts: Any) -> StageChange:
    """A trip of a model that answered."""
    told: dict[str, Any] = {"cause": Cause.TRIPPED, "by": "breaker", "reason": "9 of 40 audits were wrong."}
    return change(number, Stage.SHADOW, model, **(told | parts))


def said(label: str, sure: float) -> Answer:
    """An answer of a model that knows cracks and sound blades."""
    other = "sound" if label == "crack" else "crack"
    return answer_from((label, other), (sure, 1.0 - sure), threshold=0.5)


@dataclass(frozen=True)
class Pair:
    """A request that was put to people and that the model answered in the dark."""

    seq: int
    input_digest: str
    answer: Answer
    truth: str | None


def pairs(right: Iterable[bool], sure: float = 0.9) -> list[Pair]:
    """Pairs in which the model was right or wrong, in this order, and as sure of each."""
    return [
        Pair(place, f"{place}, {sure}", said("crack", sure), "crack" if hit else "sound")
        for place, hit in enumerate(right, 1)
    ]
