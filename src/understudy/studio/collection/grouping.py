"""What belongs together in a project: told with its first examples, and gone by whenever more come."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.intake.groups import BadGroupRule, GroupBy, GroupRule, parse_group_rule
from understudy.modalities.nouns import noun_of
from understudy.studio.examples.understanding import TABLE

ALONE: Final = ""
"""Stands on record for the rule of a project whose examples came without one."""


class GroupsFixed(UnderstudyError):
    """A project's examples were sealed by another group rule than is named, or than a source says anything to."""


def rule_for(project: Project, source: str, named: str | None, *, held: bool) -> GroupRule | None:
    """The rule by which a source is read; where nobody names one, that of the project's first source.

    Rows of a table go by the column that the project's schema has for it; see `intake.known_table`.

    Args:
        project: Where the source goes.
        source: As the user names it.
        named: The rule that is meant, or None where nobody names one.
        held: The project holds examples.

    Raises:
        BadGroupRule: The rule cannot be read.
        GroupsFixed: It is another than that of the project: what is there was sealed without.
    """
    rule = parse_group_rule(named) if named else None
    known = project.group_rule
    if not held or known is None or project.task.modality == TABLE:
        return rule
    if rule is None:
        return None if known == ALONE else parse_group_rule(known)
    if str(rule) != known:
        raise _sealed_without(project, source, rule)
    return rule


def recorded_as(rule: GroupRule | None, modality: str) -> str | None:
    """A rule as the ledger keeps it with a project; None for rows, whose schema says it."""
    if modality == TABLE:
        return None
    return ALONE if rule is None else str(rule)


@contextmanager
def fitting(project: Project, rule: GroupRule | None, named: str | None) -> Iterator[None]:
    """Says what to do where a source has nothing that the project's rule reads and nobody named the rule for it.

    Raises:
        GroupsFixed: So it is.
    """
    try:
        yield
    except BadGroupRule as error:
        if rule is None or named:
            raise
        raise GroupsFixed(
            fact=error.fact,
            reason=f"{noun_of(project.task.modality).many.capitalize()} of this project were sealed by “{rule}”, so "
            "these may belong with some on the other side, and the verdict would be too good.",
            remedy=f"{_saying(rule)}; what belongs with nothing else gets one of its own.",
        ) from error


def said_again(rule: GroupRule | None, named: str | None) -> tuple[str, ...]:
    """Says that a source was grouped by a rule that nobody named for it; for people."""
    if rule is None or named:
        return ()
    return (f"What belongs together is told by “{rule}”, as when the first examples came.",)


def _saying(rule: GroupRule) -> str:
    if rule.by is GroupBy.COLUMN:
        return f"Give a table whose column “{rule.detail}” says what belongs together"
    if rule.by is GroupBy.FOLDER:
        return "Put what belongs together in a folder below the answer"
    return f"Name the files so that “{rule.detail}” finds what belongs together"


def _sealed_without(project: Project, source: str, rule: GroupRule) -> GroupsFixed:
    many = noun_of(project.task.modality).many
    by = "themselves" if project.group_rule == ALONE else f"“{project.group_rule}”"
    return GroupsFixed(
        fact=f"“{rule}” does not say what belongs together in this project.",
        reason=f"{many.capitalize()} were sealed by {by} when they came, so those of one group may lie on both sides, "
        "and the verdict would be too good.",
        remedy=f"Leave --group out, or begin another project with all {many}: "
        f"understudy train {shlex.quote(source)} --project NAME --group {shlex.quote(str(rule))}.",
    )
