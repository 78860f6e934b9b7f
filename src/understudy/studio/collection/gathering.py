"""Gathering: inputs come into a project, whatever they are."""

import math
import os
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Label, Provenance
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import PHOTO_LABELS, BadName, Project, checked_name, name_from
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.engine.inference import batched, cores
from understudy.intake.answers import kind_of
from understudy.intake.incoming import Source
from understudy.intake.readers import ADDRESS, METADATA, open_source
from understudy.intake.sift import NothingToTakeIn, Sifted, sift
from understudy.modalities.nouns import noun_of
from understudy.store.examples import Counts
from understudy.studio.collection.forgetting import forget
from understudy.studio.collection.grouping import fitting, recorded_as, rule_for, said_again
from understudy.studio.collection.known_people import known_before
from understudy.studio.collection.reading import Reading, check_numbers, meant_by
from understudy.studio.collection.remembering import remember_reading
from understudy.studio.examples.class_findings import renew_class_findings
from understudy.studio.examples.understanding import TABLE, look_anew, understood
from understudy.studio.words.phrases import percent
from understudy.studio.workspace import Workspace

ASKED: Final = 10_000
"""Examples of which it is asked at once whether they were forgotten before: there may be millions."""


INTERACTIONS: Final = "interactions"


class TaskFixed(UnderstudyError):
    """A project decides about something else than what is asked for."""


class ShareFixed(UnderstudyError):
    """A project seals another share than the one that is asked for."""


@dataclass(frozen=True)
class Gathered:
    """What came of adding inputs.

    Attributes:
        new: Inputs that were added.
        known: Inputs that were there already.
        labelled: Those of them that had no label before and have one now.
        findings: What was seen on the way.
        counts: What the project holds now.
        forgotten: Inputs that were left out because they were forgotten before.
        task: What the project decides about.
        says: What was understood of a table, in sentences.
        in_vain: How many of those that have a label now are set aside, and stay so.
        relabelled: Inputs that had a label, of which the source's counts from now on.
    """

    new: int
    known: int
    labelled: int
    findings: tuple[Finding, ...]
    counts: Counts
    forgotten: int = 0
    task: Task = PHOTO_LABELS
    says: tuple[str, ...] = ()
    in_vain: int = 0
    relabelled: int = 0


def known_project(workspace: Workspace, name: str) -> Project | None:
    """The project of that name, or None."""
    return next((project for project in workspace.ledger.projects() if project.name == name), None)


def project_for(workspace: Workspace, source: Path | str, name: str | None, *, sealed_share: float | None) -> Project:
    """The project that inputs from a source go to; one that is not there yet begins when `gather` finds some.

    Args:
        workspace: Where projects are.
        source: Where the inputs are; names the project where nothing else does.
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
        many = noun_of(project.task.modality).many
        raise ShareFixed(
            fact=f"“{wanted}” seals {percent(project.sealed_share)} of its {many}, not {percent(sealed_share)}.",
            reason=f"The share is fixed when a project begins, for {many} do not change sides.",
            remedy="Leave the share out, or begin another project with it.",
        )
    return project


def gather(
    workspace: Workspace,
    project: Project,
    path: Path | str,
    *,
    reading: Reading,
    by: str,
    progress: Callable[[int, int], None],
) -> Gathered:
    """Adds inputs to a project. What was added before adds nothing.

    A project without examples becomes what the first source is: its modality and its kind of answer.

    Args:
        workspace: Where the project is.
        project: Where they go; recorded if it is new and there are inputs.
        path: A folder, a zip archive, a table, or the address of a database.
        reading: How to read it.
        by: Who says what the labels are.
        progress: Told inputs done and inputs in all.

    Raises:
        NothingToTakeIn: There is nothing in it that can be read; a known project keeps the findings all the same.
        SourceUnreadable: There is nothing there, or it is not clear what it holds.
        BadGroupRule: The rule cannot be read, or finds no group.
        GroupsFixed: The project's examples were sealed by another rule, or the source says nothing to that one.
        TaskFixed: The project decides about something else.
        NoNumbers: A tolerance or a unit was said, and answers are no numbers.
    """
    ledger = workspace.ledger
    known = known_project(workspace, project.name) is not None
    arrivals = list(ledger.arrivals(project.name)) if known else []
    rule = rule_for(project, str(path), reading.group, held=bool(arrivals))
    anew = bool(arrivals) and _may_be_numbers(workspace, project, arrivals)
    task = _changed(workspace, project, reading, anew=anew) if arrivals else None
    meant = replace(meant_by(workspace, project, reading, task=task, known=known), anew=anew)
    if meant.kind == INTERACTIONS and arrivals:
        meant = replace(meant, before=known_before(workspace, project.name, arrivals, made=reading.synthetic))
    with (
        fitting(project, rule, reading.group),
        open_source(path, group=rule, columns=reading.columns, meant=meant) as source,
        workspace.blobs.together() as kept,
    ):
        check_numbers(source, reading)
        try:
            sifted = sift(
                source,
                arrivals,
                kept.put,
                sealed_share=project.sealed_share,
                groups=ledger.other_groups(project.name) if known else (),
                provenance=Provenance.SYNTHETIC if reading.synthetic else Provenance.UPLOAD,
                doubted=ledger.awaited(project.name) if reading.relabel and known else None,
                progress=progress,
                threads=cores(),
            )
        except NothingToTakeIn as error:
            if known:
                ledger.record_findings(project.name, error.findings, at=workspace.now())
            raise
    grouped_by = recorded_as(rule, source.task.modality)
    if not known:
        ledger.create_project(replace(project, task=source.task, group_rule=grouped_by))
    elif task != source.task or task != project.task:
        ledger.set_task(project.name, source.task)
    if known and grouped_by is not None and grouped_by != project.group_rule:
        ledger.set_group_rule(project.name, grouped_by)
    if not reading.synthetic or not arrivals:
        remember_reading(ledger, project, source)
    if anew and source.task.answers is AnswerKind.NUMBER:
        _forget_classes(workspace, project.name)
    gathered = _recorded(workspace, project.name, source, sifted, by=by, made_up=reading.synthetic)
    return replace(gathered, says=(*said_again(rule, reading.group), *gathered.says))


def unfinished(source: str) -> Finding:
    """What is seen in a project while a source is recorded, and stays seen if that never came to its end."""
    return Finding(
        FindingKind.UNFINISHED,
        Severity.HIGH,
        source,
        f"Only a part of “{source}” is recorded.",
        "Taking it in was broken off, or is still under way, and what is missing was not left out by chance.",
        "Take it in again (understudy add PROJECT SOURCE): what is recorded adds nothing, and the rest comes in.",
    )


def _recorded(
    workspace: Workspace, project: str, source: Source, sifted: Sifted, *, by: str, made_up: bool
) -> Gathered:
    """Writes down what was sifted; if that is broken off, a finding that says so is left behind.

    What was understood of a table comes first, for without it nobody could read the rows.
    """
    ledger = workspace.ledger
    mark = unfinished(source.name)
    ledger.record_findings(project, [mark], at=workspace.now())
    gone = _forgotten(workspace, project, sifted)
    held = ledger.counts(project).total
    says = _understood(workspace, project, source, _left(sifted, gone), by=by)
    ledger.add_groups(project, sifted.groups)
    back = _erased(workspace, project, sifted.again)
    ledger.add_own_groups(project, (pair for pair in sifted.owners if pair[0] not in gone | back))
    new = ledger.add_examples(project, _left(sifted, gone), by=by, at=workspace.now())
    at = workspace.now()
    said = (*sifted.labels, *sifted.relabelled)
    ledger.add_labels(project, [Label(digest, value, by, at) for digest, value in said])
    ledger.make_real(project, sifted.claimed, Provenance.UPLOAD)
    if sifted.claimed:
        things, one = noun_of(source.task.modality), len(sifted.claimed) == 1
        were = "was made up before and is" if one else "were made up before and are"
        says += (f"{things.counted(len(sifted.claimed))} {were} real now, with what is said here.",)
    ledger.add_names(project, (pair for pair in sifted.names if pair[1] not in gone))
    if held and source.about is not None:
        says += look_anew(workspace, project, by=by, read_as=source.about.schema, made_up=made_up)
    ledger.record_findings(project, sifted.findings, at=workspace.now())
    if held:
        renew_class_findings(workspace, project)
    ledger.withdraw_finding(project, mark)
    again = sum(sifted.again[digest] for digest in back)
    known, forgotten, labelled = sifted.known - again, len(gone) + again, len(sifted.labels) - len(sifted.claimed)
    counts, vain, anew = ledger.counts(project), sifted.in_vain, len(sifted.relabelled)
    return Gathered(new, known, labelled, sifted.findings, counts, forgotten, source.task, says, vain, anew)


def _understood(
    workspace: Workspace, project: str, source: Source, examples: Iterable[Example], *, by: str
) -> tuple[str, ...]:
    """Records what was understood of a source, and says it."""
    about = source.about
    if about is None:
        return ()
    if about.schema is None:
        return about.says
    told = understood(workspace, project, source.task, about.schema, examples, by=by, files=about.files)
    return (*about.says, *told)


def _may_be_numbers(workspace: Workspace, project: Project, arrivals: Iterable[Arrival]) -> bool:
    """Whether rows have labels that are all numbers, on which nothing rests: no model, look, brief or request.

    Labels that would be taken for numbers already are labels because a person said so.
    """
    ledger, task = workspace.ledger, project.task
    if task.modality != TABLE or task.answers is not AnswerKind.LABEL or ledger.latest_model(project.name) is not None:
        return False
    if ledger.look_count(project.name) or ledger.decision_count(project.name) or ledger.latest_brief(project.name):
        return False
    labels = {each.label for each in arrivals if each.label is not None}
    return all(math.isfinite(number_in(label)) for label in labels) and kind_of(list(labels)) is AnswerKind.LABEL


def _forget_classes(workspace: Workspace, project: str) -> None:
    """Takes back what was seen of labels that turned out to be numbers."""
    for finding in workspace.ledger.findings(project):
        if finding.kind is FindingKind.SMALL_CLASS:
            workspace.ledger.withdraw_finding(project, finding)


def _changed(workspace: Workspace, project: Project, reading: Reading, *, anew: bool) -> Task:
    """The task of a project that holds examples, with what may still be corrected of it.

    Raises:
        TaskFixed: Somebody asks for another task, or for another tolerance after it was judged.
    """
    task = project.task
    noun = noun_of(task.modality)
    numbers = anew and reading.answers == AnswerKind.NUMBER.value
    asked = reading.modality or task.modality, task.answers.value if numbers else reading.answers or task.answers.value
    if asked != (task.modality, task.answers.value):
        raise TaskFixed(
            fact=f"“{project.name}” gives a {task.answers.value} to each {noun.one}, and this asks for something else.",
            reason="What a project decides about is fixed by the first examples in it.",
            remedy="Begin another project for it.",
        )
    tolerance = task.tolerance if reading.tolerance is None or anew else reading.tolerance
    if tolerance != task.tolerance and workspace.ledger.look_count(project.name):
        raise TaskFixed(
            fact=f"The tolerance of “{project.name}” stays at {task.tolerance:,g}.",
            reason="A model was judged by it already, and a bar that is moved afterwards proves nothing.",
            remedy="Begin another project with the tolerance that you need.",
        )
    return replace(task, tolerance=tolerance, unit=reading.unit or task.unit)


def _forgotten(workspace: Workspace, project: str, sifted: Sifted) -> set[str]:
    """New inputs that were forgotten before, as inputs of requests; what was just kept of them is deleted again."""
    gone = _erased(workspace, project, (example.digest for example in sifted.examples))
    if gone:
        forget(workspace, project, by="understudy", reason="forgotten before, and added again", digests=gone)
    return gone


def _erased(workspace: Workspace, project: str, digests: Iterable[str]) -> set[str]:
    return {digest for part in batched(digests, ASKED) for digest in workspace.ledger.erased(project, part)}


def _left(sifted: Sifted, gone: Container[str]) -> Iterator[Example]:
    """The examples that were not forgotten before."""
    return (example for example in sifted.examples if example.digest not in gone)


def _name_of(source: Path | str) -> str:
    """A name made of the source's; a table with a name that says nothing is named after its folder."""
    if ADDRESS in str(source):
        return name_from(str(source).partition("?")[0].rpartition("/")[2].partition(".")[0])
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
