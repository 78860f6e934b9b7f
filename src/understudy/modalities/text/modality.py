"""Texts, as the rest of the house meets them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from understudy.domain.rule import Fact
from understudy.domain.task import NONE_OF_THESE
from understudy.modalities.protocol import HEADS, Measured, Pair
from understudy.modalities.text.encoder import TextEncoder, TextPreparer
from understudy.modalities.text.encodings import WIDE_BYTES, as_utf8
from understudy.modalities.text.facts import KIND, LOOKS, ORIGIN, facts_of
from understudy.modalities.text.fingerprint import fingerprint_of
from understudy.modalities.text.golden import golden_texts
from understudy.modalities.text.named import encoder_named
from understudy.modalities.text.reading import MARK, count_controls, read_text
from understudy.modalities.text.twins import find_pairs

LONG: Final = 250
"""Words after which the built-in encoder may no longer read on for the meaning."""
_WORD: Final = re.compile(r"\w+")
_NAME: Final = re.compile(r"[^\W\d_]{3}")
"""Three letters make a name."""


class Texts:
    """The modality of texts."""

    name = "text"
    plural = "texts"
    suffixes = frozenset({".txt", ".md"})
    max_bytes = WIDE_BYTES
    formats = "plain text in UTF-8"
    search = HEADS
    facts_kind = KIND
    origin_facts = ORIGIN
    look_facts = LOOKS

    def media_type(self, data: bytes) -> str:  # noqa: D102
        del data
        return "text/plain; charset=utf-8"

    def inspect(self, data: bytes) -> Measured:  # noqa: D102
        text = read_text(data)
        return Measured(fingerprint_of(text), remark=_remark(data, text))

    def from_file(self, data: bytes) -> bytes:
        """The text in UTF-8, whatever usual encoding its file is written in."""
        return as_utf8(data)

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: D102
        return find_pairs(fingerprints, newcomers=newcomers)

    def facts(self, data: bytes) -> dict[str, Fact]:  # noqa: D102
        return facts_of(data)

    def encoder(self, name: str | None) -> TextEncoder:  # noqa: D102
        return encoder_named(name)

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> TextPreparer:  # noqa: D102
        return TextPreparer.from_description(described, assets)

    def from_label(self, label: str) -> bytes | None:
        """The label's name as words; None where it is a number, a code or “none of these”."""
        words = " ".join(label.replace("_", " ").replace("-", " ").split())
        return words.encode() if label != NONE_OF_THESE and _NAME.search(words) else None

    def golden(self) -> tuple[bytes, ...]:  # noqa: D102
        return golden_texts()


MODALITY = Texts()


def _remark(data: bytes, text: str) -> str:
    """What is unusual about a text and yet no fault."""
    controls = count_controls(data.removeprefix(MARK).decode("utf-8"))
    if controls:
        return f"{controls:,} control character{'s' if controls > 1 else ''}, read as spaces"
    words = len(_WORD.findall(text))
    return f"{words:,} words, of which the meaning is read of about the first {LONG}" if words > LONG else ""
