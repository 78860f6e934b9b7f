"""Whether a module shows its samples to people, and stands them damaged: the part of `checking` about single files."""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any, Final

import numpy as np

from understudy.modalities.abilities import Medium, Playing, input_of
from understudy.modalities.measuring import MeasureUnfit, checked_facts
from understudy.modalities.protocol import Array, Modality, Unreadable

MEDIA: Final = {Medium.PICTURE: ("image/",), Medium.SOUND: ("audio/",), Medium.FILM: ("video/", "image/")}
"""How the media types begin of what browsers take for each; they show moving pictures, too."""
Arrays = Callable[[bytes], Mapping[str, Array]]
_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?")


def shown_faults(modality: Modality, data: bytes, place: int) -> Iterator[str]:
    """What keeps people from seeing or hearing a sample, one sentence each; none of a module that is not `Playing`.

    Args:
        modality: What it is of.
        data: The sample.
        place: Its number, for people.
    """
    if not isinstance(modality, Playing):
        return
    medium: object = modality.shown_as
    if not isinstance(medium, Medium):
        yield f"It is shown as {medium!r}, which is no Medium."
        return
    into = BytesIO()
    try:
        made = modality.playable(data, into)
    except Exception as error:  # noqa: BLE001 - a sample can be read, so whatever this raises is a fault
        yield f"playable() of sample {place} raises {type(error).__name__}: {error}"
        return
    told = modality.media_type(into.getvalue() if made else data)
    if not told.startswith(MEDIA[medium]):
        which = (
            f"what playable() makes of sample {place}" if made else f"sample {place}, which playable() leaves as it is,"
        )
        yield f"The media type of {which} is “{told}”, and that is no {medium}."


def damaged(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A sample as accidents leave it, each with what happened to it."""
    yield "cut off after half", data[: len(data) // 2]
    yield "doubled", data + data
    if not _is_text(data):
        return
    lines = data.splitlines(keepends=True)
    if len(lines) > 1:
        yield "cut down to its first line", lines[0]
        yield "cut down to its last line", lines[-1]
    numbers = list(_NUMBER.finditer(data))
    if numbers:
        one = numbers[len(numbers) // 2]
        yield "with a word for a number", data[: one.start()] + b"n/a" + data[one.end() :]


def damage_faults(modality: Modality, data: bytes, place: int, arrays: Arrays | None) -> Iterator[str]:
    """What a module does to a damaged sample other than read it or raise `Unreadable`, one sentence each.

    Args:
        modality: What the sample is of.
        data: The sample.
        place: Its number, for people.
        arrays: What prepares an input, or None where the modality has a search of its own.
    """
    looks: dict[str, Callable[[bytes], object]] = {"inspect": modality.inspect, "facts": modality.facts}
    if arrays is not None:
        looks["arrays"] = arrays
    for what, left in damaged(data):
        given, whose = input_of(modality, left), f"sample {place} {what}"
        told = (fault for name, look in looks.items() for fault in _refused(modality, name, look, given, whose))
        yield from islice(told, 1)  # what one of them stumbles over the others mostly do as well


def _refused(modality: Modality, name: str, look: Callable[[bytes], object], given: bytes, whose: str) -> Iterator[str]:
    try:
        seen: Any = look(given)
        if name == "facts":
            checked_facts(modality, seen)
    except Unreadable:
        return
    except MeasureUnfit as error:
        yield f"{error.fact.removesuffix('.')}, of {whose}."
    except Exception as error:  # noqa: BLE001 - that it is none but Unreadable is what is asked
        yield f"{name}() of {whose} raises {type(error).__name__} and no Unreadable."
    else:
        if name == "arrays" and not all(np.isfinite(array).all() for array in seen.values()):
            yield f"Arrays of {whose} hold what is no finite number."


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
