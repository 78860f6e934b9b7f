"""Recordings, as the rest of the house meets them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Final

from understudy.domain.rule import Fact
from understudy.modalities.abilities import Medium
from understudy.modalities.image.named import extractor_named
from understudy.modalities.media.container import MAX_BYTES, media_type
from understudy.modalities.media.likeness import near_pairs
from understudy.modalities.protocol import HEADS, Measured, Pair
from understudy.modalities.sound.altering import altered_recording
from understudy.modalities.sound.encoder import RecordingEncoder
from understudy.modalities.sound.facts import KIND, LOOKS, ORIGIN, facts_of, inspect_recording
from understudy.modalities.sound.fingerprint import NEAR, SURE
from understudy.modalities.sound.golden import golden_recordings
from understudy.modalities.sound.hearing import RecordingPreparer
from understudy.modalities.sound.playing import playable_recording
from understudy.modalities.sound.voice import installed_voice

SUFFIXES: Final = frozenset(
    {".wav", ".w64", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".amr", ".caf", ".wma"}
    | {".au", ".ac3", ".ape", ".wv", ".tta", ".mka", ".mp2", ".spx", ".gsm", ".dsf"}
)


class Recordings:
    """The modality of sounds."""

    name = "sound"
    plural = "sounds"
    suffixes = SUFFIXES
    max_bytes = MAX_BYTES
    formats = "WAV, FLAC, MP3, OGG, Opus, M4A, AAC, AIFF or WMA"
    search = HEADS
    facts_kind = KIND
    origin_facts = ORIGIN
    look_facts = LOOKS
    shown_as = Medium.SOUND
    watched_facts: frozenset[str] = frozenset()

    def media_type(self, data: bytes) -> str:  # noqa: D102
        return media_type(data, video=False)

    def playable(self, data: bytes, into: BinaryIO) -> bool:  # noqa: D102
        return playable_recording(data, into)

    def inspect(self, data: bytes) -> Measured:  # noqa: D102
        return inspect_recording(data)

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: D102
        return near_pairs(fingerprints, newcomers=newcomers, near=NEAR, sure=SURE)

    def facts(self, data: bytes) -> dict[str, Fact]:  # noqa: D102
        return facts_of(data)

    def encoder(self, name: str | None) -> RecordingEncoder:
        """Named is what looks at spectrograms: an extractor for photos; voices are always listened to alike."""
        return RecordingEncoder(extractor_named(name), installed_voice())

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> RecordingPreparer:  # noqa: D102
        del assets
        return RecordingPreparer(tuple(str(name) for name in described["inputs"]))

    def altered(self, data: bytes) -> bytes:
        """With another gain, and another microphone's noise beneath."""
        return altered_recording(data)

    def golden(self) -> tuple[bytes, ...]:  # noqa: D102
        return golden_recordings()


MODALITY = Recordings()
