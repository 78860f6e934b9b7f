"""A project: one decision to automate."""

import re
from dataclasses import dataclass
from datetime import datetime

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import Task

PHOTO_LABELS = Task()
"""What a project decides about unless it says otherwise: a photo, and one of several labels."""
NAME_PATTERN = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")


class BadName(UnderstudyError):
    """A project cannot bear this name."""


@dataclass(frozen=True)
class Project:
    """One decision to automate.

    Attributes:
        name: Short name for commands and addresses: lower-case letters, digits and hyphens.
        created_at: UTC.
        sealed_share: Share of the groups that falls to the sealed set, 0..1.
        drawn: The photos are drawn by the product itself, so no figure says anything about the world.
        task: What comes in, and what kind of answer goes out.
        group_rule: By what the first source's examples were grouped, as a user writes it, and further ones are; empty
            where each was by itself, None before there was a source, and for rows, of which the schema says it.
    """

    name: str
    created_at: datetime
    sealed_share: float = 0.25
    drawn: bool = False
    task: Task = PHOTO_LABELS
    group_rule: str | None = None


def name_from(text: str) -> str:
    """Makes a project name from any text ("My Photos/" becomes "my-photos").

    Raises:
        BadName: Nothing of the text can be used.
    """
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-")
    return checked_name(name)


def checked_name(name: str) -> str:
    """Returns the name if a project can bear it.

    Raises:
        BadName: It holds something other than lower-case letters, digits and inner hyphens, or is too long.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise BadName(
            fact=f"“{name}” cannot be a project's name.",
            reason="A name is part of web addresses: 1 to 64 lower-case letters, digits and hyphens between them.",
            remedy="Choose a name such as “blade-check”.",
        )
    return name
