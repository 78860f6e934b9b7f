"""A rule of one line: the rival that every model has to beat."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Fact = str | float | None
"""One thing that is known about an example without a model: a number, a word, or nothing."""


class RuleKind(StrEnum):
    """What a rule looks at."""

    MAJORITY = "majority"
    """Nothing: always the commonest label."""
    VALUE = "value"
    """The value of one column."""
    THRESHOLD = "threshold"
    """Whether one number reaches a threshold."""
    KEYWORD = "keyword"
    """Whether one text holds a word."""
    POPULAR = "popular"
    """Nothing of an input but what somebody has: the items that most people chose, without those."""


@dataclass(frozen=True)
class Rule:
    """A rule of one line, fitted on training examples.

    Attributes:
        kind: What it looks at.
        column: The fact it looks at; empty for the majority.
        threshold: From which number on the first answer is given, or None.
        keyword: The word, in lower case; empty for other kinds.
        answers: By value for `VALUE`; ("yes", label) and ("no", label) for `THRESHOLD` and `KEYWORD`; the title of each
            item for `POPULAR`.
        otherwise: What it answers when the fact is missing or its value was never seen; for `POPULAR`, to a stranger.
        accuracy: Share right out of fold on the training examples, 0..1.
    """

    kind: RuleKind
    column: str
    threshold: float | None
    keyword: str
    answers: tuple[tuple[str, str], ...]
    otherwise: str
    accuracy: float

    def answer(self, facts: Mapping[str, Fact]) -> str:
        """What it says about an example."""
        fact = facts.get(self.column)
        if self.kind in {RuleKind.MAJORITY, RuleKind.POPULAR} or fact is None:
            return self.otherwise
        return dict(self.answers).get(self._case(fact), self.otherwise)

    def _case(self, fact: str | float) -> str:
        """Which of its answers a fact calls for."""
        if self.kind is RuleKind.VALUE:
            return str(fact)
        if self.kind is RuleKind.KEYWORD:
            return "yes" if self.keyword in words_of(str(fact)) else "no"
        if isinstance(fact, str) or self.threshold is None:
            return ""
        return "yes" if fact >= self.threshold else "no"


def words_of(text: str) -> frozenset[str]:
    """The words of a text, in lower case, without what surrounds them."""
    return frozenset("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())
