"""The circuit breaker of one model: what it is told, what it makes of it, and when the model has to step down.

It does nothing itself. `observe` takes one event and returns the next breaker with what changed; whoever serves acts on
it. The same events give the same breaker, to the last bit.

Five things trip it: audits that prove more errors than allowed, audits that nobody answers, technical faults, a spent
loss budget, and a person. Then it stays open. Only answers in the dark that the model gave since, and that show the
bar is met at any time one looks (`stats.anytime`), close it again.

Audits are counted in the order in which they were drawn. Answers that come early wait for those before them, since
errors are often reported at once and right answers late: counted as they come, they gave 60% false alarms where
5% are allowed. An audit that is due unanswered counts as right, which can only lower the evidence, so nothing that
people do or leave undone makes false alarms more frequent. That nothing is known is no good news either, so missing
answers trip it by a rule of their own.

Memory and time for one event are bounded by the number of audits that may wait.

Source:
    `stats.restarts` for the evidence; Nygard, "Release It!" (2007), for closed, open and half-open.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from understudy.domain.stage import TripCause
from understudy.launch.events import Answered, Drawn, Event, Fault, Passed, Retried, ShadowAnswered, Stopped, Unaudited
from understudy.launch.loss import LossMeter, alarm_for
from understudy.launch.rules import RECENT, Rules
from understudy.launch.trip import Change, Starved, State, Trip
from understudy.stats.anytime import ConfidenceSequence
from understudy.stats.bets import NOTHING, Bets
from understudy.stats.restarts import RestartingMixture

_MOST = 1e100
"""No gap adds more to the evidence; to cut it off only lowers it."""


@dataclass(frozen=True)
class Waiting:
    """An audit that has not been counted yet.

    Attributes:
        due: When its answer is due.
        propensity: The chance with which it was drawn.
        drawn: When.
        expected: The error that was expected, 0..1.
        gap: What the answers since the audit before add to the evidence, by stake.
        loss: What it showed, or None while nobody answered.
        known: When that became known.
    """

    due: float
    propensity: float
    drawn: float
    expected: float = 0.0
    gap: tuple[float, ...] = NOTHING
    loss: float | None = None
    known: float = 0.0


@dataclass(frozen=True)
class Breaker:
    """The state of one model's breaker. Start with `Breaker.new(rules)` and keep what `observe` returns.

    Attributes:
        rules: What it goes by.
        mixture: The evidence of excess.
        meter: What was lost.
        state: Whether the model may answer.
        trip: Why it opened last, while it is not closed.
        waiting: Audits not counted yet, by id, in the order in which they were drawn; never changed in place.
        gap: What the answers since the last draw add to the evidence, by stake.
        late: Chances of audits that were left uncounted, by id; their losses still count as lost.
        recent: Of the last audits, which were due unanswered, oldest first.
        answered_at: When a person last answered an audit, or None.
        wrong: Losses counted since it closed last.
        overdue: Audits due unanswered since it closed last.
        faults: The last technical faults, oldest first; of those of one and the same input, only the last.
        shadow: What was shown in the dark since it was half-opened.
        retried_at: When it was half-opened, or None.
        counted_at: When the last audit that was counted was answered or due, and all before it.
        now: The last moment that it was told.
    """

    rules: Rules
    mixture: RestartingMixture
    meter: LossMeter
    state: State = State.CLOSED
    trip: Trip | None = None
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    gap: tuple[float, ...] = NOTHING
    late: Mapping[str, float] = field(default_factory=dict)
    recent: tuple[bool, ...] = ()
    answered_at: float | None = None
    wrong: float = 0.0
    overdue: int = 0
    faults: tuple[Fault, ...] = ()
    shadow: ConfidenceSequence = field(default_factory=ConfidenceSequence)
    retried_at: float | None = None
    counted_at: float = 0.0
    now: float = 0.0

    @classmethod
    def new(cls, rules: Rules) -> "Breaker":
        """A closed breaker that has seen nothing."""
        known = rules.wrong_cost is not None and rules.loss_budget is not None
        alarm = alarm_for(rules.loss_budget or 0.0, rules.unseen) if known else math.inf
        meter = LossMeter(rules.most_error, rules.wrong_cost or 0.0, alarm)
        return cls(rules, RestartingMixture(rules.most_error), meter)

    @property
    def lets_answer(self) -> bool:
        """Whether the model may answer."""
        return self.state is State.CLOSED

    @property
    def unanswered(self) -> int:
        """Audits that wait for a person."""
        return sum(1 for audit in self.waiting.values() if audit.loss is None)

    @property
    def ahead(self) -> tuple[float, ...]:
        """What audits showed that are answered, and count as soon as those that were drawn before them do."""
        return tuple(audit.loss for audit in self.waiting.values() if audit.loss is not None)

    @property
    def _bets(self) -> Bets:
        return Bets(self.rules.most_error, self.rules.floor)

    @property
    def next_due(self) -> float | None:
        """When it has to be told of the time at the latest, or None while nothing waits."""
        return next(iter(self.waiting.values())).due if self.waiting and self.lets_answer else None

    def observe(self, event: Event) -> tuple["Breaker", Change]:
        """The breaker after one more event, and what changed by it.

        Args:
            event: What happened. One whose moment lies before the last one's counts as of that moment.

        Returns:
            The next breaker, and the change; a trip that the same event takes on to a new try is told as the trip.

        Raises:
            ValueError: An audit was drawn with less than the floor, or a loss is not in 0..1.
        """
        after = replace(self, now=max(self.now, event.at))._counted()._told(event)
        return after, _change(self, after)

    def _told(self, event: Event) -> "Breaker":
        after = self
        match event:
            case Drawn():
                after = self._drawn(event)
            case Unaudited():
                after = self._passed_by(event)
            case Answered():
                after = self._answered(event)
            case Fault():
                after = self._failed(event)
            case Stopped():
                after = self._opened(TripCause.ASKED, self.now)
            case Retried():
                after = self._half_opened()
            case ShadowAnswered():
                after = self._shown(event)
            case Passed():
                pass
        return after

    # Audits.

    def _drawn(self, event: Drawn) -> "Breaker":
        if not self.rules.floor * (1.0 - 1e-9) <= event.propensity <= 1.0:
            raise ValueError("an audit is drawn with no less than the floor, and at most with certainty")
        if event.id in self.waiting or event.id in self.late:
            return self
        if not self.lets_answer:
            return replace(self, late=_newest(self.late, {event.id: event.propensity}, self.rules.most_waiting))
        drawn = Waiting(event.due, event.propensity, self.now, event.expected, self.gap)
        after = replace(self, waiting={**self.waiting, event.id: drawn}, gap=NOTHING)
        if len(after.waiting) > self.rules.most_waiting:
            return after._opened(TripCause.STARVATION, self.now, Starved.WAITING)
        return after._counted()

    def _passed_by(self, event: Unaudited) -> "Breaker":
        factors = self._bets.unaudited(event.propensity, event.expected)
        if factors is NOTHING or not self.lets_answer:
            return self
        return replace(self, gap=tuple(min(a * b, _MOST) for a, b in zip(self.gap, factors, strict=True)))

    def _answered(self, event: Answered) -> "Breaker":
        if not 0.0 <= event.loss <= 1.0:
            raise ValueError("a loss lies between 0 and 1")
        if event.id in self.late:
            late = {other: chance for other, chance in self.late.items() if other != event.id}
            meter = self.meter.corrected(event.loss, self.late[event.id])
            after = replace(self, late=late, meter=meter, answered_at=self.now)
            return after._opened(TripCause.LOSS, self.now) if after.meter.spent and self.lets_answer else after
        known = self.waiting.get(event.id)
        if known is None or known.loss is not None:
            return self
        answer = replace(known, loss=event.loss, known=self.now)
        return replace(self, waiting={**self.waiting, event.id: answer}, answered_at=self.now)._counted()

    def _counted(self) -> "Breaker":
        """Counts audits in the order in which they were drawn, up to the first that may still be answered."""
        breaker = self
        while breaker.waiting and breaker.lets_answer:
            first, audit = next(iter(breaker.waiting.items()))
            if audit.loss is None and audit.due > breaker.now:
                break
            breaker = breaker._with(first, audit)
        return breaker

    def _with(self, name: str, audit: Waiting) -> "Breaker":
        """Counts the first audit that waits."""
        overdue, loss = audit.loss is None, audit.loss or 0.0
        after = replace(
            self,
            mixture=self.mixture.grown(audit.gap, self._bets.audited(loss, audit.propensity, audit.expected)),
            meter=self.meter.audited(loss, audit.propensity),
            waiting={other: each for other, each in self.waiting.items() if other != name},
            late=_newest(self.late, {name: audit.propensity}, self.rules.most_waiting) if overdue else self.late,
            recent=(*self.recent, overdue)[-RECENT:],
            wrong=self.wrong + loss,
            overdue=self.overdue + overdue,
            counted_at=max(self.counted_at, audit.due if overdue else audit.known),
        )
        return after._judged(audit)

    def _judged(self, audit: Waiting) -> "Breaker":
        """Trips if the audit that was just counted gives cause to."""
        moment = self.counted_at
        if self.mixture.proven(self.rules.alpha):
            return self._opened(TripCause.EXCESS, moment)
        if self.meter.spent:
            return self._opened(TripCause.LOSS, moment)
        if audit.loss is None and (self.answered_at is None or self.answered_at < audit.drawn):
            return self._opened(TripCause.STARVATION, moment, Starved.SILENT)
        if sum(self.recent) > self.rules.most_overdue:
            return self._opened(TripCause.STARVATION, moment, Starved.OVERDUE)
        return self

    # Faults, people, and the way back.

    def _failed(self, event: Fault) -> "Breaker":
        rules = self.rules
        others = [each for each in self.faults if not event.input or each.input != event.input]
        faults = (*others, replace(event, at=self.now))[-rules.most_faults :]
        after, first = replace(self, faults=faults), faults[0]
        near = self.now - first.at <= rules.fault_seconds or event.request - first.request < rules.fault_requests
        return after._opened(TripCause.FAULTS, self.now) if near and len(faults) == rules.most_faults else after

    def _half_opened(self) -> "Breaker":
        if self.state is not State.OPEN:
            return self
        shadow = ConfidenceSequence(confidence=self.rules.confidence)
        return replace(self, state=State.HALF_OPEN, shadow=shadow, retried_at=self.now, faults=())

    def _shown(self, event: ShadowAnswered) -> "Breaker":
        if self.state is not State.HALF_OPEN or self.retried_at is None or event.said < self.retried_at:
            return self
        shadow = self.shadow.update(1.0 - event.loss)
        if not shadow.proven(1.0 - self.rules.most_error):
            return replace(self, shadow=shadow)
        fresh = Breaker.new(self.rules)
        return replace(fresh, meter=self.meter.renewed(), late=self.late, shadow=shadow, now=self.now)

    def _opened(self, cause: TripCause, moment: float, starved: Starved | None = None) -> "Breaker":
        if self.state is State.OPEN:
            return self
        trip = Trip(
            cause=cause,
            at=moment,
            audits=self.mixture.audits,
            wrong=self.wrong,
            overdue=self.overdue,
            waiting=len(self.waiting),
            evidence=self.mixture.evidence,
            needed=1.0 / self.rules.alpha,
            most_error=self.rules.most_error,
            lost=self.meter.lost,
            excess=self.meter.excess,
            budget=self.rules.loss_budget,
            faults=len(self.faults),
            starved=starved,
        )
        left = {name: audit.propensity for name, audit in self.waiting.items() if audit.loss is None}
        meter = self.meter
        for audit in self.waiting.values():
            meter = meter.audited(audit.loss, audit.propensity) if audit.loss is not None else meter
        late = _newest(self.late, left, self.rules.most_waiting)
        return replace(self, state=State.OPEN, trip=trip, waiting={}, late=late, meter=meter, retried_at=None)


def _change(before: Breaker, after: Breaker) -> Change:
    if before.state is after.state:
        return Change.NOTHING
    if before.lets_answer:
        return Change.TRIPPED
    return {State.OPEN: Change.TRIPPED, State.HALF_OPEN: Change.RETRIED, State.CLOSED: Change.CLOSED}[after.state]


def _newest(known: Mapping[str, float], more: Mapping[str, float], most: int) -> dict[str, float]:
    """Both together, without the oldest where they are more than `most`."""
    together = {**known, **more}
    return dict(list(together.items())[-most:]) if len(together) > most else together
