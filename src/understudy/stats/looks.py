"""How much error each look at the sealed set may spend, so that all looks together stay within one budget.

What is guaranteed: over every look that is ever made, however many, at most `budget` of the projects whose models are
not good enough see a look that says otherwise. It assumes that each look's own claim fails with probability at most
`alpha_of(look)`, whatever was seen before, and that a look is counted before its labels are read. It holds because
the chance that any of several things happens is at most the sum of their chances (the union bound), and the shares
below sum to the budget. Nothing is assumed about how looks depend on each other, so a person may stop whenever a look
pleases.

What the bound alone does not cover: models that are made from what earlier looks at the same sealed examples showed,
again and again. Each look then fails more often than `alpha_of` says: with every model altered from the one of the
best sealed score (by a tenth to six tenths of what decides its answers), 20 looks launched 4.2% to 4.8% of models at
the bar, 50 looks up to 5.9%, 200 looks 8.7%. So examples wear out: a sealed set at least half of which was looked at
`MOST_LOOKS` times launches nothing, until enough of it is fresh.

Most projects need one look, so the first has 70% of the budget; the looks after it share the rest in a series that
never ends and falls slowly: 15%, 5%, 2.5%, 1.5% and so on.

Source:
    Bonferroni's inequality; the telescoping series 1/((k-1)k) spends as in "alpha spending" of Lan & DeMets,
    Biometrika 70 (1983), but needs no end known beforehand.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

BUDGET = 0.05
"""Chance of ever saying "good enough" of models that are not."""
FIRST_SHARE = 0.7
"""Of the budget, for the first look."""
MOST_LOOKS = 20
"""After so many looks an example is worn: it has told too much about itself to judge yet another model."""


def alpha_of(look: int, *, budget: float = BUDGET) -> float:
    """Chance of error that one look may spend.

    Args:
        look: Its number; 1 is the first.
        budget: What all looks together may spend, between 0 and 1.

    Returns:
        0.7 of the budget for the first look, 0.3 / ((k - 1) k) of it for look k after that.

    Raises:
        ValueError: A look before the first, or a budget that is not strictly between 0 and 1.
    """
    _check(look, budget, first=1)
    return budget * (FIRST_SHARE if look == 1 else (1.0 - FIRST_SHARE) / ((look - 1) * look))


def confidence_of(look: int, *, budget: float = BUDGET) -> float:
    """Coverage of each one-sided bound that a look shows: what `alpha_of` leaves of 1.

    Raises:
        ValueError: As in `alpha_of`.
    """
    return 1.0 - alpha_of(look, budget=budget)


def spent(looks: int, *, budget: float = BUDGET) -> float:
    """What the first so many looks have spent together; 0.0 before the first.

    Raises:
        ValueError: A negative count, or a budget that is not strictly between 0 and 1.
    """
    _check(looks, budget, first=0)
    return budget * (1.0 - (1.0 - FIRST_SHARE) / looks) if looks else 0.0


def times_seen(examples: Sequence[str], earlier: Iterable[Iterable[str]]) -> int:
    """How often at least half of some examples were looked at before.

    Args:
        examples: What a look is at, each once.
        earlier: What each look before it was at.

    Returns:
        The largest number that at least half of the examples reach; 0 where there is no example.
    """
    if not examples:
        return 0
    seen = Counter(name for look in earlier for name in set(look))
    return sorted((seen[name] for name in examples), reverse=True)[(len(examples) - 1) // 2]


def _check(look: int, budget: float, *, first: int) -> None:
    if look < first:
        raise ValueError(f"a look is counted from {first}")
    if not (0.0 < budget < 1.0 and math.isfinite(budget)):
        raise ValueError("budget must lie strictly between 0 and 1")
