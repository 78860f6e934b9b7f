"""People who said different things about one example."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from worlds import material

from understudy.audit.disagreement import disagreement
from understudy.domain.task import AnswerKind, Task

PRICES = Task("table", answers=AnswerKind.NUMBER, tolerance=60.0)
numbers = st.integers(0, 400)


def found(said: list[list[tuple[str, str]]], task: Task | None = None) -> list[str]:
    around = replace(material([{"x": 1.0}] * len(said), ["a"] * len(said)), opinions=said)
    return [each.fact for each in disagreement(replace(around, agree=task.right) if task else around)]


@given(st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=6))
def test_numbers_are_of_one_mind_within_the_tolerance(said: list[list[int]]) -> None:
    """There is a finding just if two people's numbers for one row lie further apart than the tolerance."""
    opinions = [[(f"p{place}", str(number)) for place, number in enumerate(row)] for row in said]
    apart = sum(max(row) - min(row) > PRICES.tolerance for row in said)
    (told,) = found(opinions, PRICES) or [""]
    assert (f"disagree about {apart} " in told) == (apart > 0)


def test_two_that_are_apart_are_named() -> None:
    """Of three numbers the two that differ by more than the tolerance are told, not two that do not."""
    (told,) = found([[("Ada", "800"), ("Ben", "810"), ("Cem", "900")]], PRICES)
    assert "most often over “800” and “900”" in told


def test_of_one_person_the_last_word_counts() -> None:
    """Who corrects an own label disagrees with nobody; labels differ when they are not the same."""
    assert not found([[("Ada", "cat"), ("Ada", "dog")]])
    assert found([[("Ada", "cat"), ("Ben", "dog")]])
