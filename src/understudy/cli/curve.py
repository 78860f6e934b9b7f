"""`understudy curve`: what more labelled examples would bring."""

from typing import Any

import click

from understudy.cli.promote import Share
from understudy.cli.terminal import Stopped, Teller, command_line, opened, say, stoppable
from understudy.domain.learning import LearningCurve
from understudy.engine.local import LocalExecutor
from understudy.studio.training.learning import CurveStopped, learn_curve, situation_of
from understudy.studio.training.learning_picture import chart_title, line_picture
from understudy.studio.training.learning_words import LearningWords, learning_words, table_rows
from understudy.studio.words.phrases import Noun
from understudy.studio.workspace import Workspace

TO_GO_ON = "To go on, give the same command again."


class _Target(Share):
    """A share that can be aimed at."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Reads it, or says why it cannot be."""
        target = super().convert(value, param, ctx)
        if not 0.0 < target < 1.0:
            self.fail("A target lies between 0% and 100%.", param, ctx)
        return target


@click.command("curve", short_help="Say what more labelled examples would bring.")
@click.argument("project")
@click.option(
    "--target",
    type=_Target(),
    metavar="SHARE",
    help="Share right that is aimed at, such as 95%. [default: the brief's bar]",
)
@click.option("--extractor", metavar="FILE|HUB-ID", help="The extractor that the model was trained with.")
@click.pass_context
def command(context: click.Context, project: str, *, target: float | None, extractor: str | None) -> None:
    """Say what more labelled examples of PROJECT would bring, what they cost, and when to stop.

    The model learns from ever larger parts of the examples and is scored on others. Sealed examples take no part.
    """
    with opened(context) as workspace:
        workspace.ledger.project(project)
        curve = _curve(workspace, project, target, extractor)
        situation = situation_of(workspace.ledger, project, target=target)
    words = learning_words(curve, situation)
    _say_words(words)
    _say_curve(curve, situation.target, situation.things)
    if situation.waiting and not words.stop:
        say(f"Which first: {command_line(f'next {project}')}")


def _curve(workspace: Workspace, project: str, target: float | None, extractor: str | None) -> LearningCurve:
    stopped = stoppable("The curve was not drawn yet.", TO_GO_ON)
    try:
        with stopped, Teller().showing() as teller:
            executor = LocalExecutor(on_stop=lambda: teller.console.print("Stopping."))
            return learn_curve(workspace, project, executor, target=target, extractor=extractor, on_progress=teller)
    except CurveStopped as error:
        raise Stopped(fact=error.fact, reason=error.reason, remedy=error.remedy) from error


def _say_words(words: LearningWords) -> None:
    say(words.headline)
    for each in words.says:
        say(each)
    say(f"Next: {words.next_step}")


def _say_curve(curve: LearningCurve, target: float | None, things: Noun) -> None:
    rows = table_rows(curve)
    if not rows:
        return
    say()
    say(f"{chart_title(curve, target, things)}.")
    head = (things.many, "right", "80 times in 100")
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(3)]
    for drawn, row in zip(["", *line_picture(curve)], [head, *rows], strict=True):
        line = f"  {row[0]:>{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {drawn}"
        say(line.rstrip())
