"""Clips, as the rest of the house meets them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Final

from understudy.domain.rule import Fact
from understudy.modalities.abilities import Medium
from understudy.modalities.image.named import extractor_named
from understudy.modalities.media.container import MAX_BYTES, media_type
from understudy.modalities.media.likeness import near_pairs
from understudy.modalities.protocol import HEADS, Measured, Pair
from understudy.modalities.video.encoder import ClipEncoder
from understudy.modalities.video.facts import KIND, LOOKS, ORIGIN, facts_of, inspect_clip
from understudy.modalities.video.fingerprint import NEAR, SURE
from understudy.modalities.video.golden import golden_clips
from understudy.modalities.video.playing import playable_clip
from understudy.modalities.video.seeing import ClipPreparer

SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv", ".3gp"}
    | {".ogv", ".vob", ".mxf", ".asf", ".dv", ".y4m", ".h264", ".hevc", ".mjpeg"}
)


class Clips:
    """The modality of videos."""

    name = "video"
    plural = "videos"
    suffixes = SUFFIXES
    max_bytes = MAX_BYTES
    formats = "MP4, MOV, AVI, MKV, WebM, MPEG, WMV or FLV"
    search = HEADS
    facts_kind = KIND
    origin_facts = ORIGIN
    look_facts = LOOKS
    shown_as = Medium.FILM
    watched_facts: frozenset[str] = frozenset()

    def media_type(self, data: bytes) -> str:  # noqa: D102
        return media_type(data, video=True)

    def playable(self, data: bytes, into: BinaryIO) -> bool:  # noqa: D102
        return playable_clip(data, into)

    def inspect(self, data: bytes) -> Measured:  # noqa: D102
        return inspect_clip(data)

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: D102
        return near_pairs(fingerprints, newcomers=newcomers, near=NEAR, sure=SURE)

    def facts(self, data: bytes) -> dict[str, Fact]:  # noqa: D102
        return facts_of(data)

    def encoder(self, name: str | None) -> ClipEncoder:
        """Named is what looks at pictures: an extractor for photos."""
        return ClipEncoder(extractor_named(name))

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> ClipPreparer:  # noqa: D102
        del assets
        return ClipPreparer(tuple(str(name) for name in described["inputs"]))

    def golden(self) -> tuple[bytes, ...]:  # noqa: D102
        return golden_clips()


MODALITY = Clips()
