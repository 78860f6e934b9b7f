"""Small worlds with known truth."""

from collections.abc import Mapping, Sequence

from understudy.audit.material import Material
from understudy.domain.rule import Fact


def material(
    facts: Sequence[Mapping[str, Fact]], labels: Sequence[str | float | None] | None = None, **known: object
) -> Material:
    """Examples named by their place, each a group of its own."""
    names = [f"e{place}" for place in range(len(facts))]
    given: dict[str, object] = {"names": names, "groups": names, "labels": labels or [None] * len(facts)} | known
    return Material(facts=facts, **given)
