"""`understudy label`: say what an example shows, or correct it."""

from pathlib import Path

import click

from understudy.cli.amounts import NumbersBelowZero
from understudy.cli.terminal import command_line, opened, say
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Side
from understudy.studio.collection.labelling import give_label
from understudy.studio.user import whoami
from understudy.studio.words.phrases import name

LIES = {
    Side.TRAIN: "The next training learns from it.",
    Side.SEALED: "It lies in the sealed set, so it counts at the next look.",
    Side.SET_ASIDE: "It stays set aside, for what belongs with it is sealed: nothing learns from it, and it judges "
    "nothing.",
}

LONGEST = 200
"""Letters of a name that are shown: several files in different folders may be called the same."""


class NoLabel(UnderstudyError):
    """Nothing was said."""


@click.command("label", cls=NumbersBelowZero, short_help="Say what an example shows, or correct it.")
@click.argument("project")
@click.argument("example", metavar="NAME", type=click.Path(path_type=Path))
@click.argument("label")
@click.option("--new-labels", is_flag=True, help="A label that nobody has used in PROJECT is meant.")
@click.pass_context
def command(context: click.Context, project: str, example: Path, label: str, *, new_labels: bool) -> None:
    """Say that NAME, a file that was added to PROJECT, shows LABEL.

    In a table NAME is that of a row, such as "mails.csv, row 12"; LABEL is a label, several with ";"
    between them, or a number, as the project has it.

    A label that nobody has used in the project is taken for a slip, unless --new-labels says otherwise.

    The label that was said last stands; earlier ones are kept beside it, with who said them and when.
    """
    if not label.strip():
        raise NoLabel(fact="The label is empty.", reason="A label says what an example shows.", remedy="Name one.")
    with opened(context) as workspace:
        given = give_label(workspace, project, example, label.strip(), by=whoami(), new_labels=new_labels)
    before = f", no longer “{name(given.before)}”" if given.before and given.before != label.strip() else ""
    say(f"{name(str(example), length=LONGEST)} is “{name(label.strip())}” now{before}. {LIES[given.side]}")
    if given.side is not Side.SET_ASIDE:
        say(f"Next: {command_line(f'train {project}')}")
