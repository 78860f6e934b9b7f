"""Figures beside their bars and beside what others have."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.table import table


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        what: What is measured.
        ours: What came out, as it is shown.
        bar: What is asked, as it is shown, or empty.
        ok: Whether it is as asked; None where nothing is.
        beside: What others have, by their name.
    """

    what: str
    ours: str
    bar: str = ""
    ok: bool | None = None
    beside: dict[str, str] = field(default_factory=dict)


def at_most(what: str, figure: float, bar: float, form: str, beside: dict[str, str] | None = None) -> Figure:
    """A figure that must not be larger."""
    return Figure(what, form.format(figure), "≤ " + form.format(bar), figure <= bar, beside or {})


def at_least(what: str, figure: float, bar: float, form: str, beside: dict[str, str] | None = None) -> Figure:
    """A figure that must not be smaller."""
    return Figure(what, form.format(figure), "≥ " + form.format(bar), figure >= bar, beside or {})


def told(what: str, figure: float, form: str, beside: dict[str, str] | None = None) -> Figure:
    """A figure of which nothing is asked."""
    return Figure(what, form.format(figure), beside=beside or {})


def table_of(figures: Sequence[Figure]) -> str:
    """All of them, a column for each that stands beside any."""
    others = list(dict.fromkeys(name for figure in figures for name in figure.beside))
    judged = {True: "ok", False: "MISSED", None: ""}
    rows = [
        [each.what, each.ours, each.bar, judged[each.ok], *(each.beside.get(name, "") for name in others)]
        for each in figures
    ]
    return table(["", "ours", "bar", "", *others], rows)
