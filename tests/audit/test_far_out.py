"""Numbers to be predicted that lie absurdly far out."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import table
from worlds import material

from understudy.audit.audit import audit
from understudy.audit.far_out import far_out
from understudy.audit.material import Material
from understudy.domain.finding import Finding, FindingKind
from understudy.stats.far_out import beyond

Draw = Callable[[np.random.Generator, int], np.ndarray]
ORDINARY: dict[str, Draw] = {
    "normal": lambda draw, of: draw.normal(size=of),
    "even": lambda draw, of: draw.uniform(size=of),
    "exponential": lambda draw, of: draw.exponential(size=of),
    "student": lambda draw, of: draw.standard_t(3, of),
    "lognormal 1": lambda draw, of: draw.lognormal(0, 1, of),
    "lognormal 2": lambda draw, of: draw.lognormal(0, 2, of),
    "counts": lambda draw, of: draw.poisson(0.3, of).astype(float),
    "mostly nothing": lambda draw, of: np.where(draw.random(of) < 0.8, 0.0, draw.lognormal(0, 1.5, of)),
}


def of(numbers: np.ndarray) -> Material:
    return material([{"x": float(place)} for place in range(len(numbers))], [float(number) for number in numbers])


def told(numbers: np.ndarray) -> list[Finding]:
    return list(far_out(of(numbers)))


@pytest.mark.parametrize("draw", ORDINARY.values(), ids=ORDINARY)
@pytest.mark.parametrize(("count", "times"), [(20, 1000), (300, 1000), (20_000, 50)])
def test_ordinary_numbers_are_hardly_ever_named(draw: Draw, count: int, times: int) -> None:
    """Whatever their distribution, however skewed: at most 3 in 1,000 draws hold a number that is called absurd."""
    random = np.random.default_rng(0)
    assert sum(beyond(draw(random, count)).any() for _ in range(times)) <= 3


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("california_housing", "MedHouseVal"),
        ("bike_sharing", "cnt"),
        ("employee_salaries", "current_annual_salary"),
        ("wine_quality", "quality"),
    ],
)
def test_real_targets_are_ordinary(shared_data: Path, name: str, label: str) -> None:
    """Prices, rentals, salaries and marks: nothing is named."""
    assert not list(far_out(table(shared_data / name / "train.csv", label, number=True)))


@given(st.integers(0, 2**32 - 1), st.integers(30, 400), st.sampled_from([4.5e5, -1e15, 1e300, -1.7e308]))
def test_a_slip_among_prices_is_named(seed: int, count: int, slip: float) -> None:
    """One absurd number, high or low, is found wherever it stands, by its row, and is the only one."""
    draw = np.random.default_rng(seed)
    numbers, place = draw.uniform(0.69, 5.0, count), int(draw.integers(count))
    numbers[place] = slip
    (finding,) = told(numbers)
    assert finding.kind is FindingKind.FAR_OUT
    assert finding.evidence == (f"e{place}",)
    assert f"1 example lies absurdly far out: “{slip:g}” to be predicted" in finding.fact


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_neither_unit_nor_zero_point_matters(seed: int, unit: float, zero: float) -> None:
    """The same numbers in another unit, or counted from elsewhere: the same are far out."""
    numbers = np.random.default_rng(seed).lognormal(0, 1, 60)
    numbers[7] = 1e9
    assert beyond(unit * numbers).tolist() == beyond(numbers).tolist() == beyond(numbers + zero).tolist()


def test_few_numbers_and_labels_are_let_be() -> None:
    """Among fewer than 20 nobody can tell, and where labels are to be predicted there is nothing to look at."""
    assert not told(np.r_[np.arange(15.0), 1e15])
    assert not list(far_out(material([{"x": 1.0}] * 30, ["a", "b"] * 15)))


@pytest.mark.parametrize("huge", [1e300, -1.7e308])
def test_huge_numbers_are_audited_without_a_warning(huge: float) -> None:
    """The squares of numbers near 1e300 are no numbers any more; the audit says what it found, and nothing else."""
    draw = np.random.default_rng(0)
    facts = [
        {"rooms": draw.uniform(1, 9), "age": draw.integers(80), "colour": "abc"[place % 3]} for place in range(200)
    ]
    numbers = [huge if place in {3, 7} else 1.0 + float(row["rooms"]) for place, row in enumerate(facts)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        findings = audit(material(facts, numbers))
    assert FindingKind.FAR_OUT in {finding.kind for finding in findings}
