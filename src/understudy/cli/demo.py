"""`understudy demo`: the whole way on drawn photos of turbine blades."""

import click

from understudy.cli.amounts import DEFAULT_PORT
from understudy.cli.later import later


@click.command("demo", short_help="Draw photos of turbine blades, train, judge, and show the pages.")
@click.option(
    "--serve/--no-serve", "serving", default=True, help="Open the pages afterwards, or end after the verdict."
)
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address of the pages.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=DEFAULT_PORT,
    show_default=True,
    help="Port of the pages; the next free one if it is taken.",
)
@click.pass_context
def command(context: click.Context, host: str, port: int, *, serving: bool) -> None:
    """Draw photos of turbine blades, train on them, judge the model, and show the pages.

    The photos are drawn, so the verdict shows how Understudy works and nothing about real blades. The model is launched
    all the same, by an override that says so. What was drawn and trained before is shown again.
    """
    later("showing").show(context, host, port, serving=serving)
