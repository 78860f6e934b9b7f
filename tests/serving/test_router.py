import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from prometheus_client import CollectorRegistry

from brightness import BrightnessModel, NoPhoto, Shelf, photo
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.errors import UnderstudyError
from understudy.serving.batching import Overloaded
from understudy.serving.identity import Mint
from understudy.serving.metrics import ServingMetrics
from understudy.serving.model import ModelChanged, NotTrainedYet
from understudy.serving.recorder import Recorder
from understudy.serving.router import Limits, Router
from understudy.store.blobs import BlobStore
from understudy.store.errors import LedgerUnavailable, UnknownProject
from understudy.store.ledger import Ledger

Result = TypeVar("Result")


class House:
    """A router over a real ledger, with what stands around it."""

    def __init__(self, ledger: Ledger, blobs: BlobStore) -> None:
        self.ledger = ledger
        self.blobs = blobs
        self.model = BrightnessModel()
        self.shelf = Shelf({"lamp": self.model, "untrained": None})
        self.registry = CollectorRegistry()
        self.mint = Mint()
        self.limits = Limits()

    def play(self, scene: Callable[[Router], Awaitable[Result]]) -> Result:
        async def whole() -> Result:
            recorder = Recorder(self.ledger, self.blobs)
            router = Router(self.shelf, recorder, ServingMetrics(self.registry), mint=self.mint, limits=self.limits)
            try:
                return await scene(router)
            finally:
                await router.close()

        return asyncio.run(whole())

    def figure(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def house(ledger: Ledger, blobs: BlobStore) -> House:
    return House(ledger, blobs)


def test_a_decision_is_in_the_ledger_when_it_is_acknowledged(house: House) -> None:
    """What `decide` returns can be read from the ledger at once, and its photo from the blob store."""
    sent = photo(230)

    async def scene(router: Router) -> Decision:
        decision = await router.decide("lamp", sent)
        assert house.ledger.decision(decision.id) == decision
        return decision

    decision = house.play(scene)
    assert (decision.answer.label, decision.answered_by) == ("bright", AnsweredBy.MODEL)
    assert decision.answer.probability == pytest.approx(230 / 255)
    assert decision.model == house.model.version
    assert decision.input_digest == hashlib.sha256(sent).hexdigest()
    assert house.blobs.get(decision.input_digest) == sent
    assert decision.seconds > 0


def test_below_the_threshold_nobody_has_answered_yet(house: House) -> None:
    """An unsure model asks for a person, and the ledger says that nobody has answered."""
    decision = house.play(lambda router: router.decide("lamp", photo(140)))
    assert decision.answer.ask_person
    assert house.ledger.decision(decision.id).answered_by is AnsweredBy.NOBODY_YET
    assert house.figure("understudy_ask_person_total", project="lamp") == 1
    assert house.figure("understudy_decisions_total", project="lamp", answered_by="nobody-yet") == 1


def test_time_and_name_come_from_the_mint(house: House) -> None:
    """With the clock and the randomness given, the decision's time, name and duration are given."""
    at = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
    ticks = iter(range(100))
    house.mint = Mint(
        now=lambda: at, stopwatch=lambda: float(next(ticks)), random_bytes=lambda length: b"\x07" * length
    )
    decision = house.play(lambda router: router.decide("lamp", photo(10)))
    assert decision.at == at
    assert decision.id == house.mint.name(at)
    assert decision.seconds == 1.0


@pytest.mark.parametrize(
    ("project", "data", "kind"),
    [("nowhere", photo(1), UnknownProject), ("untrained", photo(1), NotTrainedYet), ("lamp", b"no photo", NoPhoto)],
)
def test_what_cannot_be_answered_leaves_no_trace(
    house: House, tmp_path: Path, project: str, data: bytes, kind: type[UnderstudyError]
) -> None:
    """A refused question is neither in the ledger nor in the blob store, and is counted by its reason."""

    async def scene(router: Router) -> None:
        with pytest.raises(kind):
            await router.decide(project, data)

    house.play(scene)
    assert house.ledger.decision_count("lamp") == 0
    assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert house.figure("understudy_refused_total", reason=kind.__name__) == 1


def test_guessed_names_cost_no_threads(house: House) -> None:
    """Asking for many projects that do not exist starts no thread for any of them."""

    async def scene(router: Router) -> None:
        for number in range(30):
            with pytest.raises(UnknownProject):
                await router.decide(f"guess-{number}", photo(1))
        assert not [thread for thread in threading.enumerate() if "guess" in thread.name]

    house.play(scene)


def test_questions_that_arrive_together_share_a_batch_and_a_commit(house: House) -> None:
    """While one question is with the model, eight others wait and go through it together."""
    house.model.gate = threading.Event()

    async def scene(router: Router) -> list[Decision]:
        asked = [asyncio.create_task(router.decide("lamp", photo(level))) for level in (250, 5)]
        while not house.model.batches:
            await asyncio.sleep(0.001)
        asked += [asyncio.create_task(router.decide("lamp", photo(level))) for level in range(10, 80, 10)]
        await asyncio.sleep(0.01)
        assert house.model.gate is not None
        house.model.gate.set()
        return await asyncio.gather(*asked)

    decisions = house.play(scene)
    assert house.model.batches == [1, 8]
    assert [decision.answer.label for decision in decisions] == ["bright"] + ["dark"] * 8
    assert {stored.id for stored in house.ledger.decisions("lamp", 20)} == {decision.id for decision in decisions}
    assert house.figure("understudy_batch_size_sum") == 9


def test_too_many_at_once_are_refused(house: House) -> None:
    """Beyond the queue's bound a question is refused in words; nothing piles up without end."""
    house.model.gate = threading.Event()
    house.limits = Limits(max_batch=1, max_waiting=2)

    async def scene(router: Router) -> list[Decision | BaseException]:
        await router.model("lamp")
        asked = [asyncio.create_task(router.decide("lamp", photo(level))) for level in range(0, 250, 25)]
        await asyncio.sleep(0.05)
        assert house.model.gate is not None
        house.model.gate.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = house.play(scene)
    served = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    assert len(served) == 3
    assert sum(isinstance(outcome, Overloaded) for outcome in outcomes) == 7
    assert house.ledger.decision_count("lamp") == 3


def test_several_photos_become_decisions_together_or_not_at_all(house: House) -> None:
    """One unreadable photo among several keeps all of them out of the ledger."""

    async def scene(router: Router) -> list[Decision]:
        with pytest.raises(NoPhoto):
            await router.decide_all("lamp", [photo(1), b"nonsense", photo(2)])
        assert house.ledger.decision_count("lamp") == 0
        return await router.decide_all("lamp", [photo(1), photo(250), photo(2)])

    decisions = house.play(scene)
    assert [decision.answer.label for decision in decisions] == ["dark", "bright", "dark"]
    assert house.ledger.decision_count("lamp") == 3


def test_a_version_that_was_asked_for_answers_or_nobody_does(house: House) -> None:
    """A client that names a version never gets another version's answer."""

    async def scene(router: Router) -> Decision:
        with pytest.raises(ModelChanged):
            await router.decide_all("lamp", [photo(1)], version="cd" * 32)
        assert house.ledger.decision_count("lamp") == 0
        return (await router.decide_all("lamp", [photo(1)], version=house.model.version))[0]

    assert house.play(scene).model == house.model.version


def test_a_new_model_answers_the_next_question(house: House) -> None:
    """When the shelf gets a new model, the next question meets it without a restart."""

    async def scene(router: Router) -> list[str]:
        before = await router.decide("lamp", photo(1))
        house.shelf.models["lamp"] = replace(house.model, version="cd" * 32)
        after = await router.decide("lamp", photo(1))
        return [before.model, after.model]

    assert house.play(scene) == ["ab" * 32, "cd" * 32]


def test_a_probe_is_a_real_answer_that_nobody_writes_down(house: House) -> None:
    """A health check goes through the model and leaves the ledger as it was."""
    reply = house.play(lambda router: router.probe("lamp", photo(255)))
    assert (reply.answer.label, reply.model) == ("bright", house.model.version)
    assert house.model.batches == [1]
    assert house.ledger.decision_count("lamp") == 0


def test_regions_explain_only_the_model_that_answered(house: House) -> None:
    """Regions come from the model that gave the answer; once another answers, that is said instead."""

    async def scene(router: Router) -> tuple[int, ...]:
        regions = await router.regions("lamp", photo(9), version=house.model.version)
        with pytest.raises(ModelChanged):
            await router.regions("lamp", photo(9), version="cd" * 32)
        return regions.shape

    assert house.play(scene) == (4, 4)


def test_an_answer_that_cannot_be_written_down_is_not_given(house: House) -> None:
    """When the ledger is gone, the question fails: no answer leaves without its record."""

    class Gone:
        def record_decisions(self, _decisions: object) -> None:
            raise LedgerUnavailable(
                fact="The ledger cannot be written.", reason="The disk is full.", remedy="Make room."
            )

    async def scene() -> None:
        recorder = Recorder(Gone(), house.blobs)
        router = Router(house.shelf, recorder, ServingMetrics(CollectorRegistry()))
        with pytest.raises(LedgerUnavailable):
            await router.decide("lamp", photo(1))
        await router.close()

    asyncio.run(scene())


def test_decisions_of_later_milliseconds_sort_later(house: House) -> None:
    """The ids of a project's decisions, sorted as text, are in the order they were made."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    times = iter(start + timedelta(milliseconds=step) for step in range(10))
    house.mint = Mint(now=lambda: next(times))

    async def scene(router: Router) -> list[str]:
        return [(await router.decide("lamp", photo(level))).id for level in range(10)]

    ids = house.play(scene)
    assert ids == sorted(ids)
