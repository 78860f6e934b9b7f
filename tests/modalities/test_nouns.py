"""What inputs are called."""

from collections.abc import Callable

import pytest

from offered import LEVELS
from understudy.domain.noun import InputNoun
from understudy.modalities.nouns import noun_of
from understudy.modalities.registry import BUILT_IN

Offering = Callable[..., None]


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_modality_has_its_nouns(name: str) -> None:
    """Its inputs are called by one word and by another, and neither makes it be loaded."""
    noun = noun_of(name)
    assert noun.counted(1) == f"1 {noun.one}"
    assert noun.counted(2000) == f"2,000 {noun.many}"
    assert noun.one != noun.many


def test_an_offered_modality_says_what_its_inputs_are_called(offering: Offering) -> None:
    """Many are called what it says, and not by its name with an s."""
    offering("clouds", LEVELS.replace('"level", "levels"', '"pts", "point clouds"'), "pts")
    assert noun_of("pts") == InputNoun("pts", "point clouds")


@pytest.mark.parametrize("source", [None, "raise ImportError"])
def test_one_that_cannot_be_asked_goes_by_its_name(offering: Offering, source: str | None) -> None:
    """A project whose package is gone or broken can still be told of."""
    if source:
        offering("levels", source)
    assert noun_of("level") == InputNoun("level", "levels")
    assert noun_of("series") == InputNoun("series", "series")
