"""`understudy review`: what the sealed photos showed."""

import click

from understudy.cli.telling import say_verdict
from understudy.cli.terminal import opened
from understudy.cli.train import judge_model
from understudy.serving.model import NotTrainedYet


@click.command("review", short_help="Say what the sealed photos showed about a project's model.")
@click.argument("project")
@click.option("--again", is_flag=True, help="Open the sealed photos once more, which counts as another look.")
@click.pass_context
def command(context: click.Context, project: str, *, again: bool) -> None:
    """Say what the sealed photos showed about a project's model.

    A model that was judged already is not judged anew unless you ask for it: each look at the sealed photos makes
    luck likelier, so looks are counted.
    """
    with opened(context) as workspace:
        known = workspace.ledger.project(project)
        record = workspace.ledger.latest_model(project)
        if record is None:
            raise NotTrainedYet.named(project)
        judgement = workspace.ledger.latest_judgement(project)
        if again or judgement is None or judgement.model != record.version:
            judge_model(workspace, known, record)
        else:
            say_verdict(workspace, known, judgement)
