"""Labelling: a person says what a photo shows, or corrects what was said."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label, Side
from understudy.studio.workspace import Workspace


class PhotoUnknown(UnderstudyError):
    """The project does not hold this photo."""


@dataclass(frozen=True)
class Labelled:
    """A label that was given.

    Attributes:
        before: The label that stood until now, or None.
        side: Where the photo lies; a label never moves it.
    """

    before: str | None
    side: Side


def give_label(workspace: Workspace, project: str, photo: Path, value: str, *, by: str) -> Labelled:
    """Records that a photo shows something; from now on this label stands.

    Args:
        workspace: Where the project is.
        project: Its name.
        photo: The file, as it was added; it is known by its bytes, whatever it is called.
        value: What it shows.
        by: Who says so.

    Raises:
        UnknownProject: No such project.
        PhotoUnknown: The file cannot be read, or was never added.
    """
    digest = _digest(photo)
    for arrival in workspace.ledger.arrivals(project):
        if arrival.digest == digest:
            workspace.ledger.add_label(project, Label(digest, value, by, workspace.now()))
            return Labelled(arrival.label, arrival.side)
    raise PhotoUnknown(
        fact=f"“{photo.name}” is not in {project}.",
        reason="A photo is known by its bytes, and none with these was added.",
        remedy="Name the very file that was added, or add this one first.",
    )


def _digest(photo: Path) -> str:
    try:
        return hashlib.sha256(photo.read_bytes()).hexdigest()
    except OSError as error:
        raise PhotoUnknown(
            fact=f"“{photo}” cannot be read.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name a photo that was added to the project.",
        ) from error
