"""The router: the only place where a question meets a model, and where every question ends in exactly one answer."""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from understudy.domain.decision import Because, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Resolution
from understudy.serving.asking import Ask, Reply, Request
from understudy.serving.batching import Closed, Overloaded
from understudy.serving.clerk import Clerk
from understudy.serving.explaining import SECONDS, Explainer
from understudy.serving.faults import Faults
from understudy.serving.fleet import Fleet
from understudy.serving.identity import Mint
from understudy.serving.lanes import Limits, Manner
from understudy.serving.metrics import ServingMetrics
from understudy.serving.model import ModelChanged, ModelFault, ModelShelf, ServedModel
from understudy.serving.people import People
from understudy.serving.recorder import Entry, Recorder, Writer
from understudy.serving.signpost import Signpost
from understudy.serving.standings import Standing, Standings
from understudy.serving.telemetry import Tracing, log_decision
from understudy.store.errors import LedgerUnavailable, StageMoved

TRIES = 3
"""So often a request that the stage moved away under is routed anew; then it goes to a person."""
LAST_TRIES = 20
"""So often that, too, is tried again before the client is told to come back."""
HURRY_SECONDS = 10.0
"""When the server stops, what a model has not answered after so long goes to people."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Setup:
    """What a router can do without being told.

    Attributes:
        mint: Gives decisions their time and name.
        limits: Of each lane.
        tracing: Traces of requests.
        explaining: Seconds within which an explanation must come.
    """

    mint: Mint = field(default_factory=Mint)
    limits: Limits = field(default_factory=Limits)
    tracing: Tracing = field(default_factory=Tracing)
    explaining: float = SECONDS


class Router:
    """Brings questions to models or to people, and writes every decision down before giving it.

    Who may answer follows from the project's stage. A model answers in a lane of its own; whatever goes wrong with it,
    a person is asked, and the client hears that. Belongs to one event loop once it has started.

    Args:
        shelf: Where models are loaded from.
        standings: How the projects stand.
        writer: Writes decisions down.
        people: Waits for their answers.
        metrics: Counts.
        faults: Where faults of models are counted.
        setup: The rest.

    Attributes:
        explainer: Tells what moved answers.
    """

    def __init__(
        self,
        shelf: ModelShelf,
        standings: Standings,
        writer: Writer,
        people: People,
        metrics: ServingMetrics,
        *,
        faults: Faults | None = None,
        setup: Setup | None = None,
    ) -> None:
        self._shelf, self._standings, self._people, self._metrics = shelf, standings, people, metrics
        self._faults = faults or Faults()
        setup = setup or Setup()
        self._mint, self._tracing = setup.mint, setup.tracing
        self._recorder = Recorder(writer)
        self._signpost, self._clerk = Signpost(self._mint), Clerk(self._mint, secrets.randbits(62))
        manner = Manner(
            shelf,
            self._clerk.settled,
            writer.write,
            limits=setup.limits,
            on_batch=metrics.batch,
            clock=setup.mint.stopwatch,
            tracing=setup.tracing,
        )
        self._fleet = Fleet(manner)
        self._side = ThreadPoolExecutor(max_workers=2, thread_name_prefix="beside")
        self.explainer = Explainer(shelf, seconds=setup.explaining)
        self._on_their_way = 0

    async def decide(self, project: str, request: Request) -> Decision:
        """Decides about one request; the decision is in the ledger when this returns.

        Returns:
            A model's answer, or `NOBODY_YET`: a person will. A key that came before gets the decision it got then.

        Raises:
            UnderstudyError: No such project, an input that cannot be read, a key of another request, or a ledger that
                cannot be written. Nothing was recorded.
        """
        started = self._mint.stopwatch()
        self._on_their_way += 1
        try:
            if self._tracing.on:
                return await self._traced(project, request, started)
            return await self._decided(project, request, started)
        except UnderstudyError as error:
            self._metrics.refused(error)
            raise
        finally:
            self._on_their_way -= 1

    async def decide_all(
        self, project: str, requests: Sequence[Request], *, version: str | None = None
    ) -> list[Decision]:
        """Decides about several requests together: all are in the ledger when this returns.

        Args:
            project: The project's name.
            requests: At least one.
            version: Of the model that shall answer, if any does; None for whichever does.

        Raises:
            ModelChanged: The project is about another model than was asked for.
            UnderstudyError: As for `decide`; the first that any request met. Nothing was recorded, unless the ledger
                refused one for its key or its subject: then those beside it are on record.
        """
        if len(requests) == 1 and version is None:
            return [await self.decide(project, requests[0])]
        started = self._mint.stopwatch()
        self._on_their_way += 1
        try:
            return await self._decided_together(project, requests, version, started)
        except UnderstudyError as error:
            self._metrics.refused(error)
            raise
        finally:
            self._on_their_way -= 1

    async def try_out(self, project: str, data: bytes, threshold: float | None = None) -> Decision:
        """Asks the latest model, whatever the stage: recorded, but nobody is served, asked or audited.

        Args:
            project: The project's name.
            data: The input.
            threshold: The least probability that the model answers with, 0..1; None for its own.

        Raises:
            NotTrainedYet: There is no model.
            ModelFault: It failed.
            UnderstudyError: As for `decide`.
        """
        started = self._mint.stopwatch()
        standing = await self._standing(project)
        version = await self._aside(self._shelf.latest, project)
        ask = self._signpost.ask(standing, Request(data), started, only=True)
        reply = await self._reply(version, ask)
        (outcome,) = await self._recorder.record([self._clerk.tried(ask, reply, threshold)])
        return self._told(ask, _decision(outcome))

    async def resolved(self, decision_id: str, wait: float = 0.0) -> Resolution | None:
        """What a request ended in, as soon as that is settled; None if it takes longer than `wait` seconds."""
        return await self._people.resolved(decision_id, wait)

    async def hold_seconds(self, project: str) -> float:
        """For how long a client may hold its connection until a person answers.

        Raises:
            UnknownProject: No such project.
        """
        standing = await self._standing(project)
        return standing.settings.hold_seconds

    async def probe(self, project: str, version: str | None = None) -> Reply:
        """Asks a model about a tiny input of its kind and writes nothing down: for health checks only.

        Args:
            project: The project's name.
            version: Of the model; None for the one that was recorded last.

        Raises:
            NotTrainedYet: There is no model.
            ModelFault: It failed.
            Overloaded: More wait than may.
            UnknownProject: No such project.
        """
        standing = await self._standing(project)
        if version is None:
            version = await self._aside(self._shelf.latest, project)
        request = Request(self._shelf.card(project))
        return await self._reply(version, self._signpost.ask(standing, request, self._mint.stopwatch(), only=True))

    async def answering(self, project: str) -> tuple[str, ...]:
        """Versions of the models that may answer clients now; none where people answer all.

        Raises:
            UnknownProject: No such project.
        """
        standing = await self._standing(project)
        return standing.answering

    async def model(self, project: str) -> ServedModel:
        """The model that a project is about now, or else its latest; loaded if need be.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
            UnderstudyError: It cannot be loaded, or not in time.
        """
        version = await self._present(project)
        return await self.explainer.model(project, version)

    def adopt(self, standings: Collection[Standing]) -> None:
        """Makes ready for what the projects stand at now. Called in the event loop."""
        self._fleet.adopt(standings)

    async def warm(self, seconds: float) -> None:
        """Loads the models in service before anybody asks them.

        Args:
            seconds: To wait for them at most; what takes longer goes on loading, and people answer meanwhile.
        """
        deadline = time.monotonic() + seconds
        try:
            self.adopt(await self._aside(self._standings.refresh))
        except LedgerUnavailable:
            return  # the keeper tries again, and requests say so
        while self._fleet.loading and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    def trip(self, project: str, version: str, stage: int) -> None:
        """Asks a model no more while that stage of its project holds. From any thread."""
        self._signpost.trip(project, version, stage)

    @property
    def tracing(self) -> Tracing:
        """Where traces of requests go."""
        return self._tracing

    @property
    def waiting(self) -> dict[str, int]:
        """How many wait: for a model, for their commit, for a person's answer."""
        return {"model": self._fleet.waiting(), "recorder": self._recorder.waiting, "person": self._people.waiting}

    def release(self) -> None:
        """Lets held connections go, and hurries the rest: the server is about to stop. Called in the event loop."""
        self._people.release()
        self._fleet.hurry(HURRY_SECONDS)

    async def close(self) -> None:
        """Finishes what was accepted and lets the threads go."""
        self._people.release()
        await self._fleet.close()
        while self._on_their_way:
            await asyncio.sleep(0.01)
        await self._recorder.close()
        await self._people.close()
        self._side.shutdown(wait=False)
        self.explainer.close()

    # One request.

    async def _decided(self, project: str, request: Request, started: float) -> Decision:
        standing = self._standings.known(project) or await self._standing(project)
        ask = self._signpost.ask(standing, request, started)
        for tried in range(LAST_TRIES):
            try:
                outcome = await (self._once(ask) if tried <= TRIES else self._by_person(ask, Because.MOVED))
            except StageMoved:
                outcome = None
            if outcome is not None:
                return self._told(ask, outcome)
            ask = await self._rerouted(ask)
        raise _restless(project)

    async def _traced(self, project: str, request: Request, started: float) -> Decision:
        with self._tracing.span("decide", project=project) as span:
            decision = await self._decided(project, request, started)
            span.set_attribute("decision", decision.id)
            span.set_attribute("because", decision.because.value)
            span.set_attribute("model", decision.model)
        return decision

    async def _once(self, ask: Ask) -> Decision:
        """Sends a request where it has to go by the stage that is known.

        Raises:
            StageMoved: That stage is past.
        """
        version = ask.way.model
        if version is None:
            return await self._by_person(ask, ask.way.because or Because.WIZARD)
        try:
            result = await self._fleet.lane(ask.standing.project, version).ask(ask)
        except ModelFault as fault:
            self._failed(ask, version, fault)
            return await self._by_person(ask, Because.FAULT)
        except (Overloaded, Closed):
            return await self._by_person(ask, Because.OVERLOADED)
        if isinstance(result, Reply):
            raise TypeError("a lane gave a reply where a decision was asked for")
        return result

    async def _by_person(self, ask: Ask, because: Because) -> Decision:
        """Leaves a request to people.

        Raises:
            StageMoved: The stage that is known is past.
            Overloaded: Not even that can be written down; the only refusal for want of room.
            UnderstudyError: A person could not be shown the input.
        """
        await self._aside(self._shelf.check, ask.standing.project, ask.request.data)
        (outcome,) = await self._recorder.record([self._clerk.asked(ask, because)])
        return _decision(outcome)

    def _failed(self, ask: Ask, version: str, fault: ModelFault) -> None:
        if fault.own:
            asked = self._fleet.asked(ask.standing.project, version)
            self._faults.note(ask.standing.project, version, fault, asked=asked)
        self._metrics.fault(ask.standing.project, fault)

    async def _rerouted(self, ask: Ask) -> Ask:
        """The request, routed by the stage that holds now."""
        project = ask.standing.project
        standing = self._standings.known(project)
        if standing is None or standing.number <= ask.standing.number:
            standing = await self._aside(self._standings.learn, project)
        return self._signpost.again(ask, standing)

    # Several requests.

    async def _decided_together(
        self, project: str, requests: Sequence[Request], version: str | None, started: float
    ) -> list[Decision]:
        for _ in range(LAST_TRIES):
            standing = await self._standing(project)
            if version is not None and version != await self._present(project):
                raise ModelChanged.between(version, standing.change.model or "" if standing.change else "")
            asks = [self._signpost.ask(standing, request, started, only=True, version=version) for request in requests]
            outcomes = await self._recorder.record(await self._entries(asks))
            if not any(isinstance(outcome, StageMoved) for outcome in outcomes):
                return [self._told(ask, _decision(each)) for ask, each in zip(asks, outcomes, strict=True)]
            await self._aside(self._standings.learn, project)
        raise _restless(project)

    async def _entries(self, asks: Sequence[Ask]) -> list[Entry]:
        """What is to be recorded of requests that are decided about together.

        Raises:
            UnderstudyError: The first that any of them met.
        """
        found = await asyncio.gather(*(self._entry(ask) for ask in asks), return_exceptions=True)
        entries = []
        for each in found:
            if isinstance(each, BaseException):
                raise each
            entries.append(each)
        return entries

    async def _entry(self, ask: Ask) -> Entry:
        version, because = ask.way.model, ask.way.because or Because.WIZARD
        if version is not None:
            try:
                reply = await self._reply(version, ask)
            except ModelFault as fault:
                self._failed(ask, version, fault)
                because = Because.FAULT
            except (Overloaded, Closed):
                because = Because.OVERLOADED
            else:
                return self._clerk.settled(ask, reply)
        await self._aside(self._shelf.check, ask.standing.project, ask.request.data)
        return self._clerk.asked(ask, because)

    # What all of them need.

    async def _reply(self, version: str, ask: Ask) -> Reply:
        result = await self._fleet.lane(ask.standing.project, version).ask(ask)
        if not isinstance(result, Reply):
            raise TypeError("a lane gave a decision where a reply was asked for")
        return result

    async def _standing(self, project: str) -> Standing:
        known = self._standings.known(project)
        return await self._aside(self._standings.learn, project) if known is None else known

    async def _present(self, project: str) -> str:
        """Version of the model that a project is about now, or else of its latest."""
        standing = await self._standing(project)
        present = standing.change.model if standing.change else None
        return await self._aside(self._shelf.latest, project) if present is None else present

    def _told(self, ask: Ask, decision: Decision) -> Decision:
        """Counts a decision that was recorded just now; one that a repeated key brought back was counted then."""
        if decision.id == ask.id:
            self._metrics.decided(decision, self._mint.stopwatch() - ask.started)
            log_decision(decision)
        return decision

    async def _aside(self, work: Callable[..., Value], *arguments: object) -> Value:
        return await asyncio.get_running_loop().run_in_executor(self._side, work, *arguments)


def _decision(outcome: Decision | UnderstudyError) -> Decision:
    if isinstance(outcome, UnderstudyError):
        raise outcome
    return outcome


def _restless(project: str) -> Overloaded:
    return Overloaded(
        fact="This request was not decided.",
        reason=f"The stage of “{project}” changed each time it was about to be.",
        remedy="Ask again in a second.",
    )
