import asyncio
import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brightness import BrightnessModel, NoPhoto, photo
from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import QuestionKind
from understudy.domain.stage import Stage, StageChange
from understudy.serving.asking import Request
from understudy.serving.batching import Overloaded, Sizes
from understudy.serving.identity import Mint
from understudy.serving.lanes import Limits
from understudy.serving.model import ModelChanged, ModelFault, NotTrainedYet, ServedModel
from understudy.serving.recorder import Entry, Outcome, Writer
from understudy.serving.router import TRIES, Router, Setup
from understudy.store.errors import KeyReused, LedgerUnavailable, UnknownProject

from .house import TERMS, House, change

BRIGHT, DIM = photo(250), photo(140)
ALWAYS = replace(TERMS, audit_share=1.0)


def ask(data: bytes = BRIGHT, key: str | None = None, subject: str | None = None) -> Request:
    return Request(data, key, subject)


async def all_of(router: Router, *requests: Request) -> list[Decision]:
    return await asyncio.gather(*(router.decide("lamp", request) for request in requests))


# Who answers.


def test_before_any_stage_people_answer(house: House) -> None:
    """A project that nobody has promoted asks people, though a model is there, and the question waits for them."""
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.answered_by, decision.because) == (AnsweredBy.NOBODY_YET, Because.WIZARD)
    assert (decision.answer, decision.model, decision.stage, decision.draw) == (None, "", 0, None)
    (question,) = house.ledger.open_questions("lamp", datetime.now(UTC), 10)
    assert (question.decision, question.kind) == (decision.id, QuestionKind.ANSWER)
    assert question.due_at - question.asked_at == timedelta(minutes=60)
    assert house.model.batches == []


def test_a_live_model_answers_what_it_is_sure_of(house: House) -> None:
    """Above the stage's threshold the model answers; the decision says so and is in the ledger when it returns."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> Decision:
        decision = await router.decide("lamp", ask(key="order 7", subject="Ada"))
        assert house.ledger.decision(decision.id) == decision
        return decision

    decision = house.play(scene)
    assert (decision.answered_by, decision.because) == (AnsweredBy.MODEL, Because.CONFIDENT)
    assert decision.answer is not None
    assert decision.answer.label == "bright"
    assert (decision.model, decision.stage) == (house.model.version, 1)
    assert (decision.key, decision.subject) == ("order 7", "Ada")
    assert decision.draw is not None
    assert decision.draw.propensity > 0


def test_the_stage_s_threshold_decides_and_not_the_file_s(house: House) -> None:
    """An answer of 98% goes to a person where the stage asks for 99%, and the answer says that it asks for one."""
    house.promote(Stage.LIVE, terms=replace(TERMS, threshold=0.99))
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.answered_by, decision.because) == (AnsweredBy.NOBODY_YET, Because.BELOW_THRESHOLD)
    assert decision.answer is not None
    assert decision.answer.ask_person
    assert decision.model == house.model.version


def test_in_shadow_people_answer_and_the_model_is_not_even_asked(house: House) -> None:
    """A request does not wait for a model in the dark: it is not reached from there."""
    house.promote(Stage.SHADOW)
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.answered_by, decision.because, decision.answer) == (AnsweredBy.NOBODY_YET, Because.SHADOW, None)
    assert house.model.batches == []


def test_in_shadow_the_fallback_goes_on_answering(house: House) -> None:
    """The model before the one in shadow answers as it did."""
    before = BrightnessModel(version="cd" * 32)
    house.shelf.others.append(before)
    house.promote(Stage.SHADOW, fallback=before.version)
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.answered_by, decision.model) == (AnsweredBy.MODEL, before.version)


def test_in_canary_the_key_decides(house: House) -> None:
    """Of many keys about the share goes to the model, and the rest to people."""
    house.promote(Stage.CANARY, share=0.3)
    keys = [f"key {number}" for number in range(60)]

    async def scene(router: Router) -> list[Decision]:
        return await all_of(router, *(ask(key=key) for key in keys))

    ways = {decision.key: decision.because for decision in house.play(scene)}
    asked = [key for key, because in ways.items() if because is Because.CONFIDENT]
    assert 6 <= len(asked) <= 32
    assert set(ways.values()) == {Because.CONFIDENT, Because.NOT_IN_CANARY}


# Audits.


def test_an_audit_is_drawn_before_the_answer_is_given(house: House) -> None:
    """With a share of one every answer is audited: drawn, due, and waiting for a person who is not told the answer."""
    house.promote(Stage.LIVE, terms=ALWAYS)
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert decision.draw is not None
    assert (decision.draw.audited, decision.draw.propensity) == (True, 1.0)
    (question,) = house.ledger.open_questions("lamp", datetime.now(UTC), 10)
    assert question.kind is QuestionKind.AUDIT
    assert question.due_at - question.asked_at == timedelta(hours=24)
    (case,) = house.ledger.draws_after("lamp", house.model.version, 0, since_stage=1, limit=10)
    assert case.error == pytest.approx(1 - 250 / 255)
    assert case.due_at == question.due_at


def test_doubtful_answers_are_audited_more_often(house: House) -> None:
    """Over many answers the share is about the one asked for, and the less sure half gets more than its part."""
    house.promote(Stage.LIVE, terms=replace(TERMS, threshold=0.6, audit_share=0.2))
    levels = [200 if number % 2 else 254 for number in range(400)]

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", ask(photo(level))) for level in levels]

    drawn = [(level, each.draw) for level, each in zip(levels, house.play(scene), strict=True) if each.draw]
    chances = [draw.propensity for _, draw in drawn]
    assert sum(chances) / len(chances) == pytest.approx(0.2, rel=0.15)
    last = {level: draw.propensity for level, draw in drawn}
    assert last[200] > last[254] >= 0.2 * 0.8


def test_some_answers_are_asked_of_two_people(house: House) -> None:
    """With a double share of one, each request that a person has answered is asked of a second one too."""
    house.ledger.set_setting("lamp", "double-share", 1.0, "Ada", datetime.now(UTC))
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert house.ledger.queue_counts("lamp", datetime.now(UTC)).double == 0
    house.say(decision.id, "bright")
    assert house.ledger.queue_counts("lamp", datetime.now(UTC)).double == 1


# What goes wrong with a model sends its requests to people.


class Failing(BrightnessModel):
    """Raises whatever it is asked."""

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        raise ArithmeticError(f"the graph broke over {len(photos)} photos")


class Mute(BrightnessModel):
    """Fails in words of its own."""

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        raise UnderstudyError(fact="The lens fogged.", reason=f"It breathed on {len(photos)}.", remedy="Wipe it.")


class Short(BrightnessModel):
    """Gives too few answers."""

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        return super().predict(photos)[1:]


@pytest.mark.parametrize("kind", [Failing, Short])
def test_a_model_that_fails_means_a_person(house: House, kind: type[BrightnessModel]) -> None:
    """Whatever a model raises, the client hears that a person will answer, and the fault is counted."""
    house.model = house.shelf.models["lamp"] = kind()
    house.promote(Stage.LIVE)
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.answered_by, decision.because) == (AnsweredBy.NOBODY_YET, Because.FAULT)
    (fault,) = house.faults.take()
    assert (fault.project, fault.model, fault.count) == ("lamp", house.model.version, 1)
    assert house.ledger.queue_counts("lamp", datetime.now(UTC)).answer == 1


def test_a_model_whose_file_is_gone_means_people(house: House) -> None:
    """A model that cannot be loaded is a fault for each request, never an error; it is not tried with every one."""
    house.promote(Stage.LIVE, "ef" * 32)

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", ask(photo(level))) for level in range(3)]

    assert {decision.because for decision in house.play(scene)} == {Because.FAULT}
    (fault,) = house.faults.take()
    assert fault.count == 3
    assert fault.kind == "UnknownModel"


def test_a_model_that_is_too_slow_means_a_person_and_one_answer(house: House) -> None:
    """After the allowed time a person is asked; when the model speaks at last, nobody hears it."""
    house.promote(Stage.LIVE)
    house.ledger.set_setting("lamp", "model-seconds", 0.1, "Ada", datetime.now(UTC))
    house.model.gate = threading.Event()

    async def scene(router: Router) -> Decision:
        started = time.perf_counter()
        decision = await router.decide("lamp", ask())
        assert time.perf_counter() - started > 0.09
        assert house.model.gate is not None
        house.model.gate.set()
        await asyncio.sleep(0.1)
        return decision

    decision = house.play(scene)
    assert decision.because is Because.FAULT
    assert [each.id for each in house.ledger.decisions("lamp", 10)] == [decision.id]
    (fault,) = house.faults.take()
    assert fault.kind == "too-slow"


def test_a_model_that_hangs_is_not_waited_for_again(house: House) -> None:
    """While a batch hangs beyond the allowed time, further requests go to people at once."""
    house.promote(Stage.LIVE)
    house.ledger.set_setting("lamp", "model-seconds", 1.0, "Ada", datetime.now(UTC))
    house.model.gate = threading.Event()

    async def scene(router: Router) -> float:
        await router.decide("lamp", ask())
        started = time.perf_counter()
        assert (await router.decide("lamp", ask(DIM))).because is Because.FAULT
        taken = time.perf_counter() - started
        assert house.model.gate is not None
        house.model.gate.set()
        return taken

    assert house.play(scene) < 0.8


def test_what_does_not_fit_goes_to_people(house: House) -> None:
    """Beyond the lane's bound a request is left to people: nobody is refused, and nothing piles up at the model."""
    house.setup = Setup(limits=Limits(Sizes(1, 1), max_waiting=2))
    house.promote(Stage.LIVE)
    house.model.gate = threading.Event()

    async def scene(router: Router) -> list[Decision]:
        asked = [asyncio.create_task(router.decide("lamp", ask(photo(level)))) for level in range(0, 250, 25)]
        await asyncio.sleep(0.3)
        assert house.model.gate is not None
        house.model.gate.set()
        return await asyncio.gather(*asked)

    reasons = [decision.because for decision in house.play(scene)]
    assert reasons.count(Because.OVERLOADED) >= 7
    assert reasons.count(Because.CONFIDENT) + reasons.count(Because.BELOW_THRESHOLD) <= 3
    assert house.ledger.decision_count("lamp") == 10


def test_a_bad_input_is_the_client_s_own(house: House) -> None:
    """What is no photo is refused whoever would answer, leaves no trace, and is no fault of the model."""
    for stage in (None, Stage.LIVE):
        if stage:
            house.promote(stage)

        async def scene(router: Router) -> None:
            with pytest.raises(NoPhoto):
                await router.decide("lamp", ask(b"no photo"))

        house.play(scene)
    assert house.ledger.decision_count("lamp") == 0
    assert house.faults.take() == []
    assert house.figure("understudy_refused_total", reason="NoPhoto") == 2


def test_an_unknown_project_is_refused_without_a_thread(house: House) -> None:
    """Guessing names starts no thread for any of them."""

    async def scene(router: Router) -> None:
        for number in range(20):
            with pytest.raises(UnknownProject):
                await router.decide(f"guess-{number}", ask())
        assert not [thread for thread in threading.enumerate() if "guess" in thread.name]

    house.play(scene)


# Stages that move.


class Moving(Writer):
    """The real writer, which changes the stage just before it writes, so many times."""

    def __init__(self, house: House, times: int, stages: Sequence[Stage]) -> None:
        super().__init__(house.ledger, house.blobs)
        self._house, self._times, self._stages = house, times, stages

    def write(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
        if self._times:
            self._times -= 1
            self._house.promote(self._stages[self._times % len(self._stages)])
        return super().write(entries)


def test_a_trip_on_the_way_sends_the_request_to_people(house: House) -> None:
    """An answer that was to be recorded when the model was taken out is not given; a person is asked instead."""
    house.promote(Stage.LIVE)
    house.writer = Moving(house, 1, [Stage.SHADOW])
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.because, decision.stage) == (Because.SHADOW, 2)
    assert [each.id for each in house.ledger.decisions("lamp", 10)] == [decision.id]


@pytest.mark.parametrize(("moves", "because"), [(TRIES, Because.CONFIDENT), (TRIES + 1, Because.MOVED)])
def test_a_stage_may_move_as_often_as_is_said(house: House, moves: int, because: Because) -> None:
    """On the last of its new routes the model still answers; only one more move brings the request to a person."""
    house.promote(Stage.LIVE)
    house.writer = Moving(house, moves, [Stage.LIVE])
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert (decision.because, decision.stage) == (because, 1 + moves)
    assert house.ledger.decision_count("lamp") == 1


def test_a_stage_that_will_not_rest_ends_with_a_person(house: House) -> None:
    """After three new routes a person gets the request, and even then there is exactly one decision."""
    house.promote(Stage.LIVE)
    house.writer = Moving(house, 6, [Stage.LIVE])
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert decision.because is Because.MOVED
    assert house.ledger.decision_count("lamp") == 1


def test_a_new_stage_is_met_by_the_next_request(house: House) -> None:
    """A promotion that another process made is noticed, at the latest when the decision is to be recorded."""

    async def scene(router: Router) -> list[Because]:
        before = await router.decide("lamp", ask())
        house.promote(Stage.LIVE)
        after = await router.decide("lamp", ask(DIM))
        last = await router.decide("lamp", ask(photo(249)))
        return [each.because for each in (before, after, last)]

    assert house.play(scene) == [Because.WIZARD, Because.BELOW_THRESHOLD, Because.CONFIDENT]


def test_a_tripped_model_is_asked_no_more_in_this_process(house: House) -> None:
    """From the moment its breaker opens, and before the stage says so, no request reaches it."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> Decision:
        await router.decide("lamp", ask())
        router.trip("lamp", house.model.version, 1)
        return await router.decide("lamp", ask(photo(249)))

    decision = house.play(scene)
    assert (decision.answered_by, decision.because) == (AnsweredBy.NOBODY_YET, Because.TRIPPED)
    assert house.model.batches == [1]


def test_a_tripped_model_is_not_asked_again_before_its_stage_is_over(house: House) -> None:
    """Neither other settings nor more audits, which drift asks for, bring back what the breaker took out."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Because]:
        router.adopt(house.standings.refresh())
        router.trip("lamp", house.model.version, 1)
        found = []
        house.ledger.set_setting("lamp", "hold-seconds", 3.0, "Ada", datetime.now(UTC))
        house.standings.refresh()
        for times in (1.0, 4.0):
            house.standings.raise_audits("lamp", times)
            router.adopt(house.standings.every())
            found.append((await router.decide("lamp", ask())).because)
        return found

    assert house.play(scene) == [Because.TRIPPED] * 2
    assert house.model.batches == []


def test_a_trip_of_a_stage_that_is_past_is_none_of_the_present_one_s(house: House) -> None:
    """A breaker that opens while somebody launches the model anew, and is told after that, stops nothing."""
    house.promote(Stage.LIVE)
    house.promote(Stage.LIVE, terms=replace(TERMS, threshold=0.8))

    async def scene(router: Router) -> list[Because]:
        router.adopt(house.standings.refresh())
        router.trip("lamp", house.model.version, 1)
        before = await router.decide("lamp", ask())
        router.trip("lamp", house.model.version, 2)
        return [before.because, (await router.decide("lamp", ask())).because]

    assert house.play(scene) == [Because.CONFIDENT, Because.TRIPPED]


def test_an_exchange_makes_nobody_wait(house: House) -> None:
    """A model that a stage needs in the dark is loaded before it is promoted."""
    house.promote(Stage.SHADOW)

    async def scene(router: Router) -> Decision:
        router.adopt(house.standings.refresh())
        while house.model.version not in house.shelf.loaded:
            await asyncio.sleep(0.005)
        house.promote(Stage.LIVE)
        house.standings.refresh()
        return await router.decide("lamp", ask())

    assert house.play(scene).because is Because.CONFIDENT
    assert house.shelf.loaded == [house.model.version]


def test_while_a_model_is_being_loaded_its_requests_wait(house: House) -> None:
    """A model that takes a while to load answers those who came meanwhile; past the allowed time people do."""
    gate = threading.Event()
    load = house.shelf.load

    def slowly(project: str, version: str) -> ServedModel:
        assert gate.wait(10)
        return load(project, version)

    house.shelf.load = slowly
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Decision]:
        asked = [asyncio.create_task(router.decide("lamp", ask(photo(level)))) for level in (250, 251)]
        await asyncio.sleep(0.1)
        gate.set()
        return await asyncio.gather(*asked)

    assert {decision.because for decision in house.play(scene)} == {Because.CONFIDENT}


# Keys.


def test_a_repeated_key_gets_the_earlier_decision(house: House) -> None:
    """The same request sent again, at once or later, is one decision; the metrics count it once."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Decision]:
        first = await router.decide("lamp", ask(key="k"))
        together = await all_of(router, *(ask(key="k") for _ in range(5)))
        return [first, *together]

    decisions = house.play(scene)
    assert len({decision.id for decision in decisions}) == 1
    assert house.ledger.decision_count("lamp") == 1
    labels = {"project": "lamp", "answered_by": "model", "because": "confident"}
    assert house.figure("understudy_decisions_total", **labels) == 1


def test_a_key_of_another_request_is_refused(house: House) -> None:
    """A key that comes with another input is the client's mistake, and nothing is recorded."""

    async def scene(router: Router) -> None:
        await router.decide("lamp", ask(key="k"))
        with pytest.raises(KeyReused):
            await router.decide("lamp", ask(DIM, key="k"))

    house.play(scene)
    assert house.ledger.decision_count("lamp") == 1


# Several at once, and trying out.


def test_several_become_decisions_together_or_not_at_all(house: House) -> None:
    """One unreadable photo among several keeps all of them out of the ledger."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Decision]:
        with pytest.raises(NoPhoto):
            await router.decide_all("lamp", [ask(photo(1)), ask(b"nonsense"), ask(photo(2))])
        assert house.ledger.decision_count("lamp") == 0
        return await router.decide_all("lamp", [ask(photo(1)), ask(DIM), ask(photo(2))])

    by = [decision.answered_by for decision in house.play(scene)]
    assert by == [AnsweredBy.MODEL, AnsweredBy.NOBODY_YET, AnsweredBy.MODEL]
    assert house.ledger.decision_count("lamp") == 3


def test_a_key_of_another_request_among_several_is_refused_alone(house: House) -> None:
    """A key is known only to the ledger, which writes down those beside the one that it refuses."""

    async def scene(router: Router) -> None:
        await router.decide("lamp", ask(key="k"))
        with pytest.raises(KeyReused):
            await router.decide_all("lamp", [ask(photo(1)), ask(DIM, key="k"), ask(photo(2))])

    house.play(scene)
    digests = [hashlib.sha256(each).hexdigest() for each in (photo(2), photo(1), BRIGHT)]
    assert sorted(each.input_digest for each in house.ledger.decisions("lamp", 9)) == sorted(digests)


def test_several_are_left_to_people_too(house: House) -> None:
    """Before any stage each of several requests waits for a person."""
    decisions = house.play(lambda router: router.decide_all("lamp", [ask(photo(1)), ask(photo(2))]))
    assert {decision.because for decision in decisions} == {Because.WIZARD}
    assert house.ledger.queue_counts("lamp", datetime.now(UTC)).answer == 2


def test_a_version_that_was_asked_for_answers_or_nobody_does(house: House) -> None:
    """A client that names a version never gets another version's answer."""
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Decision]:
        with pytest.raises(ModelChanged):
            await router.decide_all("lamp", [ask()], version="cd" * 32)
        assert house.ledger.decision_count("lamp") == 0
        return await router.decide_all("lamp", [ask()], version=house.model.version)

    assert house.play(scene)[0].model == house.model.version


def test_a_named_version_never_falls_back(house: House) -> None:
    """A request of the canary's rest that names the canary's version goes to a person, not to the fallback."""
    before = BrightnessModel(version="cd" * 32)
    house.shelf.others.append(before)
    house.promote(Stage.CANARY, share=0.0, fallback=before.version)

    async def scene(router: Router) -> tuple[Decision, Decision]:
        (named,) = await router.decide_all("lamp", [ask()], version=house.model.version)
        return named, await router.decide("lamp", ask(photo(249)))

    named, free = house.play(scene)
    assert (named.answered_by, named.model) == (AnsweredBy.NOBODY_YET, "")
    assert (free.answered_by, free.model) == (AnsweredBy.MODEL, before.version)


def test_trying_out_serves_nobody(house: House) -> None:
    """A try asks the latest model whatever the stage, is on record, and leaves no question and no draw."""
    decision = house.play(lambda router: router.try_out("lamp", BRIGHT))
    assert (decision.because, decision.model) == (Because.TRIED, house.model.version)
    assert decision.draw is None
    assert house.ledger.decision(decision.id) == decision
    assert house.ledger.queue_counts("lamp", datetime.now(UTC)).answer == 0


def test_trying_out_without_a_model_or_with_a_broken_one(house: House) -> None:
    """A try says what is missing or wrong."""

    async def scene(router: Router) -> None:
        with pytest.raises(NotTrainedYet):
            await router.try_out("untrained", BRIGHT)
        house.shelf.models["lamp"] = Failing(version="cd" * 32)
        with pytest.raises(ModelFault):
            await router.try_out("lamp", BRIGHT)

    house.play(scene)
    assert house.ledger.decision_count("lamp") == 0
    assert house.faults.take() == []


def test_a_model_that_fails_in_words_is_told_with_its_reason_and_remedy(house: House) -> None:
    """Whoever tries it reads what would help; what goes on record has no words that may be an input's."""

    async def scene(router: Router) -> ModelFault:
        with pytest.raises(ModelFault) as caught:
            await router.try_out("lamp", BRIGHT)
        await router.decide("lamp", ask())
        return caught.value

    house.model = house.shelf.models["lamp"] = Mute()
    house.promote(Stage.LIVE)
    fault = house.play(scene)
    assert fault.fact == f"Model {house.model.version[:12]} failed."
    assert (fault.reason, fault.remedy) == ("The lens fogged. It breathed on 1.", "Wipe it.")
    (counted,) = house.faults.take()
    assert counted.fact == f"{fault.fact} The lens fogged."


# The ledger.


def test_an_answer_that_cannot_be_written_down_is_not_given(house: House) -> None:
    """When the ledger is gone, the request fails: no answer leaves without its record, by model or by people."""

    class Gone(Writer):
        def write(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
            fact = f"{len(entries)} decisions cannot be written."
            raise LedgerUnavailable(fact=fact, reason="The disk is full.", remedy="Make room.")

    house.writer = Gone(house.ledger, house.blobs)

    async def scene(router: Router) -> None:
        for stage in (Stage.WIZARD, Stage.LIVE):
            house.promote(stage)
            with pytest.raises(LedgerUnavailable):
                await router.decide("lamp", ask())

    house.play(scene)


def test_when_even_the_recorder_is_full_the_client_is_asked_to_come_back(house: House) -> None:
    """The only refusal for want of room: more wait for their commit than may."""
    begun, gate = threading.Event(), threading.Event()

    class Slow(Writer):
        def write(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
            begun.set()
            assert gate.wait(10)
            return super().write(entries)

    house.writer = Slow(house.ledger, house.blobs)

    async def scene(router: Router) -> list[Decision | BaseException]:
        router._recorder._batcher._max_waiting = 3
        asked = [asyncio.create_task(router.decide("lamp", ask(photo(9))))]
        while not begun.is_set():
            await asyncio.sleep(0.005)
        asked += [asyncio.create_task(router.decide("lamp", ask(photo(level)))) for level in range(5)]
        await asyncio.sleep(0.3)
        gate.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = house.play(scene)
    assert sum(isinstance(each, Overloaded) for each in outcomes) == 2
    assert house.ledger.decision_count("lamp") == 4


def test_large_inputs_lie_in_the_blob_store_and_small_ones_in_the_ledger(house: House) -> None:
    """Both can be read again under the decision's digest."""
    large = photo(250, size=(640, 480), kind="BMP")

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", ask(BRIGHT)), await router.decide("lamp", ask(large))]

    small, big = house.play(scene)
    assert small.input_digest == hashlib.sha256(BRIGHT).hexdigest()
    assert house.ledger.input(small.id) == BRIGHT
    assert house.ledger.input(big.id) is None
    assert house.blobs.get(big.input_digest) == large


def test_time_and_name_come_from_the_mint(house: House) -> None:
    """With the clock and the randomness given, the decision's time and name are given."""
    at = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
    mint = Mint(now=lambda: at, random_bytes=lambda length: b"\x07" * length)
    house.setup = Setup(mint=mint)
    decision = house.play(lambda router: router.decide("lamp", ask()))
    assert decision.at == at
    assert decision.id == mint.name(at)
    assert decision.seconds > 0


def test_closing_answers_what_was_accepted(house: House) -> None:
    """A router that is closed while requests are with the model gives every one its answer first."""
    house.promote(Stage.LIVE)
    house.model.gate = threading.Event()

    async def scene() -> list[Decision]:
        router = house.router()
        asked = [asyncio.create_task(router.decide("lamp", ask(photo(level)))) for level in range(240, 252)]
        await asyncio.sleep(0.2)
        closing = asyncio.create_task(router.close())
        await asyncio.sleep(0.05)
        assert house.model.gate is not None
        house.model.gate.set()
        await closing
        assert all(task.done() for task in asked)
        return await asyncio.gather(*asked)

    decisions = asyncio.run(scene())
    assert {each.id for each in house.ledger.decisions("lamp", 20)} == {each.id for each in decisions}


def test_regions_explain_the_model_that_answered(house: House) -> None:
    """Regions come from the version that gave the answer, also when another answers by now."""
    before = replace(house.model, version="cd" * 32)
    house.shelf.others.append(before)

    async def scene(router: Router) -> list[tuple[int, ...]]:
        return [
            (await router.explainer.regions("lamp", photo(9), version=each.version)).shape
            for each in (house.model, before)
        ]

    assert house.play(scene) == [(4, 4), (4, 4)]


def test_a_probe_writes_nothing(house: House) -> None:
    """A health check goes through the model and leaves the ledger as it was."""
    reply = house.play(lambda router: router.probe("lamp"))
    assert reply.model == house.model.version
    assert house.model.batches == [1]
    assert house.ledger.decision_count("lamp") == 0


def test_decisions_of_later_milliseconds_sort_later(house: House) -> None:
    """The ids of a project's decisions, sorted as text, are in the order they were made."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    times = iter(start + timedelta(milliseconds=step) for step in range(10))
    house.setup = Setup(mint=Mint(now=lambda: next(times)))

    async def scene(router: Router) -> list[str]:
        return [(await router.decide("lamp", ask(photo(level)))).id for level in range(10)]

    ids = house.play(scene)
    assert ids == sorted(ids)


def test_a_change_is_as_the_house_has_it() -> None:
    """What these tests promote with is a change as the product knows it."""
    made = change(3, Stage.CANARY, "ab" * 32)
    assert isinstance(made, StageChange)
    assert made.answers_alone
