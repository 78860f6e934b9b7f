"""The candidates: which there are, in which order they are tried, and which of them a table's size allows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from understudy.search.tables.boosting import Boosting
from understudy.search.tables.fitted import Family
from understudy.search.tables.forest import Forests
from understudy.search.tables.linear import Lines
from understudy.search.tables.network import Networks

FAMILIES: Final[Mapping[str, Family]] = {
    "trees": Boosting(),
    "line": Lines(),
    "network": Networks(),
    "forest": Forests(),
}


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

    @property
    def key(self) -> str:
        """Names exactly what is tried, wherever it stands in a plan."""
        return json.dumps([self.name, self.family, dict(self.setting), self.repeat], sort_keys=True)


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
        directed: The answer may only rise or fall with a column, which boosted trees alone hold to.
    """

    rows: int
    width: int
    classes: int
    thorough: bool
    labels: int = 1
    ahead: bool = False
    directed: bool = False


def _trees(name: str, **setting: Any) -> Candidate:
    return Candidate(f"boosted trees, {name}", "trees", setting)


def _line(name: str, **setting: Any) -> Candidate:
    return Candidate(f"straight line, {name}", "line", setting)


def _network(name: str, **setting: Any) -> Candidate:
    return Candidate(f"network, {name}", "network", setting)


def _forest(name: str, **setting: Any) -> Candidate:
    return Candidate(f"forest, {name}", "forest", setting)


BAGGED: Final = {"bagging_fraction": 0.8, "bagging_freq": 1}
NET: Final = {"width": 128, "bins": 12, "rate": 2e-3, "decay": 2e-2, "steps": 1500, "smoothing": 0.05}

RANDOM = _trees(
    "random splits", learning_rate=0.05, extra_trees=True, num_leaves=48, feature_fraction=0.7, lambda_l2=1.0
)
SMALL = _trees(
    "small", learning_rate=0.05, num_leaves=12, min_data_in_leaf=10, feature_fraction=0.6, lambda_l2=3.0, **BAGGED
)
STUMPS = _trees(
    "tiny", learning_rate=0.08, num_leaves=5, min_data_in_leaf=10, feature_fraction=0.5, lambda_l2=3.0, **BAGGED
)
MEANS = _trees(
    "on means",
    learning_rate=0.05,
    num_leaves=16,
    min_data_in_leaf=10,
    feature_fraction=0.5,
    lambda_l2=3.0,
    native=2,
    meant=2,
    **BAGGED,
)
MIDDLE = _trees(
    "middling", learning_rate=0.05, num_leaves=48, min_data_in_leaf=8, feature_fraction=0.5, lambda_l2=1.0, **BAGGED
)
SIX = _trees(
    "six levels",
    learning_rate=0.05,
    num_leaves=40,
    max_depth=6,
    min_data_in_leaf=5,
    feature_fraction=0.4,
    lambda_l2=5.0,
    **BAGGED,
)
LINES = _trees(
    "with lines in their leaves",
    learning_rate=0.05,
    num_leaves=8,
    min_data_in_leaf=30,
    feature_fraction=0.6,
    linear_tree=True,
    linear_lambda=10.0,
    lambda_l2=3.0,
    **BAGGED,
)
SLOW = _trees(
    "slow", learning_rate=0.025, num_leaves=64, min_data_in_leaf=5, feature_fraction=0.4, lambda_l2=2.0, **BAGGED
)
DEEP = _trees(
    "deep", learning_rate=0.03, num_leaves=160, min_data_in_leaf=3, feature_fraction=0.4, lambda_l2=2.0, **BAGGED
)
QUICK = _trees("quick", learning_rate=0.15, num_leaves=31, feature_fraction=0.7, most=30_000, rounds=100, **BAGGED)
FREE_LINE, LINE, TIGHT_LINE = (
    _line("gently held", penalty=3.0),
    _line("held", penalty=30.0),
    _line("held tight", penalty=100.0),
)
BIN_LINE, TIGHT_BIN_LINE = (
    _line("over bins", penalty=10.0, bins=8),
    _line("over bins, held tight", penalty=100.0, bins=16),
)
SHORT_NET = _network("brief", **NET | {"epochs": 10, "dropout": 0.4})
PLAIN_NET = _network("without bins", **NET | {"epochs": 12, "dropout": 0.3, "bins": 0, "rate": 3e-3})
LONG_NET = _network(
    "long",
    **NET | {"epochs": 60, "steps": 2500, "dropout": 0.05, "bins": 32, "rate": 4e-3, "width": 160, "smoothing": 0.02},
)
RANDOM_FOREST = _forest("best splits", random=False, leaf=2, share=0.4)
EXTRA = _forest("random splits", random=True, leaf=1, share="sqrt")
EXTRA_HELD = _forest("random splits, held", random=True, leaf=3, share=0.5)

FEW: Final = 2_500
"""Rows up to which many small candidates, each on folds drawn anew, are worth more than large ones."""
MANY: Final = 60_000
"""Rows above which one cheap candidate comes first, so that there is something to answer with."""
REPEATS: Final = 4
"""Drawings of the folds for few rows when somebody gives a budget; half as many otherwise."""

FOR_FEW: Final = (
    LINE, RANDOM, SHORT_NET, EXTRA_HELD, SMALL, TIGHT_BIN_LINE, RANDOM_FOREST, TIGHT_LINE, STUMPS, LINES, MEANS,
    PLAIN_NET, FREE_LINE, EXTRA, SIX, BIN_LINE,
)  # fmt: skip
FOR_MORE: Final = (
    LINE, SMALL, MIDDLE, EXTRA, RANDOM, SHORT_NET, SIX, LONG_NET, BIN_LINE, SLOW, MEANS, LINES, RANDOM_FOREST, DEEP,
    PLAIN_NET, STUMPS, EXTRA_HELD, TIGHT_BIN_LINE,
)  # fmt: skip
UNASKED: Final = 9
"""Candidates for more rows when nobody gives a budget."""
COSTLY_CLASSES: Final = 20
"""Labels from which boosting, which grows a tree a label and round, comes after what does not."""


def planned(size: Size) -> tuple[Candidate, ...]:
    """The candidates for a lesson of this size, in the order in which they are tried."""
    every = _planned(size)
    return tuple(each for each in every if _holds(each)) if size.directed else every


def _holds(candidate: Candidate) -> bool:
    return candidate.family == "trees" and not candidate.setting.get("linear_tree")


def _planned(size: Size) -> tuple[Candidate, ...]:
    if size.rows <= FEW:
        repeats = (REPEATS if size.thorough else REPEATS // 2) if size.labels == 1 and not size.ahead else 1
        first = FOR_FEW if size.thorough else FOR_FEW[:12]
        return tuple(replace(each, repeat=repeat) for repeat in range(repeats) for each in first)
    chosen: tuple[Candidate, ...] = FOR_MORE if size.thorough else FOR_MORE[:UNASKED]
    if size.classes * size.labels >= COSTLY_CLASSES:
        chosen = tuple(sorted(chosen, key=lambda each: each.family == "trees"))
    if size.rows > MANY:
        chosen = (QUICK, *(each for each in chosen if each.family == "trees" or each is LINE or each is SHORT_NET))
    repeats = 2 if size.thorough and size.rows <= MANY and not size.ahead else 1
    return tuple(replace(each, repeat=repeat) for repeat in range(repeats) for each in chosen)
