"""Claims about bounds when examples belong together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats as oracle

from understudy.stats.clusters import CLUSTERED, clustered_lower_bounds, clustered_proportion, effective_trials
from understudy.stats.intervals import PLAIN, lower_bounds, proportion


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_examples_that_stand_alone_get_the_plain_bound(right: list[bool]) -> None:
    """With every example its own group, figure and method are the plain ones."""
    alone = clustered_proportion(np.array(right), [f"g{i}" for i in range(len(right))])
    assert alone == proportion(sum(right), len(right))
    assert effective_trials(alone) == len(right)


grouped = st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefgh")), min_size=2, max_size=80)


@given(grouped, st.floats(0.5, 0.999))
def test_belonging_together_never_makes_evidence_stronger(cases: list[tuple[bool, str]], confidence: float) -> None:
    """The adjusted bound lies between 0 and the plain one, whatever the groups."""
    right, groups = [hit for hit, _ in cases], [group for _, group in cases]
    found = clustered_proportion(np.array(right), groups, confidence=confidence)
    plain = proportion(sum(right), len(right), confidence=confidence)
    assert (found.successes, found.trials) == (plain.successes, plain.trials)
    assert 0.0 <= found.lower <= plain.lower + 1e-12
    assert found.method == (PLAIN if len(set(groups)) == len(groups) else CLUSTERED)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30))
def test_groups_never_show_more_than_all_right_would(sizes: list[int]) -> None:
    """No pattern of errors gives a higher bound than none at all, and that is Kish's number without an error."""
    groups = [f"g{i}" for i, size in enumerate(sizes) for _ in range(size)]
    perfect = clustered_proportion(np.ones(len(groups)), groups)
    kish = len(groups) ** 2 / sum(size**2 for size in sizes)
    assert perfect.lower == pytest.approx(0.05 ** (1 / kish))
    assert effective_trials(perfect) == pytest.approx(kish)
    one_wrong = clustered_proportion(np.arange(len(groups)) > 0, groups)
    assert one_wrong.lower <= perfect.lower


def test_cluster_adjustment_follows_its_formula() -> None:
    """Four groups of five, worked by hand: deff, n', K' and the beta quantile."""
    shares = [5, 5, 4, 1]
    right = np.concatenate([np.arange(5) < share for share in shares])
    found = clustered_proportion(right, [str(i // 5) for i in range(20)])
    share = 15 / 20
    between = 4 / 3 * sum((hit - 5 * share) ** 2 for hit in shares) / 20**2
    deff = between / (share * (1 - share) / 20)
    worth = 20 / deff * (oracle.norm.ppf(0.95) / oracle.t.ppf(0.95, 3)) ** 2
    assert deff > 1
    assert found.lower == pytest.approx(oracle.beta.ppf(0.05, worth * share, worth * (1 - share) + 1))
    assert effective_trials(found) == pytest.approx(worth)


def test_effective_trials_of_nothing_right() -> None:
    """Where nothing was right the bound is 0 and cannot say what the examples are worth; their count stands."""
    assert effective_trials(clustered_proportion(np.zeros(6), list("aabbcc"))) == 6.0


def test_groups_and_answers_must_match() -> None:
    """One group for each answer, or an error."""
    with pytest.raises(ValueError, match="one entry for each group"):
        clustered_proportion(np.ones(3), ["a", "b"])


@given(st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=5, max_size=5), max_size=5))
def test_many_samples_at_once_get_the_same_bound(rows: list[list[tuple[int, int]]]) -> None:
    """From counts by group, row by row, also where a group has no example: the bound of the examples themselves."""
    counts = np.array([[[hits, hits + misses] for hits, misses in row] for row in rows]).reshape(-1, 5, 2)
    bounds = clustered_lower_bounds(counts[..., 0], counts[..., 1])
    for bound, row in zip(bounds, counts, strict=True):
        right = np.concatenate([np.arange(size) < hits for hits, size in row])
        groups = [str(i) for i, (_, size) in enumerate(row) for _ in range(size)]
        assert bound == pytest.approx(clustered_proportion(right, groups).lower)


def test_contradictory_counts_by_group_are_refused() -> None:
    """More right answers than examples are an error, not a number."""
    with pytest.raises(ValueError, match="between 0 and all"):
        clustered_lower_bounds([3], [2])


WORLDS = [
    # true rate, intra-class correlation, group sizes
    (0.90, 0.2, (10,) * 50),
    (0.97, 0.2, (10,) * 50),
    (0.97, 1.0, (10,) * 50),
    (0.99, 0.6, (10,) * 50),
    (0.80, 0.6, (10,) * 20),
    (0.80, 0.2, (2,) * 40),
    (0.80, 0.3, (20, 10, 5, 5) * 8 + (1,) * 20),
    (0.85, 0.5, (30,) * 5 + (3,) * 60),
    (0.85, 1.0, (30,) * 5 + (1,) * 150),
]


@pytest.mark.parametrize(("true_rate", "correlation", "sizes"), WORLDS)
def test_clustered_bound_covers_in_simulation(true_rate: float, correlation: float, sizes: tuple[int, ...]) -> None:
    """In 2,000 worlds with clusters the bound exceeds the truth at most 5% of the time, give or take the chance error.

    5% + 2.33 standard errors are 6.1%.
    """
    right = _drawn(np.random.default_rng(20), true_rate, correlation, sizes)
    assert np.mean(clustered_lower_bounds(right, sizes) > true_rate) <= 0.061


def test_plain_bound_fails_where_the_clustered_one_holds() -> None:
    """The simulation can fail: the plain bound misses about 15% of the time for 50 groups of 10 at correlation 0.2."""
    right = _drawn(np.random.default_rng(21), 0.9, 0.2, (10,) * 50).sum(axis=1)
    assert 0.11 <= np.mean(lower_bounds(right, 500) > 0.9) <= 0.19


def _drawn(
    rng: np.random.Generator, true_rate: float, correlation: float, sizes: tuple[int, ...]
) -> NDArray[np.integer]:
    """Right answers by group in 2,000 worlds whose groups share a beta-distributed rate (beta-binomial clusters)."""
    shape = (2000, len(sizes))
    if correlation == 1.0:
        rates = (rng.random(shape) < true_rate).astype(float)
    else:
        spread = 1 / correlation - 1
        rates = rng.beta(true_rate * spread, (1 - true_rate) * spread, shape)
    return rng.binomial(sizes, rates)
