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


@cache
def modality_named(name: str) -> Modality:
    """The modality of that name.

    Raises:
        UnknownModality: There is none.
    """
    if name in BUILT_IN:
        module, attribute = BUILT_IN[name].split(":")
        found: Modality = getattr(importlib.import_module(module), attribute)
        return found
    for entry in entry_points(group=GROUP, name=name):
        offered: Modality = entry.load()
        return offered
    raise UnknownModality(
        fact=f"There is no modality “{name[:40]}”.",
        reason="It is neither built in nor offered by an installed package.",
        remedy=f"Name one of {', '.join(modality_names())}.",
    )
