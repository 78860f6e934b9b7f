"""Which modalities there are, and what is wrong with those that cannot be used."""

from collections.abc import Callable

import pytest

from offered import LEVELS
from understudy.modalities.registry import ModalityUnusable, UnknownModality, modality_named, modality_names

Offering = Callable[..., None]


def test_what_a_package_offers_is_there_by_its_name(offering: Offering) -> None:
    """It comes behind the built-in ones, and is loaded when it is asked for."""
    offering("levels")
    assert modality_names()[-1] == "level"
    assert modality_named("level").suffixes == {".level"}


def test_a_package_that_cannot_be_imported_is_named(offering: Offering) -> None:
    """Who asks for its modality hears which package is broken, and how."""
    offering("levels", "raise ImportError('libfoo.so.3: cannot open shared object file')")
    with pytest.raises(ModalityUnusable, match=r"The package levels 1\.0 offers it as levels:MODALITY") as caught:
        modality_named("level")
    assert "(ImportError: libfoo.so.3: cannot open shared object file)" in caught.value.reason


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (LEVELS.replace('"level", "levels"', '"point cloud", "clouds"'), "calls itself “point cloud”"),
        ("MODALITY = 7", ""),
    ],
)
def test_the_name_of_the_entry_point_is_the_modalitys(offering: Offering, source: str, said: str) -> None:
    """One that bears another name than it is offered under is refused at once, not when its examples are trained on."""
    offering("levels", source)
    with pytest.raises(ModalityUnusable, match=said or "has no name, so it is none"):
        modality_named("level")


def test_a_package_that_is_gone_can_be_installed_again() -> None:
    """What a project was begun with may have been uninstalled since."""
    with pytest.raises(UnknownModality, match="Install the package that offers it, or name one of photo, text"):
        modality_named("level")
