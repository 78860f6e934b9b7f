"""What wrong answers cost, kind by kind."""

from collections.abc import Collection
from dataclasses import dataclass

from understudy.domain.brief import Brief


@dataclass(frozen=True)
class WrongCosts:
    """The cost of every kind of wrong answer.

    Attributes:
        usual: Of a kind that is not named, or None when unknown.
        named: By (truth, answer).
        labels: The labels there are, as far as anyone knows.
    """

    usual: float | None
    named: tuple[tuple[tuple[str, str], float], ...]
    labels: tuple[str, ...]

    def cost(self, truth: str, answer: str) -> float | None:
        """What it costs to answer `answer` where `truth` is so: nothing when it is right; None when unknown."""
        return 0.0 if truth == answer else dict(self.named).get((truth, answer), self.usual)

    @property
    def complete(self) -> bool:
        """Every kind of wrong answer has a cost."""
        return self.usual is not None or (len(self.labels) > 1 and not self._unnamed())

    @property
    def cheapest(self) -> float | None:
        """Of the cheapest kind, or None unless every kind has a cost."""
        return min(self._all(), default=None) if self.complete else None

    @property
    def dearest(self) -> float | None:
        """Of the dearest kind, or None unless every kind has a cost."""
        return max(self._all(), default=None) if self.complete else None

    @property
    def uniform(self) -> bool:
        """Every kind costs the same."""
        return len(set(self._all())) < 2

    def _all(self) -> list[float]:
        """The cost of each kind that can happen."""
        costs = [cost for _, cost in self.named]
        some_unnamed = len(self.labels) < 2 or bool(self._unnamed())
        return [*costs, self.usual] if self.usual is not None and some_unnamed else costs

    def _unnamed(self) -> bool:
        named = dict(self.named)
        return any((truth, said) not in named for truth in self.labels for said in self.labels if truth != said)


def wrong_costs_of(brief: Brief, labels: Collection[str] = ()) -> WrongCosts:
    """The costs that a brief names.

    Args:
        brief: The brief.
        labels: The labels that examples bear. Without any, the named kinds count as all there are only where they
            cover every pair of the labels they name.
    """
    named = tuple(((one.truth, one.answer), float(one.cost)) for one in brief.wrong_costs)
    from_kinds = {label for kind, _ in named for label in kind}
    known = tuple(sorted(labels)) or (tuple(sorted(from_kinds)) if brief.wrong_cost is None else ())
    if labels:
        named = tuple((kind, cost) for kind, cost in named if set(kind) <= set(labels))
    return WrongCosts(brief.wrong_cost, named, known)
