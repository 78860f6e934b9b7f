"""What the measurement of learning curves is made of."""

from pathlib import Path

import numpy as np
import pytest
from bench.curve_heads import HeadPlan, HeadWorld
from bench.curve_worlds import Truth, true_course, truth_of
from bench.curves import Kept, cases_in, foretell, naive_needed

from bench import curve_heads, curve_histories, curve_tables
from understudy.domain.task import AnswerKind
from understudy.search.heads import Head
from understudy.stats.scores import Scores

TRUTH = Truth(np.array([10.0, 20.0, 40.0, 80.0]), np.array([0.6, 0.7, 0.7, 0.9]))


def world(count: int = 120) -> HeadWorld:
    rng = np.random.default_rng(4)
    labels = np.arange(count) % 2
    features = (rng.normal(size=(count, 30)) + 0.45 * labels[:, None]).astype(np.float32)
    return HeadWorld("drawn", "photos", features, labels, Head("ridge", 1))


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
    assert told is not None
    assert again is not None
    assert told.needed == again.needed
    assert 0 <= told.level <= 1
    scores = kept.scores(cases[0].world, cases[0].held, 0)
    assert scores is not None
    assert len(scores.labels) == cases[0].held


def test_the_naive_method_follows_a_power_law() -> None:
    """On an error that is a power law without noise, a single power law says the truth."""
    sizes = np.array([16.0, 32.0, 64.0, 128.0, 256.0])
    right = np.repeat((1 - sizes**-0.5)[:, None], 10, axis=1)
    scores = Scores(sizes, right, np.zeros(5), 5, np.arange(10), np.zeros(10, np.int64))
    assert naive_needed(scores, 0.95)[0] == pytest.approx(400, rel=0.05)


def test_nothing_was_tuned_on_what_is_held_out() -> None:
    """No label of a set is on both sides, be it photos, texts, recordings, clips, rows or histories."""

    def labels(plans: tuple[HeadPlan, ...]) -> set[tuple[str, str]]:
        return {(plan.name, label) for plan in plans for label in plan.labels or ("all",)}

    assert not labels(curve_heads.DEVELOPMENT) & labels(curve_heads.HELD_OUT)
    names = {plan.name for plan in curve_heads.DEVELOPMENT if not plan.labels}
    assert not names & {plan.name for plan in curve_heads.HELD_OUT}
    for module in (curve_tables, curve_histories):
        assert not {plan.name for plan in module.DEVELOPMENT} & {plan.name for plan in module.HELD_OUT}
    assert {plan.modality for plan in curve_heads.HELD_OUT} == {"photo", "text", "sound", "video"}


def test_the_truth_is_scored_on_what_was_left_out() -> None:
    """Parts of the true course hold each other, a quarter is never learned from, and truth does not fall."""
    strata = np.arange(90) % 3
    course = true_course(strata)
    assert len(course.sizes) == len(course.repetitions[0].parts) >= 5
    for each in course.repetitions:
        assert not set(each.held_out.tolist()) & set(each.parts[-1].tolist())
        assert len(each.held_out) == pytest.approx(0.25 * 90, abs=2)
    right = np.array([[0.5, 0.5], [0.4, 0.4], [0.9, 0.7]])
    scores = Scores(np.array([4.0, 8.0, 16.0]), right, np.zeros(3), 2, np.arange(2), np.zeros(2, np.int64))
    assert truth_of([scores]).accuracy.tolist() == pytest.approx([0.45, 0.45, 0.8])


def test_tables_become_worlds(shared_data: Path) -> None:
    """Every table has its columns, halves of them that are never learned from twice, and answers that differ."""
    del shared_data
    plans = (curve_tables.TablePlan("horse_colic", "surgical_lesion"), curve_tables.HELD_OUT[-1])
    worlds = list(curve_tables.table_worlds(plans))
    assert len({world.name for world in worlds}) == len(worlds) == 2 * (1 + 2 * curve_tables.SPLITS)
    for world in worlds:
        assert len(set(world.lesson.answers)) >= 2
        assert world.count <= curve_tables.MOST_ROWS
    whole, first, second, *_ = worlds[-1 - 2 * curve_tables.SPLITS :]
    columns = [{column.name for column in each.lesson.columns} for each in (whole, first, second)]
    assert columns[1] | columns[2] == columns[0]
    assert not columns[1] & columns[2]
    assert whole.task.answers is AnswerKind.NUMBER
    assert whole.task.tolerance > 0
    held = whole.project(40, 0)
    assert held is not None
    assert held.right.shape[1] == 40


def test_histories_become_worlds(shared_data: Path) -> None:
    """A project learns from its own people alone; longer lists are right more often."""
    del shared_data
    every = list(curve_histories.history_worlds(curve_histories.HELD_OUT[:1]))
    assert len({each.name for each in every}) == len(every)
    short, long = every[0], every[2]
    assert short.about.length < long.about.length
    few, more = short.project(60, 1), long.project(60, 1)
    assert few is not None
    assert more is not None
    assert few.right.shape[1] <= 60
    assert more.errors[-1] < few.errors[-1]
