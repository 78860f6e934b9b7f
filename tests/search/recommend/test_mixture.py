"""Mixing rankers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.search.recommend.figures import Figures, figures_of
from understudy.search.recommend.heights import Heights, gains, heights_of, places_of
from understudy.search.recommend.log import Log
from understudy.search.recommend.mixture import Lists, Sureness, best_of, chances, fit_sureness, fit_weights, pool_of
from understudy.search.recommend.rankers import Popular


def _heights(rng: np.random.Generator, questions: int, width: int, kept: int) -> Heights:
    items = np.stack([rng.permutation(width)[:kept] for _ in range(questions)])
    return Heights(items, np.sort(rng.random((questions, kept)).astype(np.float32))[:, ::-1])


@given(st.integers(0, 1000))
def test_chances_of_a_question_sum_to_one(seed: int) -> None:
    """However rankers disagree, each question's chances are shares of one, and lists hold the largest."""
    rng = np.random.default_rng(seed)
    said = [_heights(rng, 4, 12, 6) for _ in range(2)]
    pool = pool_of(said, 12)
    share = chances(pool, rng.random(4))
    np.testing.assert_allclose(np.bincount(pool.question, weights=share), 1.0)
    lists = best_of(pool, share, 3)
    for row in range(4):
        own = share[pool.question == row]
        np.testing.assert_allclose(lists.chances[row], np.sort(own)[::-1][:3], atol=1e-9)


def test_the_ranker_that_knows_gets_the_weight() -> None:
    """Of one ranker that puts the truth first and one that knows nothing, the first is heard."""
    rng = np.random.default_rng(0)
    blind, seeing = _heights(rng, 200, 30, 10), _heights(rng, 200, 30, 10)
    pool = pool_of([blind, seeing], 30)
    truth = seeing.items[:, 0]
    weights = fit_weights([pool], [truth], [np.ones(200)])
    assert weights[1] + weights[3] > 5 * (weights[0] + weights[2])
    lists = best_of(pool, chances(pool, weights), 5)
    assert (lists.items[:, 0] == truth).mean() > 0.95


def test_sureness_is_calibrated_on_average() -> None:
    """Calibrated probabilities have the mean of what turned out, and rise with the chances."""
    rng = np.random.default_rng(1)
    mass = rng.random(4000)
    right = rng.random(4000) < mass**2
    sureness = fit_sureness(mass, right, np.ones(4000))
    stated = sureness.of(mass)
    assert abs(stated.mean() - right.mean()) < 0.02
    assert (np.diff(stated[np.argsort(mass)]) >= 0).all()


def test_an_empty_list_holds_nothing_that_may_come() -> None:
    """Whatever the rest is told as, and of somebody new, too."""
    sureness = Sureness(slope=0.0, level=2.0, new=0.4)
    assert sureness.told(np.array([0.0, 0.0, 0.5]), np.array([3, 0, 3])).tolist()[:2] == [0.0, 0.0]
    assert sureness.told(np.array([0.5]), np.array([0])).tolist() == [0.4]


def test_what_was_taken_is_not_listed_again_unless_that_is_usual() -> None:
    """Items of the history have no height, except where taking again is usual."""
    log = Log(np.array([0, 2]), np.array([0, 1]), np.ones(2, bool), np.full(2, np.nan), 4)
    popular = Popular(np.array([9, 8, 2, 1], np.float32))
    once = heights_of(popular, log, repeats=False)
    assert set(once.items[0][once.heights[0] > 0]) == {2, 3}
    assert heights_of(popular, log, repeats=True).items[0].tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(places_of(once, np.array([2])), [1])
    np.testing.assert_allclose(gains(np.array([0, 1, 2, 11]), 10), [0, 1, 1 / np.log2(3), 0])


def test_figures_are_what_their_names_say() -> None:
    """Precision, recall, NDCG, coverage and novelty of two lists, counted by hand."""
    lists = Lists(np.array([[0, 1], [2, 3]]), np.full((2, 2), 0.5))
    truths = [np.array([1, 4]), np.array([2])]
    found = figures_of(lists, truths, np.array([0, 1]), np.array([4.0, 4.0, 1.0, 1.0, 2.0, 0.0]), 4)
    assert found.precision.estimate == 0.5
    assert found.recall.estimate == 0.75
    assert found.hits.estimate == 1.0
    best = 1 + 1 / np.log2(3)
    np.testing.assert_allclose(found.ndcg.estimate, (1 / np.log2(3) / best + 1) / 2, atol=1e-6)
    assert found.coverage == 0.8
    assert found.novelty == 1.0
    assert found.ndcg.lower <= found.ndcg.estimate <= found.ndcg.upper
    assert Figures.from_json(found.to_json()) == found


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40)), min_size=1, max_size=20),
    st.floats(0.001, 0.999),
    st.integers(0, 30),
)
def test_short_histories_are_told_no_more_than_was_measured(
    asked: list[tuple[float, int]], new: float, shortest: int
) -> None:
    """Somebody new is told what was measured of new ones; one with half of the shortest history no more than that."""
    mass, events = (np.array(each) for each in zip(*asked, strict=True))
    sureness = Sureness(1.3, 0.2, new, shortest)
    told, own = sureness.told(mass, events), sureness.of(mass)
    np.testing.assert_array_equal(told[(events == 0) & (mass > 0)], new)
    assert not told[mass == 0].any()
    short = 2 * events < shortest
    assert (told[short] <= new).all()
    long = ~short & (events > 0)
    np.testing.assert_array_equal(told[long], own[long])
