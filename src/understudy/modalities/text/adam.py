"""Adam with decoupled weight decay: descends along slopes, each number by its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

FIRST, SECOND = 0.9, 0.999
"""What is kept of the mean slope, and of the mean squared slope, at each step."""
DECAY: Final = 0.01
_TINIEST: Final = 1e-8


@dataclass
class Adam:
    """Changes arrays in place.

    Attributes:
        arrays: By name.
        rates: How far each number of an array moves in a step, at most about.

    Source:
        Loshchilov & Hutter, Decoupled weight decay regularization, ICLR 2019.
    """

    arrays: Mapping[str, Array]
    rates: Mapping[str, float]
    _firsts: dict[str, Array] = field(default_factory=dict, init=False)
    _seconds: dict[str, Array] = field(default_factory=dict, init=False)
    _steps: int = field(default=0, init=False)

    def step(self, slopes: Mapping[str, Array], share: float) -> None:
        """Moves every array against its slope.

        Args:
            slopes: How the loss grows with each number of each array.
            share: Of the rates.
        """
        self._steps += 1
        # What is kept are sums; one factor for all numbers makes them means.
        mean, square = ((1 - kept) / (1 - kept**self._steps) for kept in (FIRST, SECOND))
        for name, slope in slopes.items():
            array, rate = self.arrays[name], self.rates[name] * share
            if name not in self._firsts:
                self._firsts[name], self._seconds[name] = slope.copy(), np.square(slope)
            else:
                self._firsts[name] *= np.float32(FIRST)
                self._firsts[name] += slope
                self._seconds[name] *= np.float32(SECOND)
                self._seconds[name] += np.square(slope)
            # In place: arrays of millions of numbers take longer to come by than to reckon with.
            root = np.sqrt(self._seconds[name])
            root += np.float32(_TINIEST / np.sqrt(square))
            move = np.divide(self._firsts[name], root, out=root)
            move *= np.float32(rate * mean / np.sqrt(square))
            array *= np.float32(1 - rate * DECAY)
            array -= move
