"""Shares as a review tells them: of a hundred, or in two figures."""

import math

from understudy.studio.words.phrases import number


def in_hundred(share: float) -> str:
    """A share that was promised or assumed, as people count: "2 in 100", "5 in 1,000"; never rounded down."""
    for of in (100, 1000, 10_000):
        if abs(share * of - round(share * of)) < 1e-9:
            return f"{number(round(share * of))} in {number(of)}"
    step = 10.0 ** (math.floor(math.log10(share)) - 1)
    return f"{_two_figures(math.ceil(share / step) * step * 100)} in 100"


def rough_percent(share: float) -> str:
    """A share in at most two figures; all of it is 100%."""
    return f"{_two_figures(share * 100)}%"


def _two_figures(value: float) -> str:
    """At most two figures, never with an exponent up to a hundred."""
    return f"{value:.0f}" if value >= 99.5 else f"{value:.2g}"
