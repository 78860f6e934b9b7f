"""Photos, as the rest of the house meets them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from understudy.domain.rule import Fact
from understudy.modalities.image.decode import MAX_BYTES, inspect_photo, sniff
from understudy.modalities.image.encoder import PhotoEncoder, PhotoPreparer
from understudy.modalities.image.facts import KIND, LOOKS, ORIGIN, facts_of
from understudy.modalities.image.formats import SUFFIXES
from understudy.modalities.image.golden import golden_photos
from understudy.modalities.image.named import extractor_named
from understudy.modalities.image.twins import CLOSE, find_twins
from understudy.modalities.protocol import HEADS, Measured, Pair

_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "HEIF": "image/heic",
}


class Photos:
    """The modality of photos."""

    name = "photo"
    plural = "photos"
    suffixes = SUFFIXES
    max_bytes = MAX_BYTES
    formats = "JPEG, PNG, WebP, GIF, TIFF, BMP or HEIC"
    search = HEADS
    facts_kind = KIND
    origin_facts = ORIGIN
    look_facts = LOOKS

    def media_type(self, data: bytes) -> str:  # noqa: D102
        return _MEDIA_TYPES.get(sniff(data) or "", "application/octet-stream")

    def inspect(self, data: bytes) -> Measured:  # noqa: D102
        found = inspect_photo(data)
        return Measured(found.fingerprint, found.width, found.height)

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: D102
        for twins in find_twins(list(fingerprints), newcomers=newcomers):
            yield Pair(twins.first, twins.second, twins.distance, twins.distance <= CLOSE)

    def facts(self, data: bytes) -> dict[str, Fact]:  # noqa: D102
        return facts_of(data)

    def encoder(self, name: str | None) -> PhotoEncoder:  # noqa: D102
        return PhotoEncoder(extractor_named(name))

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> PhotoPreparer:  # noqa: D102
        del assets
        return PhotoPreparer(tuple(int(size) for size in described["sizes"]))

    def golden(self) -> tuple[bytes, ...]:  # noqa: D102
        return golden_photos()


MODALITY = Photos()
