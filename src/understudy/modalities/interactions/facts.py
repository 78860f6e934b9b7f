"""Facts of a history that a one-line rule may look at."""

from typing import Final

from understudy.domain.rule import Fact
from understudy.modalities.interactions.question import Question

KIND: Final = "interactions/1"
LOOKS: Final = frozenset({"events", "days covered", "latest item", "mean rating"})


def facts_of(question: Question) -> dict[str, Fact]:
    """Measures a history at a glance: how long, over how many days, how liked, and what came last."""
    values = [event.value for event in question.history if event.value is not None]
    times = [event.when for event in question.history if event.when is not None]
    return {
        "events": float(len(question.history)),
        "days covered": (max(times) - min(times)) / 86400 if times else None,
        "latest item": question.history[-1].item if question.history else None,
        "mean rating": sum(values) / len(values) if values else None,
    }
