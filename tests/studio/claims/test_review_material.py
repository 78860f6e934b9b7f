"""What a review is computed from: what two people said of the same example."""

import pytest

from studio.materials import AT
from understudy.domain.example import Label
from understudy.studio.claims.review_material import double_answers


def said(digest: str, *words: tuple[str, str]) -> list[Label]:
    """What people said of an example, one after another."""
    return [Label(digest, value, by, AT) for by, value in words]


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        ((("Ada", "crack"), ("Ada", "sound")), ()),
        ((("Ada", "crack"), ("Ben", "sound")), (("crack", "sound"),)),
        ((("Ada", "crack"), ("Ada", "sound"), ("Ben", "sound")), (("crack", "sound"),)),
        ((("Ada", "crack"), ("Ben", "sound"), ("Ben", "crack"), ("Ada", "sound")), (("crack", "sound"),)),
        ((("Ada", "crack"), ("Ben", "sound"), ("Cyd", "dent")), (("crack", "sound"),)),
    ],
)
def test_people_are_held_by_what_they_said_first(
    words: tuple[tuple[str, str], ...], pairs: tuple[tuple[str, str], ...]
) -> None:
    """Whoever corrects an own answer was wrong once, and has not answered twice; a third person adds no pair."""
    assert double_answers(said("1", *words)) == pairs


def test_pairs_stand_in_the_order_of_the_examples() -> None:
    """Each example that two people answered is one pair, others are none."""
    both = said("1", ("Ada", "a"), ("Ben", "b")) + said("2", ("Ada", "a")) + said("3", ("Ben", "c"), ("Ada", "c"))
    assert double_answers(both) == (("a", "b"), ("c", "c"))
