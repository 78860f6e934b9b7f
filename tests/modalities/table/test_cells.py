"""Cells: how they are read and shown."""

import pytest

from understudy.modalities.table.cells import shown_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (0.1234567, "0.123457"),
        (1234.5, "1,234.5"),
        (1_200_000.4, "1,200,000"),
        (-2e9, "-2,000,000,000"),
        (1e18, "1e+18"),
    ],
)
def test_numbers_are_shown_as_people_write_them(number: float, shown: str) -> None:
    """Six digits or all of those before the point, and an exponent only where there are very many."""
    assert shown_number(number) == shown
