"""A router over a real ledger, with what stands around it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from prometheus_client import CollectorRegistry

from brightness import BrightnessModel, Shelf
from understudy.domain.opinion import Opinion, QuestionKind
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.serving.faults import Faults
from understudy.serving.identity import Mint
from understudy.serving.metrics import ServingMetrics
from understudy.serving.people import People
from understudy.serving.recorder import Writer
from understudy.serving.router import Router, Setup
from understudy.serving.standings import Standings
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

Result = TypeVar("Result")

TERMS = Terms(threshold=0.7, most_error=0.1, audit_share=0.1)


def change(
    number: int,
    stage: Stage,
    model: str | None = None,
    *,
    fallback: str | None = None,
    share: float | None = None,
    terms: Terms = TERMS,
    cause: Cause = Cause.ASKED,
) -> StageChange:
    """A change of stage as a person would ask for it."""
    full = {Stage.CANARY: 0.5, Stage.LIVE: 1.0}.get(stage, 0.0)
    return StageChange(
        number=number,
        stage=stage,
        model=model,
        terms=terms if model else None,
        fallback=fallback,
        fallback_terms=terms if fallback else None,
        share=full if share is None else share,
        cause=cause,
        by="Ada",
        reason="to see",
        at=datetime.now(UTC),
    )


@dataclass
class House:
    """What a router needs, ready to be changed by a test before the router is made."""

    ledger: Ledger
    blobs: BlobStore
    model: BrightnessModel = field(default_factory=BrightnessModel)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    setup: Setup = field(default_factory=Setup)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.shelf = Shelf({"lamp": self.model, "untrained": None})
        self.standings = Standings(self.ledger)
        self.metrics = ServingMetrics(self.registry)
        self.writer: Writer = Writer(self.ledger, self.blobs)

    def router(self) -> Router:
        people = People(self.ledger)
        return Router(
            self.shelf, self.standings, self.writer, people, self.metrics, faults=self.faults, setup=self.setup
        )

    def play(self, scene: Callable[[Router], Awaitable[Result]]) -> Result:
        """Runs a scene with a router, and closes the router."""

        async def whole() -> Result:
            router = self.router()
            try:
                return await scene(router)
            finally:
                await router.close()

        return asyncio.run(whole())

    def promote(self, stage: Stage, model: str | None = None, *, project: str = "lamp", **more: object) -> StageChange:
        """Changes the stage at once, as if a person had asked for it and been allowed."""
        last = self.ledger.stage(project)
        version = model if model or stage is Stage.WIZARD else self.model.version
        return self.ledger.change_stage(project, change((last.number if last else 0) + 1, stage, version, **more))

    def say(
        self, decision: str, value: str | None, *, kind: QuestionKind = QuestionKind.ANSWER, by: str = "Ben"
    ) -> Opinion:
        """A person answers, and it holds at once."""
        now = datetime.now(UTC)
        opinion = Opinion(Mint().name(now), decision, kind, value, by, now, now)
        return self.ledger.answer(opinion, cannot_tell_limit=2)

    def figure(self, name: str, **labels: str) -> float:
        """A metric's value."""
        return self.registry.get_sample_value(name, labels) or 0.0
