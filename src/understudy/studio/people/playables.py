"""Playables: recordings and clips as browsers play them, made when somebody looks and kept while that is so."""

import os
import threading
from pathlib import Path
from typing import Final
from uuid import uuid4

from understudy.domain.errors import UnderstudyError
from understudy.modalities.abilities import Playing
from understudy.modalities.contained import ModuleFailed, contained
from understudy.modalities.registry import modality_named
from understudy.serving.latest import Latest

KEPT: Final = 64
"""So many of them stay, those that were asked for last."""
KNOWN: Final = 10_000
"""Of so many inputs it is remembered that nothing has to be made."""
ENDING: Final = ".played"


class Playables:
    """Makes inputs anew that browsers do not play. Threads may share it; one is made at a time.

    Args:
        folder: Where they lie, the name of each beginning with its input's digest: what forgets an input finds them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._making = threading.Lock()
        self._as_they_are: Latest[str, bool] = Latest(KNOWN)

    def of(self, modality: str, digest: str, data: bytes) -> bytes:
        """An input as browsers play it: as it is, unless they do not and it can be made anew. Blocks.

        Args:
            modality: Name of the input's modality.
            digest: The input's SHA-256, in hex.
            data: The input.
        """
        kind = modality_named(modality)
        if not isinstance(kind, Playing):
            return data
        place = self._folder / f"{digest}-{modality}{ENDING}"  # another kind makes something else of the same bytes
        with self._making:
            if self._as_they_are.get(place.stem):
                return data
            try:
                return self._kept(place) or self._made(modality, kind, place, data)
            except ModuleFailed:  # it may work another time
                return data
            except UnderstudyError:
                self._as_they_are.put(place.stem, True)
                return data
            except OSError:  # no room, or forgotten meanwhile
                return data

    @staticmethod
    def _kept(place: Path) -> bytes | None:
        if not place.is_file():
            return None
        os.utime(place)
        return place.read_bytes()

    def _made(self, modality: str, kind: Playing, place: Path, data: bytes) -> bytes:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}-{uuid4().hex}")
        try:
            with part.open("w+b") as file:
                with contained(modality):
                    played = kind.playable(data, file)
                if not played:
                    self._as_they_are.put(place.stem, True)
                    return data
            made = part.read_bytes()
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        self._drop_oldest()
        return made

    def _drop_oldest(self) -> None:
        held = sorted(self._folder.glob(f"*{ENDING}"), key=lambda each: each.stat().st_mtime)
        for each in held[:-KEPT]:
            each.unlink(missing_ok=True)
