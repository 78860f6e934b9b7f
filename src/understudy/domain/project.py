"""A project: one decision to automate."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import Task

PHOTO_LABELS = Task()
"""What a project decides about unless it says otherwise: a photo, and one of several labels."""
_WRITTEN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
    }
)
"""How letters are written where only those from a to z can be; others lose their accents alone."""
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
        columns: Which column of its latest table said what ("text", "label"); none of rows, whose schema says it.
        separator: What stood between several labels in a cell of the latest table, or None.
    """

    name: str
    created_at: datetime
    sealed_share: float = 0.25
    drawn: bool = False
    task: Task = PHOTO_LABELS
    group_rule: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None


def name_from(text: str) -> str:
    """Makes a project name from any text ("My Photos/" becomes "my-photos", "Ölwechsel" "oelwechsel").

    Raises:
        BadName: Nothing of the text can be used.
    """
    return checked_name(_latin(text))


def _latin(text: str) -> str:
    """What of a text a name can hold; empty where that is nothing."""
    composed = unicodedata.normalize("NFC", text.lower()).translate(_WRITTEN)
    plain = "".join(each for each in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:64].strip("-")


def checked_name(name: str) -> str:
    """Returns the name if a project can bear it.

    Raises:
        BadName: It holds something other than lower-case letters, digits and inner hyphens, or is too long.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise BadName(
            fact=f"“{name}” cannot be a project's name.",
            reason="A name is part of web addresses: 1 to 64 lower-case letters, digits and hyphens between them.",
            remedy=f"Choose a name such as “{_latin(name) or 'blade-check'}”.",
        )
    return name
