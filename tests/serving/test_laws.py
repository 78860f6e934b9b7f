"""Laws of serving, over the real router and a real ledger, whatever people, clients, models and breakers do."""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from prometheus_client import CollectorRegistry

from brightness import BrightnessModel, Shelf, photo
from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Opinion, Outcome, QuestionKind
from understudy.domain.project import Project
from understudy.domain.stage import Cause, EventKind, Stage, Terms
from understudy.launch.trip import State
from understudy.serving.asking import Request
from understudy.serving.faults import Faults
from understudy.serving.guard import FaultTeller, Guard
from understudy.serving.identity import Mint
from understudy.serving.metrics import ServingMetrics
from understudy.serving.people import People
from understudy.serving.recorder import Writer
from understudy.serving.router import Router
from understudy.serving.standings import Standings
from understudy.serving.watch import Watch, answers_under, run_of
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .house import change

FIRST, SECOND = "1a" * 32, "2b" * 32
TERMS = Terms(threshold=0.7, most_error=0.2, audit_share=0.6)
AHEAD = timedelta(seconds=1)
PHOTOS = {level: photo(level) for level in (250, 230, 140)}


class Moody(BrightnessModel):
    """Answers by brightness, or fails while it is told to."""

    failing = False

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        if self.failing:
            raise ArithmeticError("the graph broke")
        return super().predict(photos)


@cache
def empty_ledger() -> Path:
    """A ledger with one project, made once and copied for every run; removed with the process."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-laws-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Ledger.open(folder / "ledger.db") as ledger:
        ledger.create_project(Project("lamp", datetime.now(UTC)))
    return folder / "ledger.db"


class Serving(RuleBasedStateMachine):
    """People promote, clients ask, audits are answered or not, models fail, workers come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="understudy-laws-"))
        self.ledger = Ledger.open(Path(shutil.copy(empty_ledger(), self.folder)))
        self.blobs = BlobStore(str(self.folder / "blobs"))
        self.models = {version: Moody(version) for version in (FIRST, SECOND)}
        self.shelf = Shelf({"lamp": self.models[FIRST]}, [self.models[SECOND]])
        self.loop = asyncio.new_event_loop()
        self.answers: dict[str, Decision] = {}
        self.asked = 0
        self.workers: list[tuple[Router, Guard, FaultTeller]] = []
        self.start_worker()

    def teardown(self) -> None:
        for router, _, _ in self.workers:
            self.loop.run_until_complete(router.close())
        self.loop.close()
        self.ledger.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What may happen.

    @rule()
    def start_worker(self) -> None:
        """A process joins; it knows nothing but the ledger."""
        if len(self.workers) == 3:
            return
        standings, faults = Standings(self.ledger), Faults()
        writer, people = Writer(self.ledger, self.blobs), People(self.ledger)
        router = Router(self.shelf, standings, writer, people, ServingMetrics(CollectorRegistry()), faults=faults)
        guard = Guard(self.ledger, standings, on_trip=router.trip, now=lambda: datetime.now(UTC) + AHEAD)
        self.workers.append(
            (router, guard, FaultTeller(self.ledger, faults, f"w{len(self.workers)}", answers=standings.answers))
        )

    @rule(worker=st.integers(0, 2))
    def kill_worker(self, worker: int) -> None:
        """A process dies without a word."""
        if len(self.workers) > 1:
            router, _, _ = self.workers.pop(worker % len(self.workers))
            self.loop.run_until_complete(router.close())

    @rule(
        stage=st.sampled_from(list(Stage)),
        model=st.sampled_from([FIRST, SECOND]),
        falls_back=st.booleans(),
        share=st.sampled_from([0.0, 0.4, 1.0]),
    )
    def promote(self, stage: Stage, model: str, falls_back: bool, share: float) -> None:
        """A person gives a model a stage."""
        last = self.ledger.stage("lamp")
        other = SECOND if model == FIRST else FIRST
        wizard = stage is Stage.WIZARD
        made = change(
            last.number + 1 if last else 1,
            stage,
            None if wizard else model,
            fallback=other if falls_back and not wizard else None,
            share=share if stage is Stage.CANARY else None,
            terms=TERMS,
        )
        self.ledger.change_stage("lamp", made)

    @rule(levels=st.lists(st.sampled_from(sorted(PHOTOS)), min_size=1, max_size=4), worker=st.integers(0, 2))
    def ask(self, levels: list[int], worker: int) -> None:
        """Clients ask at once, each by a key of its own."""
        router = self.workers[worker % len(self.workers)][0]
        keys = [f"key {self.asked + place}" for place in range(len(levels))]
        self.asked += len(levels)
        requests = [Request(PHOTOS[level], key) for level, key in zip(levels, keys, strict=True)]
        for key, decision in zip(keys, self._decided(router, requests), strict=True):
            self.answers[key] = decision

    @rule(worker=st.integers(0, 2), place=st.integers(0, 10**6))
    def ask_again(self, worker: int, place: int) -> None:
        """A client that lost its connection sends the same request to any worker, and gets the same answer."""
        if not self.answers:
            return
        key, before = list(self.answers.items())[place % len(self.answers)]
        data = self.ledger.input(before.id) or b""
        (again,) = self._decided(self.workers[worker % len(self.workers)][0], [Request(data, key)])
        assert again == before

    @rule(right=st.booleans(), most=st.integers(1, 5), outcome=st.booleans())
    def audit(self, right: bool, most: int, outcome: bool) -> None:
        """People answer audits, or outcomes arrive."""
        now = datetime.now(UTC)
        for question in self.ledger.open_questions("lamp", now, 50):
            if question.kind is not QuestionKind.AUDIT or not most:
                continue
            most -= 1
            value = "bright" if right else "dark"
            if outcome:
                self.ledger.record_outcomes([Outcome(question.decision, value, "till", "api", now)])
            else:
                said = Opinion(Mint().name(now), question.decision, QuestionKind.AUDIT, value, "Ben", now, now)
                self.ledger.answer(said, cannot_tell_limit=2)

    @rule(model=st.sampled_from([FIRST, SECOND]), failing=st.booleans())
    def break_or_mend(self, model: str, failing: bool) -> None:
        """A model begins to fail, or works again."""
        self.models[model].failing = failing

    @rule(worker=st.integers(0, 2))
    def look(self, worker: int) -> None:
        """A worker's keeper looks at standings, faults and breakers."""
        router, guard, teller = self.workers[worker % len(self.workers)]
        teller.tick()

        async def adopt() -> None:
            router.adopt(router._standings.refresh())

        self.loop.run_until_complete(adopt())
        guard.tick()

    # Laws.

    @invariant()
    def every_request_ended_in_exactly_one_decision(self) -> None:
        """What clients were told is what the ledger has, once."""
        assert self.ledger.decision_count("lamp") == len(self.answers)
        for decision in list(self.answers.values())[-8:]:
            assert self.ledger.decision(decision.id) == decision

    @invariant()
    def only_models_that_may_answer_do(self) -> None:
        """No shadow and no tripped model ever answers: each answer is by a model that its stage lets answer."""
        changes = {each.number: each for each in self.ledger.stages("lamp")}
        for decision in list(self.answers.values())[-8:]:
            if decision.answered_by is not AnsweredBy.MODEL:
                assert decision.draw is None
                continue
            terms = answers_under(changes[decision.stage], decision.model)
            assert terms is not None
            assert decision.answer is not None
            assert decision.answer.probability >= terms.threshold
            assert decision.draw is not None
            assert decision.because is Because.CONFIDENT

    @invariant()
    def a_trip_takes_the_model_out(self) -> None:
        """What follows a trip never lets the tripped model answer."""
        for before, after in zip(self.ledger.stages("lamp"), self.ledger.stages("lamp")[1:], strict=False):
            if after.cause is Cause.TRIPPED:
                (tripped,) = {
                    each.model
                    for each in self.ledger.events("lamp")
                    if each.kind is EventKind.TRIPPED and each.fact == after.reason and each.at == after.at
                }
                assert answers_under(before, tripped) is not None
                assert answers_under(after, tripped) is None

    @invariant()
    def a_replay_knows_what_the_guards_know(self) -> None:
        """A breaker that was told step by step and one that is told anew from the ledger are the same."""
        for _, guard, _ in self.workers:
            for guarded in guard.guarded:
                watch = guard._watches[guarded.project, guarded.model]
                stages = self.ledger.stages("lamp")
                run = run_of("lamp", stages, guarded.model)
                if run != watch.run or watch.breaker.state is State.OPEN:
                    continue
                until = datetime.now(UTC) + AHEAD
                anew = Watch(self.ledger, run, watch.rules)
                assert watch.advance(until)
                assert anew.advance(until)
                assert anew.breaker.mixture == watch.breaker.mixture
                assert anew.breaker.meter == watch.breaker.meter
                assert list(anew.breaker.waiting) == list(watch.breaker.waiting)

    def _decided(self, router: Router, requests: Sequence[Request]) -> list[Decision]:
        async def scene() -> list[Decision]:
            return await asyncio.gather(*(router.decide("lamp", request) for request in requests))

        return self.loop.run_until_complete(scene())


TestServing = Serving.TestCase
TestServing.settings = settings(max_examples=12, stateful_step_count=20, suppress_health_check=list(HealthCheck))
