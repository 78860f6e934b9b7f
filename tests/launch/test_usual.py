"""Claims about what is kept of the inputs that a model learned from."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.launch.usual import Trait, TraitKind, Usual, one_a_group, word_place


def test_it_comes_back_as_it_was() -> None:
    """Through JSON, missing values and words included; nothing stays nothing."""
    traits = (Trait("age", TraitKind.NUMBER), Trait("colour", TraitKind.WORD, ("red", "blue")))
    usual = Usual(traits, np.array([[1.5, word_place("red")], [-np.inf, word_place("pink")]], np.float32))
    again = Usual.from_json(json.loads(json.dumps(usual.to_json())))
    assert again is not None
    assert again.traits == traits
    assert np.array_equal(again.values, usual.values)
    assert Usual.from_json(None) is None
    empty = Usual.from_json(Usual((), np.zeros((0, 0), np.float32)).to_json())
    assert empty is not None
    assert not empty.tells


def test_each_input_has_a_number_for_each_trait() -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="each trait"):
        Usual((Trait("age", TraitKind.NUMBER),), np.zeros((3, 2), np.float32))


@given(st.text())
def test_a_word_keeps_its_place(word: str) -> None:
    """Between 0 and 1, and exact in 32 bits."""
    assert 0.0 <= word_place(word) < 1.0
    assert float(np.float32(word_place(word))) == word_place(word)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30), st.integers(1, 8))
def test_a_group_is_kept_once(groups: list[str], most: int) -> None:
    """Its member with the smallest digest, whatever the order in which they come."""
    digests = [f"{(7919 * place) % 997:03}" for place in range(len(groups))]
    kept = one_a_group(groups, digests, most)
    assert kept == sorted(kept)
    assert len({groups[place] for place in kept}) == len(kept) == min(most, len(set(groups)))
    for place in kept:
        assert digests[place] == min(
            digest for digest, group in zip(digests, groups, strict=True) if group == groups[place]
        )
