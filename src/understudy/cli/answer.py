"""`understudy answer`: the queue on a terminal, one question at a time."""

import click

from understudy.cli.later import later
from understudy.domain.opinion import QuestionKind


@click.command("answer", short_help="Answer what waits for people, one by one.")
@click.argument("project")
@click.option(
    "--kind", type=click.Choice([str(kind) for kind in QuestionKind]), help="Only these questions. [default: all]"
)
@click.option("--by", metavar="NAME", help="Who answers. [default: your name on this machine]")
@click.option("--decision", metavar="ID", help="For scripts: answer this decision's question, with --label.")
@click.option(
    "--label", metavar="LABEL", help="With --decision: what you say, a “+” before a new label; empty for “cannot tell”."
)
@click.option(
    "--json", "plain", is_flag=True, help="For scripts: the next question as JSON, taken in hand; no dialogue."
)
@click.pass_context
def command(
    context: click.Context,
    project: str,
    *,
    kind: str | None,
    by: str | None,
    decision: str | None,
    label: str | None,
    plain: bool,
) -> None:
    """Answer what waits for people in PROJECT: requests, checks of a model's answers, and second opinions.

    Each question shows where its picture lies, and the labels by number; labels that hold numbers themselves are typed
    as they stand. Nobody else is offered it meanwhile, and an answer can be taken back for a few seconds.

    Scripts take a question with --json and answer it with --decision, --kind and --label. A label that nobody has used
    is taken for a slip, unless a plus sign stands in front of it.
    """
    kinds = tuple(QuestionKind) if kind is None else (QuestionKind(kind),)
    given = None if decision is None and label is None else (decision, label)
    later("questions").answer(context, project, kinds, by, given=given, plain=plain)
