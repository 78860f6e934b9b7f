"""How often what came next stands in the list, as more and more people are learned from."""

import numpy as np
import pytest

from understudy.search.learning_task import version_of
from understudy.search.recommend.learning_points import measure_histories
from understudy.search.recommend.lesson import Lesson, lesson_of
from understudy.search.recommend.rounds import rounds_of
from understudy.stats.scores import Scores

from .drawn_lessons import about_of, drawn, lesson, taught


def measured(given: Lesson, seed: int = 0) -> Scores | None:
    return measure_histories(given, seed=seed, pulse=lambda: None, report=lambda _: None)


@pytest.mark.parametrize("timed", [True, False])
def test_more_people_bring_more_right_lists(timed: bool) -> None:
    """With times and without, lists are right more often the more people were learned from."""
    given = lesson(drawn(60, timed=timed))
    scores = measured(given)
    assert scores is not None
    assert scores.errors[-1] < scores.errors[0] - 0.03
    assert ((scores.right >= 0) & (scores.right <= 1)).all()
    assert scores.sizes[-1] < len(given.log)
    assert len(np.unique(scores.groups)) == scores.right.shape[1] <= len(given.log)


def test_nobody_who_is_asked_is_learned_from_after_the_question() -> None:
    """Who is asked, and what may be known by then, is what the search's own rounds say; no size goes beyond them."""
    given = lesson(drawn(60))
    scores = measured(given)
    assert scores is not None
    rounds = list(rounds_of(given.log, given.people, timed=True, rng=np.random.default_rng([0, 0])))
    fewest = min(int((np.diff(each.learned.starts) > 0).sum()) for each in rounds)
    assert scores.sizes[-1] == fewest
    for each in rounds:
        assert np.nanmax(each.learned.when) < np.nanmin(given.log.when[given.log.starts[1:][each.person] - 1])


def test_too_few_people_have_no_curve() -> None:
    """Where hardly anybody is there, nothing is made up."""
    assert measured(lesson(drawn(6))) is None


def test_the_same_seed_gives_the_same_scores() -> None:
    """Whatever runs side by side, the bytes are the same."""
    given = lesson(drawn(40))
    first, again = measured(given, 2), measured(given, 2)
    assert first is not None
    assert again is not None
    assert first.right.tobytes() == again.right.tobytes()


def test_a_curve_names_its_data_as_the_search_does() -> None:
    """The digest under which a curve is kept is that of a model which learned from the same histories."""
    found = drawn(20)
    told = taught(found)
    made = lesson_of(told, found.content, about_of(found.about()))
    rows = [(each.digest, each.label, each.group) for each in told]
    assert version_of(rows, found.content.to_bytes()) == made.version
    assert version_of(rows) != made.version
