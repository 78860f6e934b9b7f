"""How far off numbers may be: quantiles of how far off held-out ones were, in units of how hard each seemed."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

STEPS: Final = 1_001
"""Quantiles that are kept of how far off answers were."""
OUTSIDE: Final = 0.1
"""Share of truths that lie beyond an interval on either side."""
BEYOND: Final = 1.5
"""As many times the farthest that was seen counts as the next one may be off."""


@dataclass(frozen=True)
class Margins:
    """How far off answers are, in units of how hard each seems.

    Attributes:
        sides: How far to either side of an answer the truth lies with 80%, below and above.
        far: Quantiles of how far off answers were, at equal steps from 0 to 1.
        most: The largest probability of being near enough that so few answers bear out, below 1.
    """

    sides: tuple[float, float]
    far: Numbers
    most: float

    @classmethod
    def of(cls, gaps: Numbers, hardness: Numbers) -> "Margins":
        """Learns them.

        Args:
            gaps: Truths less what was answered, of examples that were held out, (n,).
            hardness: How hard each seemed, above 0, (n,).

        Source:
            Papadopoulos et al., Normalized nonconformity measures for regression conformal prediction (2008).
        """
        scaled = np.sort(gaps / hardness)
        # One more answer, as far off as any and further, keeps few examples from promising certainty.
        far = np.abs(scaled)
        far = np.append(far, far.max() * BEYOND + 1e-9)
        sides = -_reached(-scaled[::-1]), _reached(scaled)
        steps = np.quantile(far, np.linspace(0, 1, STEPS))
        return cls((min(sides[0], 0.0), max(sides[1], 0.0)), steps, 1 - 0.5 / len(far))

    def intervals(self, said: Numbers, hardness: Numbers) -> Numbers:
        """Between which numbers the truth lies with 80%, (n, 2)."""
        return np.stack([said + self.sides[0] * hardness, said + self.sides[1] * hardness], axis=1)

    def within(self, tolerance: float, hardness: Numbers) -> Numbers:
        """Probability that answers are at most so far off, (n,)."""
        reached = np.interp(tolerance / hardness, self.far, np.linspace(0, 1, len(self.far)), left=0.0)
        return np.asarray(np.minimum(reached, self.most))

    def to_json(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {"sides": list(self.sides), "far": self.far.tolist(), "most": self.most}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Margins":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        low, high = given["sides"]
        return cls((float(low), float(high)), np.array(given["far"], np.float64), float(given["most"]))


def _reached(rising: Numbers) -> float:
    """Which of these the next one stays below with 90%, were it drawn as they were; beyond all where they are few."""
    place = int(np.ceil((len(rising) + 1) * (1 - OUTSIDE)))
    return float(rising[place - 1]) if place <= len(rising) else float(abs(rising[-1]) * BEYOND)
