"""One-line rules for numbers, sets and rankings."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.audit.rules import best_rule
from understudy.audit.task_rules import plain_answer, rule_of
from understudy.domain.rule import Fact, Rule, RuleKind
from understudy.domain.task import AnswerKind, Task, number_text

MINUTES = Task("table", AnswerKind.NUMBER, 5.0, "minutes")


def alone(count: int) -> list[str]:
    return [str(place) for place in range(count)]


def test_a_threshold_with_a_median_on_each_side_is_found() -> None:
    """Where a number jumps with a column, the rule says the median of either side."""
    chance = np.random.default_rng(0)
    weight = chance.uniform(0, 10, 400)
    truth = np.where(weight >= 5, 60.0, 20.0) + chance.normal(0, 2, 400)
    facts = [{"weight": float(each), "noise": float(chance.normal())} for each in weight]
    rule = rule_of(MINUTES, [number_text(each) for each in truth], facts, alone(400), seed=0)
    assert (rule.kind, rule.column) == (RuleKind.THRESHOLD, "weight")
    assert rule.threshold == pytest.approx(5.0, abs=0.6)
    assert rule.accuracy > 0.85
    assert float(rule.answer({"weight": 9.0})) == pytest.approx(60, abs=1)
    assert float(rule.answer({"weight": 1.0})) == pytest.approx(20, abs=1)


def test_a_table_of_medians_is_found() -> None:
    """A column of few values gives one median for each; what was never seen gets the median of all."""
    chance = np.random.default_rng(1)
    city = [("Bern", "Oslo", "Rome")[place % 3] for place in range(300)]
    truth = [{"Bern": 10.0, "Oslo": 50.0, "Rome": 90.0}[each] + chance.normal(0, 1) for each in city]
    rule = rule_of(
        MINUTES, [number_text(each) for each in truth], [{"city": each} for each in city], alone(300), seed=0
    )
    assert (rule.kind, rule.column, rule.accuracy) == (RuleKind.VALUE, "city", 1.0)
    assert float(rule.answer({"city": "Rome"})) == pytest.approx(90, abs=1)
    assert rule.answer({"city": "Lima"}) == rule.answer({}) == plain_answer(MINUTES, [number_text(x) for x in truth])


def share_right(task: Task, rule: Rule, facts: Sequence[Mapping[str, Fact]], truths: Sequence[str]) -> float:
    return float(np.mean([task.right(rule.answer(each), truth) for each, truth in zip(facts, truths, strict=True)]))


@pytest.mark.parametrize("values", [(1.0, 2.0), ("p", "q")])
def test_the_figure_is_of_the_rule_that_is_returned(values: tuple[Fact, Fact]) -> None:
    """Where the fact is missing the rule says the median of all, and its figure counts that, wrong as it is here."""
    facts = [{"x": (None, *values)[place % 3]} for place in range(600)]
    truths = [("100", "0", "50")[place % 3] for place in range(600)]
    rule = rule_of(MINUTES, truths, facts, alone(600), seed=0)
    assert (rule.column, rule.answer({})) == ("x", "50")
    assert rule.accuracy == pytest.approx(share_right(MINUTES, rule, facts, truths)) == pytest.approx(2 / 3)


@settings(max_examples=30)
@given(st.integers(0, 9999), st.sampled_from([0.0, 0.3, 0.8]), st.booleans())
def test_the_figure_is_what_the_rule_does(seed: int, lacking: float, as_words: bool) -> None:
    """However much is missing, a rule that cannot overfit gets as many right as was said."""
    chance = np.random.default_rng(seed)
    kinds, there = chance.integers(0, 2, 600), chance.random(600) >= lacking
    truths = [number_text(30.0 * kind if known else 200.0) for kind, known in zip(kinds, there, strict=True)]
    cells = [str(kind) if as_words else float(kind) for kind in kinds]
    facts = [{"x": cell if known else None} for cell, known in zip(cells, there, strict=True)]
    rule = rule_of(MINUTES, truths, facts, alone(600), seed=0)
    assert rule.accuracy == pytest.approx(share_right(MINUTES, rule, facts, truths))


@pytest.mark.parametrize("start", [0.0, 1.7e9, -4e12, 2.0**50])
@pytest.mark.parametrize("step", [1.0, 1e-3])
def test_a_threshold_on_large_numbers_is_found(start: float, step: float) -> None:
    """However large the numbers are beside their differences, what jumps in the middle is told every time."""
    values = start + max(step, 2 * float(np.spacing(abs(start)))) * np.arange(300)
    facts, truths = [{"t": float(each)} for each in values], ["0" if place < 150 else "50" for place in range(300)]
    rule = rule_of(MINUTES, truths, facts, alone(300), seed=0)
    assert (rule.threshold, rule.accuracy) == (values[150], 1.0)
    assert share_right(MINUTES, rule, facts, truths) == 1.0


def test_a_rare_value_of_few_can_be_the_cut() -> None:
    """A number with few values is cut at each of them, also where one side holds few examples."""
    facts = [{"floors": float(place % 20 == 0)} for place in range(400)]
    truths = ["90" if fact["floors"] else "10" for fact in facts]
    rule = rule_of(MINUTES, truths, facts, alone(400), seed=0)
    assert (rule.threshold, rule.accuracy) == (1.0, 1.0)


@pytest.mark.parametrize(("tolerance", "right"), [(5.0, 0.9), (0.0, 0.6)])
def test_as_far_off_as_is_allowed_is_right(tolerance: float, right: float) -> None:
    """An answer that is off by the tolerance itself counts as right, as everywhere, also where none is allowed."""
    task = Task("table", AnswerKind.NUMBER, tolerance)
    rule = rule_of(task, ["10"] * 60 + ["15"] * 30 + ["16"] * 10, [{}] * 100, alone(100), seed=0)
    assert (rule.otherwise, rule.accuracy) == ("10", right)


def test_nothing_to_see_gives_the_median() -> None:
    """Where no fact tells the number, the rule is the training median, and its figure is how often that is near."""
    chance = np.random.default_rng(2)
    truth = [number_text(each) for each in chance.normal(100, 4, 200)]
    facts = [{f"n{column}": float(chance.normal()) for column in range(8)} for _ in truth]
    rule = rule_of(MINUTES, truth, facts, alone(200), seed=0)
    assert rule.kind is RuleKind.MAJORITY
    assert rule.otherwise == plain_answer(MINUTES, truth)
    assert rule.accuracy == pytest.approx(np.mean([MINUTES.right(rule.otherwise, each) for each in truth]), abs=0.05)


def test_sets_of_labels_are_taken_as_wholes() -> None:
    """For sets the rules are those for labels, a set being one of them."""
    task, texts = Task(answers=AnswerKind.LABELS), ["red; tall", "red"] * 20
    facts = [{"size": float(place % 2)} for place in range(40)]
    assert rule_of(task, texts, facts, alone(40), seed=0) == best_rule(texts, facts, alone(40), seed=0)


@settings(max_examples=20)
@given(st.integers(1, 60), st.integers(0, 99), st.floats(0, 5))
def test_a_rule_never_fails_on_what_it_was_fitted_on(count: int, seed: int, tolerance: float) -> None:
    """Any facts, missing ones included: a rule comes out, answers everything with a number, the same for a seed."""
    chance = np.random.default_rng(seed)
    facts = [
        {"a": None if chance.uniform() < 0.2 else float(chance.integers(0, 4)), "b": str(chance.integers(0, 3))}
        for _ in range(count)
    ]
    truth = [number_text(each) for each in chance.normal(0, 5, count)]
    task = Task("table", AnswerKind.NUMBER, tolerance)
    groups = [str(each) for each in chance.integers(0, 1 + count // 2, count)]
    rule = rule_of(task, truth, facts, groups, seed=0)
    assert all(np.isfinite(float(rule.answer(each))) for each in facts)
    assert rule == rule_of(task, truth, facts, groups, seed=0)


def test_without_an_example_there_is_no_rule() -> None:
    """Nothing to fit is said, not guessed."""
    with pytest.raises(ValueError, match="at least one"):
        rule_of(MINUTES, [], [], [], seed=0)
    with pytest.raises(ValueError, match="nothing is common"):
        plain_answer(MINUTES, [])
