"""The candidates: which there are, in which order they are tried, and which of them a table's size allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from understudy.search.tables.boosting import Boosting
from understudy.search.tables.fitted import Family
from understudy.search.tables.linear import Lines
from understudy.search.tables.network import Networks

FAMILIES: Final[Mapping[str, Family]] = {"trees": Boosting(), "line": Lines(), "network": Networks()}


@dataclass(frozen=True)
class Candidate:
    """One candidate.

    Attributes:
        name: For people.
        family: One of `FAMILIES`.
        setting: What tells it from others of its family.
        repeat: Which drawing of the folds it is tried on; candidates that differ in nothing else are averaged.
    """

    name: str
    family: str
    setting: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 0


@dataclass(frozen=True)
class Size:
    """How large a lesson is.

    Attributes:
        rows: To learn from.
        width: Numbers and codes that candidates see.
        classes: Labels, or 0 for numbers.
        thorough: Somebody gave a budget, so nothing is left out to save time.
        labels: Labels that may be there at once; 1 where there is one answer.
        ahead: Folds look ahead in time.
    """

    rows: int
    width: int
    classes: int
    thorough: bool
    labels: int = 1
    ahead: bool = False


def _trees(name: str, **setting: Any) -> Candidate:
    return Candidate(f"boosted trees, {name}", "trees", setting)


def _line(name: str, **setting: Any) -> Candidate:
    return Candidate(f"straight line, {name}", "line", setting)


def _network(name: str, **setting: Any) -> Candidate:
    return Candidate(f"network, {name}", "network", setting)


BAGGED: Final = {"bagging_fraction": 0.8, "bagging_freq": 1}
FIRST: Final = (
    _trees("random splits", learning_rate=0.05, extra_trees=True, num_leaves=48, feature_fraction=0.7, lambda_l2=1.0),
    _line("gently held", penalty=3.0),
    _trees(
        "small", learning_rate=0.05, num_leaves=12, min_data_in_leaf=10, feature_fraction=0.6, lambda_l2=3.0, **BAGGED
    ),
    _network("wide", width=128, bins=12, rate=2e-3, decay=2e-2, dropout=0.3, epochs=30, steps=1500, smoothing=0.05),
    _line("held tight", penalty=30.0),
    _trees("plain", learning_rate=0.05, num_leaves=31, feature_fraction=0.8, **BAGGED),
    _line("over bins", penalty=10.0, bins=8),
)
"""Those that earn their place on most tables, the best first."""


def planned(size: Size) -> tuple[Candidate, ...]:
    """The candidates for a lesson of this size, in the order in which they are tried."""
    return FIRST
