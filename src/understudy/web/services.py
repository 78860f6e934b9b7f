"""What the web face needs of the house below it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import CollectorRegistry

from understudy.domain.arrival import Arrival
from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.decision import Decision
from understudy.domain.evidence import Judgement
from understudy.domain.example import Example, Label
from understudy.domain.finding import Acceptance, DataAudit, Finding
from understudy.domain.learning import LearningCurve
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.domain.stage import Event, StageChange
from understudy.domain.task import Task
from understudy.serving.backstage import Backstage
from understudy.serving.router import Router
from understudy.store.inputs import Erasure
from understudy.store.looks import LookRecord
from understudy.studio.judgement.looking import Price
from understudy.studio.people.playables import Playables
from understudy.studio.workspace import utc_now
from understudy.web.people import PeopleRecords, Queue
from understudy.web.service import Service

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Commands:
    """What a person types for what the pages cannot do yet; `{project}` stands for the project's name.

    Attributes:
        begin: Makes a first project from a folder of photos.
        add: Adds a folder or a table; `{source}` stands for one.
        train: Trains a model.
        review: Reviews the latest model.
        curve: Draws the learning curve.
        next: Says which examples to label next.
    """

    begin: str = "understudy train photos/"
    review: str = "understudy review {project}"
    add: str = "understudy add {project} {source}"
    train: str = "understudy train {project}"
    curve: str = "understudy curve {project}"
    next: str = "understudy next {project}"


class InputStore(Protocol):
    """Where the bytes of inputs are kept. Thread-safe; blocks."""

    def get(self, digest: str) -> bytes:
        """The bytes whose SHA-256 is `digest`.

        Raises:
            UnderstudyError: They are not there.
        """
        ...


class Counts(Protocol):
    """How many examples a project holds."""

    @property
    def train(self) -> Mapping[str, int]:
        """For training, by label."""
        ...

    @property
    def train_unlabelled(self) -> int:
        """For training, without a label."""
        ...

    @property
    def made_up(self) -> Mapping[str, int]:
        """Of those for training with a label, the synthetic ones, by label."""
        ...

    @property
    def synthetic(self) -> int:
        """For training, with a label, and made up."""
        ...

    @property
    def sealed(self) -> int:
        """In the sealed set."""
        ...

    @property
    def set_aside(self) -> int:
        """On neither side."""
        ...

    @property
    def total(self) -> int:
        """All of them."""
        ...


class Records(PeopleRecords, Protocol):
    """What the pages read from the ledger. Thread-safe; blocks."""

    def input(self, decision: str) -> bytes | None:
        """The bytes of a small input; None where the blob store holds them."""
        ...

    def erasures(self, project: str, digests: Sequence[str]) -> Mapping[str, Erasure]:
        """Of some inputs, by whom, why and when they were deleted last, by digest."""
        ...

    def stage(self, project: str) -> StageChange | None:
        """The stage that holds, or None before the first."""
        ...

    def events(self, project: str, *, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        """What happened besides changes of stage, oldest first."""
        ...

    def projects(self) -> Sequence[Project]:
        """All projects."""
        ...

    def project(self, name: str) -> Project:
        """One project.

        Raises:
            UnknownProject: No project bears the name.
        """
        ...

    def decision(self, decision_id: str) -> Decision:
        """One decision.

        Raises:
            UnknownDecision: No decision has this id.
        """
        ...

    def decisions(self, project: str, limit: int) -> Sequence[Decision]:
        """A project's latest decisions, newest first."""
        ...

    def decision_count(self, project: str) -> int:
        """How many decisions a project has served."""
        ...

    def counts(self, project: str) -> Counts:
        """How many examples a project holds, by side and label."""
        ...

    def latest_model(self, project: str) -> ModelRecord | None:
        """The model that was recorded last, or None."""
        ...

    def group_count(self, project: str) -> int:
        """In how many groups of what belongs together the training examples are."""
        ...

    def look_count(self, project: str) -> int:
        """How often the sealed labels were opened."""
        ...

    def set_task(self, project: str, task: Task) -> None:
        """Changes what a project decides about; a brief may name a tolerance."""
        ...

    def latest_judgement(self, project: str) -> Judgement | None:
        """What the latest look at the sealed set showed, or None."""
        ...

    def findings(self, project: str) -> Sequence[Finding]:
        """What was seen in the project's data."""
        ...

    def create_project(self, project: Project) -> None:
        """Adds a project.

        Raises:
            ProjectExists: Another project has its name.
        """
        ...

    def add_brief(self, project: str, brief: Brief, *, by: str, reason: str, at: datetime) -> BriefVersion:
        """Records a version of the project's brief; one that says the same as the latest adds nothing."""
        ...

    def latest_curve(self, project: str) -> LearningCurve | None:
        """The learning curve recorded last, or None."""
        ...

    def briefs(self, project: str) -> Sequence[BriefVersion]:
        """Every version of the brief, oldest first."""
        ...

    def labels_begun(self, project: str) -> Mapping[str, datetime]:
        """When each answer was given first, for an example or by people."""
        ...

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        ...

    def looks(self, project: str) -> Sequence[LookRecord]:
        """Every look at the sealed set, oldest first."""
        ...

    def reviews(self, project: str) -> Sequence[Review]:
        """Every review, oldest first."""
        ...

    def latest_review(self, project: str) -> Review | None:
        """The review recorded last, or None."""
        ...

    def latest_data_audit(self, project: str) -> DataAudit | None:
        """What the latest audit of the data saw, or None."""
        ...

    def acceptances(self, project: str) -> Sequence[Acceptance]:
        """Every finding that a person took responsibility for, oldest first."""
        ...

    def arrivals(self, project: str) -> Iterator[Arrival]:
        """The light view of every example, to tell whether anything changed."""
        ...

    def opinions(self, project: str) -> Iterator[Label]:
        """Everything that was said about training examples."""
        ...

    def labelled_at(self, project: str) -> datetime | None:
        """When a label was given last, or None."""
        ...

    def schema(self, project: str, *, at: datetime | None = None) -> Mapping[str, Any] | None:
        """What the columns of a project's table hold, or held at a moment; or None."""
        ...

    def bearers(self, project: str, names: Collection[str]) -> dict[str, str]:
        """By name, the digest of the example that arrived under it; names that several bear are left out."""
        ...

    def examples(self, project: str, *, called: str | None = None) -> Iterator[Example]:
        """Examples in the order of their digests, all or those of a name or group; sealed ones without their label."""
        ...


class Auditor(Protocol):
    """Where data are audited. Thread-safe; blocks, for minutes where examples are many and new."""

    def audit(self, project: str) -> DataAudit:
        """Audits a project's data and records what was seen."""
        ...

    def accept(self, project: str, identity: str, *, by: str, reason: str) -> Finding:
        """Records who answers for a finding of the latest audit.

        Raises:
            UnderstudyError: There is no such finding, or no reason.
        """
        ...


class Desk(Protocol):
    """Where reviews are made. Thread-safe; blocks, for as long as a look at the sealed examples takes."""

    def price(self, project: str) -> Price:
        """What a review of the latest model would spend.

        Raises:
            NotTrainedYet: There is no model.
        """
        ...

    def review(self, project: str) -> Review:
        """Reviews the latest model and records what came of it.

        Raises:
            NotTrainedYet: There is no model.
        """
        ...

    def report(self, project: str, number: int, kind: str) -> bytes:
        """A review's report, "html" or "pdf".

        Raises:
            NoReview: There is no such review.
        """
        ...


@dataclass(frozen=True)
class Services:
    """What an app is made of. The app closes the router when it stops.

    Attributes:
        router: Answers questions.
        records: The ledger; only briefs are written through it.
        inputs: The blob store, for reading.
        registry: This app's own metrics; the router's counters are registered here too.
        version: The product's version.
        desk: Where reviews are made, or None where the pages only show them.
        auditor: Where data are audited, or None likewise.
        queue: Where people answer, or None likewise.
        service: Where stages and settings are changed, or None likewise.
        backstage: What goes on behind the answers; starts and stops with the app. None where nothing does.
        exposition: Every figure in Prometheus' text format; None for those of this app's registry.
        commands: What the pages tell a person to type.
        playables: Makes inputs anew that browsers do not play, or None likewise.
        hosts: Under which names the server may be reached; none where every name will do.
        max_body: A request's body may be this large, in bytes.
        now: The clock by which briefs are dated.
    """

    router: Router
    records: Records
    inputs: InputStore
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    version: str = "0"
    desk: Desk | None = None
    auditor: Auditor | None = None
    queue: Queue | None = None
    service: Service | None = None
    backstage: Backstage | None = None
    exposition: Callable[[], bytes] | None = None
    commands: Commands = field(default_factory=Commands)
    playables: Playables | None = None
    hosts: frozenset[str] = frozenset()
    max_body: int = 32 * MEGABYTE
    now: Callable[[], datetime] = utc_now

    def input(self, digest: str, decision: str | None = None) -> bytes:
        """The bytes of an input, wherever they are kept. Blocks.

        Args:
            digest: Their SHA-256, in hex.
            decision: Id of the decision that is about it; None for an example's input.

        Raises:
            BlobMissing: They are not there, or were deleted.
        """
        small = None if decision is None else self.records.input(decision)
        return self.inputs.get(digest) if small is None else small
