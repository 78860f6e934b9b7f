"""Facts of a clip and its fingerprint: how it came about, what it looks like at a glance. No model is asked."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from understudy.domain.rule import Fact
from understudy.modalities.media.tags import tag
from understudy.modalities.media.unreadable import time_in_words
from understudy.modalities.protocol import Measured
from understudy.modalities.video.fingerprint import fingerprint_of
from understudy.modalities.video.windows import Watched, windows_of

KIND: Final = "video/1"
"""Names this way of measuring; raised when a fact changes its meaning."""

ORIGIN: Final = frozenset(
    {"width", "height", "aspect", "rate", "sound", "format", "codec", "bytes", "bytes per second", "software", "taken"}
)
"""Facts that say how a clip came about, not what it shows."""

LOOKS: Final = frozenset({"seconds", "brightness", "contrast", "colourfulness", "motion", "stillness", "cuts"})
"""Facts that say what a clip looks like at a glance."""

STILL: Final = 0.5
"""Grey levels of mean change below which nothing moves from one picture to the next."""
CUT: Final = 40.0
"""Grey levels of mean change from which on a new scene begins."""


def inspect_clip(data: bytes) -> Measured:
    """Decodes a clip and measures it.

    Raises:
        ClipUnreadable: The bytes are no clip, or one that is damaged, cut off or too long.
    """
    watched = windows_of(data)
    shown = watched.shown
    return Measured(fingerprint_of(watched.glimpses), shown.width, shown.height, _remark(watched))


def facts_of(data: bytes) -> dict[str, Fact]:
    """Measures a clip. Thread-safe; memory does not grow with its length.

    Returns:
        By name: `seconds`, `width`, `height`, `aspect`, `rate` (pictures in a second), `sound` ("yes" or "no"),
        `format`, `codec`, `bytes`, `bytes per second`, `software`, `taken` (as the file says it, or None);
        `brightness`, `contrast` and `colourfulness`, each 0 for none, about 1 for the most there can be; `motion` (mean
        change from picture to picture, in grey levels), `stillness` (share of pictures after which nothing moves),
        `cuts` (changes of scene in what was looked at).

    Raises:
        ClipUnreadable: The bytes are no clip, or one that is damaged, cut off or too long.
    """
    watched = windows_of(data)
    shown = watched.shown
    return {
        "seconds": round(shown.seconds, 3),
        "width": float(shown.width),
        "height": float(shown.height),
        "aspect": round(shown.width / shown.height, 4),
        "rate": round(shown.rate, 2) or None,
        "sound": "yes" if shown.sound else "no",
        "format": shown.container.split(",")[0],
        "codec": shown.codec,
        "bytes": float(len(data)),
        "bytes per second": round(len(data) / shown.seconds),
        "software": tag(shown.tags, "encoder", "handler_name", "software"),
        "taken": tag(shown.tags, "creation_time", "date"),
        **_looks(watched),
    }


def _looks(watched: Watched) -> Mapping[str, Fact]:
    """What it looks like; colours by Hasler and Süsstrunk, Measuring colourfulness in natural images (2003)."""
    pictures = [window.pictures[len(window.pictures) // 2].pixels[::4, ::4] / 255 for window in watched.windows]
    seen = np.stack(pictures)
    red_green, yellow_blue = seen[..., 0] - seen[..., 1], seen[..., :2].mean(axis=-1) - seen[..., 2]
    colour = np.hypot(red_green.std(), yellow_blue.std()) + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean())
    grey = seen @ np.array([0.299, 0.587, 0.114])
    change = np.abs(np.diff(watched.glimpses, axis=0)).mean(axis=(1, 2)) if len(watched.glimpses) > 1 else np.zeros(1)
    return {
        "brightness": round(float(grey.mean()), 4),
        "contrast": round(float(grey.std()), 4),
        "colourfulness": round(float(colour), 4),
        "motion": round(float(change.mean()), 4),
        "stillness": round(float(np.mean(change < STILL)), 4),
        "cuts": float(np.count_nonzero(change >= CUT)),
    }


def _remark(watched: Watched) -> str:
    """What is unusual and yet no fault, for people."""
    shown, said = watched.shown, []
    if len(watched.glimpses) == 1:
        said.append("it shows one picture, so nothing moves")
    elif np.ptp(watched.glimpses) < STILL:
        said.append("it shows one colour from beginning to end")
    if shown.gaps:
        pieces = "1 damaged piece was" if shown.gaps == 1 else f"{shown.gaps} damaged pieces were"
        said.append(f"{pieces} left out of {time_in_words(shown.seconds)}")
    return "; ".join(said)
