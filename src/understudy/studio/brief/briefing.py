"""Briefing: a brief is written, changed in versions, and told what it means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from understudy.domain.advice import Advice, advice_of
from understudy.domain.brief import BadBrief, Brief, BriefVersion, checked_brief, checked_text
from understudy.domain.economics import Economics, economics_of
from understudy.domain.learning import LearningCurve
from understudy.domain.means import Means, means_of_task, real_counts
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project, checked_name
from understudy.domain.review import Review, Verdict
from understudy.domain.scores import Scores, scores_of
from understudy.domain.task import AnswerKind, Task
from understudy.modalities.registry import modality_named
from understudy.modalities.table.schema import Role, TableSchema
from understudy.studio.answers.known_labels import single_labels
from understudy.studio.brief.answers import answered, shown, value_of
from understudy.studio.brief.questions import QUESTIONS
from understudy.studio.brief.slips import check_anew
from understudy.studio.words.number_words import measure

FEWEST_LABELS = 2
"""Labels that examples bear before a label that is named besides is taken for a slip: one alone is no choice."""


class Counts(Protocol):
    """How many examples a project holds."""

    @property
    def train(self) -> Mapping[str, int]:
        """For training, by label."""
        ...

    @property
    def sealed(self) -> int:
        """In the sealed set."""
        ...

    @property
    def made_up(self) -> Mapping[str, int]:
        """Of those for training, the synthetic ones, by label."""
        ...


class Records(Protocol):
    """What briefing needs of the ledger."""

    def projects(self) -> Sequence[Project]:
        """All projects."""
        ...

    def project(self, name: str) -> Project:
        """One project; raises `UnknownProject`."""
        ...

    def create_project(self, project: Project) -> None:
        """Adds a project; raises `ProjectExists`."""
        ...

    def set_task(self, project: str, task: Task) -> None:
        """Changes what it decides about."""
        ...

    def look_count(self, project: str) -> int:
        """How often its sealed labels were opened."""
        ...

    def counts(self, project: str) -> Counts:
        """How many examples it holds."""
        ...

    def schema(self, project: str) -> Mapping[str, Any] | None:
        """What the columns of its table hold, or None."""
        ...

    def labels_begun(self, project: str) -> Mapping[str, datetime]:
        """When each answer was given first, for an example or by people."""
        ...

    def add_brief(self, project: str, brief: Brief, *, by: str, reason: str, at: datetime) -> BriefVersion:
        """Records a version of the brief."""
        ...

    def briefs(self, project: str) -> Sequence[BriefVersion]:
        """Every version, oldest first."""
        ...

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version that stands."""
        ...

    def latest_review(self, project: str) -> Review | None:
        """The review recorded last."""
        ...

    def latest_model(self, project: str) -> ModelRecord | None:
        """The model recorded last."""
        ...

    def latest_curve(self, project: str) -> LearningCurve | None:
        """The learning curve recorded last."""
        ...


class Desk(Protocol):
    """Where briefs are written: a workspace, or what of it a page may reach."""

    @property
    def ledger(self) -> Records:
        """What happened."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        ...


@dataclass(frozen=True)
class Briefed:
    """A brief and everything that follows from it.

    Attributes:
        version: The version that stands, or None before the first.
        brief: What it says; an empty one before the first.
        means: What the project has got.
        economics: What the figures mean.
        scores: Desirable, viable, feasible.
        advice: What to do, weightiest first.
    """

    version: BriefVersion | None
    brief: Brief
    means: Means
    economics: Economics
    scores: Scores
    advice: tuple[Advice, ...]


@dataclass(frozen=True)
class Change:
    """One answer that changed between two versions, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionChanges:
    """One version, and what it changed of the one before."""

    version: BriefVersion
    changes: tuple[Change, ...]


def begin(desk: Desk, name: str) -> Project:
    """The project of that name; one that is not there yet begins.

    Raises:
        BadName: No project can bear the name.
    """
    found = next((project for project in desk.ledger.projects() if project.name == name), None)
    if found is None:
        found = Project(checked_name(name), desk.now())
        desk.ledger.create_project(found)
    return found


def write_brief(desk: Desk, project: str, brief: Brief, *, by: str, reason: str = "") -> BriefVersion:
    """Records a brief as the version that stands; a project that is not there yet begins with it.

    Args:
        desk: Where the project is.
        project: Its name.
        brief: What it says from now on; saying the same again adds no version.
        by: Who writes it.
        reason: Why it was changed.

    Raises:
        BadBrief: A figure is impossible, a text cannot be kept, a label is named anew that no example bears, a day
            that has passed is to end the attempt, a tolerance or unit is said of answers that are no numbers, a slice
            is by what is not known of any example, or the tolerance changes after a model was judged by it; nothing is
            recorded then.
        BadName: No project can bear the name.
    """
    checked = checked_brief(brief)
    checked_text("by", by)
    checked_text("reason", reason)
    before, facts = standing(desk, project), _known_facts(desk, project, checked)
    check_anew(before, checked, known=_known_labels(desk, project), facts=facts, today=desk.now().date())
    _check_numbers(desk, project, checked)
    _set_task(desk, begin(desk, project), checked)
    return desk.ledger.add_brief(project, checked, by=by, reason=reason, at=desk.now())


def _check_numbers(desk: Desk, project: str, brief: Brief) -> None:
    """Refuses anew what can be said of numbers alone, once examples show that answers are none.

    Raises:
        BadBrief: See `write_brief`.
    """
    known = next((each for each in desk.ledger.projects() if each.name == project), None)
    if known is None or known.task.answers is AnswerKind.NUMBER:
        return
    counts = desk.ledger.counts(project)
    if not counts.train and not counts.sealed:
        return
    before = standing(desk, project)
    for field in ("tolerance", "unit"):
        if getattr(brief, field) not in {None, getattr(before, field)}:
            raise BadBrief(
                field=field,
                fact=f"“{project}” has no {field}.",
                reason=f"Its answers are no numbers, and a {field} can be said of numbers alone.",
                remedy="Leave it out.",
            )


def _known_labels(desk: Desk, project: str) -> tuple[str, ...]:
    """The labels that were used, in the order of their use, once examples bear at least two; before, none is known."""
    ledger = desk.ledger
    if all(known.name != project for known in ledger.projects()):
        return ()
    task = ledger.project(project).task
    if len(means_of_task(task, ledger.counts(project).train).labels) < FEWEST_LABELS:
        return ()
    begun = single_labels(task, ledger.labels_begun(project))
    return tuple(sorted(begun, key=lambda label: (begun[label], label)))


def _known_facts(desk: Desk, project: str, brief: Brief) -> frozenset[str]:
    """By what a brief may ask for slices once there are examples; before, nothing is known."""
    ledger = desk.ledger
    if not brief.slices or all(known.name != project for known in ledger.projects()):
        return frozenset()
    counts = ledger.counts(project)
    if not counts.train and not counts.sealed:
        return frozenset()
    modality = modality_named(ledger.project(project).task.modality)
    kept = ledger.schema(project)
    if modality.name == "table" and kept is not None:
        return frozenset(each.name for each in TableSchema.from_json(kept).columns if each.role is not Role.TARGET)
    return modality.origin_facts | modality.look_facts


def task_under(task: Task, brief: Brief) -> Task:
    """A task with what a brief says of numbers; other kinds of answers have no tolerance and no unit."""
    if task.answers is not AnswerKind.NUMBER:
        return task
    tolerance = task.tolerance if brief.tolerance is None else brief.tolerance
    return replace(task, tolerance=tolerance, unit=task.unit if brief.unit is None else brief.unit)


def _set_task(desk: Desk, project: Project, brief: Brief) -> None:
    """Lets the brief's tolerance count from now on.

    Raises:
        BadBrief: A model was judged by another one already.
    """
    task = task_under(project.task, brief)
    if task.tolerance != project.task.tolerance and desk.ledger.look_count(project.name):
        raise BadBrief(
            field="tolerance",
            fact=f"The tolerance stays at {measure(project.task.tolerance, project.task.unit)}.",
            reason="A model was judged by it already, and a bar that is moved afterwards proves nothing.",
            remedy="Begin another project with the tolerance that you need.",
        )
    if task != project.task:
        desk.ledger.set_task(project.name, task)


def change_brief(desk: Desk, project: str, changes: Mapping[str, str], *, by: str, reason: str = "") -> BriefVersion:
    """Records a version in which some answers are others.

    Args:
        desk: Where the project is.
        project: Its name; one that is not there yet begins.
        changes: By field of `brief_questions`, as typed; "unknown" takes an answer back.
        by: Who changes it.
        reason: Why.

    Raises:
        BadBrief: An answer cannot be read or is impossible.
        BadName: No project can bear the name.
    """
    return write_brief(desk, project, answered(standing(desk, project), changes), by=by, reason=reason)


def standing(desk: Desk, project: str) -> Brief:
    """The brief that stands; an empty one where there is none, or no such project yet."""
    if all(known.name != project for known in desk.ledger.projects()):
        return Brief()
    latest = desk.ledger.latest_brief(project)
    return Brief() if latest is None else latest.brief


def briefed(desk: Desk, project: str) -> Briefed:
    """A project's brief with everything that follows from it.

    Raises:
        UnknownProject: No such project.
    """
    version = desk.ledger.latest_brief(project)
    means = means_of(desk.ledger, project, today=desk.now().date())
    return appraised(Brief() if version is None else version.brief, means, version)


def appraised(brief: Brief, means: Means, version: BriefVersion | None = None) -> Briefed:
    """Everything that follows from a brief, whether or not it was recorded."""
    economics = economics_of(brief, means)
    scores, advice = scores_of(brief, economics, means), advice_of(brief, economics, means)
    return Briefed(version, brief, means, economics, scores, advice)


def means_of(ledger: Records, project: str, *, today: date) -> Means:
    """What a project has got besides its brief."""
    counts, review, model = ledger.counts(project), ledger.latest_review(project), ledger.latest_model(project)
    latest = ledger.latest_brief(project)
    known, version = ledger.project(project), None if latest is None else latest.number
    stands = review is not None and model is not None and (review.model, review.brief) == (model.version, version)
    return replace(
        means_of_task(known.task, real_counts(counts.train, counts.made_up)),
        made_up=sum(counts.made_up.values()),
        sealed=counts.sealed,
        sealed_share=known.sealed_share,
        people_error=None if review is None else review.people,
        rule=review.rule if review is not None and review.brief == version else None,
        curve=ledger.latest_curve(project),
        today=today,
        trained=model is not None,
        reviewed=stands,
        may_launch=stands and review is not None and review.verdict is Verdict.LAUNCH,
    )


def history(desk: Desk, project: str) -> tuple[VersionChanges, ...]:
    """Every version with what it changed, newest first; the first is told against an empty brief.

    Raises:
        UnknownProject: No such project.
    """
    versions = desk.ledger.briefs(project)
    before = [Brief(), *(version.brief for version in versions)]
    told = [VersionChanges(new, changes_between(old, new.brief)) for old, new in zip(before, versions, strict=False)]
    return tuple(reversed(told))


def changes_between(before: Brief, after: Brief) -> tuple[Change, ...]:
    """What differs between two briefs, in the order of the questions."""
    return tuple(
        Change(question.field, question.label, shown(before, question.field), shown(after, question.field))
        for question in QUESTIONS
        if value_of(before, question.field) != value_of(after, question.field)
    )
