"""Numbers that options take."""

import math
import re
from typing import Any

import click

DEFAULT_PORT = 8700
"""Where the pages are, unless told otherwise."""


_BELOW_ZERO = re.compile(r"-\.?\d[\d.,]*%?")


class Amount(click.FloatRange):
    """A number in a range; neither infinite nor none at all."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Reads it, or says why it cannot be."""
        try:
            float(value)
        except (TypeError, ValueError):
            self.fail(
                f"“{value}” is no number. Write one such as 2 or 0.5, with a point before the fraction.", param, ctx
            )
        amount = float(super().convert(value, param, ctx))
        if not math.isfinite(amount):
            self.fail(f"{value} is not a number to reckon with.", param, ctx)
        return amount


class NumbersBelowZero(click.Command):
    """A command that takes “-5” for a number where an option would stand; none of its options is called so."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads what was given, numbers below zero last."""
        if "--" in args:
            return super().parse_args(ctx, args)
        below = [each for each in args if _BELOW_ZERO.fullmatch(each)]
        others = [each for each in args if each not in below]
        return super().parse_args(ctx, [*others, "--", *below] if below else args)


class Weight(click.ParamType[tuple[str, float]]):
    """A label with a number, as LABEL=NUMBER; a label may hold “=” itself."""

    name = "label=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Reads it, or says why it cannot be."""
        if isinstance(value, tuple):
            return value
        label, equals, amount = str(value).rpartition("=")
        if not equals or not label.strip():
            self.fail(f"“{value}” names no label and number. Write one such as fraud=5.", param, ctx)
        return label.strip(), Amount().convert(amount.strip(), param, ctx)
