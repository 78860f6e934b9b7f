"""Shapes that learning curves take."""

import numpy as np
import pytest

from understudy.stats.curve_shapes import every_shape


def test_every_shape_is_one_where_it_was_measured_and_never_rises() -> None:
    """The error declines with examples, whichever the shape, and its scale is that at the largest measured size."""
    shapes = every_shape()
    sizes = np.geomspace(0.02, 50, 60)
    assert np.allclose(shapes.decline(np.ones(1)), 1)
    assert (np.diff(shapes.decline(sizes), axis=1) <= 1e-12).all()
    assert (shapes.decline(np.array([1e9]))[:, 0] >= shapes.floor - 1e-12).all()


def test_families_are_those_of_the_literature() -> None:
    """POW4 is c + a' (n + b) ** -a and MMF4 is (a b + c n ** d) / (b + n ** d), for every shape on the grid."""
    shapes, sizes = every_shape(), np.geomspace(0.1, 10, 7)
    declines = shapes.decline(sizes)
    for place in range(0, len(shapes.slope), 37):
        slope, at, floor = shapes.slope[place], shapes.place[place], shapes.floor[place]
        if shapes.power[place]:
            scale = (1 - floor) / (1 + at) ** -slope
            expected = floor + scale * (sizes + at) ** -slope
        else:
            half = at**slope
            start = floor + (1 - floor) * (1 + half) / half
            expected = (start * half + floor * sizes**slope) / (half + sizes**slope)
        assert declines[place] == pytest.approx(expected)


def test_reach_undoes_decline() -> None:
    """The size at which a shape has come down to a decline is the size that has this decline."""
    shapes = every_shape()
    for size in (0.3, 1.0, 2.5, 8.0):
        decline = shapes.decline(np.array([size]))[:, 0]
        moving = (shapes.floor < 1) & (shapes._fall(np.array([[size]]))[:, 0] > 0)
        assert shapes.reach(decline)[moving] == pytest.approx(size, rel=1e-6)


def test_what_no_number_removes_is_never_reached() -> None:
    """A decline below a shape's floor takes infinitely many examples."""
    shapes = every_shape()
    below = shapes.reach(np.maximum(shapes.floor - 0.05, 0.0))
    assert np.isinf(below[shapes.floor > 0]).all()
    assert np.isfinite(shapes.reach(shapes.floor + 0.01)).all()


def test_what_is_expected_sums_to_one() -> None:
    """Both families are expected equally, and all shapes together certainly."""
    shapes = every_shape()
    assert shapes.prior.sum() == pytest.approx(1)
    assert shapes.prior[shapes.power].sum() == pytest.approx(0.5)
    assert (shapes.prior > 0).all()
