"""The best rule of one line, and the honesty of its figure."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.audit.rules import best_rule
from understudy.domain.rule import RuleKind
from understudy.studio.claims.rule_text import rule_text

SEEDS = 120


def alone(count: int) -> list[str]:
    """Groups of one."""
    return [str(place) for place in range(count)]


def test_nothing_to_see_gives_the_majority() -> None:
    """Where no fact tells the label, the rule is the commonest label, and its figure is that label's share."""
    rng = np.random.default_rng(0)
    labels = ["good"] * 70 + ["bad"] * 30
    facts = [{f"n{column}": float(rng.normal()) for column in range(10)} for _ in labels]
    rule = best_rule(labels, facts, alone(100), seed=0)
    assert rule.kind is RuleKind.MAJORITY
    assert rule.accuracy == pytest.approx(0.7)
    assert rule.answer(facts[0]) == "good"


def test_a_threshold_is_found() -> None:
    """A number that tells the label from 640 on gives that threshold."""
    facts = [{"width": float(width), "noise": float(width % 7)} for width in range(600, 680)]
    labels = ["large" if fact["width"] >= 640 else "small" for fact in facts]
    rule = best_rule(labels, facts, alone(80), seed=0)
    assert (rule.kind, rule.column, rule.threshold) == (RuleKind.THRESHOLD, "width", 640.0)
    assert rule.accuracy > 0.95
    assert [rule.answer(fact) for fact in facts] == labels


@given(
    st.integers(0, 2**32 - 1), st.sampled_from([1.0, 52_000.0, 1.7e9, -3e6, 1e-3]), st.sampled_from([1e-6, 0.01, 3.0])
)
@settings(max_examples=60)
def test_the_told_threshold_is_the_rule(seed: int, size: float, spread: float) -> None:
    """Who reads the words answers as the rule does, in few digits where few do, and meets no exponent."""
    rng = np.random.default_rng(seed)
    numbers = size * (1 + spread * rng.random(120))
    cut = np.sort(numbers)[60]
    labels = ["high" if number >= cut else "low" for number in numbers]
    facts = [{"x": float(number)} for number in numbers]
    rule = best_rule(labels, facts, alone(120), seed=0)
    told = re.fullmatch(r"x from (-?[\d,]+(?:\.\d+)?) on means “high”, else “low”", rule_text(rule))
    assert told is not None
    assert ["high" if number >= float(told[1].replace(",", "")) else "low" for number in numbers] == labels
    assert spread < 1 or len(re.sub(r"\D", "", told[1]).strip("0")) < 10


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.arange(400) + 0.5 + 1816, "year from 2016 on"),
        (np.arange(400) * 10.0 + 50_450, "year from 52,450 on"),
        (np.arange(400) + 1.7e9, "year from 1,700,000,200 on"),
        (np.arange(400) * 0.1234567 + 2, "year from 26.69 on"),
        (np.arange(400) / 400_000 + 0.2, "year from 0.2005 on"),
    ],
)
def test_how_thresholds_are_told(values: np.ndarray, said: str) -> None:
    """Whole numbers and years as they are, fractions in as few digits as cut at the same place."""
    facts = [{"year": float(value)} for value in values]
    rule = best_rule(["a"] * 200 + ["b"] * 200, facts, alone(400), seed=0)
    assert rule_text(rule) == f"{said} means “b”, else “a”"
    assert [rule.answer(fact) for fact in facts] == ["a"] * 200 + ["b"] * 200


def test_a_value_is_found() -> None:
    """A column whose values belong to labels gives a table, and a value never seen gets the majority."""
    facts = [{"format": ("PNG", "JPEG", "GIF")[place % 3]} for place in range(90)]
    labels = ["a" if fact["format"] == "PNG" else "b" for fact in facts]
    rule = best_rule(labels, facts, alone(90), seed=0)
    assert (rule.kind, rule.column, rule.accuracy) == (RuleKind.VALUE, "format", 1.0)
    assert rule.answer({"format": "PNG"}) == "a"
    assert rule.answer({"format": "BMP"}) == rule.answer({}) == "b"


def test_a_keyword_is_found() -> None:
    """A word that only one label's texts hold becomes the rule, whatever its case and what stands beside it."""
    facts = [
        {"text": f"Please refund, order {place}" if place % 2 else f"Where is order {place}"} for place in range(80)
    ]
    labels = ["refund" if place % 2 else "where" for place in range(80)]
    rule = best_rule(labels, facts, alone(80), seed=0)
    assert rule.kind is RuleKind.KEYWORD
    assert rule.accuracy == 1.0
    assert rule.answer({"text": "PLEASE refund: where, is it?"}) in {"refund", "where"}
    assert [rule.answer(fact) for fact in facts] == labels


def test_groups_stay_together() -> None:
    """A column that only names the group is worth nothing on new groups, so the majority stands."""
    rng = np.random.default_rng(1)
    groups = [str(place // 10) for place in range(200)]
    of_group = rng.integers(0, 2, 20)
    labels = ["a" if of_group[int(group)] else "b" for group in groups]
    facts = [{"wall": f"wall {group}"} for group in groups]
    assert best_rule(labels, facts, alone(200), seed=0).kind is RuleKind.VALUE
    assert best_rule(labels, facts, groups, seed=0).kind is RuleKind.MAJORITY


def test_the_figure_of_the_best_of_many_is_honest() -> None:
    """Of 60 columns of noise on 60 examples, the mean figure that is told stays near one half."""
    told = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        labels = ["a", "b"] * 30
        facts = [{f"n{column}": float(rng.normal()) for column in range(60)} for _ in labels]
        told.append(best_rule(labels, facts, alone(60), seed=seed).accuracy)
    assert np.mean(told) < 0.56


def test_a_gain_within_its_error_is_none() -> None:
    """A value that is right four times more often than wrong, of thirty, may be chance: the majority stands."""
    facts: list[dict[str, str]] = [{"v": "p"} for _ in range(200)]
    labels = ["good"] * 120 + ["bad"] * 80
    for place in [*range(13), *range(120, 137)]:
        facts[place] = {"v": "q"}
    assert best_rule(labels, facts, alone(200), seed=0).kind is RuleKind.MAJORITY
    for place in range(13):
        facts[place] = {"v": "p"}
    assert best_rule(labels, facts, alone(200), seed=0).kind is RuleKind.VALUE


def test_a_rule_that_is_returned_is_better_than_the_majority() -> None:
    """In every world of noise: the majority, or a rule whose figure is higher; a tie goes to the simpler one."""
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        labels = [str(label) for label in rng.choice(["a", "b"], 30)]
        facts = [{f"n{column}": float(rng.integers(4)) for column in range(6)} for _ in labels]
        rule, plain = (best_rule(labels, each, alone(30), seed=0) for each in (facts, [{}] * 30))
        assert rule.kind is RuleKind.MAJORITY or rule.accuracy > plain.accuracy


def test_a_missing_fact_gets_the_majority() -> None:
    """Examples without the fact are answered by the commonest label, and are judged so."""
    facts = [{"x": float(place)} if place % 2 else {"x": None} for place in range(100)]
    labels = ["big" if place % 2 and place >= 50 else "small" for place in range(100)]
    rule = best_rule(labels, facts, alone(100), seed=0)
    assert rule.column == "x"
    assert rule.answer({"x": None}) == "small"
    assert rule.answer({"x": 80.0}) == "big"


def test_no_example_is_refused() -> None:
    """A rule about nothing is a mistake of the caller."""
    with pytest.raises(ValueError, match="at least one"):
        best_rule([], [], [], seed=0)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.floats(-9, 9) | st.text("xy z", max_size=6)), min_size=1)
)
@settings(max_examples=60)
def test_every_table_has_its_rule(rows: list[tuple[str, float | str | None]]) -> None:
    """Whatever the facts are, there is a rule; it always answers a label that exists, and the same one twice."""
    labels, facts = [label for label, _ in rows], [{"fact": fact} for _, fact in rows]
    rule = best_rule(labels, facts, alone(len(rows)), seed=0)
    assert {rule.answer(fact) for fact in facts} <= set(labels)
    assert 0.0 <= rule.accuracy <= 1.0
    assert rule == best_rule(labels, facts, alone(len(rows)), seed=0)
