"""Incidents of five kinds, and whether the loss until people take over stays within the budget that was promised.

Draws, audits, breaker and plan are the product's own. An incident begins after a good time; what is lost are the errors
beyond those allowed, from its beginning until the breaker opens.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.breaker.detectors import BAR
from bench.breaker.figures import Figure, at_least, at_most, told
from understudy.launch.breaker import Breaker
from understudy.launch.draw import AuditDraw
from understudy.launch.events import Answered, Drawn, Passed, Unaudited
from understudy.launch.loss import alarm_for
from understudy.launch.promise import FOUND_ERRORS, AuditPlan, audit_plan
from understudy.launch.rules import Rules
from understudy.stats.restarts import GOOD_SHARE

Shares = npt.NDArray[np.float64]
ERROR = 0.03
CONCENTRATION = 0.1
ASSUMED = 0.2
COST = 2.0
LAG = 60.0
"""Mean seconds until an audit is answered; the model gives an answer a second."""
DUE = 400.0
GOOD = 6_000
STARTS = 5
"""Good times that are played through for each budget; incidents share them."""
BUDGETS = (400.0, 800.0, 1_600.0, 3_200.0)
LONGEST = 60_000
KEPT = 0.95
PROMISED = 0.05


@dataclass(frozen=True)
class Incident:
    """One thing that goes wrong.

    Attributes:
        errors: From doubt and the answers since it began: the chance of an error of each answer.
        excess: From the answers since it began: the share wrong beyond what is allowed, on average.
        labels: Whether audits are answered.
    """

    errors: Callable[[Shares, npt.NDArray[np.int64]], Shares]
    excess: Callable[[npt.NDArray[np.int64]], Shares]
    labels: bool = True


def _mixed(error: float, since: npt.NDArray[np.int64], over: float = 1.0) -> Shares:
    """Of the answers, how many fail altogether, so that this share of all is wrong; growing over so many answers."""
    part: Shares = (error - ERROR) / (1.0 - ERROR) * np.minimum(1.0, (since + 1) / over)
    return part


def _spread(error: float, over: float = 1.0, *, labels: bool = True) -> Incident:
    def errors(doubt: Shares, since: npt.NDArray[np.int64]) -> Shares:
        return doubt + (1.0 - doubt) * _mixed(error, since, over)

    def excess(since: npt.NDArray[np.int64]) -> Shares:
        return ERROR + (1.0 - ERROR) * _mixed(error, since, over) - BAR

    return Incident(errors, excess, labels)


def jump(rng: np.random.Generator) -> Incident:
    """All at once, to any share from a little above the bar to all."""
    return _spread(float(np.exp(rng.uniform(np.log(0.07), 0.0))))


def ramp(rng: np.random.Generator) -> Incident:
    """Slowly, over 500 to 5,000 answers."""
    return _spread(float(rng.uniform(0.1, 0.6)), float(rng.uniform(500, 5_000)))


def subgroup(rng: np.random.Generator) -> Incident:
    """A tenth to a third of the answers, sure or not, are mostly wrong."""
    part, failing = float(rng.uniform(0.1, 0.33)), float(rng.uniform(0.5, 1.0))
    group = np.random.default_rng(int(rng.integers(1 << 60)))

    def errors(doubt: Shares, since: npt.NDArray[np.int64]) -> Shares:
        del since
        return np.where(group.random(doubt.shape) < part, np.maximum(doubt, failing), doubt)

    def excess(since: npt.NDArray[np.int64]) -> Shares:
        return np.full(since.shape, (1.0 - part) * ERROR + part * failing - BAR)

    return Incident(errors, excess)


def concept(rng: np.random.Generator) -> Incident:
    """What is right changes for a part of the answers of which the model is surest."""
    part = float(rng.uniform(0.08, 0.5))

    def errors(doubt: Shares, since: npt.NDArray[np.int64]) -> Shares:
        del since
        return np.where(doubt < SURENESS(part), 1.0 - doubt, doubt)

    def excess(since: npt.NDArray[np.int64]) -> Shares:
        return np.full(since.shape, ERROR + part - BAR)

    return Incident(errors, excess)


def silent(rng: np.random.Generator) -> Incident:
    """A jump to what is assumed at worst, and nobody answers audits any more."""
    return _spread(float(rng.uniform(0.07, ASSUMED)), labels=False)


KINDS = {"jump": jump, "ramp": ramp, "subgroup": subgroup, "concept shift": concept, "labels that stop": silent}


class _Sureness:
    """Quantiles of doubt, reckoned once."""

    def __init__(self) -> None:
        self._doubt = np.sort(
            np.random.default_rng(0).beta(CONCENTRATION, CONCENTRATION * (1 - ERROR) / ERROR, 100_000)
        )

    def __call__(self, part: float) -> float:
        return float(self._doubt[int(part * len(self._doubt))])


SURENESS = _Sureness()


class Service:
    """A model that answers once a second and is audited.

    Args:
        plan: What is audited.
        budget: What may be lost.
        rng: All luck.
    """

    def __init__(self, plan: AuditPlan, budget: float, rng: np.random.Generator) -> None:
        rules = Rules(
            most_error=BAR,
            floor=AuditDraw(plan.share, 0).floor,
            most_waiting=plan.most_waiting,
            wrong_cost=COST,
            loss_budget=budget,
            unseen=plan.unseen,
        )
        self.breaker = Breaker.new(rules)
        self.draws = AuditDraw(plan.share, int(rng.integers(1 << 40)))
        self.answers = 0
        self.due: list[tuple[float, str, float]] = []

    def copy(self) -> "Service":
        """Another that goes on from here."""
        other = object.__new__(Service)
        other.breaker, other.draws, other.answers, other.due = self.breaker, self.draws, self.answers, list(self.due)
        return other

    def serve(self, rng: np.random.Generator, doubt: Shares, errors: Shares, *, labels: bool) -> int:
        """Serves until the breaker opens; how many answers were given."""
        wrong, lags = rng.random(len(doubt)) < errors, rng.exponential(LAG, len(doubt))
        for place, expected in enumerate(doubt.tolist()):
            if not self.breaker.lets_answer:
                return place
            self._one(expected, bool(wrong[place]), float(lags[place]), labels=labels)
        return len(doubt)

    def _one(self, expected: float, wrong: bool, lag: float, *, labels: bool) -> None:
        self.answers += 1
        now, name = float(self.answers), str(self.answers)
        drawn, self.draws = self.draws.draw(name, expected)
        if drawn.audited:
            self.breaker, _ = self.breaker.observe(Drawn(now, name, now + DUE, drawn.propensity, expected))
            self.due.append((now + lag, name, float(wrong)))
        elif expected > BAR:
            self.breaker, _ = self.breaker.observe(Unaudited(now, drawn.propensity, expected))
        if labels:
            for each in [each for each in self.due if each[0] <= now]:
                self.due.remove(each)
                self.breaker, _ = self.breaker.observe(Answered(now, each[1], each[2]))
        due = self.breaker.next_due
        if due is not None and due <= now:
            self.breaker, _ = self.breaker.observe(Passed(now))


def promises(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How often the loss stays within the budget, by kind and over all."""
    each = max(4, int(part * 200) // len(BUDGETS))
    kept: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for budget in BUDGETS:
        plan = audit_plan(most_error=BAR, assumed_error=ASSUMED, wrong_cost=COST, budget=budget, lag_answers=int(LAG))
        ready = [_after_good_times(plan, budget, rng) for _ in range(STARTS)]
        for kind, begin in KINDS.items():
            for number in range(each):
                lost = _lost(ready[number % STARTS].copy(), begin(rng), budget, rng)
                kept[kind].append(lost <= budget)
    everything = [one for ones in kept.values() for one in ones]
    shares = {kind: f"{np.mean(ones):.1%}" for kind, ones in kept.items()}
    yield at_least(f"loss promise kept, of {len(everything):,} incidents", float(np.mean(everything)), KEPT, "{:.1%}")
    for kind, share in shares.items():
        yield Figure(f"of these, {kind}", share)


def by_chance(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How often the loss meter stops a model for nothing within 100,000 audits, with as few audits as a plan allows."""
    runs, audits = max(100, int(part * 1_000)), 100_000
    for error, asked in ((GOOD_SHARE * BAR, True), (BAR, False)):
        excess, most = np.zeros(runs), np.zeros(runs)
        for _ in range(audits):
            excess = np.maximum(0.0, excess + (rng.random(runs) < error) - BAR)
            most = np.maximum(most, excess)
        stopped = float((most >= FOUND_ERRORS).mean())
        what = f"loss meter stops a model that errs {error:.0%} within {audits:,} audits ({runs} runs)"
        yield at_most(what, stopped, PROMISED, "{:.1%}") if asked else told(what, stopped, "{:.1%}")


def _after_good_times(plan: AuditPlan, budget: float, rng: np.random.Generator) -> Service:
    while True:
        service, doubt = Service(plan, budget, rng), _doubt(rng, GOOD)
        if service.serve(rng, doubt, doubt, labels=True) == GOOD:
            return service


def _lost(service: Service, incident: Incident, budget: float, rng: np.random.Generator) -> float:
    """What was lost beyond what is allowed, until the breaker opened or far more than the budget was gone."""
    lost, begun = 0.0, 0
    while service.breaker.lets_answer and lost <= 2.0 * budget and begun < LONGEST:
        since = begun + np.arange(500)
        doubt = _doubt(rng, len(since))
        served = service.serve(rng, doubt, incident.errors(doubt, since), labels=incident.labels)
        lost += COST * float(np.maximum(incident.excess(since[:served]), 0.0).sum())
        begun += served
    return lost


def _doubt(rng: np.random.Generator, answers: int) -> Shares:
    return rng.beta(CONCENTRATION, CONCENTRATION * (1 - ERROR) / ERROR, answers)


def plans() -> Sequence[str]:
    """The plans that the incidents meet, in words."""
    return [_in_words(budget) for budget in BUDGETS]


def _in_words(budget: float) -> str:
    plan = _plan(budget)
    alarm = alarm_for(budget, plan.unseen)
    return f"budget {budget:,.0f}: {plan.share:.1%} audited, alarm at {alarm:,.0f}, at most {plan.most_waiting} waiting"


def _plan(budget: float) -> AuditPlan:
    return audit_plan(most_error=BAR, assumed_error=ASSUMED, wrong_cost=COST, budget=budget, lag_answers=int(LAG))
