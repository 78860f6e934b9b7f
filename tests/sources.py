"""What sources hold, for the tests of how they are read."""

from collections.abc import Callable
from pathlib import Path

from understudy.domain.finding import Finding, FindingKind
from understudy.intake.groups import parse_group_rule
from understudy.intake.incoming import Incoming
from understudy.intake.readers import open_source
from understudy.intake.table import Columns

Tree = Callable[[dict[str, bytes]], Path]
"""Writes files, and gives their folder."""

CLASSES = {"crack/a.jpg": b"1", "crack/wall3/b.jpg": b"2", "fine/c.jpg": b"3"}


def said(
    path: Path, rule: str | None = None, columns: Columns | None = None
) -> dict[str, tuple[str | None, str | None]]:
    """Label and group of each file, by name."""
    with open_source(path, group=parse_group_rule(rule) if rule else None, columns=columns) as source:
        return {item.name: (item.label, item.group) for item in source.items if isinstance(item, Incoming)}


def found(path: Path, rule: str | None = None) -> list[tuple[FindingKind, str]]:
    """Kind and subject of each finding."""
    with open_source(path, group=parse_group_rule(rule) if rule else None) as source:
        return [(item.kind, item.subject) for item in source.items if isinstance(item, Finding)]
