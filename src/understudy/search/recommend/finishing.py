"""Finishing: the best of each family become one mixture, judged where each of its parts was held out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.search.recommend.families import FAMILIES
from understudy.search.recommend.figures import Figure, Figures, difference, figures_of
from understudy.search.recommend.heights import Heights
from understudy.search.recommend.journal import Entry, Journal, best_among
from understudy.search.recommend.log import Indices, Numbers
from understudy.search.recommend.mixture import (
    Lists,
    Pool,
    Sureness,
    best_of,
    chances,
    fit_sureness,
    fit_weights,
    gains_of,
    pool_of,
)
from understudy.search.recommend.rankers import Ranker
from understudy.search.recommend.trying import Ground

STRETCHES: Final = 5
"""Stretches of time that a round is told by, so that it shows how far people of one time are alike."""
LEAST: Final = 0.001
"""Weight that what is popular has at least."""


@dataclass(frozen=True)
class Member:
    """A candidate in the mixture, fitted on everything.

    Attributes:
        entry: Its trial and setting.
        ranker: What it learned.
        height: Weight of the height of an item.
        place: Weight of the gain of its place.
    """

    entry: Entry
    ranker: Ranker
    height: float
    place: float


@dataclass(frozen=True)
class Worth:
    """What the mixture is worth on questions that it did not learn from.

    Attributes:
        ours: Of the mixture.
        rule: Of the popularity rule on the same questions.
        above: NDCG beyond the rule's.
        stated: How sure it was of each person's own example, (n,).
        right: Whether that came next stood in the list, (n,).
        stretches: Places of the questions on each stretch of time, with the share of all events that was learned from;
            empty where rounds do not look ahead.
    """

    ours: Figures
    rule: Figures
    above: Figure
    stated: Numbers
    right: npt.NDArray[np.bool_]
    stretches: tuple[tuple[float, Indices], ...] = ()


@dataclass(frozen=True)
class Finished:
    """The mixture.

    Attributes:
        members: Those with a say.
        sureness: From chances to a calibrated probability.
        worth: Out of time, or out of fold where there are no times.
    """

    members: tuple[Member, ...]
    sureness: Sureness
    worth: Worth


@dataclass(frozen=True)
class _Mixed:
    """A choice of entries, mixed."""

    entries: tuple[Entry, ...]
    weights: Numbers
    lists: Lists

    def gained(self, ground: Ground) -> Numbers:
        """NDCG of each question, weighted so that people count the same."""
        found, _ = gains_of(self.lists, np.concatenate([each.truth for each in ground.rounds]))
        share: Numbers = found * ground.weight * len(found)
        return share


def finish(ground: Ground, journal: Journal, tried: Sequence[Entry]) -> Finished:
    """Mixes the best of each family among what was tried.

    Only where the best alone, filled up by what is popular, did better by more than a standard error is it taken
    instead: it was the best of many by chance, too. Each round's lists are made with weights that were found in the
    other rounds.
    """
    best = tuple(entry for family in FAMILIES if (entry := best_among(tried, family.name)))
    alone = min(best, key=lambda entry: entry.trial.log_loss)
    mixed = _mixed(ground, journal, best)
    few = _mixed(ground, journal, (best[0],) if alone is best[0] else (best[0], alone))
    if _clearly_above(few.gained(ground), mixed.gained(ground)):
        mixed = few
    _, right = gains_of(mixed.lists, np.concatenate([each.truth for each in ground.rounds]))
    mass = mixed.lists.chances.sum(axis=1)
    sureness = _measured(ground, best[0], fit_sureness(mass, right, ground.weight))
    rule = _mixed(ground, journal, (best[0],))
    worth = _worth(ground, mixed.lists, rule.lists, sureness)
    return Finished(_members(ground, mixed), sureness, worth)


def _measured(ground: Ground, popular: Entry, fitted: Sureness) -> Sureness:
    """Adds what was measured of people of whom nothing is known: they get what is popular."""
    family = next(each for each in FAMILIES if each.name == popular.family)
    shortest = min(int(np.diff(each.asked.starts).min()) for each in ground.rounds)
    return replace(fitted, new=round(ground.unknown(family, popular.setting), 6), shortest=shortest)


def _clearly_above(first: Numbers, second: Numbers) -> bool:
    gap = first - second
    return bool(gap.mean() > gap.std() / np.sqrt(len(gap)))


def _mixed(ground: Ground, journal: Journal, entries: tuple[Entry, ...]) -> _Mixed:
    said = [_said(ground, journal, entry) for entry in entries]
    width = ground.lesson.log.width
    pools = [pool_of([each[at] for each in said], width) for at in range(len(ground.rounds))]
    lists = [_list(ground, pools, at) for at in range(len(pools))]
    together = Lists(np.concatenate([each.items for each in lists]), np.concatenate([each.chances for each in lists]))
    return _Mixed(entries, _weights(ground, pools, range(len(pools))), together)


def _said(ground: Ground, journal: Journal, entry: Entry) -> list[Heights]:
    """What an entry said; it says it again where only the words of a better one, of a longer plan, were kept."""
    if journal.keeps(entry):
        return journal.said(entry)
    family = next(each for each in FAMILIES if each.name == entry.family)
    return list(ground.asked(family, entry.setting))


def _list(ground: Ground, pools: list[Pool], at: int) -> Lists:
    others = [each for each in range(len(pools)) if each != at] or [at]
    weights = _weights(ground, pools, others)
    return best_of(pools[at], chances(pools[at], weights), ground.lesson.about.length)


def _weights(ground: Ground, pools: list[Pool], rounds: range | list[int]) -> Numbers:
    chosen = [ground.rounds[at] for at in rounds]
    return fit_weights([pools[at] for at in rounds], [each.truth for each in chosen], [each.weight for each in chosen])


def _members(ground: Ground, mixed: _Mixed) -> tuple[Member, ...]:
    """Fits those that have a say on everything."""
    by_name = {family.name: family for family in FAMILIES}
    count = len(mixed.entries)
    members = []
    for at, entry in enumerate(mixed.entries):
        height, place = float(mixed.weights[at]), float(mixed.weights[count + at])
        if not at:  # what is popular fills lists of which nobody else says anything
            place = max(place, LEAST)
        if height or place:
            ranker = by_name[entry.family].fit(ground.whole, entry.setting)
            members.append(Member(entry, ranker, height, place))
    return tuple(members)


def _worth(ground: Ground, lists: Lists, rule: Lists, sureness: Sureness) -> Worth:
    truth = np.concatenate([each.truth for each in ground.rounds])
    person = np.concatenate([each.person for each in ground.rounds])
    last = np.concatenate([each.last for each in ground.rounds])
    real = ground.lesson.real
    takers = np.bincount(real.taken().indices, minlength=real.width).astype(np.float64)
    truths = [np.array([each]) for each in truth]
    ours, theirs = (figures_of(each, truths, person, takers, len(real)) for each in (lists, rule))
    (gained, right), (ruled, _) = gains_of(lists, truth), gains_of(rule, truth)
    own = last if last.any() else np.ones(len(last), bool)
    stated = sureness.of(lists.chances.sum(axis=1))
    return Worth(ours, theirs, difference(gained, ruled, person), stated[own], right[own], _stretches(ground, own))


def _stretches(ground: Ground, own: npt.NDArray[np.bool_]) -> tuple[tuple[float, Indices], ...]:
    """See `Worth`; people are asked in the order of their last event, so parts of them follow one another."""
    total, asked = len(ground.lesson.log.item), np.cumsum([len(each.truth) for each in ground.rounds])
    places = np.cumsum(own) - 1
    return tuple(
        (len(each.learned.item) / total, part)
        for each, end in zip(ground.rounds, asked, strict=True)
        if each.ahead
        for part in np.array_split(places[end - len(each.truth) : end][own[end - len(each.truth) : end]], STRETCHES)
    )
