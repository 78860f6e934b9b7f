"""Options that several commands share."""

import functools
from collections.abc import Callable
from typing import Any

import click

from understudy.cli.amounts import Amount
from understudy.domain.trial import Budget
from understudy.studio.gathering import Reading
from understudy.studio.training import LARGEST_SEED, Order

Command = Callable[..., Any]


def reading_options(command: Command) -> Command:
    """How a source is to be read; the command receives one `reading`."""

    @click.option(
        "--group",
        metavar="RULE",
        help="What belongs together and is never split: folder, column:NAME, or name:PATTERN with one (...) in it.",
    )
    @click.option("--path-column", metavar="NAME", help="The column of a table that names the photo.")
    @click.option("--label-column", metavar="NAME", help="The column of a table that says what it shows.")
    @functools.wraps(command)
    def with_reading(
        *arguments: Any, group: str | None, path_column: str | None, label_column: str | None, **options: Any
    ) -> Any:
        return command(*arguments, reading=Reading(group, path_column, label_column), **options)

    return with_reading


def sealed_share_option(command: Command) -> Command:
    """How much of a new project is sealed."""
    return click.option(
        "--sealed-share",
        type=Amount(0.0, 0.9),
        metavar="SHARE",
        help="Share of the photos that a new project keeps for judging. [default: 0.25]",
    )(command)


def order_options(command: Command) -> Command:
    """How to train; the command receives one `order`."""

    @click.option(
        "--minutes", type=Amount(min=0, min_open=True), metavar="MINUTES", help="Time for training. [default: no limit]"
    )
    @click.option("--trials", type=click.IntRange(min=1), metavar="COUNT", help="Candidates to try. [default: all]")
    @click.option(
        "--memory", type=Amount(min=0.1), metavar="GB", help="Memory that training may use. [default: no limit]"
    )
    @click.option(
        "--seed",
        type=click.IntRange(0, LARGEST_SEED),
        default=0,
        metavar="NUMBER",
        help="Same seed, photos and trials: same model, byte for byte. [default: 0]",
    )
    @click.option("--extractor", metavar="FILE|HUB-ID", help="Another ONNX feature extractor, by file or hub id.")
    @click.option("--resume", is_flag=True, help="Go on where the last run ended.")
    @functools.wraps(command)
    def with_order(
        *arguments: Any,
        minutes: float | None,
        trials: int | None,
        memory: float | None,
        seed: int,
        extractor: str | None,
        resume: bool,
        **options: Any,
    ) -> Any:
        budget = Budget(
            seconds=None if minutes is None else minutes * 60,
            trials=trials,
            memory_bytes=None if memory is None else int(memory * 1e9),
        )
        return command(*arguments, order=Order(budget, seed, extractor, resume), **options)

    return with_order
