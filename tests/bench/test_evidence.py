from dataclasses import replace

import numpy as np
import pytest
from bench.evidence import coverage, power, promise, shadow
from bench.evidence.__main__ import ADVERSE, main
from bench.evidence.candidates import answers, grouped, held_out
from bench.evidence.launch import could_prove, fewest_right, launches, review
from bench.evidence.rows import Outcomes, at_most, false_launches, table_of
from bench.evidence.running import World
from bench.evidence.sealed import BRIEF, Look, both_labels, unsure
from scipy import stats

from understudy.domain.review import Verdict
from understudy.stats.anytime import ConfidenceSequence
from understudy.stats.betting import lower_means
from understudy.stats.intervals import lower_bound
from understudy.stats.looks import confidence_of

BAR = replace(BRIEF, asked_bar=0.8)


def look(seed: int, rate: float, *, groups: int = 0) -> Look:
    rng = np.random.default_rng(seed)
    right = grouped(rng, 1, (groups, 4), rate, 0.2)[0] if groups else answers(rng, (1, 1, 120), rate, 0.0)[0, 0]
    names = tuple(f"{place // 4:03d}" for place in range(len(right))) if groups else ()
    held = held_out(rng, rng.random(300) < rate)
    return Look(both_labels(len(right)), right, unsure(rng, len(right)), held, groups=names)


@pytest.mark.parametrize("groups", [0, 40])
def test_what_is_passed_over_unreviewed_would_not_have_launched(groups: int):
    """The shortcut of the simulations never says no where the product's review says launch."""
    looks = [look(seed, rate, groups=groups) for seed, rate in enumerate(np.linspace(0.78, 0.95, 12))]
    said = [review(each, BAR).verdict is Verdict.LAUNCH for each in looks]
    assert [launches(each, BAR) for each in looks] == said
    assert any(said)
    assert not all(said)
    for each, launched in zip(looks, said, strict=True):
        possible = bool(could_prove(each.right[None], each.stated[None], 0.8, groups=each.groups)[0])
        assert possible or not launched


@pytest.mark.parametrize("world", ADVERSE, ids=[world.name for world in ADVERSE])
def test_every_adverse_world_runs(world: World):
    """Each run of a world says of ours and of the habit whether it went wrong, the same for the same luck."""
    first, second = (world.simulate(np.random.default_rng(7), 3) for _ in range(2))
    assert first.ours.shape == (3,)
    assert first.naive is not None
    np.testing.assert_array_equal(first.ours, second.ours)
    np.testing.assert_array_equal(first.naive, second.naive)


@pytest.mark.parametrize(("bar", "number"), [(0.9, 1), (0.5, 3), (0.99, 2)])
def test_fewer_right_answers_than_are_held_to_be_needed_prove_nothing(bar: float, number: int):
    """What is looked up is where the product's bound first reaches the bar."""
    confidence = confidence_of(number)
    for answered, needed in enumerate(fewest_right(40, bar, number).tolist(), start=1):
        reached = [lower_bound(right, answered, confidence=confidence) >= bar - 1e-9 for right in range(answered + 1)]
        assert needed == (reached.index(True) if True in reached else answered + 1)


def test_worlds_go_by_different_names():
    """The name of a world has a say in its luck."""
    worlds = [*ADVERSE, *power.WORLDS]
    assert len({world.name for world in worlds}) == len(worlds)


def test_models_that_are_drawn_are_as_good_as_is_said():
    """No model in an adverse world is better than its bar, however alike models are or examples of a group."""
    rng = np.random.default_rng(0)
    assert answers(rng, (200, 5, 100), 0.9, 0.5).mean() == pytest.approx(0.9, abs=0.01)
    assert grouped(rng, 400, (20, 10), 0.9, 0.2).mean() == pytest.approx(0.9, abs=0.01)


def test_the_shadow_stage_is_judged_as_the_product_judges_it():
    """Wealth over many answers at once says the same as the confidence sequence says one by one."""
    rng = np.random.default_rng(3)
    right = rng.random(400) < 0.97
    total, count = np.cumsum(right, dtype=np.int64), np.arange(1, 401)
    sequence, proven = ConfidenceSequence(), []
    for each in right:
        sequence = sequence.update(bool(each))
        proven.append(sequence.proven(shadow.BAR))
    assert any(proven)
    np.testing.assert_array_equal(np.maximum.accumulate(shadow.proven_at(total, count, shadow.BAR)), proven)


def test_a_crowd_knows_what_a_threshold_lets_through():
    """Shares and errors are those of the crowd, and equals of the threshold are answered too."""
    crowd = promise.crowd_of(np.array([0.6, 0.9, 0.7, 0.9]), np.array([False, True, False, True]))
    assert crowd.reached(0.9) == (0.5, 0.0)
    assert crowd.reached(0.65) == (0.75, pytest.approx(1 / 3))
    assert crowd.reached(0.95) == (0.0, 0.0)


def test_promises_are_kept_and_automate_nearly_as_much_as_an_oracle():
    """On a few runs: seldom broken, and no world apart from what somebody who knows the truth would do."""
    world = promise.PromiseWorld("any", promise.calibrated, 250, 0.05)
    kept = promise.kept(world, np.random.default_rng(0), 40)
    oracle = promise.oracle_share(world.crowd(), world.sealed, world.most_error)
    assert kept.broken.ours.mean() <= 0.15
    assert kept.shares.mean() == pytest.approx(oracle, rel=0.3)


@pytest.mark.parametrize("side", coverage.SIDES)
@pytest.mark.parametrize(("count", "rate"), [(20, 0.8), (20, 0.99), (50, 0.95), (100, 0.5)])
def test_no_exact_bound_covers_less_than_is_held_to_be_attainable(count: int, rate: float, side: coverage.Side):
    """The least coverage of an exact bound follows from the tails of the binomial, and its inverse reaches it."""
    places = np.arange(count + 1)
    tails = [stats.binomtest(k, count, rate, "greater" if side == "lower" else "less").pvalue for k in places]
    missed = stats.binom.pmf(places, count, rate)[np.array(tails) <= 0.05].sum()
    assert coverage.attainable(count, rate, side) == pytest.approx(1.0 - missed, abs=1e-9)


def test_costs_are_covered_by_the_bounds_that_are_shown():
    """What is tested at the true mean alone says the same as the whole bound, but for its rounding."""
    rng = np.random.default_rng(1)
    drawn = rng.choice(coverage.COSTS, size=(300, 50), p=[0.7, 0.21, 0.09])
    whole = float(np.mean(lower_means(drawn, low=0.0, high=5.0, confidence=0.95) <= 0.66))
    cells = [coverage.Cell("cost", "lower", 50, 0.7, whole, 0.95, 300)]
    assert whole == pytest.approx(0.95, abs=0.04)
    assert coverage.rows(cells)[0].ok


def test_a_table_says_what_fails():
    """A figure above its bar is told as a failure, with its standard error and the habit beside it."""
    bad = false_launches("a world", Outcomes(np.arange(100) < 20, np.arange(100) < 60), "hopes")
    assert at_most(2_000) == pytest.approx(0.061, abs=0.001)
    assert bad.ok is False
    assert all(text in table_of([bad]) for text in ("20.00%", "± 4.0", "≤ 10.1%", "FAILS", "60.0%", "hopes"))


def test_the_command_prints_one_table(capsys: pytest.CaptureFixture[str]):
    """A part can be run alone, on few runs."""
    main(["--runs", "4", "--processes", "1", "--only", "launch", "--worlds", "tiny", "numbers"])
    shown = capsys.readouterr().out
    assert "tiny sealed sets of 3 to 20" in shown
    assert "50 candidates" not in shown
    assert "bench-curves" in shown
