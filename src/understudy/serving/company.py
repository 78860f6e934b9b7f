"""The company: everything that serves in one process, put together."""

import os
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry

from understudy.serving.backstage import Backstage, Here, Server, WorkerLedger
from understudy.serving.deliveries import Deliverer, DeliveryLedger
from understudy.serving.drifting import Drifting, DriftLedger
from understudy.serving.faults import Faults
from understudy.serving.figures import FiguresLedger, LedgerFigures
from understudy.serving.guard import FaultTeller, Guard, GuardLedger
from understudy.serving.identity import utc_now
from understudy.serving.inflows import InflowLedger, Inflows
from understudy.serving.keeper import Chore
from understudy.serving.mail import MailServer
from understudy.serving.metrics import ServingMetrics
from understudy.serving.model import ModelShelf
from understudy.serving.people import People, ResolutionLedger
from understudy.serving.recorder import InputStore, ServedLedger, Writer
from understudy.serving.router import Router, Setup
from understudy.serving.shadows import ShadowLedger, Shadows
from understudy.serving.standings import StandingLedger, Standings
from understudy.store.processes import Worker

SHADOW_SECONDS = 0.25
DELIVERY_SECONDS = 0.5
DRIFT_SECONDS = 8.0
TIDY_SECONDS = 0.5
"""Drift is slow, and to look at answers takes time from the requests that come meanwhile."""
INFLOW_SECONDS = 8.0
"""So often a dozen inputs are looked at, in a thirtieth of that time."""


class ServingLedger(
    ServedLedger,
    DriftLedger,
    StandingLedger,
    ResolutionLedger,
    GuardLedger,
    ShadowLedger,
    DeliveryLedger,
    WorkerLedger,
    FiguresLedger,
    InflowLedger,
    Protocol,
):
    """All that serving needs of the ledger. Thread-safe; blocks."""

    def input(self, decision: str) -> bytes | None:
        """The bytes of a small input; None where the blob store holds them."""
        ...


class Blobs(InputStore, Protocol):
    """Where large inputs are. Thread-safe; blocks."""

    def get(self, digest: str) -> bytes:
        """The bytes whose SHA-256 is `digest`."""
        ...


@dataclass(frozen=True)
class Inputs:
    """The inputs of decisions, wherever they lie."""

    ledger: ServingLedger
    blobs: Blobs

    def read(self, digest: str, decision: str) -> bytes:
        """The bytes that a decision is about, whose SHA-256 is `digest`.

        Raises:
            BlobMissing: They are not there, or were deleted.
        """
        small = self.ledger.input(decision)
        return self.blobs.get(digest) if small is None else small


@dataclass(frozen=True)
class Company:
    """What serves, and what goes on behind it.

    Attributes:
        router: Answers requests.
        backstage: The rest; does nothing until it is started.
        figures: What Prometheus is told from the ledger.
    """

    router: Router
    backstage: Backstage
    figures: LedgerFigures


@dataclass(frozen=True)
class Surroundings:
    """Where a company works; what it can do without being told has its usual value.

    Attributes:
        registry: Where its metrics are registered.
        server: The processes that it is one of.
        mail: Where mail is handed in, or None.
        setup: Of the router.
        chores: What else is to be done again and again.
        now: The present moment, UTC.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    server: Server = field(default_factory=lambda: Server(uuid.uuid4().hex))
    mail: MailServer | None = None
    setup: Setup = field(default_factory=Setup)
    chores: Sequence[Chore] = ()
    now: Callable[[], datetime] = utc_now


def company(
    ledger: ServingLedger, blobs: Blobs, shelf: ModelShelf, surroundings: Surroundings | None = None
) -> Company:
    """Puts everything together that serves a ledger in one process."""
    around = surroundings or Surroundings()
    worker = worker_of(around.server, around.now())
    faults, standings, metrics = Faults(), Standings(ledger), ServingMetrics(around.registry)
    writer, people = Writer(ledger, blobs), People(ledger, now=around.now)
    router = Router(shelf, standings, writer, people, metrics, faults=faults, setup=around.setup)
    teller = FaultTeller(ledger, faults, worker.id, answers=standings.answers, now=around.now)
    shadows = Shadows(ledger, standings, shelf, Inputs(ledger, blobs), faults, worker=worker.id, now=around.now)
    drifting = Drifting(ledger, standings, worker=worker.id, now=around.now)
    inflows = Inflows(ledger, standings, shelf, Inputs(ledger, blobs), worker=worker.id, now=around.now)
    deliverer = Deliverer(ledger, worker.id, mail=around.mail, now=around.now)
    chores = (
        Chore("shadow", SHADOW_SECONDS, shadows.tick),
        Chore("deliveries", DELIVERY_SECONDS, deliverer.tick),
        Chore("drift", DRIFT_SECONDS, drifting.tick),
        Chore("inflow", INFLOW_SECONDS, inflows.tick),
        Chore("ledger", TIDY_SECONDS, ledger.tidy),
        *around.chores,
    )
    guard = Guard(ledger, standings, on_trip=router.trip, now=around.now)
    backstage = Backstage(
        ledger,
        router,
        standings,
        guard,
        Here(worker, around.server, around.now),
        pulse=(teller.tick, lambda: metrics.waiting(router.waiting)),
        chores=chores,
    )
    figures = LedgerFigures(ledger, standings, lambda: guard.guarded, now=around.now)
    return Company(router, backstage, figures)


def worker_of(server: Server, now: datetime) -> Worker:
    """This process, under a name of its own."""
    return Worker(f"{server.name}/{uuid.uuid4().hex[:12]}", os.getpid(), socket.gethostname(), now)
