"""Recordings as an encoder hears them: as pictures, as voices and by classical statistics."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.modalities.graph import FLOAT, UINT8, GraphBuilder
from understudy.modalities.image.backbone import LAYERS
from understudy.modalities.image.extractor import BuiltIn, Extractor
from understudy.modalities.media.parts import PartsEncoder
from understudy.modalities.media.pooling import all_of, deviation_over, lasting, mean_over, peak_over
from understudy.modalities.media.scanning import one_by_one
from understudy.modalities.protocol import Part, View
from understudy.modalities.sound.hearing import (
    BANDS,
    COLUMNS,
    MEASURES,
    PICTURE,
    PLACES,
    WHEN,
    RecordingPreparer,
    shapes,
)
from understudy.modalities.sound.spectrum import FINE, VOICE
from understudy.modalities.sound.statistics import STATISTICS
from understudy.modalities.sound.voice import WIDTH, Voice

VERSION: Final = "1"
"""Raised when the way recordings are decoded or prepared changes, so that cached features are made anew."""
SIDE: Final = 224
"""Side of the square to which a spectrogram is stretched, in pixels: what the backbone learned from."""

SPECTROGRAM, PEAKS, VOICES, NUMBERS = "spectrogram", "peaks", "voices", "numbers"
"""Names of the parts."""


@dataclass(frozen=True)
class RecordingEncoder(PartsEncoder[RecordingPreparer]):
    """Features of recordings.

    Attributes:
        extractor: Looks at spectrograms; made for photos.
        voice: Listens to voices.
    """

    extractor: Extractor
    voice: Voice

    @property
    def key(self) -> str:  # noqa: D102
        return hashlib.sha256(f"sound {VERSION} {self.extractor.key} {self.voice.key}".encode()).hexdigest()[:24]

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        """The views worth trying, cheapest first; decoding takes most of the time of each."""
        del count, thorough
        numbers, voices, spectrogram, peaks = self._parts()
        return (
            View("spectrograms and statistics", (spectrogram, numbers)),
            View("voices", (voices,)),
            View("spectrograms", (spectrogram,)),
            View("statistics", (numbers,)),
            View("spectrograms with peaks, voices and statistics", (spectrogram, peaks, voices, numbers)),
        )

    def _parts(self) -> tuple[Part, Part, Part, Part]:
        seen = LAYERS if isinstance(self.extractor, BuiltIn) else self.extractor.width
        return (
            Part(NUMBERS, 3 * STATISTICS),
            Part(VOICES, 3 * WIDTH),
            Part(SPECTROGRAM, seen),
            Part(PEAKS, 2 * seen),
        )

    def add_parts(self, graph: GraphBuilder, parts: Sequence[Part]) -> dict[str, str]:  # noqa: D102
        named, shape = {part.name for part in parts}, shapes()
        mask = lasting(graph, graph.input(WHEN, FLOAT, shape[WHEN]))
        made: dict[str, str] = {}
        if named & {SPECTROGRAM, PEAKS}:
            seen = self._seen(graph, graph.input(PICTURE, UINT8, shape[PICTURE]))
            mean = mean_over(graph, seen, mask)
            spread = [peak_over(graph, seen, mask), deviation_over(graph, seen, mask, mean)]
            made = {SPECTROGRAM: mean, PEAKS: graph.node("Concat", spread, axis=1)}
        if VOICES in named:
            bands, places = (graph.input(name, FLOAT, shape[name]) for name in (BANDS, PLACES))
            made[VOICES] = self._heard(graph, bands, places)
        if NUMBERS in named:
            made[NUMBERS] = all_of(graph, graph.input(MEASURES, FLOAT, shape[MEASURES]), mask)
        return made

    def preparer_of(self, parts: Sequence[Part]) -> RecordingPreparer:  # noqa: D102
        named = {part.name for part in parts}
        wanted = {PICTURE: named & {SPECTROGRAM, PEAKS}, BANDS: named & {VOICES}, MEASURES: named & {NUMBERS}}
        return RecordingPreparer(tuple(name for name, users in wanted.items() if users))

    def _seen(self, graph: GraphBuilder, pictures: str) -> str:
        """What the extractor sees in each window's picture, (n, w, width)."""
        width = self._parts()[2].width

        def look(inner: GraphBuilder, picture: str) -> str:
            return self.extractor.add_to(inner, _pixels(inner, picture), depth=width)

        return one_by_one(graph, pictures, UINT8, [FINE, COLUMNS], [width], look)

    def _heard(self, graph: GraphBuilder, bands: str, places: str) -> str:
        """What the network of voices hears at all places of all windows, pooled, (n, 288)."""
        heard = one_by_one(graph, bands, FLOAT, ["f", VOICE], ["p", WIDTH], self.voice.add_to)
        row = graph.constant("places in a row", np.array([0, -1, WIDTH], np.int64))
        return all_of(graph, graph.node("Reshape", [heard, row]), graph.node("Flatten", [places], axis=1))


def _pixels(graph: GraphBuilder, picture: str) -> str:
    """A spectrogram, (n, 64, 256), as a square picture in grey, (n, 224, 224, 3)."""
    channel = graph.constant("axis 1", np.array([1], np.int64))
    grey = graph.node("Unsqueeze", [graph.node("Cast", [picture], to=FLOAT), channel])
    scales = graph.constant("sound scales", np.array([1, 1, SIDE / FINE, SIDE / COLUMNS], np.float32))
    large = graph.node("Resize", [grey, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")
    return graph.node("Transpose", [graph.node("Concat", [large] * 3, axis=1)], perm=[0, 2, 3, 1])
