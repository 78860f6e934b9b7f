"""`understudy next`: which examples to label next."""

import click

from understudy.cli.terminal import Teller, command_line, opened, say, stoppable
from understudy.domain.task import AnswerKind, Task
from understudy.studio.training.next_labels import NextLabel, NextRound, next_labels
from understudy.studio.words.number_words import answer_name
from understudy.studio.words.phrases import Noun, hundredths, name, number, real_things

NEAR = 0.5
"""Below this part of the typical distance a photo is said to resemble one that was chosen before it."""
MOST = 1_000


@click.command("next", short_help="Say which examples to label next.")
@click.argument("project")
@click.option(
    "--count", type=click.IntRange(1, MOST), default=20, metavar="NUMBER", help="At most so many. [default: 20]"
)
@click.option("--label", metavar="LABEL", help="Only those that the model takes for this label.")
@click.pass_context
def command(context: click.Context, project: str, *, count: int, label: str | None) -> None:
    """Say which examples of PROJECT to label next: those of which the model is unsure and which differ from each other.

    Examples without a label come from a folder of files without folders in it, from a folder whose name begins with _,
    or from rows of a table that leave the label empty.
    """
    stopped = stoppable("The model was still being asked; nothing was changed.", "Give the same command again.")
    with opened(context) as workspace, stopped, Teller().showing() as teller:
        told = teller.counting("Asking the model about what has no label")
        known = workspace.ledger.project(project)
        things = real_things(known)
        found = next_labels(workspace, project, count=count, label=label, progress=told)
    _say_round(found, label, things, known.task)
    if found.chosen:
        say(f"To label one: {command_line(f'label {project} {things.one.upper()} LABEL')}")


def _say_round(found: NextRound, label: str | None, things: Noun, task: Task) -> None:
    if not found.chosen:
        say(f"Of {number(found.asked)} {things.many} without a label the model takes none for “{name(label or '')}”.")
        return
    asked = "" if found.asked == found.unlabelled else f"; the model was asked about {number(found.asked)} of them"
    chosen = f"{number(len(found.chosen))} of {number(found.unlabelled)} {things.many}"
    say(f"{chosen} without a label{asked}. Label these first:")
    if task.answers is AnswerKind.NUMBER:
        for each in found.chosen:
            sure = f"near enough to {answer_name(each.suspected, task)} {hundredths(each.probability)}%"
            say(f"  {name(each.example.name, length=60)}  {'; '.join([sure, *_likeness(each)])}")
        return
    for suspected in sorted({each.suspected for each in found.chosen}):
        own = [each for each in found.chosen if each.suspected == suspected]
        say(f"Taken for “{name(suspected)}”: {number(len(own))}")
        for each in own:
            say(f"  {name(each.example.name, length=60)}  {'; '.join([_sure(each), *_likeness(each)])}")


def _sure(each: NextLabel) -> str:
    """How sure the model is, and what it would say otherwise; of several labels at once there is no one such."""
    sure = f"{hundredths(each.probability)}%"
    return f"{sure}, else “{name(each.instead)}” {hundredths(each.instead_probability)}%" if each.instead else sure


def _likeness(each: NextLabel) -> tuple[str, ...]:
    if not each.distance:
        return ()
    return ("much like another here" if each.distance < NEAR else "unlike the others here",)
