"""What kind of answer a column holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.intake.answers import TargetUnusable, answers_of, counted, suggested
from understudy.intake.meant import Meant
from understudy.modalities.table.cells import present

LABELS = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=8).filter(present)


@given(st.lists(st.sets(LABELS, min_size=1, max_size=4), min_size=2, max_size=20))
def test_sets_of_labels_read_back_as_they_were(sets: list[set[str]]) -> None:
    """However many labels a cell holds, the label that is kept says the same set."""
    cells = [";".join(sorted(each)) for each in sets]
    answers = answers_of(counted("tags", cells), "text", Meant(answers=AnswerKind.LABELS))
    assert [set(labels_in(answers.read(cell) or "")) for cell in cells] == sets


@given(st.lists(st.sets(LABELS, min_size=1, max_size=4), min_size=2, max_size=20), st.sampled_from([", ", ",", "|"]))
def test_labels_are_split_by_what_stands_between_them(sets: list[set[str]], between: str) -> None:
    """Commas, too, where a person says that there are several; each label stands alone in another cell here."""
    said = [*sets, *({label} for each in sets for label in each)]
    cells = [between.join(sorted(each)) for each in said]
    answers = answers_of(counted("tags", cells), "text", Meant(answers=AnswerKind.LABELS))
    assert [set(labels_in(answers.read(cell) or "")) for cell in cells] == said


@pytest.mark.parametrize(
    ("cells", "answers", "first"),
    [
        (["food, drinks; toys", "toys", "food, drinks"], AnswerKind.LABELS, ("food, drinks", "toys")),
        (['["food, drinks", "toys"]', "toys"], AnswerKind.LABELS, ("food, drinks", "toys")),
        (["food, drinks", "toys, large", "toys"], AnswerKind.LABELS, ("food, drinks",)),
        (["food, drinks; toys", "toys", "food, drinks"], None, ("food, drinks", "toys")),
    ],
)
def test_names_may_hold_commas(cells: list[str], answers: AnswerKind | None, first: tuple[str, ...]) -> None:
    """Where something else stands between labels, or where the parts come in no other cell."""
    read = answers_of(counted("tags", cells), "text", Meant(answers=answers)).read(cells[0])
    assert labels_in(read or "") == first


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50).filter(lambda given: len(set(given)) > 1))
def test_the_suggested_tolerance_is_positive_and_moderate(numbers: list[float]) -> None:
    """It is never nought where numbers differ, and never more than what all of them span."""
    tolerance = suggested(np.array(numbers))
    assert 0 <= tolerance <= 1.1 * (max(numbers) - min(numbers))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([str(n) for n in range(30)], AnswerKind.NUMBER),
        ([f"{n},50 €" for n in range(30)], AnswerKind.NUMBER),
        ([f"{n / 7:.3f}" for n in range(15)], AnswerKind.NUMBER),
        (["1", "2", "3"] * 10, AnswerKind.LABEL),
        (["0.5", "1.0"] * 10, AnswerKind.LABEL),
        (["yes", "no"] * 10, AnswerKind.LABEL),
        (["a;b", "a", "b", "c;a"] * 5, AnswerKind.LABELS),
        (["a; first of all", "b"] * 5, AnswerKind.LABEL),
        (['["a"]', '["a", "b"]'] * 5, AnswerKind.LABELS),
        ([True, False] * 5, AnswerKind.LABEL),
    ],
)
def test_the_kind_is_told_from_the_cells(cells: list[str | bool], kind: AnswerKind) -> None:
    """Many different numbers are amounts, few are kinds; parts that come again are several labels."""
    assert answers_of(counted("column", cells), "table", Meant()).task.answers is kind


def test_what_a_project_decides_is_not_told_anew() -> None:
    """A source whose labels are all the same fits a project that knows others."""
    task = Task("table")
    answers = answers_of(counted("column", ["7", "7"]), "table", Meant(task=task))
    assert (answers.task, answers.read("7")) == (task, "7")


@pytest.mark.parametrize("kind", [None, AnswerKind.NUMBER])
def test_one_answer_everywhere_cannot_be_learned(kind: AnswerKind | None) -> None:
    """The error says which column and which value."""
    with pytest.raises(TargetUnusable, match="“7” in every row"):
        answers_of(counted("column", ["7", "7"]), "table", Meant(answers=kind))


def test_cells_that_say_nothing_are_no_labels() -> None:
    """Empty cells and the usual signs for nothing are not a kind of their own."""
    answers = answers_of(counted("column", ["a", "b", "", None, "NaN", "?"]), "table", Meant())
    assert [answers.read(cell) for cell in ("a", "", None, "NaN", "?", float("nan"))] == ["a", *[None] * 5]
