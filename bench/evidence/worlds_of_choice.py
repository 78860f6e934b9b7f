"""Worlds in which somebody chooses: among candidates, among looks, among thresholds, or when to stop.

No model in them is good enough: each is right exactly as often as the bar asks, whatever it says of itself, so whatever
is launched is launched falsely.
"""

from dataclasses import replace
from functools import partial

import numpy as np
from scipy import special

from bench.evidence.candidates import CONFIDENCE, TRAINING, answers, held_out, plain_bounds
from bench.evidence.launch import could_prove, launches
from bench.evidence.rows import Outcomes
from bench.evidence.running import World
from bench.evidence.sealed import BRIEF, Flags, HeldOut, Look, Shares, both_labels, unsure
from understudy.domain.brief import Brief
from understudy.stats.intervals import lower_bounds
from understudy.stats.looks import alpha_of

BAR = 0.9
SURE = 0.9
CANDIDATES = 50
SEALED = 250
LOOKS = 20
BATCH = 50
CHANGED = 0.3
"""Of what decides which answers are right, when a model is altered."""


def best_of_many(rng: np.random.Generator, runs: int, *, alike: float) -> Outcomes:
    """50 candidates: the habit takes the best by its sealed score, we the best by its training score."""
    sealed = answers(rng, (runs, CANDIDATES, SEALED), BAR, alike)
    trained = answers(rng, (runs, CANDIDATES, TRAINING * SEALED), BAR, alike)
    naive = plain_bounds(sealed).max(axis=1) >= BAR
    chosen = trained.sum(axis=2).argmax(axis=1)
    every = np.arange(runs)
    return Outcomes(_launched(rng, sealed[every, chosen], trained[every, chosen], _brief(BAR)), naive)


def stopping(rng: np.random.Generator, runs: int) -> Outcomes:
    """One model, reviewed after every 50 further sealed examples until it passes, 20 times at most."""
    right = answers(rng, (runs, 1, LOOKS * BATCH), BAR, 0.0)[:, 0]
    trained = answers(rng, (runs, 1, TRAINING * BATCH * 4), BAR, 0.0)[:, 0]
    stated = unsure(rng, right.shape)
    held = [held_out(rng, each) for each in trained]
    ours, naive = np.zeros(runs, np.bool_), np.zeros(runs, np.bool_)
    for number in range(1, LOOKS + 1):
        seen = number * BATCH
        naive |= plain_bounds(right[:, :seen]) >= BAR
        possible = could_prove(right[:, :seen], stated[:, :seen], BAR, look=number) & ~ours
        for run in np.flatnonzero(possible):
            look = Look(both_labels(seen), right[run, :seen], stated[run, :seen], held[run], number)
            ours[run] = launches(look, _brief(BAR))
    return Outcomes(ours, naive)


def retraining(rng: np.random.Generator, runs: int, *, climbing: bool, looks: int = LOOKS) -> Outcomes:
    """Models one after another, each reviewed on the same sealed examples until one passes.

    Args:
        rng: Luck.
        runs: How often.
        climbing: Each is made by changing the model whose sealed score was best so far; else by training anew.
        looks: How many models there are.
    """
    models = _climbed(rng, runs, looks) if climbing else answers(rng, (runs, looks, SEALED), BAR, 0.7)
    trained = answers(rng, (runs, 1, TRAINING * SEALED), BAR, 0.0)[:, 0]
    # Always as sure, so that every review tests all answers: luck that was climbed to is not diluted by a threshold.
    stated = np.full(models.shape, SURE)
    held = [HeldOut(np.full(len(each), SURE), each) for each in trained]
    naive = np.any(plain_bounds(models) >= BAR, axis=1)
    ours = np.zeros(runs, np.bool_)
    for number in range(1, looks + 1):
        right, sure = models[:, number - 1], stated[:, number - 1]
        for run in np.flatnonzero(could_prove(right, sure, BAR, look=number) & ~ours):
            first = Look(both_labels(SEALED), right[run], sure[run], held[run])
            ours[run] = launches(replace(first, number=number, times_seen=number - 1), _brief(BAR))
    return Outcomes(ours, naive)


def tuning(rng: np.random.Generator, runs: int) -> Outcomes:
    """At every threshold as many answers are wrong as may be; the habit takes the threshold that looks best."""
    right = answers(rng, (runs, 1, SEALED), BAR, 0.0)[:, 0]
    trained = answers(rng, (runs, 1, TRAINING * SEALED), BAR, 0.0)[:, 0]
    stated = unsure(rng, right.shape)
    naive = np.zeros(runs, np.bool_)
    for threshold in np.linspace(0.5, 0.95, 20):
        alone = stated >= threshold
        bounds = lower_bounds((right & alone).sum(axis=1), alone.sum(axis=1), confidence=CONFIDENCE)
        naive |= bounds >= BAR
    return Outcomes(_launched(rng, right, trained, _brief(BAR), stated=stated), naive)


def tiny(rng: np.random.Generator, runs: int) -> Outcomes:
    """3 to 20 sealed examples, and the highest bars that so few could ever clear."""
    ours, naive = np.zeros(runs, np.bool_), np.zeros(runs, np.bool_)
    for run in range(runs):
        count = int(rng.integers(3, 21))
        allowed = int(rng.integers(0, min(3, count - 1)))
        bar = float(lower_bounds(count - allowed, count, confidence=1.0 - alpha_of(1))) - 1e-6
        right, trained = rng.random(count) < bar, rng.random(TRAINING * count) < bar
        naive[run] = right.mean() >= bar
        look = Look(both_labels(count), right, unsure(rng, count), held_out(rng, trained))
        ours[run] = bool(could_prove(right[None], look.stated[None], bar)[0]) and launches(look, _brief(bar))
    return Outcomes(ours, naive)


WORLDS = (
    World("50 candidates at the bar", "bound of the best one, on the same examples", partial(best_of_many, alike=0.0)),
    World(
        "50 candidates that err alike (correlation .5)",
        "bound of the best one, on the same examples",
        partial(best_of_many, alike=0.5),
    ),
    World("optional stopping: a review every 50 examples, 20 times", "95% bound at every review", stopping),
    World("20 retrained models, the same sealed set", "95% bound at every review", partial(retraining, climbing=False)),
    World(
        "20 models, each altered from the one that scored best",
        "95% bound at every review",
        partial(retraining, climbing=True),
    ),
    World(
        "200 models, each altered from the one that scored best",
        "95% bound at every review",
        partial(retraining, climbing=True, looks=200),
    ),
    World("thresholds tuned on the sealed set", "bound at the best of 20 thresholds", tuning),
    World("tiny sealed sets of 3 to 20", "the point score reaches the bar", tiny),
)


def _launched(
    rng: np.random.Generator, right: Flags, trained: Flags, brief: Brief, *, stated: Shares | None = None
) -> Flags:
    """Whether the first look at each row of answers launches."""
    sure = unsure(rng, right.shape) if stated is None else stated
    ours = np.zeros(len(right), np.bool_)
    for run in np.flatnonzero(could_prove(right, sure, float(brief.asked_bar or 0.0))):
        look = Look(both_labels(right.shape[1]), right[run], sure[run], held_out(rng, trained[run]))
        ours[run] = launches(look, brief)
    return ours


def _climbed(rng: np.random.Generator, runs: int, looks: int) -> Flags:
    """Models each of which alters the best so far a little, by the score that its review showed."""
    kept = rng.standard_normal((runs, SEALED))
    models = [kept < special.ndtri(BAR)]
    best = models[0].sum(axis=1)
    for _ in range(looks - 1):
        tried = np.sqrt(1.0 - CHANGED) * kept + np.sqrt(CHANGED) * rng.standard_normal(kept.shape)
        models.append(tried < special.ndtri(BAR))
        better = models[-1].sum(axis=1) > best
        kept, best = np.where(better[:, None], tried, kept), np.maximum(best, models[-1].sum(axis=1))
    return np.stack(models, axis=1)


def _brief(bar: float) -> Brief:
    return replace(BRIEF, asked_bar=bar)
