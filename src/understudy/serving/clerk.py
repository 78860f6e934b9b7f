"""The clerk: puts into words for the ledger what became of a request, and draws which answers are audited."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

from understudy.domain.decision import AnsweredBy, Because, Decision, Draw
from understudy.domain.opinion import Question, QuestionKind
from understudy.domain.stage import Terms
from understudy.launch.chance import chance_of
from understudy.launch.draw import AuditDraw
from understudy.launch.policy import answered_by
from understudy.serving.asking import Ask, Reply
from understudy.serving.identity import Mint
from understudy.serving.recorder import INLINE_BYTES, Entry
from understudy.store.served import Served

Drawing = tuple[int, float, AuditDraw]
"""The stage that audits are drawn under, by how much they are raised, and the draw for the next answer."""


class Clerk:
    """Makes entries for the recorder. Threads may share it.

    Args:
        mint: Gives the time.
        seed: Of this process's draws, at least 0; nobody who sends requests should know it.
    """

    def __init__(self, mint: Mint, seed: int) -> None:
        self._mint = mint
        self._seed = seed
        self._drawing = threading.Lock()
        self._draws: dict[tuple[str, str], Drawing] = {}

    def settled(self, ask: Ask, reply: Reply) -> Entry:
        """The model has spoken: it answers if it may and is sure enough, else a person will."""
        answer, terms = reply.answer, ask.way.terms
        turn = answered_by(ask.way, float(answer.probability), stranger=answer.stranger)
        if turn.answered_by is AnsweredBy.MODEL and terms is not None and turn.model == reply.model:
            return self._answered(ask, reply, terms)
        return self.asked(ask, turn.because, reply)

    def asked(self, ask: Ask, because: Because, reply: Reply | None = None) -> Entry:
        """A person will answer, and sometimes a second one too."""
        decision = self._decision(ask, AnsweredBy.NOBODY_YET, because, reply, None)
        settings, stake = ask.standing.settings, ask.standing.stake
        due = ask.at + timedelta(minutes=settings.answer_minutes)
        question = _question(decision, QuestionKind.ANSWER, due, stake)
        twice = chance_of(f"double {self._seed}", ask.id) < settings.double_share
        double = _question(decision, QuestionKind.DOUBLE, due, stake) if twice else None
        return _entry(ask, decision, question, double)

    def tried(self, ask: Ask, reply: Reply, threshold: float | None = None) -> Entry:
        """Somebody tried the model; nobody is served, asked or audited. Without a threshold its own holds."""
        answer, person = reply.answer, reply.answer.ask_person
        if threshold is not None:
            person = answer.needs_person(threshold)
        by = AnsweredBy.NOBODY_YET if person else AnsweredBy.MODEL
        return _entry(ask, self._decision(ask, by, Because.TRIED, reply, None))

    def _answered(self, ask: Ask, reply: Reply, terms: Terms) -> Entry:
        """Whether a person answers again is drawn here, before anyone is served."""
        error = min(1.0, max(0.0, 1.0 - reply.answer.probability))
        drawn = self._draw(ask, reply.model, terms, error)
        decision = self._decision(ask, AnsweredBy.MODEL, Because.CONFIDENT, reply, drawn)
        if not drawn.audited:
            return _entry(ask, decision, error=error)
        due = ask.at + timedelta(hours=ask.standing.settings.audit_hours)
        audit = _question(decision, QuestionKind.AUDIT, due, ask.standing.stake * error)
        return _entry(ask, decision, audit, error=error, due_at=due)

    def _decision(self, ask: Ask, by: AnsweredBy, because: Because, reply: Reply | None, draw: Draw | None) -> Decision:
        answer = reply.answer if reply else None
        person = by is AnsweredBy.NOBODY_YET
        if answer is not None and answer.ask_person is not person:
            answer = replace(answer, ask_person=person)  # the stage's threshold decides, not the model file's own
        return Decision(
            id=ask.id,
            project=ask.standing.project,
            input_digest=ask.digest,
            answer=answer,
            answered_by=by,
            model=reply.model if reply else "",
            at=ask.at,
            seconds=self._mint.stopwatch() - ask.started,
            because=because,
            stage=ask.standing.number,
            draw=draw,
            key=ask.request.key,
            subject=ask.request.subject,
        )

    def _draw(self, ask: Ask, model: str, terms: Terms, error: float) -> Draw:
        place = (ask.standing.project, model)
        with self._drawing:
            stage, raised, draw = self._draws.get(place, (-1, 1.0, None))
            if draw is None or (stage, raised) != (ask.standing.number, ask.standing.raised):
                draw = self._begun(draw, terms, ask.standing.raised)
            drawn, after = draw.draw(ask.id, error)
            self._draws[place] = (ask.standing.number, ask.standing.raised, after)
        return drawn

    def _begun(self, before: AuditDraw | None, terms: Terms, raised: float) -> AuditDraw:
        if before is not None and before.share == terms.audit_share:
            return before.raised_by(raised)
        return AuditDraw(terms.audit_share, self._seed, raised)


def _entry(
    ask: Ask,
    decision: Decision,
    question: Question | None = None,
    double: Question | None = None,
    *,
    error: float = 0.0,
    due_at: datetime | None = None,
) -> Entry:
    data = ask.request.data
    if len(data) <= INLINE_BYTES:
        return Entry(Served(decision, question, double, data, error, due_at))
    return Entry(Served(decision, question, double, None, error, due_at), data)


def _question(decision: Decision, kind: QuestionKind, due: datetime, stake: float) -> Question:
    return Question(decision.id, kind, decision.project, decision.input_digest, decision.at, due, stake)
