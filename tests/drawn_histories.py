"""Drawn interactions: people who take items of their taste, to try a pipeline before there are any real ones.

What is drawn is nobody's data and no evidence of anything: examples made of it are marked as synthetic.
"""

import csv
import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

_DAY: Final = 86_400
_BEGIN: Final = 1_700_000_000


@dataclass(frozen=True)
class DrawnInteractions:
    """Tables that were drawn.

    Attributes:
        interactions: CSV with the columns user, item, rating and timestamp.
        items: CSV with the columns item, title and genre.
    """

    interactions: bytes
    items: bytes


def drawn_interactions(
    people: int, items: int, *, seed: int, each: int = 20, tastes: int = 4, purity: float = 0.8
) -> DrawnInteractions:
    """Draws interactions from latent tastes.

    Every item is of one taste and has a popularity that falls as 1 / rank; every person has one taste, and takes items
    of it with the given purity, else any. What is of one's taste is rated 4 or 5, the rest 1 to 4.

    Args:
        people: How many people.
        items: How many items, at least one a taste.
        seed: Same seed, same bytes.
        each: Items a person takes on average; everyone takes at least two.
        tastes: How many tastes.
        purity: Share of what one takes that is of one's taste, 0..1.

    Raises:
        ValueError: There are fewer items than tastes, or a share beyond 0..1.
    """
    if items < tastes or not 0 <= purity <= 1:
        raise ValueError("there is at least one item a taste, and a share lies within 0..1")
    rng = np.random.default_rng(seed)
    kind = np.arange(items) % tastes
    weight = 1.0 / (1 + np.arange(items) // tastes)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["user", "item", "rating", "timestamp"])
    for person in range(people):
        taste = person % tastes
        chance = weight * np.where(kind == taste, purity, 0.0) / weight[kind == taste].sum()
        chance = chance + weight * (1 - purity) / weight.sum()
        count = min(max(2, int(rng.poisson(each))), items)
        count = min(count, int((chance > 0).sum()))
        taken = rng.choice(items, count, replace=False, p=chance / chance.sum())
        when = _BEGIN + np.sort(rng.integers(0, 365 * _DAY, count))
        for item, moment in zip(taken, when, strict=True):
            rating = rng.integers(4, 6) if kind[item] == taste else rng.integers(1, 5)
            table.writerow([f"person {person + 1}", f"item {item + 1}", int(rating), int(moment)])
    return DrawnInteractions(out.getvalue().encode(), _described(kind))


def _described(kind: npt.NDArray[np.int64]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["item", "title", "genre"])
    for item, taste in enumerate(kind):
        table.writerow([f"item {item + 1}", f"Number {item + 1}", f"genre {taste + 1}"])
    return out.getvalue().encode()
