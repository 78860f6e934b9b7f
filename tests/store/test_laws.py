"""Laws: whatever happens in whatever order, each request ends in one answer, and the records say so ever after."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Opinion, Outcome, Question, QuestionKind, Resolution
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.store.errors import (
    AlreadyAnswered,
    ClaimedByOther,
    KeyReused,
    NotYours,
    OutcomeConflict,
    Settled,
    StageMoved,
    UnknownQuestion,
)
from understudy.store.ledger import Ledger
from understudy.store.outcomes import Truth
from understudy.store.served import Served

from . import nouns
from .fresh import Places, in_sqlite

ANSWER, AUDIT, DOUBLE = QuestionKind
PEOPLE = ["Ada", "Ben", "Cy"]
LIMIT = 2
CLAIM = timedelta(seconds=20)
UNDO = timedelta(seconds=8)
LABELS = st.sampled_from([None, None, "crack", "sound"])
MOVES = [
    *["time_passes"] * 4, "another_process_takes_over", "a_request_arrives", "the_stage_changes",
    *["somebody_takes_the_next_question"] * 3, "somebody_skips_what_is_next", *["somebody_answers_whatever"] * 3,
    *["somebody_answers_what_is_next"] * 4, *["somebody_takes_an_opinion_back"] * 4, *["it_turns_out"] * 2,
]  # fmt: skip
"""What may happen, the more often the more often it stands here."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Asked:
    """A question as the plain model knows it."""

    question: Question
    closed: bool = False
    holder: str | None = None
    until: datetime = nouns.NOON


@dataclass
class World:
    """The same as a ledger in a few plain lists: what it should say, told in the plainest way."""

    now: datetime = nouns.NOON
    stage: int = 0
    served: dict[str, Served] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    asked: dict[tuple[str, QuestionKind], Asked] = field(default_factory=dict)
    opinions: list[Opinion] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    order: list[object] = field(default_factory=list)
    skipped: set[tuple[str, QuestionKind, str]] = field(default_factory=set)

    def take(self, entry: Served) -> None:
        name, key = entry.decision.id, entry.decision.key
        self.served[name] = entry
        if key is not None:
            self.by_key[key] = name
        for each in (entry.question, entry.double):
            if each is not None:
                self.asked[name, each.kind] = Asked(each)

    def standing(self, decision: str, kind: QuestionKind | None = None) -> list[Opinion]:
        return [
            each
            for each in self.opinions
            if each.decision == decision and kind in (None, each.kind) and each.id not in self.undone
        ]

    def end(self, decision: str, kind: QuestionKind) -> Opinion | None:
        """The opinion that ended a question: a label, or the last that was allowed not to tell."""
        said = self.standing(decision, kind)
        labelled = [each for each in said if each.value is not None]
        if labelled:
            return labelled[0]
        return said[-1] if len(said) >= LIMIT else None

    def resolution(self, decision: str) -> Resolution | None:
        made = self.served[decision].decision
        if made.answered_by.value == "model":
            assert made.answer is not None
            return Resolution(made.answer.label, "model", made.at)
        end = self.end(decision, ANSWER)
        if end is None or end.settles_at > self.now:
            return None
        return Resolution(end.value, end.by, end.settles_at)

    def truth(self, decision: str) -> Truth | None:
        end, outcome = self.end(decision, AUDIT), self.outcomes.get(decision)
        if outcome is not None and (end is None or self.order.index(outcome) < self.order.index(end)):
            return Truth(outcome.value, outcome.at, outcome.by)
        if end is None or end.settles_at > self.now:
            return None
        return Truth(end.value, end.settles_at, end.by)

    def waits(self, decision: str, kind: QuestionKind) -> bool:
        if self.asked[decision, kind].closed:
            return False
        found = self.end(decision, ANSWER)
        settled = found is not None and found.value is not None and found.settles_at <= self.now
        return kind is not DOUBLE or settled

    def queue(self, by: str) -> list[tuple[str, QuestionKind]]:
        """What somebody may be offered, the next one first."""
        free = [
            (place, asked)
            for place, asked in self.asked.items()
            if self.waits(*place)
            and (asked.holder in (None, by) or asked.until <= self.now)
            and not self.standing_of(place[0], by)
            and (*place, by) not in self.skipped
        ]
        free.sort(
            key=lambda pair: (
                not (pair[1].holder == by and pair[1].until > self.now),
                pair[1].question.due_at > self.now,
                -pair[1].question.stake,
                pair[1].question.asked_at,
                pair[0][0],
                pair[0][1].value,
            )
        )
        return [place for place, _ in free]

    def standing_of(self, decision: str, by: str) -> bool:
        return any(each.by == by for each in self.standing(decision))

    def refusal(self, decision: str, kind: QuestionKind, by: str) -> type[UnderstudyError] | None:
        """Why somebody may not answer this now."""
        asked = self.asked.get((decision, kind))
        if asked is None:
            return UnknownQuestion
        if asked.closed:
            return AlreadyAnswered
        if not self.waits(decision, kind):
            return UnknownQuestion
        if asked.holder not in (None, by) and asked.until > self.now:
            return ClaimedByOther
        return AlreadyAnswered if self.standing_of(decision, by) else None


class Life(RuleBasedStateMachine):
    """A project from its first request on: requests, people, stages, outcomes, time, and restarts."""

    places: Places

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.url = self.stack.enter_context(self.places())
        self.ledger = Ledger.open(self.url)
        self.ledger.create_project(Project("blades", nouns.NOON))
        self.world = World()
        self.resolved: dict[str, Resolution] = {}
        self.known: dict[str, Truth] = {}
        self.numbers = 0

    def teardown(self) -> None:
        self.ledger.close()
        self.stack.close()

    @initialize()
    def three_requests_wait(self) -> None:
        for people in (True, False, True):
            self._arrive(people, None, f"body {self.numbers}", double=True, behind=0, stake=0.0)

    @rule(move=st.sampled_from(MOVES), data=st.data())
    def something_happens(self, move: str, data: st.DataObject) -> None:
        getattr(self, move)(data.draw)

    def time_passes(self, draw: Draw) -> None:
        self.world.now += timedelta(seconds=draw(st.sampled_from([1, 2, 7, 8, 20])))

    def another_process_takes_over(self, draw: Draw) -> None:  # noqa: ARG002
        self.ledger.close()
        self.ledger = Ledger.open(self.url)

    def a_request_arrives(self, draw: Draw) -> None:
        self._arrive(
            draw(st.booleans()),
            draw(st.sampled_from([None, "1", "2"])),
            draw(st.sampled_from(["x", "y"])),
            double=draw(st.booleans()),
            behind=draw(st.sampled_from([0, 0, 0, 1])),
            stake=draw(st.sampled_from([0.0, 5.0])),
        )

    def _arrive(self, people: bool, key: str | None, body: str, *, double: bool, behind: int, stake: float) -> None:
        self.numbers += 1
        stage = max(0, self.world.stage - behind)
        make = nouns.asked if people else nouns.audited
        entry = make(self.numbers, stage=stage, at=self.world.now, key=key, input_digest=nouns.digest(body))
        question = nouns.question(entry.decision, ANSWER if people else AUDIT, stake=stake, due=20)
        second = nouns.question(entry.decision, DOUBLE) if people and double else None
        entry = replace(entry, question=question, double=second)
        (outcome,) = self.ledger.record_served([entry])
        before = self.world.by_key.get(key or "")
        if before is not None:
            earlier = self.world.served[before].decision
            same = earlier.input_digest == entry.decision.input_digest
            assert outcome == earlier if same else isinstance(outcome, KeyReused)
        elif stage != self.world.stage:
            assert isinstance(outcome, StageMoved)
        else:
            assert outcome == entry.decision
            self.world.take(entry)

    def the_stage_changes(self, draw: Draw) -> None:
        ahead = draw(st.sampled_from([0, 1, 1, 2]))
        try:
            self.ledger.change_stage("blades", nouns.change(self.world.stage + ahead, draw(st.sampled_from(Stage))))
        except StageMoved:
            assert ahead != 1
        else:
            assert ahead == 1
            self.world.stage += 1
        present = self.ledger.stage("blades")
        assert (0 if present is None else present.number) == self.world.stage

    def somebody_takes_the_next_question(self, draw: Draw) -> None:
        by = draw(st.sampled_from(PEOPLE))
        queue = self.world.queue(by)
        found = self.ledger.claim_question("blades", by, self.world.now, self.world.now + CLAIM)
        assert (None if found is None else (found.decision, found.kind)) == (queue[0] if queue else None)
        if found is not None:
            asked = self.world.asked[found.decision, found.kind]
            asked.holder, asked.until = by, self.world.now + CLAIM

    def somebody_skips_what_is_next(self, draw: Draw) -> None:
        by = draw(st.sampled_from(PEOPLE))
        queue = self.world.queue(by)
        if queue:
            self.ledger.skip(*queue[0], by, self.world.now)
            self.world.skipped.add((*queue[0], by))
            if self.world.asked[queue[0]].holder == by:
                self.world.asked[queue[0]].holder = None

    def somebody_answers_whatever(self, draw: Draw) -> None:
        places = [(decision, kind) for decision in self.world.served for kind in QuestionKind]
        self._answer(*draw(st.sampled_from(places)), draw(st.sampled_from(PEOPLE)), draw(LABELS))

    def somebody_answers_what_is_next(self, draw: Draw) -> None:
        by = draw(st.sampled_from(PEOPLE))
        queue = self.world.queue(by)
        if queue:
            self._answer(*queue[0], by, draw(LABELS))

    def _answer(self, decision: str, kind: QuestionKind, by: str, value: str | None) -> None:
        self.numbers += 1
        now = self.world.now
        opinion = Opinion(f"o{self.numbers}", decision, kind, value, by, now, now + UNDO)
        refusal = self.world.refusal(decision, kind, by)
        try:
            self.ledger.answer(opinion, cannot_tell_limit=LIMIT)
        except UnderstudyError as error:
            assert type(error) is refusal  # noqa: PT017
            return
        assert refusal is None
        self.world.opinions.append(opinion)
        self.world.order.append(opinion)
        asked = self.world.asked[decision, kind]
        asked.closed = self.world.end(decision, kind) is not None
        asked.holder = None if asked.closed or asked.holder == by else asked.holder

    def somebody_takes_an_opinion_back(self, draw: Draw) -> None:
        world = self.world
        if not world.opinions:
            return
        opinion = draw(st.sampled_from(world.opinions[-4:]))
        by = draw(st.sampled_from([opinion.by, opinion.by, opinion.by, "Ada"]))
        ended = world.end(opinion.decision, opinion.kind)
        expected: type[UnderstudyError] | None = None
        if by != opinion.by:
            expected = NotYours
        elif opinion.id in world.undone:
            expected = None
        elif ended is not None and ended is not opinion:
            expected = AlreadyAnswered
        elif world.now >= opinion.settles_at:
            expected = Settled
        try:
            self.ledger.undo(opinion.id, by, world.now, stopwatch=lambda: 0.0)
        except UnderstudyError as error:
            assert type(error) is expected  # noqa: PT017
            return
        assert expected is None
        if opinion.id not in world.undone:
            world.undone.add(opinion.id)
            asked = world.asked[opinion.decision, opinion.kind]
            asked.closed = False
            if asked.holder in (None, by) or asked.until <= world.now:
                asked.holder, asked.until = by, world.now + timedelta(minutes=5)

    def it_turns_out(self, draw: Draw) -> None:
        decision, value = draw(st.sampled_from(sorted(self.world.served))), draw(st.sampled_from(["crack", "sound"]))
        outcome = Outcome(decision, value, "crm", "api", self.world.now)
        before = self.world.outcomes.get(decision)
        (result,) = self.ledger.record_outcomes([outcome])
        if before is None:
            assert result == outcome
            self.world.outcomes[decision] = outcome
            self.world.order.append(outcome)
        elif before.value == value:
            assert result == before
        else:
            assert isinstance(result, OutcomeConflict)

    @invariant()
    def every_request_has_at_most_one_answer_and_keeps_it(self) -> None:
        world, names = self.world, list(self.world.served)
        found = self.ledger.resolutions(names, world.now)
        assert found == {name: end for name in names if (end := world.resolution(name)) is not None}
        assert found | self.resolved == found, "an answer changed after its client could have it"
        self.resolved = found

    @invariant()
    def what_is_true_stays_true(self) -> None:
        world, names = self.world, list(self.world.served)
        found = self.ledger.truths(names, world.now)
        assert found == {name: truth for name in names if (truth := world.truth(name)) is not None}
        assert found | self.known == found, "a truth changed after a breaker could have it"
        self.known = found

    @invariant()
    def what_waits_is_what_has_no_answer(self) -> None:
        waiting = {(each.decision, each.kind) for each in self.ledger.open_questions(None, self.world.now, 999)}
        assert waiting == {place for place in self.world.asked if self.world.waits(*place)}


def test_every_request_ends_in_exactly_one_answer_and_a_restart_changes_nothing(places: Places) -> None:
    """Requests, claims, answers, undos, outcomes, stages, time and restarts in any order agree with a plain model."""
    life = type("LifeThere", (Life,), {"places": staticmethod(places)})
    lives = settings(
        max_examples=20 if places is in_sqlite else 6,  # a server answers several times as slowly as a file
        stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(life, settings=lives)
