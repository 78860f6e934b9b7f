"""Learning points of histories: how often what came next stands in the list, as more and more people are learned from.

Two fixed members of the search make the lists: what is popular, and nearest neighbours. They stand for the whole
search, which mixes several of their kind.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.domain.trial import Progress
from understudy.search.learning_points import Course, Repetition, repetitions_of, sizes_up_to, walk
from understudy.search.recommend.families import FAMILIES, Material
from understudy.search.recommend.heights import heights_of
from understudy.search.recommend.lesson import Lesson
from understudy.search.recommend.log import Indices, Log
from understudy.search.recommend.mixture import best_of, chances, gains_of, pool_of
from understudy.search.recommend.rounds import Round, rounds_of
from understudy.stats.scores import Array, Scores

MEMBERS: Final = tuple(family for family in FAMILIES if family.name in {"popular", "nearest neighbours"})
WEIGHTS: Final = np.array([1.0, 4.0, 1.0, 4.0])
"""Of the members' heights, then of the gains of their places, as `mixture.chances` takes them: what is popular fills
lists about which neighbours say nothing."""
EVENTS: Final = 40
"""Of so many events of one person or more, there are fewer repetitions, since each takes longer."""


@dataclass(frozen=True)
class _Turn:
    """One repetition: who is learned from, part by part, and what is asked."""

    round: Round
    repetition: Repetition


def measure_histories(
    lesson: Lesson, *, seed: int, pulse: Callable[[], None], report: Callable[[Progress], None]
) -> Scores | None:
    """Learns and scores a whole course: parts hold ever more people, and others are asked what came next.

    Those who are asked, and what of the log may be known by then, are as in the search: where times are known, nothing
    that happened later informs an answer.

    Args:
        lesson: What is learned from.
        seed: Same seed, same scores.
        pulse: Called often; what it raises ends the work.
        report: Receives progress.

    Returns:
        Shares of each person's questions that were answered rightly; sizes count people. None where there are too few
        people, or nobody took anything that could be held out.
    """
    turns = list(_turns(lesson, seed=seed))
    if not turns:
        return None

    def scored(place: int) -> Array:
        return _scored(lesson, turns[place], seed, pulse)

    sizes = np.mean([[len(part) for part in turn.repetition.parts] for turn in turns], axis=0)
    course = Course(tuple(float(size) for size in sizes), tuple(turn.repetition for turn in turns))
    people = np.arange(len(lesson.log))
    return walk(course, scored, labels=np.zeros(len(people), np.int64), groups=people, pulse=pulse, report=report)


def _turns(lesson: Lesson, *, seed: int) -> Iterator[_Turn]:
    """The repetitions; none where there are too few people."""
    rounds = list(_rounds(lesson, seed))
    taught = [np.flatnonzero(np.diff(each.learned.starts)) for each in rounds]
    sizes = sizes_up_to(min((len(people) for people in taught), default=0), 1)
    for place, (each, people) in enumerate(zip(rounds, taught, strict=True)):
        if sizes:
            order = np.random.default_rng([seed, place]).permutation(people)
            parts = tuple(np.sort(order[:size]) for size in sizes)
            yield _Turn(each, Repetition(parts, np.unique(each.person)))


def _rounds(lesson: Lesson, seed: int) -> Iterator[Round]:
    """Rounds of the search, drawn anew until there are enough."""
    log = lesson.log
    wanted = repetitions_of(max(len(log), len(log.item) // EVENTS))
    made = 0
    while made < wanted:
        before = made
        for each in rounds_of(log, lesson.people, timed=lesson.about.timed, rng=np.random.default_rng([seed, made])):
            made += 1
            yield each
        if made == before:
            return


def _scored(lesson: Lesson, turn: _Turn, seed: int, pulse: Callable[[], None]) -> Array:
    """Share of each asked person's questions whose list holds what came next, after each part, (s, p)."""
    asked = turn.round
    place = np.searchsorted(turn.repetition.held_out, asked.person)
    count = np.bincount(place)
    shares = []
    for part in turn.repetition.parts:
        pulse()
        found = _found(lesson, asked, _only(asked.learned, part), seed)
        shares.append(np.bincount(place, weights=found) / count)
    return np.array(shares, np.float64)


def _only(log: Log, people: Indices) -> Log:
    """The log of these people's events; the others stay, with none."""
    kept = np.zeros(len(log), bool)
    kept[people] = True
    return log.chosen(kept[log.person])


def _found(lesson: Lesson, asked: Round, learned: Log, seed: int) -> Sequence[bool]:
    """Whether what came next stands in the list, question by question, (m,)."""
    about = lesson.about
    material = Material(learned, None, about.timed, about.liked_from is not None, seed)
    rankers = [family.fit(material, family.start(material.traits)) for family in MEMBERS]
    said = [heights_of(ranker, asked.asked, repeats=about.repeats) for ranker in rankers]
    pool = pool_of(said, learned.width)
    _, found = gains_of(best_of(pool, chances(pool, WEIGHTS), about.length), asked.truth)
    return [bool(each) for each in found]
