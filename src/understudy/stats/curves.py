"""Learning curves: from right and wrong answers by training size to what more examples would bring."""

import math
from collections.abc import Sequence

import numpy as np

from understudy.domain.learning import Behaviour, Forecast, LabelsNeeded, LearningCurve
from understudy.stats.curve_behaviour import behaviour_of
from understudy.stats.curve_fan import Fan, fan_of
from understudy.stats.scores import Array, Scores

LEVELS = (0.1, 0.9)
"""Parts of the fan between which every interval lies, so that it holds what it is about 80 times in 100."""
STEPS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Where the forecast is told, in units of the examples there are."""
FARTHEST = 20.0
"""Beyond so many times the examples there are nothing is foretold: it counts as never."""


def fit_curve(
    scores: Scores, *, examples: int, names: Sequence[str], target: float | None, rng: np.random.Generator
) -> LearningCurve:
    """Says what the training examples say about more of them.

    Args:
        scores: As measured, at least two sizes.
        examples: Training examples there are.
        names: Name of each label, by its number in `scores.labels`.
        target: Share right that is aimed at, strictly between 0 and 1, or None.
        rng: Decides the draws.

    Raises:
        ValueError: The target is out of range.
    """
    if target is not None and not 0.0 < target < 1.0:
        raise ValueError("a target lies strictly between 0 and 1")
    points = scores.points()
    if len(points) < 2:
        return LearningCurve(points, Behaviour.TOO_SHORT, (), None, ())
    fan = fan_of(scores, rng=rng)
    behaviour = behaviour_of(scores, fan, examples=examples)
    if behaviour in {Behaviour.ILL, Behaviour.TOO_SHORT}:
        return LearningCurve(points, behaviour, (), None, ())
    needed = None if target is None else labels_needed(fan, target, examples=examples)
    steps = sorted({round(examples * step) for step in STEPS} | _on_the_way(needed, examples))
    return LearningCurve(points, behaviour, forecasts(fan, steps), needed, _by_label(scores, examples, names, rng))


def forecasts(fan: Fan, sizes: Sequence[int]) -> tuple[Forecast, ...]:
    """Accuracy to be expected with so many examples, each with its interval."""
    levels = (0.5, *LEVELS)
    middle, lower, upper = np.quantile(fan.accuracy(np.asarray(sizes, np.float64)), levels, axis=0)
    rows = zip(sizes, middle, lower, upper, strict=True)
    return tuple(Forecast(int(size), float(mid), float(low), float(high)) for size, mid, low, high in rows)


def labels_needed(fan: Fan, target: float, *, examples: int) -> LabelsNeeded:
    """Examples in all that a target will probably take, when there are so many now."""
    needed = fan.needed(target)
    needed = np.where(needed > FARTHEST * examples, np.inf, np.maximum(needed, 1.0))
    lower, middle, upper = (_level(needed, level) for level in (LEVELS[0], 0.5, LEVELS[1]))
    farthest = math.ceil(FARTHEST * examples)
    return LabelsNeeded(target, _whole(middle), _whole(lower) or farthest, _whole(upper))


def _level(needed: Array, level: float) -> float:
    """A quantile that is one of the draws, since half of infinity is no number."""
    return float(np.quantile(needed, level, method="inverted_cdf"))


def _whole(examples: float) -> int | None:
    return None if math.isinf(examples) else math.ceil(examples)


def _on_the_way(needed: LabelsNeeded | None, examples: int) -> set[int]:
    """Where the target would be reached, unless a round at most doubles what there is before that."""
    if needed is None or needed.examples is None or needed.examples <= examples:
        return set()
    return {min(needed.examples, 2 * examples)}


def _by_label(
    scores: Scores, examples: int, names: Sequence[str], rng: np.random.Generator
) -> tuple[tuple[str, float, float], ...]:
    """Recall with all examples, and with twice as many, of every label that was scored at every size."""
    rows = []
    for label, name in enumerate(names):
        own = scores.of_label(label)
        if own is not None:
            now, twice = np.median(fan_of(own, rng=rng).accuracy([examples, 2 * examples]), axis=0)
            rows.append((name, float(now), float(max(twice, now))))
    return tuple(rows)
