"""Leaks: columns that hold the answer, and columns that are only good."""

import re

import numpy as np
import pytest
from worlds import material

from understudy.audit.leaks import leaks
from understudy.domain.finding import Severity


def noise(seed: int, count: int = 120) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    return [
        {"x": float(rng.normal()), "y": float(rng.normal()), "z": str(rng.choice(["p", "q"]))} for _ in range(count)
    ]


def test_a_copy_of_the_label_leaks() -> None:
    """A column that spells the label otherwise is grave, also where a few of its cells are empty."""
    facts = noise(0)
    labels = ["yes" if place % 3 else "no" for place in range(120)]
    for fact, label in zip(facts, labels, strict=True):
        fact["alive"] = {"yes": "1", "no": "0"}[label]
    (found,) = leaks(material(facts, labels))
    assert (found.subject, found.severity) == ("alive", Severity.HIGH)


def test_two_leaks_are_told_and_neither_hides_the_other() -> None:
    """Of two columns that each hold the answer both are grave, and each is held against columns that do not."""
    facts, labels = noise(0), ["yes" if place % 3 else "no" for place in range(120)]
    for fact, label in zip(facts, labels, strict=True):
        fact["alive"], fact["state"] = {"yes": "1", "no": "0"}[label], {"yes": "p", "no": "d"}[label]
    found = list(leaks(material(facts, labels)))
    assert [(each.subject, each.severity) for each in found] == [("alive", Severity.HIGH), ("state", Severity.HIGH)]
    assert all(re.search(r"the next best column \d%", each.fact) for each in found)


@pytest.mark.parametrize(("share", "found"), [(0.3, 0), (0.9, 1)])
def test_a_sum_that_is_mostly_missing_does_not_leak(share: float, found: int) -> None:
    """A sum that decides where both numbers are there is told only if they mostly are."""
    rng = np.random.default_rng(0)
    facts = noise(2, 1000)
    labels = ["over" if float(fact["x"]) + float(fact["y"]) > 0 else "under" for fact in facts]
    for fact in facts:
        fact["x"] = fact["x"] if rng.random() < share else None
    assert len(list(leaks(material(facts, labels)))) == found


def test_a_rank_that_is_the_answer_leaks() -> None:
    """Numbers from 1 to n, each once, are looked at as any others are, unless their name says that they are ids."""
    facts, ranks = noise(0), np.random.default_rng(5).permutation(120) + 1
    labels = ["yes" if rank > 60 else "no" for rank in ranks]
    for fact, rank in zip(facts, ranks, strict=True):
        fact["rank"] = fact["customer id"] = float(rank)
    assert [found.subject for found in leaks(material(facts, labels))] == ["rank"]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_sum_leaks(sign: float) -> None:
    """A number that is the sum or the difference of two columns is found, though neither gives it alone."""
    facts = noise(1)
    target = [float(fact["x"]) + sign * float(fact["y"]) for fact in facts]
    (found,) = leaks(material(facts, target))
    assert (found.subject, found.severity) == ("x + y", Severity.HIGH)


@pytest.mark.parametrize(("sign", "said"), [(1.0, "x + y"), (-1.0, "x - y")])
def test_a_sum_that_decides_leaks(sign: float, said: str) -> None:
    """A label that says whether two numbers together exceed a threshold is found, and both are named to be left out."""
    facts = noise(2, 400)
    labels = ["over" if float(fact["x"]) + sign * float(fact["y"]) > 0 else "under" for fact in facts]
    (found,) = leaks(material(facts, labels))
    assert (found.subject, found.severity) == (said, Severity.HIGH)
    assert found.remedy.endswith("understudy columns PROJECT --set x=held-out --set y=held-out")


def test_good_columns_do_not_leak() -> None:
    """A column that tells the label nine times in ten, as good ones do, is no leak beside another good one."""
    rng = np.random.default_rng(4)
    labels = [str(label) for label in rng.choice(["a", "b"], 300)]
    facts = [
        {"one": (label == "a") + rng.normal(0, 0.4), "two": (label == "a") + rng.normal(0, 0.4)} for label in labels
    ]
    assert [found for found in leaks(material(facts, labels)) if found.severity is Severity.HIGH] == []


def test_noise_does_not_leak() -> None:
    """In fifty worlds of noise nothing leaks, whether a label or a number is asked for."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        assert list(leaks(material(noise(seed, 60), [str(label) for label in rng.integers(0, 3, 60)]))) == []
        assert list(leaks(material(noise(seed, 60), rng.normal(size=60).tolist()))) == []


def test_an_id_is_no_leak() -> None:
    """What is different in every row tells nothing about the next."""
    facts = [{"id": f"A-{place}"} for place in range(60)]
    assert list(leaks(material(facts, ["a", "b"] * 30))) == []
