"""Made-up examples of a project, when somebody wants them gone: which they are, and what would go with them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from understudy.domain.example import Example, Side
from understudy.domain.task import AnswerKind
from understudy.intake.classes import classes_of
from understudy.studio.examples.real_examples import is_made_up
from understudy.studio.words.phrases import Noun, counted_label, name, number
from understudy.studio.workspace import Workspace

SHOWN: Final = 10
"""Labels that are told by name."""
MADE_UP: Final = Noun("made-up example", "made-up examples")


@dataclass(frozen=True)
class MadeUpHeld:
    """What a project holds that was made up.

    Attributes:
        digests: Examples that can go.
        labels: How many of those bear each label, the commonest first; nothing where answers are no labels.
        unlabelled: How many of them have none.
        alone: Labels that no other example to learn from has.
        asked: How many more stay, since somebody asked about the same bytes: to delete these would delete a request's.
    """

    digests: tuple[str, ...]
    labels: Mapping[str, int]
    unlabelled: int
    alone: tuple[str, ...]
    asked: int


def made_up_held(workspace: Workspace, project: str) -> MadeUpHeld:
    """Looks for what was made up and is still there, on whichever side.

    Raises:
        UnknownProject: No such project.
    """
    ledger, task = workspace.ledger, workspace.ledger.project(project).task
    named = task.answers in {AnswerKind.LABEL, AnswerKind.LABELS}
    made, others = list[Example](), set[str]()
    for each in ledger.examples(project):
        if is_made_up(each):
            made.append(each)
        elif each.side is Side.TRAIN:
            others.update(classes_of(each.label, task))
    asked = ledger.inputs_asked_about(project, [each.digest for each in made])
    going = [each for each in made if each.digest not in asked]
    others.update(label for each in made if each.digest in asked for label in classes_of(each.label, task))
    said = Counter(label for each in going for label in classes_of(each.label, task)) if named else Counter[str]()
    labels = dict(sorted(said.items(), key=lambda pair: (-pair[1], pair[0])))
    alone = tuple(label for label in labels if label not in others)
    unlabelled = sum(each.label is None for each in going)
    return MadeUpHeld(tuple(each.digest for each in going), labels, unlabelled, alone, len(asked))


def made_up_words(held: MadeUpHeld) -> list[str]:
    """What is meant and what stays, a sentence each."""
    count = len(held.digests)
    parts = [counted_label(label, often) for label, often in held.labels.items()]
    parts = [*parts[:SHOWN], *([f"{number(len(parts) - SHOWN)} more labels"] if len(parts) > SHOWN else [])]
    parts += [f"{number(held.unlabelled)} without a label"] if held.unlabelled and parts else []
    told = f": {', '.join(parts)}" if parts else ""
    said = [f"{MADE_UP.counted(count)} {'is' if count == 1 else 'are'} meant{told}."]
    if held.alone:
        named = ", ".join(f"“{name(each)}”" for each in held.alone[:SHOWN])
        more = f" and {number(len(held.alone) - SHOWN)} more" if len(held.alone) > SHOWN else ""
        said.append(f"No other example to learn from is {named}{more}.")
    staying = staying_words(held)
    return [*said, staying] if staying else said


def staying_words(held: MadeUpHeld) -> str:
    """What stays, and why; empty where nothing does."""
    stay, them = ("stays", "it") if held.asked == 1 else ("stay", "them")
    why = f"because somebody asked about {them} too"
    return f"{MADE_UP.counted(held.asked)} {stay}, {why}." if held.asked else ""
