"""Rows are drawn from all over a table while it goes by."""

from hypothesis import given
from hypothesis import strategies as st

from understudy.intake.drawn import Drawn


def numbered(count: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count)]


@given(st.integers(0, 300), st.integers(1, 40))
def test_all_go_by_and_some_are_kept_in_order(count: int, most: int) -> None:
    """Whoever reads the rows misses none; no row is kept twice, and the same rows are kept again."""
    rows = numbered(count)
    drawn, again = Drawn(most), Drawn(most)
    assert list(drawn.among(rows)) == rows
    kept = [row["n"] for row in drawn.rows]
    assert kept == sorted(set(kept))
    assert len(kept) == min(count, most)
    assert drawn.whole == (count <= most)
    list(again.among(iter(rows)))
    assert again.rows == drawn.rows


@given(st.integers(2_000, 20_000))
def test_no_part_of_a_table_is_left_out(count: int) -> None:
    """Each tenth of the rows has about a tenth of those that are kept, and no beat of the table is followed."""
    drawn = Drawn(1_000)
    list(drawn.among(numbered(count)))
    kept = [row["n"] for row in drawn.rows]
    tenths = [sum(n * 10 // count == part for n in kept) for part in range(10)]
    beats = [sum(n % 10 == beat for n in kept) for beat in range(10)]
    assert all(50 < each < 160 for each in (*tenths, *beats))
