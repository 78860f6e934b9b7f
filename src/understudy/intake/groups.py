"""Group rules: what belongs together (a wall, a patient, a board) and must not be split by the sealed border."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.errors import UnderstudyError
from understudy.intake.incoming import readable_name
from understudy.modalities.table.cells import Cell, text_of
from understudy.modalities.table.row import kept_cell
from understudy.modalities.table.schema import Column


class BadGroupRule(UnderstudyError):
    """A group rule cannot be understood or does not fit the data."""


class GroupBy(StrEnum):
    """Where a group is read from."""

    FOLDER = "folder"
    COLUMN = "column"
    NAME = "name"


@dataclass(frozen=True)
class GroupRule:
    """How to read a group.

    Attributes:
        by: From the folder below the class, from a column of the table, or from the file's name.
        detail: The column's name, or a pattern with one pair of brackets; empty for folders.
    """

    by: GroupBy
    detail: str = ""

    def group(self, folder: str, file_name: str, row: Mapping[str, str]) -> str | None:
        """Reads the group of one file.

        Args:
            folder: Its folders below the class, with "/" between them; empty when it lies in the class itself.
            file_name: Its name without folders.
            row: Its row of the table, if there is one.

        Returns:
            The group, or None where the rule finds none.
        """
        if self.by is GroupBy.FOLDER:
            return folder or None
        if self.by is GroupBy.COLUMN:
            return row.get(self.detail, "").strip() or None
        found = re.search(self.detail, file_name)
        return (found.group(1) or None) if found else None

    def __str__(self) -> str:
        return f"{self.by}:{self.detail}" if self.detail else str(self.by)


def group_in(cell: Cell, column: Column) -> str | None:
    """The group that a row's cell says in the column for it; None where it says nothing.

    The cell is read as rows keep it, so that a group has one name however a table or a request writes its number.
    """
    return readable_name(text_of(kept_cell(cell, column))) or None


def parse_group_rule(text: str) -> GroupRule:
    r"""Reads a rule as a user writes it: `folder`, `column:wall` or `name:^(\d+)_`.

    Raises:
        BadGroupRule: It is none of these, or its pattern is wrong.
    """
    kind, _, detail = text.strip().partition(":")
    if kind == GroupBy.FOLDER and not detail:
        return GroupRule(GroupBy.FOLDER)
    if kind == GroupBy.COLUMN and detail.strip():
        return GroupRule(GroupBy.COLUMN, detail.strip())
    if kind == GroupBy.NAME and detail:
        return GroupRule(GroupBy.NAME, _checked_pattern(detail))
    raise BadGroupRule(
        fact=f"“{text}” is no group rule.",
        reason="A group is read from a folder, a column or the file's name.",
        remedy="Write “folder”, “column:wall” or “name:^(\\d+)_”, with your own column or pattern.",
    )


def _checked_pattern(pattern: str) -> str:
    """Returns the pattern if it is a regular expression with one capture group."""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise BadGroupRule(
            fact=f"“{pattern}” is no regular expression.",
            reason=f"It cannot be read: {error}.",
            remedy="Try “^(\\d+)_”, which takes the digits before the first underscore.",
        ) from error
    if groups != 1:
        raise BadGroupRule(
            fact=f"“{pattern}” has {groups} pairs of brackets.",
            reason="Exactly one pair marks the part of the name that says the group.",
            remedy="Put one pair of brackets around that part, as in “^(\\d+)_”; (?:…) only binds.",
        )
    return pattern
