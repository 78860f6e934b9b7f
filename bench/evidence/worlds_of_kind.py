"""Worlds in which examples, labels or mistakes are not all of one kind.

As in the worlds of choice no model is good enough, each by as little as possible: in each exactly one thing that the
brief asks for is exactly at its bar, and all else is far above.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from bench.evidence.candidates import TRAINING, answers, grouped, held_out, plain_bounds
from bench.evidence.launch import could_pay, could_prove, launches
from bench.evidence.rows import Outcomes
from bench.evidence.running import World
from bench.evidence.sealed import BRIEF, LABELS, Flags, Look, both_labels, unsure
from understudy.domain.brief import Brief, WrongCost
from understudy.domain.rule import Fact
from understudy.stats.agreement import people_error
from understudy.stats.intervals import lower_bounds
from understudy.stats.looks import confidence_of
from understudy.stats.shares import corrected_lower, share_measured

BAR = 0.9
ALIKE = 0.2
"""Correlation within groups."""
FAR_ABOVE = 0.995
SEALED = 250
FIRST = confidence_of(1)
HALF = 1.0 - (1.0 - FIRST) / 2
"""Of two bounds that have to hold together, each alone."""
LABEL_ERROR = 0.05
DOUBLE_ANSWERS = 200
PERSON_COST = 1.0
FLATTERED = 1 / 4
"""Of the mistakes, that training shows."""


def clusters(rng: np.random.Generator, runs: int, *, groups: tuple[int, int], bar: float) -> Outcomes:
    """Examples of one group resemble each other; the habit counts them as if they did not."""
    right = grouped(rng, runs, groups, bar, ALIKE)
    trained = grouped(rng, runs, (TRAINING * groups[0], groups[1]), bar, ALIKE)
    names = tuple(f"{place // groups[1]:04d}" for place in range(right.shape[1]))
    stated = unsure(rng, right.shape)
    ours = np.zeros(runs, np.bool_)
    for run in np.flatnonzero(could_prove(right, stated, bar, groups=names)):
        held = held_out(rng, trained[run])
        ours[run] = launches(
            Look(both_labels(right.shape[1]), right[run], stated[run], held, groups=names), _asking(bar)
        )
    return Outcomes(ours, plain_bounds(right) >= bar)


def flipped_labels(rng: np.random.Generator, runs: int) -> Outcomes:
    """One label of twenty is wrong, whatever the model says."""
    right, trained = (_right(rng, runs, count) for count in (SEALED, TRAINING * SEALED))
    seen, seen_in_training = (each ^ (rng.random(each.shape) < LABEL_ERROR) for each in (right, trained))
    return _noisy(rng, seen, seen_in_training)


def shared_mistakes(rng: np.random.Generator, runs: int) -> Outcomes:
    """One label of twenty is wrong, and always where the model repeats the mistake, so it counts as right."""
    right, trained = (_right(rng, runs, count) for count in (SEALED, TRAINING * SEALED))
    excused = LABEL_ERROR / (1.0 - BAR)
    seen, seen_in_training = (each | (rng.random(each.shape) < excused) for each in (right, trained))
    return _noisy(rng, seen, seen_in_training)


def shared_mistakes_taken_off(rng: np.random.Generator, runs: int) -> Outcomes:
    """The same, where the share of labels that people's double answers leave possible to be wrong is taken off."""
    right = _right(rng, runs, SEALED)
    seen = right | (rng.random(right.shape) < LABEL_ERROR / (1.0 - BAR))
    names = [str(place) for place in range(SEALED)]
    ours = np.zeros(runs, np.bool_)
    for run in range(runs):
        measured = share_measured(seen[run], groups=names, confidence=HALF)
        people = people_error(_double_answers(rng), confidence=HALF, labels=LABELS)
        ours[run] = people is not None and corrected_lower(measured, people.upper) >= BAR
    return Outcomes(ours, plain_bounds(seen) >= BAR)


def one_label_below(rng: np.random.Generator, runs: int) -> Outcomes:
    """Faults are found as often as is asked and no oftener, all else is far better; the habit looks at all together."""
    right, trained = (_right_by_label(rng, runs, count) for count in (SEALED, TRAINING * SEALED))
    faults = both_labels(SEALED) == LABELS.index("fault")
    brief = replace(BRIEF, asked_bar=BAR, class_bars=tuple((label, BAR) for label in LABELS))
    return _where_possible(rng, right, trained, brief, possible=_clears(right[:, faults], BAR))


def one_slice_below(rng: np.random.Generator, runs: int) -> Outcomes:
    """Photos by phone are answered as well as is asked and no better, all else is far better."""
    phones = np.arange(SEALED) % 5 < 2
    right = rng.random((runs, SEALED)) < np.where(phones, BAR, FAR_ABOVE)
    trained = rng.random((runs, TRAINING * SEALED)) < np.mean(np.where(phones, BAR, FAR_ABOVE))
    facts: tuple[dict[str, Fact], ...] = tuple({"camera": "phone" if each else "reflex"} for each in phones)
    brief = replace(BRIEF, asked_bar=BAR, slices=("camera",))
    return _where_possible(rng, right, trained, brief, possible=_clears(right[:, phones], BAR), facts=facts)


def nothing_saved(rng: np.random.Generator, runs: int, *, dear: float, missed: float) -> Outcomes:
    """What the model's mistakes cost is exactly what people cost; the habit launches when the average saves."""
    cheap = 2.0
    alarms = 2.0 * (PERSON_COST - 0.5 * missed * dear) / cheap
    truth = both_labels(SEALED)
    faults = truth == LABELS.index("fault")
    right = rng.random((runs, SEALED)) >= np.where(faults, missed, alarms)
    # Training flatters the model: else it would know that nothing can be proven, and hardly try.
    trained = rng.random((runs, TRAINING * SEALED)) >= FLATTERED * (missed + alarms) / 2
    losses, stated = np.where(right, 0.0, np.where(faults, dear, cheap)), unsure(rng, right.shape)
    brief = replace(
        BRIEF,
        person_cost=PERSON_COST,
        person_error=0.0,
        model_cost=0.0,
        wrong_costs=(WrongCost("fault", "fine", dear), WrongCost("fine", "fault", cheap)),
    )
    ours = np.zeros(runs, np.bool_)
    for run in np.flatnonzero(could_pay(losses, stated, PERSON_COST, dear)):
        ours[run] = launches(Look(truth, right[run], stated[run], held_out(rng, trained[run])), brief)
    return Outcomes(ours, losses.mean(axis=1) < PERSON_COST)


AS_IF_ALONE = "95% bound as if each example stood alone"
WORLDS = (
    World("20 groups of 10, correlation .2", AS_IF_ALONE, partial(clusters, groups=(20, 10), bar=0.8)),
    World("50 groups of 10, correlation .2", AS_IF_ALONE, partial(clusters, groups=(50, 10), bar=BAR)),
    World("5% of the labels flipped at random", "95% bound", flipped_labels),
    World(
        "5% of the labels wrong where the model is",
        "95% bound",
        shared_mistakes,
        beyond="labels are taken for the truth",
    ),
    World("the same, less people's error by double answers", "95% bound", shared_mistakes_taken_off),
    World("a bar for each label, one label at it", "95% bound of all together", one_label_below),
    World("a bar for each slice, one slice at it", "95% bound of all together", one_slice_below),
    World("costs: exactly nothing saved", "the average saves", partial(nothing_saved, dear=20.0, missed=0.08)),
    World(
        "costs: nothing saved, rare dear mistakes",
        "the average saves",
        partial(nothing_saved, dear=40.0, missed=0.045),
    ),
)


def _noisy(rng: np.random.Generator, seen: Flags, seen_in_training: Flags) -> Outcomes:
    """Reviews answers as the labels make them look, with people's error measured by double answers."""
    ours = np.zeros(len(seen), np.bool_)
    stated = unsure(rng, seen.shape)
    for run in np.flatnonzero(could_prove(seen, stated, BAR)):
        look = Look(both_labels(SEALED), seen[run], stated[run], held_out(rng, seen_in_training[run]))
        ours[run] = launches(replace(look, pairs=_double_answers(rng)), _asking(BAR))
    return Outcomes(ours, plain_bounds(seen) >= BAR)


def _double_answers(rng: np.random.Generator) -> tuple[tuple[str, str], ...]:
    """What two people say who err independently of each other."""
    truth = both_labels(DOUBLE_ANSWERS)
    one, other = (truth ^ (rng.random(DOUBLE_ANSWERS) < LABEL_ERROR) for _ in range(2))
    return tuple((LABELS[int(a)], LABELS[int(b)]) for a, b in zip(one, other, strict=True))


def _where_possible(
    rng: np.random.Generator,
    right: Flags,
    trained: Flags,
    brief: Brief,
    *,
    possible: Flags,
    facts: tuple[dict[str, Fact], ...] = (),
) -> Outcomes:
    ours = np.zeros(len(right), np.bool_)
    for run in np.flatnonzero(possible):
        ours[run] = launches(replace(_look(rng, right[run], trained[run]), facts=facts), brief)
    return Outcomes(ours, plain_bounds(right) >= BAR)


def _look(rng: np.random.Generator, right: Flags, trained: Flags) -> Look:
    return Look(both_labels(len(right)), right, unsure(rng, len(right)), held_out(rng, trained))


def _right(rng: np.random.Generator, runs: int, count: int) -> Flags:
    return answers(rng, (runs, 1, count), BAR, 0.0)[:, 0]


def _right_by_label(rng: np.random.Generator, runs: int, count: int) -> Flags:
    faults = both_labels(count) == LABELS.index("fault")
    right: Flags = rng.random((runs, count)) < np.where(faults, BAR, FAR_ABOVE)
    return right


def _clears(right: Flags, bar: float) -> Flags:
    """What the claim about these examples implies, by the product's bound for many looks at once."""
    cleared: Flags = lower_bounds(right.sum(axis=1), right.shape[1], confidence=FIRST) >= bar - 1e-9
    return cleared


def _asking(bar: float) -> Brief:
    return replace(BRIEF, asked_bar=bar)
