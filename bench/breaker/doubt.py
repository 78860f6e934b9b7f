"""Audits that ask more where the model doubts: how soon failures are noticed, beside a plain draw of as many audits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.breaker.detectors import BAR
from bench.breaker.figures import Figure, at_least, at_most, told
from understudy.launch.draw import AuditDraw
from understudy.stats.bets import Bets, case_evidence, case_factors
from understudy.stats.propensity import unbiased_losses

Shares = npt.NDArray[np.float64]
SHARE = 0.1
CONCENTRATION = 0.1
"""Of the Beta distribution that doubt is drawn from; three quarters of a good model's errors are in its least sure
tenth."""
ERROR = 0.03
GOOD = 10_000
STREAM = 400_000
"""Answers for which audits are drawn once by the product; each run takes a stretch of them."""
AT_ONCE = 100
EASIER, HARDER = 2.0, 1.1
BIASED = 0.1
"""Points of a percentage."""
BIAS_CASES = 4_000_000
PROMISED = 0.05


@dataclass(frozen=True)
class Failure:
    """A way in which a model goes wrong.

    Attributes:
        name: What is so.
        error: The share wrong of all answers afterwards.
        errors: From doubt, sorted, and that share: the chance of an error of each.
        asked: "unsure" where it must be noticed twice as soon, "sure" where hardly later, or empty.
    """

    name: str
    error: float
    errors: Callable[[Shares, float], Shares]
    asked: str


def least_sure(part: float) -> Callable[[Shares, float], Shares]:
    """Errors come in the least sure part of the answers."""
    return lambda doubt, error: _filled(doubt, error, np.arange(len(doubt)) >= (1 - part) * len(doubt))


def surest(part: float) -> Callable[[Shares, float], Shares]:
    """Errors come in the surest part of the answers."""
    return lambda doubt, error: _filled(doubt, error, np.arange(len(doubt)) < part * len(doubt))


def in_proportion(doubt: Shares, error: float) -> Shares:
    """Every answer errs as many times as often."""
    times = error / doubt.mean()
    for _ in range(60):
        times *= error / np.minimum(1.0, times * doubt).mean()
    errors: Shares = np.minimum(1.0, times * doubt)
    return errors


FAILURES = (
    Failure("in the least sure tenth", 0.1, least_sure(0.1), "unsure"),
    Failure("in proportion to doubt", 0.1, in_proportion, "unsure"),
    Failure("in the least sure fifth", 0.2, least_sure(0.2), ""),
    Failure("in the surest four fifths", 0.1, surest(0.8), "sure"),
    Failure("in the surest four fifths", 0.2, surest(0.8), "sure"),
    Failure("in the surest half", 0.2, surest(0.5), "sure"),
)


def ratios(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """Answers until each failure is noticed, beside a plain draw; and whether as many were audited."""
    runs = max(AT_ONCE, int(part * 2_500))
    doubt = rng.beta(CONCENTRATION, CONCENTRATION * (1 - ERROR) / ERROR, STREAM)
    chances = _drawn(doubt)
    yield told("share that was audited", float(chances.mean()), "{:.4f}", {"a plain draw": f"{SHARE:.4f}"})
    for failure in FAILURES:
        active = _cases(rng, doubt, chances, failure, runs, trusts=True)
        plain = _cases(rng, doubt, np.full(STREAM, SHARE), failure, runs, trusts=False)
        what = f"answers until {failure.error:.0%} wrong {failure.name}: "
        beside = {"a plain draw": f"{plain:,.0f} answers", "ours, in answers": f"{active:,.0f} answers"}
        if failure.asked == "unsure":
            yield at_least(what + "times fewer", plain / active, EASIER, "{:.2f}", beside)
        elif failure.asked:
            yield at_most(what + "times as many", active / plain, HARDER, "{:.2f}", beside)
        else:
            yield told(what + "times fewer", plain / active, "{:.2f}", beside)


def bias(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How far the share wrong that audits show lies off over four million answers, calibrated doubt or not."""
    cases = int(part * BIAS_CASES)
    worst, naive = 0.0, 0.0
    for believed in (0.3, 1.0, 3.0):
        doubt = rng.beta(CONCENTRATION, CONCENTRATION * (1 - BAR) / BAR, cases)
        told_doubt = np.minimum(1.0, believed * doubt)
        stretch = _drawn(told_doubt[:STREAM])
        order = np.argsort(told_doubt[:STREAM])
        chances = np.interp(told_doubt, told_doubt[:STREAM][order], stretch[order])
        wrong, audited = rng.random(cases) < doubt, rng.random(cases) < chances
        found = unbiased_losses(wrong, expected=told_doubt, propensities=chances, drawn=audited)
        worst = max(worst, 100 * abs(float(found.mean() - wrong.mean())))
        naive = max(naive, 100 * abs(float(wrong[audited].mean() - wrong.mean())))
    what = f"bias of the share wrong over {cases:,} answers, in points (worst of 3)"
    yield at_most(what, worst, BIASED, "{:.3f}", {"mean over audits": f"{naive:.2f}"})


def false_trips(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How often it trips at exactly the bar when doubtful answers are audited more, whatever their doubt is worth."""
    runs, answers = max(AT_ONCE, int(part * 1_000)), 30_000
    doubt = rng.beta(CONCENTRATION, CONCENTRATION * (1 - BAR) / BAR, STREAM)
    doubt *= BAR / doubt.mean()
    for believed, what in ((1.0, "as large as the risk"), (0.3, "a third of it"), (3.0, "three times it")):
        expected = np.minimum(1.0, believed * doubt)
        chances, bets = _drawn(expected), Bets(BAR, AuditDraw(SHARE, 0).floor)
        trips = 0
        for _ in range(runs // AT_ONCE):
            first = _first_alarms(rng, expected, np.stack([doubt, doubt]), chances, bets, answers - GOOD)
            trips += int((first >= 0).sum())
        name = f"false trips, {answers:,} answers at exactly {BAR:.0%}, doubt {what} ({runs} runs)"
        yield at_most(name, trips / runs, PROMISED, "{:.1%}")


def _drawn(doubt: Shares) -> Shares:
    """The chances that the product draws with, answer by answer."""
    draws, chances = AuditDraw(SHARE, 0), np.empty(len(doubt))
    for place, expected in enumerate(doubt.tolist()):
        drawn, draws = draws.draw(str(place), expected)
        chances[place] = drawn.propensity
    return chances


def _cases(
    rng: np.random.Generator, doubt: Shares, chances: Shares, failure: Failure, runs: int, *, trusts: bool
) -> float:
    """Mean answers from the failure until it is noticed."""
    order = np.argsort(doubt)
    errors = np.empty(len(doubt))
    errors[order] = failure.errors(doubt[order], failure.error)
    bets = Bets(BAR, float(AuditDraw(SHARE, 0).floor if trusts else SHARE))
    patience = 12_000 if failure.error < 0.15 else 4_000
    found = [
        _noticed(rng, doubt if trusts else np.zeros_like(doubt), np.stack([doubt, errors]), chances, bets, patience)
        for _ in range(runs // AT_ONCE)
    ]
    return float(np.concatenate(found).mean())


def _noticed(
    rng: np.random.Generator, expected: Shares, errors: Shares, chances: Shares, bets: Bets, patience: int
) -> Shares:
    """Answers from the failure until it is noticed, of some runs; those with an alarm before are left out."""
    first = _first_alarms(rng, expected, errors, chances, bets, patience)
    late = np.where(first < 0, patience, first - GOOD + 1)
    return late[(first < 0) | (first >= GOOD)].astype(np.float64)


def _first_alarms(
    rng: np.random.Generator, expected: Shares, errors: Shares, chances: Shares, bets: Bets, patience: int
) -> npt.NDArray[np.int64]:
    """At which answer the first alarm of each run came, -1 for never; after good times errors are the second row."""
    starts = rng.integers(0, len(expected) - GOOD - patience, AT_ONCE)
    at = starts[:, None] + np.arange(GOOD + patience)
    wrong = rng.random(at.shape) < np.where(np.arange(at.shape[1]) < GOOD, errors[0][at], errors[1][at])
    audited = rng.random(at.shape) < chances[at]
    counts = audited | (expected[at] > bets.most_error)
    most = int(counts.sum(axis=1).max())
    place = np.argsort(~counts, axis=1, kind="stable")[:, :most]
    kept = np.take_along_axis(counts, place, axis=1)
    chosen = np.take_along_axis(at, place, axis=1)
    factors = case_factors(
        np.take_along_axis(wrong, place, axis=1),
        audited=np.take_along_axis(audited, place, axis=1),
        propensities=chances[chosen],
        expected=np.where(kept, expected[chosen], 0.0),
        bets=bets,
    )
    alarms = case_evidence(factors, np.take_along_axis(audited, place, axis=1) & kept) >= 20.0
    moments = np.take_along_axis(place, alarms.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.where(alarms.any(axis=1), moments, -1)


def _filled(doubt: Shares, error: float, fails: npt.NDArray[np.bool_]) -> Shares:
    """More errors among those that fail, as many as it takes."""
    missing, room = error * len(doubt) - doubt.sum(), (1.0 - doubt[fails]).sum()
    errors = doubt.copy()
    errors[fails] += (1.0 - doubt[fails]) * min(1.0, missing / room)
    return errors
