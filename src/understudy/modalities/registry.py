"""Which modalities there are, each loaded when it is first asked for."""

import importlib
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.modalities.protocol import Modality

BUILT_IN: Final = {
    "photo": "understudy.modalities.image.modality:MODALITY",
    "text": "understudy.modalities.text.modality:MODALITY",
    "table": "understudy.modalities.table.modality:MODALITY",
    "sound": "understudy.modalities.sound.modality:MODALITY",
    "video": "understudy.modalities.video.modality:MODALITY",
    "interactions": "understudy.modalities.interactions.modality:MODALITY",
}
"""By name, where the object is: "module:attribute". Loading one does not load the others and what they need."""

GROUP: Final = "understudy.modalities"
"""Entry points under which other packages offer modalities of their own, by name."""


class UnknownModality(UnderstudyError):
    """There is no modality of this name."""


def modality_names() -> tuple[str, ...]:
    """Names of all modalities: the built-in ones, then those that other packages offer."""
    offered = sorted({entry.name for entry in entry_points(group=GROUP)} - set(BUILT_IN))
    return (*BUILT_IN, *offered)


class ModalityUnfit(UnderstudyError):
    """What a package offers as a modality is none."""


def lacking(offered: object) -> tuple[str, ...]:
    """What an object lacks to be a `Modality`, by name."""
    asked = [name for name in vars(Modality) if not name.startswith("_")]
    return tuple(sorted(name for name in asked if not hasattr(offered, name)))


@cache
def modality_named(name: str) -> Modality:
    """The modality of that name.

    Raises:
        UnknownModality: There is none.
        ModalityUnfit: What another package offers under that name is no modality, or one that calls itself otherwise.
    """
    if name in BUILT_IN:
        module, attribute = BUILT_IN[name].split(":")
        found: Modality = getattr(importlib.import_module(module), attribute)
        return found
    for entry in entry_points(group=GROUP, name=name):
        offered: Modality = entry.load()
        _check(offered, name)
        return offered
    raise UnknownModality(
        fact=f"There is no modality “{name[:40]}”.",
        reason="It is neither built in nor offered by an installed package.",
        remedy=f"Name one of {', '.join(modality_names())}.",
    )


def _check(offered: Modality, name: str) -> None:
    missing = lacking(offered)
    if missing:
        raise ModalityUnfit(
            fact=f"The package that offers the modality “{name}” offers something else.",
            reason=f"It has no {', '.join(missing)}.",
            remedy="Update the package, or see understudy.modalities.protocol for what a modality has.",
        )
    if offered.name != name:
        raise ModalityUnfit(
            fact=f"The modality “{name}” calls itself “{offered.name}”.",
            reason="Projects and models know it by its name, so that its entry point has to bear the same.",
            remedy=f"Let its package name the entry point “{offered.name}”, or the modality “{name}”.",
        )
