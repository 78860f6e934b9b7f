"""What is usual of histories: what came last in them, and how many of their items the model knows.

How long histories are is not watched, since they grow as time goes on.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from understudy.launch.usual import MISSING, MOST_INPUTS, MOST_WORDS, Trait, TraitKind, Usual, word_place
from understudy.modalities.interactions.question import Question
from understudy.search.recommend.lesson import Lesson
from understudy.search.recommend.log import Catalogue

LATEST: Final = "latest item"
KNOWN: Final = "share of items that the model knows"


def usual_of(lesson: Lesson, *, seed: int) -> Usual:
    """Traits of the histories of some of the real people who were learned from.

    Args:
        lesson: What was learned from; each person's last event is what was to be told.
        seed: Same seed, same people.
    """
    log, items = lesson.real, lesson.catalogue.items
    people = np.sort(np.random.default_rng(seed).permutation(len(log))[:MOST_INPUTS])
    histories = [[items[at] for at in log.item[log.starts[who] : log.starts[who + 1] - 1]] for who in people]
    last = [each[-1] for each in histories if each]
    common = sorted(set(last), key=lambda item: (-last.count(item), item))[:MOST_WORDS]
    traits = (Trait(LATEST, TraitKind.WORD, tuple(common)), Trait(KNOWN, TraitKind.NUMBER))
    values = np.array([_traits(each, lesson.catalogue) for each in histories], np.float32)
    return Usual(traits, values.reshape(-1, len(traits)))


def traits_of(question: Question, catalogue: Catalogue) -> tuple[float, ...]:
    """The traits of a history, in the order in which `usual_of` names them."""
    return _traits([event.item for event in question.history], catalogue)


def _traits(history: Sequence[str], catalogue: Catalogue) -> tuple[float, ...]:
    if not history:
        return MISSING, MISSING
    known = sum(item in catalogue.places for item in history) / len(history)
    return word_place(history[-1]), known
