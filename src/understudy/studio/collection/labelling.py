"""Labelling: a person says what the answer to an example is, or corrects what was said."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label, Side
from understudy.domain.task import Task
from understudy.modalities.abilities import input_of
from understudy.modalities.nouns import noun_of
from understudy.modalities.registry import modality_named
from understudy.studio.answers.answer_text import checked_answer
from understudy.studio.answers.known_labels import MISSPELT, labels_within, unknown_label
from understudy.studio.examples.class_findings import renew_class_findings
from understudy.studio.examples.synthesising import is_own_name
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


class ExampleUnknown(UnderstudyError):
    """The project does not hold this example."""


class ExampleMadeUp(UnderstudyError):
    """A label for what is made up anew each time."""


@dataclass(frozen=True)
class Labelled:
    """A label that was given.

    Attributes:
        before: The label that stood until now, or None.
        side: Where the example lies; a label never moves it.
    """

    before: str | None
    side: Side


def give_label(
    workspace: Workspace, project: str, example: Path, value: str, *, by: str, new_labels: bool = False
) -> Labelled:
    """Records what the answer to an example is; from now on this label stands.

    Args:
        workspace: Where the project is.
        project: Its name.
        example: The file, as it was added, which is known by its bytes, whatever it is called; or the name under which
            it arrived ("mails.csv, row 12").
        value: What it shows; several labels with ";" between them, where the project gives several.
        by: Who says so.
        new_labels: A label that nobody has used in the project is meant.

    Raises:
        UnknownProject: No such project.
        UnknownLabel: Nobody has used it in the project.
        ExampleUnknown: The file cannot be read, or was never added.
        ExampleMadeUp: It is a row that trainings make up anew.
        BadLabel: It cannot be an answer, as where it is no number and the project predicts one, or could be two.
    """
    task = workspace.ledger.project(project).task
    digest = _named(workspace, project, str(example)) or _digest(example, project, task)
    value = checked_answer(task, value, typed=True)
    for arrival in workspace.ledger.arrivals(project):
        if arrival.digest == digest:
            if arrival.made_up and task.modality == "table":
                _refuse_remade(workspace, project, digest)
            if not new_labels:
                _check_known(workspace, project, task, value)
            workspace.ledger.add_label(project, Label(digest, value, by, workspace.now()))
            renew_class_findings(workspace, project)
            return Labelled(arrival.label, arrival.side)
    raise _never_added(example, project, task)


def example_called(workspace: Workspace, project: str, example: Path) -> str:
    """The digest of an example, by its file as it was added or by the name under which it arrived.

    Raises:
        UnknownProject: No such project.
        ExampleUnknown: The file cannot be read, or was never added; or several examples arrived under this name.
    """
    task = workspace.ledger.project(project).task
    digest = _named(workspace, project, str(example)) or _digest(example, project, task)
    if not workspace.ledger.inputs_among(project, [digest]):
        raise _never_added(example, project, task)
    return digest


def _refuse_remade(workspace: Workspace, project: str, digest: str) -> None:
    own = sorted(name for name in workspace.ledger.names_of(project, [digest]) if is_own_name(name))
    if own:
        raise ExampleMadeUp(
            fact=f"“{own[0]}” gets no label.",
            reason="Each training makes such rows up anew, with labels, from the real ones that it learns from.",
            remedy=f"Label real rows; or take the made-up ones out: understudy forget {project} --made-up",
        )


def _never_added(example: Path, project: str, task: Task) -> ExampleUnknown:
    return ExampleUnknown(
        fact=f"“{example}” is not in {project}.",
        reason=f"A {noun_of(task.modality).one} is known by its bytes, and none with these was added.",
        remedy="Name the very file that was added, or add this one first.",
    )


def _check_known(workspace: Workspace, project: str, task: Task, value: str) -> None:
    """Takes a label that nobody has used for a slip, unless there is none yet.

    Raises:
        UnknownLabel: Nobody has used it in the project.
    """
    known = Queue(workspace).used(project)
    strange = [label for label in labels_within(task, value) if label not in known]
    if known and strange:
        raise unknown_label(project, strange[0], known, stays=MISSPELT, new="--new-labels")


def _named(workspace: Workspace, project: str, name: str) -> str | None:
    """The digest of the example that arrived under a name, where no file has it; None if there is none, or several."""
    if Path(name).is_file():
        return None
    found = workspace.ledger.named(project, name)
    return found.pop() if len(found) == 1 else None


def _digest(path: Path, project: str, task: Task) -> str:
    noun = noun_of(task.modality)
    try:
        return hashlib.sha256(input_of(modality_named(task.modality), path.read_bytes())).hexdigest()
    except FileNotFoundError as error:
        raise ExampleUnknown(
            fact=f"“{path}” is not in {project}.",
            reason=f"No {noun.one} arrived under this name, or several did, and there is no such file.",
            remedy=f"Name a {noun.one} as it was added: a file, or the row of a table, such as “mails.csv, row 12”.",
        ) from error
    except OSError as error:
        raise ExampleUnknown(
            fact=f"“{path}” cannot be read.",
            reason=f"The system says: {error.strerror}.",
            remedy=f"Name a {noun.one} that was added to the project.",
        ) from error
