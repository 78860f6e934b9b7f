"""`understudy promote`: give a model a stage, if the evidence allows it or somebody answers for it by name."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from understudy.cli.later import later
from understudy.domain.brief import BadBrief
from understudy.domain.stage import Stage
from understudy.studio.words.figures import read_share

REFUSED = 3
"""Exit status where the evidence does not allow it."""
STAGES = [Stage.SHADOW.value, Stage.CANARY.value, Stage.LIVE.value]


class Share(click.ParamType[float]):
    """A share as people write it: 10%, 0.1 or "1 in 10"."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Reads it, or says why it cannot be."""
        if isinstance(value, float):
            return value
        try:
            return read_share(str(value), "share")
        except BadBrief as error:
            self.fail(f"{error.fact} {error.remedy}", param, ctx)


@dataclass(frozen=True)
class Wish:
    """What is asked for besides the stage.

    Attributes:
        share: Of the requests, for a canary, or None for the usual one.
        model: The first letters of its version, or None for the usual one.
        reason: Why, or None to be asked.
        by: Who asks for it, or None for whoever works here.
        override: Do it although the evidence does not allow it.
    """

    share: float | None
    model: str | None
    reason: str | None
    by: str | None
    override: bool


def wish_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is asked for besides the stage; the command receives one `wish`."""

    @click.option("--share", type=Share(), metavar="SHARE", help="For canary: of the requests. [default: 10%]")
    @click.option("--model", metavar="VERSION", help="Its first letters. [default: the one on trial, else the latest]")
    @click.option("--reason", metavar="TEXT", help="Why; asked for if it is not given.")
    @click.option("--by", metavar="NAME", help="Who asks for it. [default: your name on this machine]")
    @click.option("--override", is_flag=True, help="Do it although the evidence does not allow it; shown for ever.")
    @functools.wraps(command)
    def with_wish(
        *arguments: Any,
        share: float | None,
        model: str | None,
        reason: str | None,
        by: str | None,
        override: bool,
        **options: Any,
    ) -> Any:
        return command(*arguments, wish=Wish(share, model, reason, by, override), **options)

    return with_wish


@click.command("promote", short_help="Let a model work in shadow, as canary or live.")
@click.argument("project")
@click.argument("stage", type=click.Choice(STAGES))
@wish_options
@click.option("--json", "plain", is_flag=True, help="What holds from now on, or the refusal, as JSON.")
@click.pass_context
def command(context: click.Context, project: str, stage: str, *, wish: Wish, plain: bool) -> int:
    """Let PROJECT's model work in STAGE: shadow, canary or live.

    In shadow it answers in the dark while people answer. As canary it answers a share of the requests, live all of
    which it is sure enough. Both need a review that says launch, or enough right answers in shadow. What it rests on,
    the greatest loss and the rollback target are said before anything changes.

    Ends with 3 if the evidence does not allow it.
    """
    status: int = later("stages").promote_model(context, project, Stage(stage), wish, plain=plain)
    return status
