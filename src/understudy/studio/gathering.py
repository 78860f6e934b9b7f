"""Gathering: photos come into a project."""

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label
from understudy.domain.finding import Finding
from understudy.domain.project import BadName, Project, checked_name, name_from
from understudy.engine.inference import cores
from understudy.intake.groups import parse_group_rule
from understudy.intake.readers import METADATA, open_source
from understudy.intake.sift import NothingToTakeIn, Sifted, sift
from understudy.intake.table import Columns
from understudy.store.examples import Counts
from understudy.studio.forgetting import forget
from understudy.studio.phrases import percent
from understudy.studio.workspace import Workspace


class ShareFixed(UnderstudyError):
    """A project seals another share than the one that is asked for."""


@dataclass(frozen=True)
class Gathered:
    """What came of adding photos.

    Attributes:
        new: Photos that were added.
        known: Photos that were there already.
        labelled: Those of them that had no label before and have one now.
        findings: What was seen on the way.
        counts: What the project holds now.
        forgotten: Photos that were left out because they were forgotten before.
    """

    new: int
    known: int
    labelled: int
    findings: tuple[Finding, ...]
    counts: Counts
    forgotten: int = 0


@dataclass(frozen=True)
class Reading:
    """How a source is to be read.

    Attributes:
        group: What belongs together: "folder", "column:NAME" or "name:PATTERN"; None for nothing but twins.
        path_column: The column of a table that names the photo, or None to look for it.
        label_column: The column that says what it shows, or None to look for it.
    """

    group: str | None = None
    path_column: str | None = None
    label_column: str | None = None


def whoami() -> str:
    """Who works here: the name under which labels are recorded."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"


def known_project(workspace: Workspace, name: str) -> Project | None:
    """The project of that name, or None."""
    return next((project for project in workspace.ledger.projects() if project.name == name), None)


def project_for(workspace: Workspace, source: Path, name: str | None, *, sealed_share: float | None) -> Project:
    """The project that photos from a source go to; one that is not there yet begins when `gather` finds photos.

    Args:
        workspace: Where projects are.
        source: Where the photos are; names the project where nothing else does.
        name: The project's name, or None.
        sealed_share: Share of the groups that is to be sealed, 0..1, or None for the usual or present one.

    Raises:
        BadName: Neither the name nor the source's can be a project's.
        ShareFixed: The project is there and seals another share.
    """
    wanted = checked_name(name) if name is not None else _name_of(source)
    project = known_project(workspace, wanted)
    if project is None:
        now = workspace.now()
        return Project(wanted, now) if sealed_share is None else Project(wanted, now, sealed_share)
    if sealed_share is not None and sealed_share != project.sealed_share:
        raise ShareFixed(
            fact=f"“{wanted}” seals {percent(project.sealed_share)} of its photos, not {percent(sealed_share)}.",
            reason="The share is fixed when a project begins, for photos do not change sides.",
            remedy="Leave the share out, or begin another project with it.",
        )
    return project


def gather(
    workspace: Workspace,
    project: Project,
    path: Path,
    *,
    reading: Reading,
    by: str,
    progress: Callable[[int, int], None],
) -> Gathered:
    """Adds photos to a project. What was added before adds nothing.

    Args:
        workspace: Where the project is.
        project: Where they go; recorded if it is new and there are photos.
        path: A folder, a zip archive or a table.
        reading: How to read it.
        by: Who says what the photos show.
        progress: Told files done and files in all.

    Raises:
        NothingToTakeIn: There is no photo in it that can be read; a known project keeps the findings all the same.
        SourceUnreadable: There is nothing there.
        BadGroupRule: The rule cannot be read, or finds no group.
    """
    ledger = workspace.ledger
    rule = parse_group_rule(reading.group) if reading.group else None
    columns = Columns(path=reading.path_column, label=reading.label_column)
    known = known_project(workspace, project.name) is not None
    with open_source(path, group=rule, columns=columns) as source:
        try:
            sifted = sift(
                source,
                ledger.arrivals(project.name) if known else (),
                workspace.blobs.put,
                sealed_share=project.sealed_share,
                progress=progress,
                threads=cores(),
            )
        except NothingToTakeIn as error:
            if known:
                ledger.record_findings(project.name, error.findings, at=workspace.now())
            raise
    if not known:
        ledger.create_project(project)
    gone = _forgotten(workspace, project.name, sifted)
    examples = [example for example in sifted.examples if example.digest not in gone]
    new = ledger.add_examples(project.name, examples, by=by, at=workspace.now())
    for digest, value in sifted.labels:
        ledger.add_label(project.name, Label(digest, value, by, workspace.now()))
    ledger.record_findings(project.name, sifted.findings, at=workspace.now())
    counts = ledger.counts(project.name)
    return Gathered(new, sifted.known, len(sifted.labels), sifted.findings, counts, len(gone))


def _forgotten(workspace: Workspace, project: str, sifted: Sifted) -> set[str]:
    """Photos that were forgotten before, as inputs of requests; what was just kept of them is deleted again."""
    gone = set(workspace.ledger.erased(project, [example.digest for example in sifted.examples]))
    if gone:
        forget(workspace, project, by="understudy", reason="forgotten before, and added again", digests=gone)
    return gone


def _name_of(source: Path) -> str:
    """A name made of the source's; a table with a name that says nothing is named after its folder."""
    path = Path(os.path.abspath(source))  # noqa: PTH100 - takes ".." away, and leaves links as they are named
    said = path.name if path.is_dir() else path.parent.name if path.name in METADATA else path.stem
    try:
        return name_from(said)
    except BadName as error:
        raise BadName(
            fact=f"No project's name can be made of “{said}”.",
            reason="A name is part of web addresses: 1 to 64 lower-case letters, digits and hyphens between them.",
            remedy="Say how the project is to be called, for example --project blade-check.",
        ) from error
