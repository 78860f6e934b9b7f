"""Models in service: stages and events, decisions and inputs, draws, answers given in the dark."""

from collections.abc import Sequence
from datetime import datetime

from understudy.domain.answer import Answer
from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.stage import Event, StageChange
from understudy.store import decisions as decision_rows
from understudy.store import draws as draw_rows
from understudy.store import events as event_rows
from understudy.store import inputs as input_rows
from understudy.store import served as served_rows
from understudy.store import shadows as shadow_rows
from understudy.store import stages as stage_rows
from understudy.store.decisions import Asked
from understudy.store.deliveries import Notice
from understudy.store.draws import DrawnCase, Said
from understudy.store.parts.part import Part
from understudy.store.served import Served
from understudy.store.shadows import PendingCase, ShadowPair


class Serving(Part):
    """Keeps who answers, what was answered, and what happened meanwhile."""

    def change_stage(
        self, project: str, change: StageChange, *, events: Sequence[Event] = (), notices: Sequence[Notice] = ()
    ) -> StageChange:
        """Records a change of stage; no request is recorded under the one before from then on.

        Args:
            project: Its name.
            change: Its number is one more than that of the present stage.
            events: That belong to it; recorded with it or not at all.
            notices: What is to be delivered about it; recorded with it or not at all.

        Returns:
            The change as it is recorded.

        Raises:
            StageMoved: Somebody changed the stage meanwhile.
        """
        return stage_rows.change(self._database, project, change, events, notices)

    def stage(self, project: str) -> StageChange | None:
        """The change of stage that holds now; None before the first, when people answer."""
        return stage_rows.latest(self._database, project)

    def stages(self, project: str) -> list[StageChange]:
        """Every change of stage, oldest first."""
        return stage_rows.every(self._database, project)

    def standings(self) -> dict[str, StageChange]:
        """The change of stage that holds now, by project; projects that never had one are missing."""
        return stage_rows.standings(self._database)

    def mark(self) -> tuple[int, int]:
        """Two numbers that change whenever a stage or a setting of any project does; one cheap query."""
        return stage_rows.mark(self._database)

    def record_event(self, project: str, event: Event, *, notices: Sequence[Notice] = ()) -> Event:
        """Records an event, and what is to be delivered about it; returns it with its number."""
        return event_rows.record(self._database, project, event, notices)

    def events(self, project: str, *, after: int = 0, limit: int = 1000) -> list[Event]:
        """Events with larger numbers than `after`, oldest first, at most `limit`."""
        return event_rows.after(self._database, project, after, limit)

    def record_served(self, served: Sequence[Served]) -> list[Decision | UnderstudyError]:
        """Records requests in one transaction, before anybody hears of their answers.

        A decision that serves nobody (`Because.TRIED`) is taken under whatever stage.

        Returns:
            For each request, in order: its decision, now on record; the earlier decision, when its key names one
            with the same input; `KeyReused`, when with another input; `StageMoved`, when its stage is not the present
            one; `UnknownProject`; `UnstorableText`, when its key or subject cannot be kept. Whatever is not a
            decision of its own left no trace.

        Raises:
            DecisionExists: One bears an id that is taken; then none is recorded.
        """
        return served_rows.record(self._database, served)

    def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """Records decisions in one transaction: all of them or, when an error is raised, none.

        Raises:
            UnknownProject: One names a project that is not there.
            StageMoved: One was made under a stage that is past.
            KeyReused: One bears another request's key.
            DecisionExists: One bears an id that is taken.
        """
        served_rows.record_all(self._database, decisions)

    def decision(self, decision_id: str) -> Decision:
        """One decision by its id.

        Raises:
            UnknownDecision: No decision has this id.
        """
        return decision_rows.find(self._database, decision_id)

    def decision_by_key(self, project: str, key: str) -> Decision | None:
        """The decision about the request that a client calls so, or None."""
        return decision_rows.by_key(self._database, project, key)

    def asked_from(self, project: str, moment: datetime) -> Asked | None:
        """The first request to a project at a moment or after it, whoever answered it; None if there was none."""
        return decision_rows.asked_from(self._database, project, moment)

    def decisions(self, project: str, limit: int) -> list[Decision]:
        """The latest decisions, newest first, at most `limit`."""
        return decision_rows.newest(self._database, project, limit)

    def decisions_of_subject(self, project: str, subject: str) -> list[Decision]:
        """Every decision about one subject whose input is not deleted, oldest first."""
        return decision_rows.of_subject(self._database, project, subject)

    def decision_count(self, project: str) -> int:
        """How many decisions were recorded."""
        return decision_rows.count(self._database, project)

    def input(self, decision: str) -> bytes | None:
        """The bytes that a decision is about, if the ledger itself keeps them; the blob store holds the others."""
        return input_rows.find(self._database, decision)

    def said_after(self, project: str, model: str, seq: int, *, since_stage: int, limit: int) -> list[Said]:
        """What a model said after one of its answers, in the order in which it was recorded: for watching many.

        Args:
            project: Its name.
            model: The model's version.
            seq: The place of the answer; 0 for the first.
            since_stage: Only answers that were given under this change of stage or a later one.
            limit: At most so many.

        Raises:
            UnknownProject: No such project.
        """
        return draw_rows.said_after(self._database, project, model, seq, since_stage=since_stage, limit=limit)

    def draws_after(
        self, project: str, model: str, seq: int, *, since_stage: int, limit: int, beyond: float | None = None
    ) -> list[DrawnCase]:
        """Answers of a model with their draws, audited or not, in the order in which they were recorded.

        Whoever goes on after the last number it has seen misses none.

        Args:
            project: Its name.
            model: The model's version.
            seq: Only later ones; 0 for all.
            since_stage: Only those that were served under this stage change or a later one.
            limit: At most so many.
            beyond: Of those that are not audited, only the ones of which more error was expected; None for all.
        """
        return draw_rows.after(self._database, project, model, seq, since_stage=since_stage, limit=limit, beyond=beyond)

    def shadow_pending(self, project: str, model: str, *, since_stage: int, limit: int) -> list[PendingCase]:
        """Requests that were put to people and that a model in shadow has not answered, in the order of the requests.

        Whether people have answered them plays no part, but for those in which they could not tell; inputs that were
        deleted are left out.
        """
        return shadow_rows.pending(self._database, project, model, since_stage=since_stage, limit=limit)

    def record_shadow_answers(
        self, project: str, model: str, answers: Sequence[tuple[str, Answer | None]], at: datetime
    ) -> None:
        """Records what a model says in the dark, by decision; one that is on record already stays as it is.

        None stands for a model that fails on the input: the request is no longer pending, and makes no pair.
        """
        shadow_rows.record(self._database, project, model, answers, at)

    def shadow_pairs(
        self, project: str, model: str, *, since_stage: int, now: datetime, after_seq: int, limit: int
    ) -> list[ShadowPair]:
        """A model's answers in the dark beside people's, in the order in which the model's were recorded.

        A request that people have not answered for good by `now` is there without their answer; one in which they
        could not tell is left out.
        """
        return shadow_rows.pairs(
            self._database, project, model, since_stage=since_stage, now=now, after_seq=after_seq, limit=limit
        )

    def shadow_told(self, project: str, model: str, *, since_stage: int, now: datetime) -> int:
        """How many of a model's answers in the dark have a person's answer beside them, settled by `now`."""
        return shadow_rows.count_told(self._database, project, model, since_stage=since_stage, now=now)
