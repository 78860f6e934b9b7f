"""Known labels: how one of them is chosen by a digit."""

from collections.abc import Sequence

import pytest

from understudy.studio.known_labels import chosen_by_place, digit_keys


@pytest.mark.parametrize(
    ("labels", "by_place"),
    [
        ([], True),
        (["crack", "sound"], True),
        (["3", "4", "5"], False),
        (["1", "2"], False),
        (["-1", "none"], False),
        (["0.5", "sound"], False),
        (["10", "20"], False),
        (["1 star", "2 stars"], True),
        (["2 stars", "1 star"], False),
        (["grade 02", "grade 1"], False),
        (["level 0", "level 9"], False),
        (["<=50K", ">50K"], True),
    ],
)
def test_labels_that_could_be_taken_for_places(labels: Sequence[str], by_place: bool) -> None:
    """A number means a place only where no label is a number and none holds that of another's place."""
    assert chosen_by_place(labels) is by_place


@pytest.mark.parametrize(
    ("labels", "keys"),
    [
        (["crack", "sound"], {"crack": "1", "sound": "2"}),
        (list("abcdefghijkl"), dict(zip("abcdefghi", "123456789", strict=True))),
        (["5", "0", "3", "x"], {"5": "5", "0": "0", "3": "3"}),
        (["1", "10", "2"], {"2": "2"}),
        (["1", "-1"], {}),
        (["2 stars", "1 star"], {}),
    ],
)
def test_a_digit_chooses_the_label_that_it_is(labels: Sequence[str], keys: dict[str, str]) -> None:
    """Else the place; a digit that others begin with too chooses nothing."""
    assert digit_keys(labels) == keys
