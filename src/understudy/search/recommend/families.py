"""Families of candidates: what each learns, and with which settings it is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.search.recommend.factors import factors
from understudy.search.recommend.links import autoencoder, evened, following, neighbours
from understudy.search.recommend.log import Log, Sparse
from understudy.search.recommend.rankers import Described, Factored, Linked, Popular, Ranker, Weighing


@dataclass(frozen=True)
class Material:
    """What a candidate learns from.

    Attributes:
        log: What people took.
        words: Of items, (width, words), or None where nothing is known of them.
        timed: The order of events means something.
        rated: Some events are not liked.
        seed: For candidates in which chance plays a part.
    """

    log: Log
    words: Sparse | None
    timed: bool
    rated: bool
    seed: int

    @property
    def traits(self) -> frozenset[str]:
        """What is so of it: "timed", "rated", "described"."""
        said = {"timed": self.timed, "rated": self.rated, "described": self.words is not None}
        return frozenset(trait for trait, so in said.items() if so)


Setting = Mapping[str, float | None]


@dataclass(frozen=True)
class Axis:
    """One thing that a family may vary.

    Attributes:
        name: Of the setting.
        words: For people, with "{}" for the value.
        start: Where to begin.
        others: What to try besides, in this order; each from the best found so far.
        needs: What must be so of the material for the axis to matter, or empty; without it, `idle` holds.
        idle: The value where it does not matter.
    """

    name: str
    words: str
    start: float | None
    others: tuple[float | None, ...]
    needs: str = ""
    idle: float | None = None


@dataclass(frozen=True)
class Family:
    """Candidates of one kind; the best of them joins the mixture.

    Attributes:
        name: For people.
        fit: Learns under a setting.
        axes: What can be set.
        needs: What must be so of the material for the family to make sense, or empty.
    """

    name: str
    fit: Callable[[Material, Setting], Ranker]
    axes: tuple[Axis, ...]
    needs: str = ""

    def start(self, traits: frozenset[str]) -> dict[str, float | None]:
        """The setting to begin with."""
        return {axis.name: axis.start if _matters(axis.needs, traits) else axis.idle for axis in self.axes}

    def steps(self, traits: frozenset[str]) -> tuple[tuple[str, float | None], ...]:
        """What to change from the best setting so far, one at a time."""
        axes = [axis for axis in self.axes if _matters(axis.needs, traits)]
        return tuple((axis.name, other) for axis in axes for other in axis.others)

    def named(self, setting: Setting) -> str:
        """A candidate's name for people."""
        said = [axis.words.format(setting[axis.name]) for axis in self.axes if setting[axis.name] is not None]
        return ", ".join([self.name, *said])


def _matters(needs: str, traits: frozenset[str]) -> bool:
    return not needs or needs in traits


def _weighing(setting: Setting) -> Weighing:
    return Weighing(_number(setting, "disliked"), setting.get("half_life"))


def _number(setting: Setting, name: str) -> float:
    value = setting[name]
    if value is None:
        raise ValueError(f"{name} has no value")
    return float(value)


def _popular(material: Material, setting: Setting) -> Popular:
    """Counts who took an item; with a half-life, as a share of the time covered, recent events count more."""
    log = material.log
    weight = np.where(log.liked, 1.0, _number(setting, "disliked"))
    known = log.when[np.isfinite(log.when)]
    half_life = setting["recent"]
    if half_life is not None and len(known) and known.max() > known.min():
        age = (known.max() - np.nan_to_num(log.when, nan=known.min())) / (known.max() - known.min())
        weight = weight * 0.5 ** (age / half_life)
    counted = np.bincount(log.item, weights=weight, minlength=log.width)
    return Popular(np.log1p(counted).astype(np.float32))


def _near(material: Material, setting: Setting) -> Linked:
    weighing = _weighing(setting)
    matrix = evened(material.log.matrix(disliked=weighing.disliked), _number(setting, "even"))
    return Linked(neighbours(matrix, lean=_number(setting, "lean"), shrink=_number(setting, "shrink")), weighing)


def _follows(material: Material, setting: Setting) -> Linked:
    lean, shrink = _number(setting, "lean"), _number(setting, "shrink")
    links = following(material.log, window=int(_number(setting, "window")), lean=lean, shrink=shrink)
    return Linked(links, _weighing(setting))


def _rebuilt(material: Material, setting: Setting) -> Linked:
    weighing = _weighing(setting)
    matrix = material.log.matrix(disliked=weighing.disliked)
    penalty, dropout = _number(setting, "penalty"), _number(setting, "dropout")
    return Linked(autoencoder(matrix, penalty=penalty, dropout=dropout), weighing)


def _pointed(material: Material, setting: Setting) -> Factored:
    weighing = _weighing(setting)
    matrix = material.log.matrix(disliked=weighing.disliked)
    regular, unseen = _number(setting, "regular"), _number(setting, "unseen")
    rng = np.random.default_rng(material.seed)
    depth = int(_number(setting, "depth"))
    points = factors(matrix, rng, depth=depth, regular=regular, unseen=unseen, power=1.0, rounds=ROUNDS)
    return Factored(points, regular, unseen, 1.0, weighing)


def _described(material: Material, setting: Setting) -> Described:
    if material.words is None:
        raise ValueError("nothing is known of the items")
    return Described(material.words, _weighing(setting))


ROUNDS: Final = 8
"""Turns of alternating least squares."""
_DISLIKED: Final = Axis("disliked", "{:g} for what was not liked", 0.3, (1.0, 0.0), "rated", 1.0)
_FADING: Final = Axis("half_life", "fading by half in {:g} events", 3.0, (None, 10.0), "timed")

FAMILIES: Final = (
    Family(
        "popular", _popular, (_DISLIKED, Axis("recent", "recent {:.0%} of the time", 0.1, (None, 0.5, 0.03), "timed"))
    ),
    Family(
        "nearest neighbours",
        _near,
        (
            _FADING,
            _DISLIKED,
            Axis("lean", "lean {:g}", 0.5, (0.3, 0.7)),
            Axis("shrink", "shrunk by {:g}", 10.0, (3.0, 30.0)),
            Axis("even", "people evened by {:g}", 0.0, (0.5,)),
        ),
    ),
    Family(
        "linear autoencoder",
        _rebuilt,
        (
            Axis("penalty", "penalty {:g}", 100.0, (25.0, 400.0, 6.0)),
            _FADING,
            _DISLIKED,
            Axis("dropout", "dropout {:g}", 0.5, (0.3, 0.7)),
        ),
    ),
    Family(
        "factorisation",
        _pointed,
        (
            Axis("regular", "penalty {:g}", 0.01, (0.03, 0.003)),
            Axis("depth", "{:g} factors", 32.0, (8.0, 64.0)),
            Axis("unseen", "{:g} for what was not taken", 0.1, (0.03, 0.3)),
            _FADING,
            _DISLIKED,
        ),
    ),
    Family(
        "what follows what",
        _follows,
        (
            Axis("window", "up to {:g} events on", 5.0, (20.0,)),
            Axis("half_life", "fading by half in {:g} events", 20.0, (3.0, 1.0), "timed"),
            Axis("lean", "lean {:g}", 0.5, (0.3, 0.7)),
            Axis("shrink", "shrunk by {:g}", 10.0, (2.0,)),
            _DISLIKED,
        ),
        "timed",
    ),
    Family("likeness of descriptions", _described, (_FADING, _DISLIKED), "described"),
)
"""All of them, in the order in which they are tried."""
