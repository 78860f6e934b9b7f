"""Claims about what wrong answers have cost so far."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.launch.loss import LossMeter, alarm_for

losses = st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.05, 1.0)), max_size=40)


@given(losses)
def test_excess_is_the_worst_stretch_up_to_now(audits: list[tuple[float, float]]) -> None:
    """The excess is the largest sum of any stretch of audits that ends now, each beyond what is allowed."""
    meter, gains = LossMeter(0.05, 3.0), []
    for loss, chance in audits:
        meter = meter.audited(loss, chance)
        gains.append(3.0 / chance * (loss - 0.05))
    stretches = [sum(gains[start:]) for start in range(len(gains) + 1)]
    assert meter.excess == pytest.approx(max(stretches), abs=1e-6)
    assert meter.lost == pytest.approx(sum(3.0 * loss / chance for loss, chance in audits))


@given(losses, st.floats(0.0, 1.0), st.floats(0.05, 1.0))
def test_a_late_answer_is_added(audits: list[tuple[float, float]], loss: float, chance: float) -> None:
    """What was counted as right and proves wrong later costs what it would have cost."""
    meter = LossMeter(0.05, 3.0)
    for each in audits:
        meter = meter.audited(*each)
    late = meter.audited(0.0, chance).corrected(loss, chance)
    assert late.lost == pytest.approx(meter.audited(loss, chance).lost)
    assert late.excess >= meter.audited(loss, chance).excess - 1e-9


def test_what_was_lost_is_estimated_without_bias() -> None:
    """Over 200,000 answers of which a tenth is audited, the estimate is within 8% of what was lost."""
    rng = np.random.default_rng(97)
    wrong, audited = rng.random(200_000) < 0.04, rng.random(200_000) < 0.1
    meter = LossMeter(0.05, 2.0)
    for loss in wrong[audited]:
        meter = meter.audited(float(loss), 0.1)
    assert meter.lost == pytest.approx(2.0 * wrong.sum(), rel=0.08)
    assert meter.renewed().lost == meter.lost
    assert meter.renewed().excess == 0.0


def test_the_alarm_keeps_half_for_luck() -> None:
    """It goes off at half of what remains of the budget; without a budget never."""
    assert alarm_for(100.0) == 50.0
    assert alarm_for(100.0, unseen=40.0) == 30.0
    assert alarm_for(10.0, unseen=40.0) == 0.0
    assert not LossMeter(0.05, 2.0).audited(1.0, 1e-6).spent
    assert LossMeter(0.05, 2.0, alarm=math.nextafter(19.0, 0.0)).audited(1.0, 0.1).spent
