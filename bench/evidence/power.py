"""Whether a model that is good enough gets through: 95% right where 90% is asked, 250 sealed examples, first look."""

from dataclasses import replace
from functools import partial

import numpy as np

from bench.evidence.candidates import TRAINING, answers, plain_bounds
from bench.evidence.launch import launches
from bench.evidence.rows import Outcomes
from bench.evidence.running import World
from bench.evidence.sealed import BRIEF, Flags, HeldOut, Look, Shares, both_labels, unsure

BAR, TRUE = 0.9, 0.95
CANDIDATES, SEALED = 50, 250


def good_models(rng: np.random.Generator, runs: int, *, knows: bool) -> Outcomes:
    """50 candidates, all good enough, chosen among on training data; the habit bounds each for 50 comparisons.

    Args:
        rng: Luck.
        runs: How often.
        knows: The model tends to be less sure where it is wrong; else how sure it is says nothing.
    """
    sealed = answers(rng, (runs, 1, SEALED), TRUE, 0.0)[:, 0]
    trained = answers(rng, (runs, CANDIDATES, TRAINING * SEALED), TRUE, 0.0)
    chosen = trained[np.arange(runs), trained.sum(axis=2).argmax(axis=1)]
    ours = np.zeros(runs, np.bool_)
    for run in range(runs):
        held = HeldOut(_stated(rng, chosen[run], knows=knows), chosen[run])
        look = Look(both_labels(SEALED), sealed[run], _stated(rng, sealed[run], knows=knows), held)
        ours[run] = launches(look, replace(BRIEF, asked_bar=BAR))
    return Outcomes(ours, plain_bounds(sealed, confidence=1.0 - 0.05 / CANDIDATES) >= BAR)


BONFERRONI = "bound of each, corrected for 50 candidates"
WORLDS = (
    World("power: 95% right, less sure where wrong", BONFERRONI, partial(good_models, knows=True)),
    World("power: 95% right, sureness says nothing", BONFERRONI, partial(good_models, knows=False)),
)


def _stated(rng: np.random.Generator, right: Flags, *, knows: bool) -> Shares:
    if not knows:
        return unsure(rng, right.shape)
    return np.where(right, rng.beta(6.0, 1.0, right.shape), rng.beta(2.0, 1.5, right.shape)) * 0.49 + 0.505
