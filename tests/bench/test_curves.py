"""What the measurement of learning curves is made of."""

from pathlib import Path

import numpy as np
import pytest
from bench.curve_worlds import DEVELOPMENT, HELD_OUT, Truth, World
from bench.curves import Kept, cases_in, foretell, naive_needed

from bench import curve_tables
from understudy.search.heads import Head
from understudy.stats.scores import Scores

TRUTH = Truth(np.array([10.0, 20.0, 40.0, 80.0]), np.array([0.6, 0.7, 0.7, 0.9]))


def world(count: int = 120) -> World:
    rng = np.random.default_rng(4)
    labels = np.arange(count) % 2
    features = (rng.normal(size=(count, 30)) + 0.45 * labels[:, None]).astype(np.float32)
    return World("drawn", features, labels, Head("ridge", 1))


def test_truth_says_when_a_target_is_reached() -> None:
    """A target is reached between two sizes as accuracy lies between theirs; beyond the last one nobody knows."""
    assert TRUTH.needed(0.7) == pytest.approx(20)
    assert TRUTH.needed(0.8) == pytest.approx(np.sqrt(40 * 80))
    assert TRUTH.needed(0.5) == 10
    assert TRUTH.needed(0.95) is None
    assert TRUTH.at(np.sqrt(40 * 80)) == pytest.approx(0.8)


def test_a_case_is_forecast_from_what_is_held(tmp_path: Path) -> None:
    """A project knows no more than its own photos; its target is reached later; files give the same again."""
    kept = Kept(tmp_path)
    cases = list(cases_in(world(), kept))
    assert cases
    for case in cases:
        assert case.held < case.needed <= case.truth.sizes[-1]
        assert case.truth.at(case.needed) == pytest.approx(case.target)
    told, again = foretell(cases[0], kept), foretell(cases[0], Kept(tmp_path))
    assert told.needed == again.needed
    assert 0 <= told.level <= 1
    assert len(kept.scores(cases[0].world, cases[0].held, 0).labels) == cases[0].held


def test_the_naive_method_follows_a_power_law() -> None:
    """On an error that is a power law without noise, a single power law says the truth."""
    sizes = np.array([16.0, 32.0, 64.0, 128.0, 256.0])
    right = np.repeat((1 - sizes**-0.5)[:, None], 10, axis=1)
    scores = Scores(sizes, right, np.zeros(5), 5, np.arange(10), np.zeros(10, np.int64))
    assert naive_needed(scores, 0.95)[0] == pytest.approx(400, rel=0.05)


def test_nothing_was_tuned_on_what_is_held_out() -> None:
    """No label of a set is on both sides."""

    def labels(tasks: tuple[tuple[str, tuple[str, ...]], ...]) -> set[tuple[str, str]]:
        return {(name, label) for name, only in tasks for label in only or ("all",)}

    assert not labels(DEVELOPMENT) & labels(HELD_OUT)
    names = {name for name, only in DEVELOPMENT if not only}
    assert not names & {name for name, _ in HELD_OUT}
    tables = [{plan.name for plan in side} for side in (curve_tables.DEVELOPMENT, curve_tables.HELD_OUT)]
    assert not tables[0] & tables[1]


def test_tables_become_worlds(shared_data: Path) -> None:
    """Every table has numbers only, as many labels as it has names, and no column that is the label itself."""
    del shared_data
    for world in curve_tables.table_worlds((*curve_tables.DEVELOPMENT, *curve_tables.HELD_OUT)):
        assert np.isfinite(world.features).all()
        assert len(world.labels) == len(world.features) <= curve_tables.MOST_ROWS
        assert len(np.unique(world.labels)) >= 2
        given = np.abs(np.corrcoef(np.c_[world.features[:, world.features.std(axis=0) > 0], world.labels].T)[-1, :-1])
        assert given.max() < 0.99
