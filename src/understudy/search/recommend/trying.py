"""Trying: candidates are fitted in every round and asked there; the best of each family is known from the journal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from understudy.domain.trial import Trial
from understudy.search.recommend.families import FAMILIES, Family, Material, Setting
from understudy.search.recommend.heights import Heights, gains, heights_of, places_of
from understudy.search.recommend.journal import Entry, Journal
from understudy.search.recommend.lesson import Lesson
from understudy.search.recommend.log import Numbers, Sparse, log_of
from understudy.search.recommend.rounds import Round, rounds_of
from understudy.search.recommend.words import word_matrix


@dataclass(frozen=True)
class Ground:
    """What candidates are tried on.

    Attributes:
        lesson: What is learned from.
        words: Of items, or None.
        rounds: Who is asked in which round.
        seed: For candidates in which chance plays a part.
    """

    lesson: Lesson
    words: Sparse | None
    rounds: tuple[Round, ...]
    seed: int

    @classmethod
    def of(cls, lesson: Lesson, seed: int) -> "Ground":
        """Parts a lesson into rounds."""
        about = lesson.about
        rounds = tuple(rounds_of(lesson.log, lesson.people, timed=about.timed, rng=np.random.default_rng(seed)))
        return cls(lesson, word_matrix(lesson.content, lesson.catalogue), rounds, seed)

    @property
    def whole(self) -> Material:
        """Everything, to fit the final candidates on."""
        about = self.lesson.about
        return Material(self.lesson.log, self.words, about.timed, about.liked_from is not None, self.seed)

    @property
    def weight(self) -> Numbers:
        """Of each question, over all rounds, so that every person counts the same; sums to 1."""
        weight = np.concatenate([each.weight for each in self.rounds])
        share: Numbers = weight / weight.sum()
        return share

    def asked(self, family: Family, setting: Setting, pulse: Callable[[], None] = lambda: None) -> Iterator[Heights]:
        """Fits a candidate in each round and asks it; what `pulse` raises before a round ends the work."""
        for each in self.rounds:
            pulse()
            ranker = family.fit(self._learned(each), setting)
            yield heights_of(ranker, each.asked, repeats=self.lesson.about.repeats)

    def unknown(self, family: Family, setting: Setting) -> float:
        """The share of people for whom a candidate lists what came next though it knows nothing of them, 0..1."""
        nothing, about, right = log_of([[]], self.lesson.catalogue, liked_from=None), self.lesson.about, []
        for each in self.rounds:
            said = heights_of(family.fit(self._learned(each), setting), nothing, repeats=about.repeats)
            listed = said.items[0][said.heights[0] > 0][: about.length]
            right.append(np.isin(each.truth, listed))
        return float(self.weight @ np.concatenate(right))

    def _learned(self, each: Round) -> Material:
        whole = self.whole
        return Material(each.learned, whole.words, whole.timed, whole.rated, whole.seed)

    def trial(self, name: str, said: Sequence[Heights]) -> Trial:
        """Scores what a candidate said; its loss is 1 less the mean NDCG, its accuracy the share of hits."""
        length = self.lesson.about.length
        places = [places_of(heights, each.truth) for heights, each in zip(said, self.rounds, strict=True)]
        gained = np.concatenate([gains(each, length) for each in places])
        right = np.concatenate([(each > 0) & (each <= length) for each in places])
        return Trial(name, round(float(1 - self.weight @ gained), 9), round(float(self.weight @ right), 9))


def families(ground: Ground) -> tuple[Family, ...]:
    """Those that make sense here."""
    traits = ground.whole.traits
    return tuple(family for family in FAMILIES if not family.needs or family.needs in traits)


def planned(ground: Ground) -> Iterator[tuple[Family, str | None, float | None]]:
    """What to try: the start of every family, then of each in turn one more step from its best so far."""
    traits = ground.whole.traits
    chosen = families(ground)
    for family in chosen:
        yield family, None, None
    steps = [family.steps(traits) for family in chosen]
    for turn in range(max(map(len, steps), default=0)):
        for family, own in zip(chosen, steps, strict=True):
            if turn < len(own):
                yield family, *own[turn]


def try_one(
    ground: Ground, journal: Journal, family: Family, setting: Setting, pulse: Callable[[], None] = lambda: None
) -> None:
    """Tries a setting and writes it down; what `pulse` raises ends it, and nothing of it is kept."""
    said = list(ground.asked(family, setting, pulse))
    journal.add(Entry(ground.trial(family.named(setting), said), family.name, setting), said)
