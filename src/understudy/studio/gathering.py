"""Gathering: photos come into a project."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from understudy.domain.example import Label
from understudy.domain.finding import Finding
from understudy.domain.project import Project, name_from
from understudy.engine.inference import cores
from understudy.intake.groups import parse_group_rule
from understudy.intake.readers import open_source
from understudy.intake.sift import NothingToTakeIn, sift
from understudy.intake.table import Columns
from understudy.store.examples import Counts
from understudy.studio.workspace import Workspace


@dataclass(frozen=True)
class Gathered:
    """What came of adding photos.

    Attributes:
        new: Photos that were added.
        known: Photos that were there already.
        findings: What was seen on the way.
        counts: What the project holds now.
    """

    new: int
    known: int
    findings: tuple[Finding, ...]
    counts: Counts


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


def project_for(workspace: Workspace, source: Path, name: str | None, *, sealed_share: float | None) -> Project:
    """The project that photos from a source go to; made if it is not there.

    Raises:
        BadName: Neither the name nor the source's can be a project's.
    """
    wanted = name if name is not None else name_from(source.absolute().stem)
    for project in workspace.ledger.projects():
        if project.name == wanted:
            return project
    made = Project(wanted, workspace.now()) if sealed_share is None else Project(wanted, workspace.now(), sealed_share)
    workspace.ledger.create_project(made)
    return made


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
        project: Where they go.
        path: A folder, a zip archive or a table.
        reading: How to read it.
        by: Who says what the photos show.
        progress: Told files done and files in all.

    Raises:
        NothingToTakeIn: There is no photo in it that can be read; its findings are recorded all the same.
        SourceUnreadable: There is nothing there.
        BadGroupRule: The rule cannot be read, or finds no group.
    """
    ledger = workspace.ledger
    rule = parse_group_rule(reading.group) if reading.group else None
    columns = Columns(path=reading.path_column, label=reading.label_column)
    with open_source(path, group=rule, columns=columns) as source:
        try:
            sifted = sift(
                source,
                ledger.arrivals(project.name),
                workspace.blobs.put,
                sealed_share=project.sealed_share,
                progress=progress,
                threads=cores(),
            )
        except NothingToTakeIn as error:
            ledger.record_findings(project.name, error.findings, at=workspace.now())
            raise
    new = ledger.add_examples(project.name, sifted.examples, by=by, at=workspace.now())
    for digest, value in sifted.labels:
        ledger.add_label(project.name, Label(digest, value, by, workspace.now()))
    ledger.record_findings(project.name, sifted.findings, at=workspace.now())
    return Gathered(new, sifted.known, sifted.findings, ledger.counts(project.name))
