"""What the finished mixture said about training examples while they were held out: how sure, and whether rightly.

A review decides by it in which order it tests thresholds, so that no sealed example has a say in that. Where times are
known it also learns from it how the model fares with what is later than all it learned from, which no sealed example
tells: they are of all times.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.domain.evidence import Stretch
from understudy.search.rows import Indices

MOST = 5_000
"""Examples that are kept; of more, ones at equal distances in the order of sureness."""
DECIMALS = 4


@dataclass(frozen=True)
class OutOfFold:
    """Held-out answers on training examples, surest first; empty where nothing could be held out.

    Attributes:
        stated: Probability of each answer, 0..1, rounded down to four decimals.
        right: Whether it was right.
        later: The same by stretches of time, where each was judged by what came before it; else empty.
    """

    stated: tuple[float, ...] = ()
    right: tuple[bool, ...] = ()
    later: tuple[Stretch, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "stated": list(self.stated),
            "right": "".join("1" if each else "0" for each in self.right),
            **({"later": [[each.learned, each.right, each.count] for each in self.later]} if self.later else {}),
        }

    @classmethod
    def from_json(cls, given: dict[str, Any] | None) -> "OutOfFold":
        """Reads what `to_json` wrote; None, as of an older file, is empty.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        if given is None:
            return cls()
        stated = tuple(float(value) for value in given["stated"])
        right = tuple(bool(int(sign)) for sign in given["right"])
        if len(stated) != len(right):
            raise ValueError("stated and right differ in length")
        later = (Stretch(float(learned), int(hits), int(count)) for learned, hits, count in given.get("later", ()))
        return cls(stated, right, tuple(later))


def out_of_fold(given: npt.NDArray[np.float64], labels: Indices, rows: Indices) -> OutOfFold:
    """Sums up held-out answers; an example that was held out several times counts once, with its mean answer.

    Args:
        given: Held-out probabilities of the calibrated mixture, (m, k).
        labels: True label of each row, (m,).
        rows: Which example each row belongs to, (m,).
    """
    examples, place = np.unique(rows, return_inverse=True)
    total = np.zeros((len(examples), given.shape[1]))
    np.add.at(total, place, given)
    mean = total / np.bincount(place)[:, None]
    truth = np.zeros(len(examples), np.int64)
    truth[place] = labels
    return summed_up(mean.max(axis=1), mean.argmax(axis=1) == truth)


def summed_up(
    stated: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], *, stretches: Sequence[tuple[float, Indices]] = ()
) -> OutOfFold:
    """How sure held-out answers were and whether rightly, surest first; nothing is left of which example it was.

    Args:
        stated: Probability of each answer, (n,), 0..1; each of another example.
        right: Whether it was right, (n,).
        stretches: Places of the answers on each stretch of time, with the share of all examples that was learned from,
            all of them earlier; empty where time does not count.
    """
    order = np.lexsort((right, -stated))
    if len(order) > MOST:
        order = order[np.linspace(0, len(order) - 1, MOST).astype(np.int64)]
    scale = 10**DECIMALS
    shown = tuple(math.floor(float(stated[each]) * scale) / scale for each in order)
    later = tuple(
        Stretch(round(learned, DECIMALS), int(right[places].sum()), len(places))
        for learned, places in stretches
        if len(places)
    )
    return OutOfFold(shown, tuple(bool(right[each]) for each in order), later)
