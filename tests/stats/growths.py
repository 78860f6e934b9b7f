"""Right and wrong answers as a learner of known growth would give them."""

from collections.abc import Callable

import numpy as np

from understudy.stats.scores import Array, Scores

SIZES = (12.0, 17.0, 24.0, 34.0, 48.0, 68.0, 96.0, 136.0)


def grown(
    error: Callable[[Array], Array],
    *,
    examples: int = 400,
    models: int = 8,
    sizes: tuple[float, ...] = SIZES,
    labels: int = 1,
    group: int = 1,
    seed: int = 0,
) -> Scores:
    """Scores of `examples` of which some are harder than others, each answered by a few models of every size."""
    rng = np.random.default_rng(seed)
    at = np.array(sizes)
    hardness = np.repeat(rng.beta(2, 2, -(-examples // group)), group)[:examples] * 2
    chance = np.clip(error(at)[:, None] * hardness, 0, 1)
    right = 1 - rng.binomial(models, chance) / models
    spread = np.full(len(at), 0.02)
    return Scores(at, right, spread, models * 5, np.arange(examples) // group, np.arange(examples) % labels)


def power(scale: float, slope: float, floor: float = 0.0) -> Callable[[Array], Array]:
    """An error that falls by a power law."""
    return lambda n: np.asarray(floor + scale * n**-slope)
