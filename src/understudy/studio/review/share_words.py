"""Shares as a review promises and assumes them: of a hundred."""

import math

from understudy.studio.words.phrases import in_figures, number


def in_hundred(share: float) -> str:
    """A share that was promised or assumed, as people count: "2 in 100", "5 in 1,000"; never rounded down."""
    for of in (100, 1000, 10_000):
        if abs(share * of - round(share * of)) < 1e-9:
            return f"{number(round(share * of))} in {number(of)}"
    step = 10.0 ** (math.floor(math.log10(share)) - 1)
    return f"{in_figures(math.ceil(share / step) * step * 100, 2)} in 100"
