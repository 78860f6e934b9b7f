"""`understudy synthesise`: make examples up, and measure what they bring."""

from pathlib import Path
from typing import Any

import click

from understudy.cli.amounts import Amount
from understudy.cli.terminal import Teller, command_line, opened, say, stoppable
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.modalities.nouns import noun_of
from understudy.studio.examples.synthesising import Recipe, synthesise
from understudy.studio.training.synthetic_worth import measure_worth
from understudy.studio.user import whoami
from understudy.studio.words.phrases import number
from understudy.studio.workspace import Workspace

MOST = 1_000_000


@click.command("synthesise", short_help="Make examples up, and measure what they bring.")
@click.argument("project")
@click.option("--count", type=click.IntRange(1, MOST), default=200, metavar="NUMBER", help="How many. [default: 200]")
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of texts and speech: lines such as 'refund: I want my {money|cash} back'; a “+” before a new label.",
)
@click.option("--language", default="en", metavar="CODE", help="Of speech, as espeak-ng names it. [default: en]")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, metavar="NUMBER", help="Which ones. [default: 0]")
@click.option(
    "--measure",
    is_flag=True,
    help="Make none up; say what those that are there bring, by training with and without them.",
)
@click.option(
    "--minutes",
    type=Amount(min=0, min_open=True),
    metavar="MINUTES",
    help="Time for each training with --measure. [default: no limit]",
)
@click.pass_context
def command(context: click.Context, /, project: str, *, measure: bool, minutes: float | None, **recipe: Any) -> None:
    """Make examples of PROJECT up: rows like its real ones, texts from templates, or templates that are spoken.

    They are marked as synthetic. A model may learn from them; they are never sealed, and nothing is judged by them.
    With --measure, two models are trained, with and without them, and asked about the same real examples.
    """
    stopped = stoppable("Nothing was added by halves.", "To go on, give the same command again.")
    with opened(context) as workspace, stopped:
        if measure:
            _measure(workspace, project, recipe["seed"], Budget(seconds=None if minutes is None else 60 * minutes))
            return
        with Teller().showing() as teller:
            told = teller.counting("Making examples up")
            made = synthesise(workspace, project, Recipe(**recipe), by=whoami(), progress=told)
        noun = noun_of(workspace.ledger.project(project).task.modality)
        say(f"{number(made.new)} synthetic {noun.one if made.new == 1 else noun.many} added to {project}.")
        if made.forgotten:
            were = "it was" if made.forgotten == 1 else "they were"
            say(f"{number(made.forgotten)} left out, as {were} forgotten before; another --seed may make others.")
        if made.set_aside:
            are, them = ("is", "it") if made.set_aside == 1 else ("are", "them")
            aside = f"{number(made.set_aside)} of them {are} set aside, and nothing learns from {them}"
            say(f"{aside}: too like a sealed {noun.one}, or with two labels.")
        if made.made < recipe["count"]:
            ones = "different one" if made.made == 1 else "different ones"
            say(f"Only {number(made.made)} {ones} came of it; you asked for {number(recipe['count'])}.")
        say(f"What they bring: {command_line(f'synthesise {project} --measure')}")


def _measure(workspace: Workspace, project: str, seed: int, budget: Budget) -> None:
    with Teller().showing() as teller:
        executor = LocalExecutor(on_stop=teller.stopping)
        worth = measure_worth(workspace, project, seed=seed, budget=budget, executor=executor, on_progress=teller)
    say(f"Synthetic examples bring {worth}.")
    if not worth.gains:
        say(f"To take them out again: {command_line(f'forget {project} --made-up')}")
