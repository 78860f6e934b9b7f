"""Where a learning curve leads."""

from collections.abc import Callable

import numpy as np
import pytest

from understudy.domain.learning import Behaviour, LearningCurve
from understudy.stats.curve_behaviour import falls
from understudy.stats.curve_fan import fan_of
from understudy.stats.curves import STEPS, fit_curve, forecasts, labels_needed
from understudy.stats.scores import Array, Scores

from .growths import SIZES, grown, power

EXAMPLES = 170


def fitted(scores: Scores, target: float | None = None, examples: int = EXAMPLES) -> LearningCurve:
    names = [f"label {number}" for number in range(int(scores.labels.max()) + 1)]
    return fit_curve(scores, examples=examples, names=names, target=target, rng=np.random.default_rng(0))


def test_a_power_law_is_followed() -> None:
    """An error that falls by a power law is foretold for twice the examples, and so is when a target is reached."""
    curve = fitted(grown(power(1.0, 0.45), examples=3_000), target=0.93)
    assert curve.behaviour is Behaviour.WELL
    twice = next(each for each in curve.forecasts if each.examples == 2 * EXAMPLES)
    assert twice.lower < 1 - (2 * EXAMPLES) ** -0.45 < twice.upper
    assert curve.needed is not None
    assert curve.needed.examples is not None
    truth = 0.07 ** (-1 / 0.45)
    assert curve.needed.lower < truth
    assert curve.needed.upper is None or truth < curve.needed.upper
    assert 0.6 < curve.needed.examples / truth < 1.7


@pytest.mark.parametrize("law", [power(1.0, 0.45), power(2.0, 0.7, 0.03), power(0.6, 0.3)])
def test_intervals_hold_most_of_the_time(law: Callable[[Array], Array]) -> None:
    """Over projects that differ by luck alone, the interval of accuracy holds the truth at least 70 times in 100."""
    held = 0
    for seed in range(40):
        fan = fan_of(grown(law, examples=200, seed=seed), rng=np.random.default_rng(seed))
        (told,) = forecasts(fan, [2 * EXAMPLES])
        held += told.lower <= 1 - law(np.array([2.0 * EXAMPLES]))[0] <= told.upper
    assert held >= 28


def test_more_luck_makes_wider_intervals() -> None:
    """A few scored examples leave more open than many."""
    few, many = (fitted(grown(power(1.0, 0.45), examples=count)).forecasts[-1] for count in (40, 3_000))
    assert few.upper - few.lower > 1.2 * (many.upper - many.lower)


def test_height_is_less_sure_than_scoring_alone_explains() -> None:
    """Who gathers other examples also learns from others, so the fan starts wider than which were scored makes it."""
    scores = grown(power(1.0, 0.45), examples=150)
    fan = fan_of(scores, rng=np.random.default_rng(0))
    height = fan.accuracy([fan.base])[:, 0].std()
    scored = np.sqrt(scores.covariance[-1, -1])
    assert scored < height < 1.5 * scored


def test_forecasts_rise_with_examples() -> None:
    """More examples are never foretold to bring less."""
    told = fitted(grown(power(1.0, 0.45))).forecasts
    assert [each.examples for each in told] == sorted({round(EXAMPLES * step) for step in STEPS})
    for column in ("lower", "accuracy", "upper"):
        values = [getattr(each, column) for each in told]
        assert values == sorted(values)
    assert all(each.lower <= each.accuracy <= each.upper for each in told)


def test_a_higher_target_takes_more() -> None:
    """Examples needed rise with the target, up to never."""
    fan = fan_of(grown(power(1.0, 0.45), examples=2_000), rng=np.random.default_rng(0))
    told = [labels_needed(fan, target, examples=EXAMPLES) for target in (0.85, 0.9, 0.95, 0.9999)]
    middles = [float("inf") if each.examples is None else each.examples for each in told]
    assert middles == sorted(middles)
    assert middles[0] < EXAMPLES < middles[2]
    assert told[-1].examples is None
    assert told[-1].upper is None


def test_a_curve_that_has_come_to_rest_is_flat() -> None:
    """Where accuracy no longer rises, the advice to label more would be wrong."""
    for law in (power(60.0, 2.0, 0.08), power(3.0, 2.0, 0.08)):
        curve = fitted(grown(law, examples=3_000))
        assert curve.behaviour is Behaviour.FLAT
        assert curve.forecasts


def test_a_fall_is_ill_behaved() -> None:
    """An accuracy that falls by more than luck explains is not followed: nothing is foretold of it."""

    def peak(n: Array) -> Array:
        return np.where(n < 60, 0.5 * (n / 12) ** -0.5, 0.35)

    curve = fitted(grown(peak, examples=2_000), target=0.9)
    assert curve.behaviour is Behaviour.ILL
    assert (curve.forecasts, curve.needed, curve.by_label) == ((), None, ())
    assert curve.points


def test_a_jump_is_ill_behaved() -> None:
    """A step that no curve of the families has is not followed either, though accuracy never falls."""

    def step(n: Array) -> Array:
        return np.where(n < 90, 0.45, 0.1)

    scores = grown(step, examples=3_000)
    assert not falls(scores)
    assert fitted(scores).behaviour is Behaviour.ILL


def test_luck_is_rarely_called_ill_behaved() -> None:
    """Curves that behave well are called ill-behaved at most about as often as their tests allow."""
    ill = sum(fitted(grown(power(1.0, 0.5), examples=150, seed=seed)).behaviour is Behaviour.ILL for seed in range(60))
    assert ill <= 3


def test_few_points_are_too_short() -> None:
    """Three sizes, or a dozen examples, say nothing yet."""
    assert fitted(grown(power(1.0, 0.4), sizes=SIZES[:3])).behaviour is Behaviour.TOO_SHORT
    assert fitted(grown(power(1.0, 0.4), sizes=SIZES[:1])).behaviour is Behaviour.TOO_SHORT
    assert fitted(grown(power(1.0, 0.4)), examples=15).behaviour is Behaviour.TOO_SHORT


def test_a_label_that_lags_is_seen() -> None:
    """The label that is recognised worst and still learning would gain most."""
    slow, quick = grown(power(2.0, 0.5), examples=400), grown(power(0.4, 0.8), examples=400, seed=1)
    labels = np.repeat([0, 1], 400)
    both = Scores(
        slow.sizes, np.hstack([slow.right, quick.right]), slow.spread, slow.repetitions, np.arange(800), labels
    )
    (first, now, then), (second, calm, later) = fitted(both).by_label
    assert (first, second) == ("label 0", "label 1")
    assert then - now > 2 * (later - calm)


def test_everything_right_is_no_accident_of_arithmetic() -> None:
    """Where nothing was ever wrong, the curve is flat near 100% and a target below is reached already."""
    scores = grown(power(0.0, 1.0), examples=80)
    curve = fitted(scores, target=0.95)
    assert curve.behaviour is Behaviour.FLAT
    assert curve.forecasts[0].accuracy > 0.98
    assert curve.needed is not None
    assert curve.needed.examples is not None
    assert curve.needed.examples <= EXAMPLES


def test_the_same_seed_gives_the_same_curve() -> None:
    """Nothing but the generator that is handed in decides the draws."""
    assert fitted(grown(power(1.0, 0.45)), 0.9) == fitted(grown(power(1.0, 0.45)), 0.9)


def test_a_target_that_cannot_be_is_refused() -> None:
    """No curve reaches everything."""
    for target in (0.0, 1.0, 1.2):
        with pytest.raises(ValueError, match="strictly between"):
            fitted(grown(power(1.0, 0.45)), target)
