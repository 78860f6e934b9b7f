"""Which modalities there are, each loaded when it is first asked for."""

import importlib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Final

from understudy.domain.errors import UnderstudyError

if TYPE_CHECKING:
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


class ModalityUnusable(UnderstudyError):
    """An installed package offers a modality of this name, and it cannot be used."""


def modality_names() -> tuple[str, ...]:
    """Names of all modalities: the built-in ones, then those that other packages offer."""
    offered = sorted({entry.name for entry in entry_points(group=GROUP)} - set(BUILT_IN))
    return (*BUILT_IN, *offered)


@cache
def modality_named(name: str) -> "Modality":
    """The modality of that name.

    Raises:
        UnknownModality: There is none.
        ModalityUnusable: The package that offers it cannot be loaded, or what it offers bears another name.
    """
    if name in BUILT_IN:
        module, attribute = BUILT_IN[name].split(":")
        found: Modality = getattr(importlib.import_module(module), attribute)
        return found
    for entry in entry_points(group=GROUP, name=name):
        return _loaded(entry)
    raise UnknownModality(
        fact=f"There is no modality “{name[:40]}”.",
        reason="It is neither built in nor offered by an installed package.",
        remedy=f"Install the package that offers it, or name one of {', '.join(modality_names())}.",
    )


def _loaded(entry: EntryPoint) -> "Modality":
    """What a package offers.

    Raises:
        ModalityUnusable: Importing it fails, or it is none, or has another name.
    """
    by = f"The package {entry.dist.name} {entry.dist.version}" if entry.dist else "An installed package"
    try:
        offered: Modality = entry.load()
    except MemoryError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}".strip(" .:")
        raise ModalityUnusable(
            fact=f"The modality “{entry.name}” cannot be loaded.",
            reason=f"{by} offers it as {entry.value}, and importing that fails ({said}).",
            remedy="Repair or update that package, or uninstall it.",
        ) from error
    name = getattr(offered, "name", None)
    if name != entry.name:
        calls = f"calls itself “{name}”" if isinstance(name, str) else "has no name, so it is none"
        raise ModalityUnusable(
            fact=f"The modality “{entry.name}” cannot be used.",
            reason=f"{by} offers {entry.value} under this name, and that {calls}.",
            remedy="Give the entry point and the modality the same name, and install the package again.",
        )
    return offered
