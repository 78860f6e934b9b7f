"""The scale of numbers: members tell them in deviations from their mean, and people in a unit of their own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import Task, number_in, number_text

Numbers = npt.NDArray[np.float64]

ROUNDING: Final = 0.5
"""Tolerance below which a number that is always whole is answered as a whole one."""
DIGITS: Final = 6
"""Significant digits that an answer has at least."""
FINE: Final = 2
"""Digits by which an answer is finer than the tolerance and the numbers' deviation."""


@dataclass(frozen=True)
class Scale:
    """From deviations to numbers as they are answered, in 64 bits: 32 tell moments apart only by minutes.

    Attributes:
        task: With the tolerance within which a number is right.
        level: Mean of the training numbers.
        unit: Their deviation, above 0.
        whole: They were always whole.
    """

    task: Task
    level: float
    unit: float
    whole: bool

    @property
    def rounds(self) -> bool:
        """Whether numbers are answered as whole ones."""
        return self.whole and self.task.tolerance < ROUNDING

    @property
    def tolerance(self) -> float:
        """How far off a number may be and still be right, in deviations."""
        return (max(self.task.tolerance, ROUNDING) if self.rounds else self.task.tolerance) / self.unit

    def text(self, said: float) -> str:
        """A number as it is answered and kept."""
        value = said * self.unit + self.level
        return number_text(round(value) if self.rounds else self._shortened(value))

    def between(self, low: float, high: float) -> tuple[float, float]:
        """An interval, of as many digits as an answer."""
        return self._shortened(low * self.unit + self.level), self._shortened(high * self.unit + self.level)

    def right(self, said: Numbers, truth: Numbers) -> npt.NDArray[np.bool_]:
        """Whether numbers are right as `Task.right` says it of numbers as they are kept, (n,).

        Args:
            said: In deviations, (n,).
            truth: In their own unit, (n,).
        """
        kept = np.array([number_in(self.text(float(each))) for each in said], np.float64)
        return np.asarray(np.abs(kept - truth) <= self.task.allowed)

    def to_json(self) -> dict[str, Any]:
        """All of it but the task, ready for JSON."""
        return {"level": self.level, "unit": self.unit, "whole": self.whole}

    @classmethod
    def from_json(cls, task: Task, given: Mapping[str, Any]) -> "Scale":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        return cls(task, float(given["level"]), float(given["unit"]), bool(given["whole"]))

    def _shortened(self, value: float) -> float:
        finest = min(self.unit, self.task.tolerance or self.unit)
        enough = max(FINE - _place(finest), DIGITS - 1 - _place(value) if value else 0)
        return round(value, enough)


def _place(number: float) -> int:
    """Of the first significant digit: 0 of units, 2 of hundreds, -1 of tenths."""
    return math.floor(math.log10(abs(number)))
