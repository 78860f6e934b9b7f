"""Options that several commands share."""

import functools
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from understudy.cli.amounts import Amount, Weight
from understudy.domain.task import AnswerKind
from understudy.domain.trial import Budget
from understudy.modalities.registry import modality_names
from understudy.studio.collection.reading import Reading
from understudy.studio.training.stakes import Stakes
from understudy.studio.training.training import LARGEST_SEED, Order

Command = Callable[..., Any]


def reading_options(command: Command) -> Command:
    """How a source is to be read; the command receives one `reading`."""

    @click.option(
        "--group",
        metavar="RULE",
        help="What belongs together and is never split: folder, column:NAME, or name:PATTERN with one (...) in it.",
    )
    @click.option("--path-column", metavar="NAME", help="The column of a table that names the file.")
    @click.option(
        "--target",
        "--label-column",
        "label_column",
        metavar="NAME",
        help="The column of a table that is to be predicted: what a photo shows, a price, a topic. Where each label "
        "has a column of 0 and 1: all of these, with commas between.",
    )
    @click.option("--text", "text_column", metavar="NAME", help="The column of a table that holds the texts.")
    @click.option(
        "--time", "time_column", metavar="NAME", help="The column of a table that says when a row came about."
    )
    @click.option("--who", metavar="NAME", help="Of interactions: the column that says whose they are.")
    @click.option("--what", metavar="NAME", help="Of interactions: the column that says what was taken.")
    @click.option("--rating", metavar="NAME", help="Of interactions: the column that says how it was liked.")
    @click.option(
        "--items",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Of interactions: a table that describes the items; may be given several times.",
    )
    @click.option(
        "--as",
        "modality",
        type=click.Choice(modality_names()),
        help="What the source holds. [default: told from its files or columns]",
    )
    @click.option(
        "--answers",
        type=click.Choice([kind.value for kind in AnswerKind]),
        help="What an answer is: one label, several labels, a number. [default: told from the column]",
    )
    @click.option(
        "--tolerance",
        type=Amount(min=0.0),
        metavar="AMOUNT",
        help="How far off a number may be and still count as right. [default: a tenth of what the middle half spans]",
    )
    @click.option("--unit", default="", metavar="TEXT", help="What a number counts, such as € or minutes.")
    @click.option("--query", metavar="SQL", help="What to ask, where the source is the address of a database.")
    @click.option(
        "--synthetic",
        is_flag=True,
        help="The inputs were made up: they may be learned from, and nothing is ever judged by them.",
    )
    @click.option(
        "--relabel",
        is_flag=True,
        help="What the source says of examples that are there counts, in place of what was said before.",
    )
    @functools.wraps(command)
    def with_reading(*arguments: Any, **options: Any) -> Any:
        said = {each.name: options.pop(each.name) for each in fields(Reading)}
        return command(*arguments, reading=Reading(**said), **options)

    return with_reading


def sealed_share_option(command: Command) -> Command:
    """How much of a new project is sealed."""
    return click.option(
        "--sealed-share",
        type=Amount(0.0, 0.9),
        metavar="SHARE",
        help="Share of the examples that a new project keeps for judging. [default: 0.25]",
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
        help="Same steps, seed and trials: same model, byte for byte. [default: 0]",
    )
    @click.option("--extractor", metavar="FILE|HUB-ID", help="Another ONNX feature extractor, by file or hub id.")
    @click.option("--resume", is_flag=True, help="Go on where the last run ended.")
    @click.option(
        "--weigh",
        "weights",
        type=Weight(),
        multiple=True,
        metavar="LABEL=NUMBER",
        help="Of a table: learn from an example of this label as from so many. Again for others. [default: 1]",
    )
    @click.option(
        "--by-costs",
        is_flag=True,
        help="Of a table: answer what costs least by the brief, instead of what is likeliest.",
    )
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
        stakes = Stakes(options.pop("weights"), options.pop("by_costs"))
        order = Order(budget, seed, extractor, resume, stakes)
        return command(*arguments, order=order, **options)

    return with_order
