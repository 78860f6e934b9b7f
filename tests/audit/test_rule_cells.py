"""What a rule sees of an example: the counts, the answers and the rule itself say the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.audit.cells import Cells, keyword_cells, threshold_cells, value_cells
from understudy.domain.rule import Fact

NAMES = ("no", "maybe", "yes")
ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.none() | st.sampled_from([0.5, 1.0, 2.0, 3.25, 7.0]), st.text("ab ", max_size=5)),
    min_size=8,
    max_size=40,
)


def cells_of(values: list[Fact], truth: np.ndarray) -> list[Cells]:
    found = [threshold_cells("x", values), value_cells("x", values), *keyword_cells("x", values, truth, len(NAMES))]
    return [each for each in found if each is not None]


@given(ROWS, st.integers(0, 2))
@settings(max_examples=100)
def test_cells_answer_as_their_rule_does(rows: list[tuple[int, float | None, str]], majority: int) -> None:
    """On every example, also one exactly on the cut or without the fact, cells say what their rule says."""
    truth = np.array([label for label, _, _ in rows])
    for values in ([number for _, number, _ in rows], [text for _, _, text in rows]):
        for cells in cells_of(values, truth):
            counts = cells.counted(truth, len(NAMES), np.zeros(len(rows), np.int64), 1)[0]
            fitted = cells.fit(counts, majority)
            rule = cells.rule(fitted, NAMES, majority)
            answers = cells.answers(fitted, np.arange(len(rows)), majority)
            assert [NAMES[each] for each in answers] == [rule.answer({"x": value}) for value in values]
            there = np.array([value is not None for value in values])
            assert cells.right(fitted, counts, majority) == (answers == truth)[there].sum()


def test_an_example_on_the_cut_is_above_it() -> None:
    """From the cut on means with the cut itself."""
    cells = threshold_cells("x", [1.0, 2.0, 3.0, 4.0])
    assert cells is not None
    truth = np.array([0, 0, 1, 1])
    fitted = cells.fit(cells.counted(truth, 2, np.zeros(4, np.int64), 1)[0], 0)
    assert cells.rule(fitted, ("low", "high"), 0).threshold == 3.0
    assert cells.answers(fitted, np.arange(4), 0).tolist() == [0, 0, 1, 1]
