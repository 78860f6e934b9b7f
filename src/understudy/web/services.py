"""What the web face needs of the house below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import CollectorRegistry

from understudy.domain.decision import Decision
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.serving.router import Router

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Commands:
    """What a person types for what the pages cannot do yet; `{project}` stands for the project's name.

    Attributes:
        begin: Makes a first project from a folder of photos.
        add: Adds a folder of photos.
        train: Trains a model.
    """

    begin: str = "understudy train photos/"
    add: str = "understudy add {project} photos/"
    train: str = "understudy train {project}"


class PhotoStore(Protocol):
    """Where the bytes of photos are kept. Thread-safe; blocks."""

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


class Records(Protocol):
    """What the pages read from the ledger. Thread-safe; blocks."""

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

    def look_count(self, project: str) -> int:
        """How often the sealed labels were opened."""
        ...

    def latest_judgement(self, project: str) -> Judgement | None:
        """What the latest look at the sealed set showed, or None."""
        ...

    def findings(self, project: str) -> Sequence[Finding]:
        """What was seen in the project's data."""
        ...


@dataclass(frozen=True)
class Services:
    """What an app is made of. The app closes the router when it stops.

    Attributes:
        router: Answers questions.
        records: The ledger, for reading.
        photos: The blob store, for reading.
        registry: This app's own metrics; the router's counters are registered here too.
        version: The product's version.
        commands: What the pages tell a person to type.
        max_body: A request's body may be this large, in bytes.
    """

    router: Router
    records: Records
    photos: PhotoStore
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    version: str = "0"
    commands: Commands = field(default_factory=Commands)
    max_body: int = 32 * MEGABYTE
