"""The colours of both themes, in one place for pictures; the style sheet of the web face holds the same."""

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import Literal

Theme = Literal["light", "dark"]
_HEX = re.compile(r"(?<=\")#[0-9a-f]{6}(?=\")")
SANS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Noto Sans, Liberation Sans, sans-serif"


@dataclass(frozen=True)
class Palette:
    """Paper, ink, four greys between them, one accent, and the colours of safe, watch and stop; "#rrggbb" each."""

    paper: str
    ink: str
    grey_1: str
    grey_2: str
    grey_3: str
    grey_4: str
    accent: str
    safe: str
    watch: str
    stop: str


PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {
        "light": Palette(
            paper="#fcfbf9",
            ink="#1b1a18",
            grey_1="#f3f1ed",
            grey_2="#dedad3",
            grey_3="#858078",
            grey_4="#5b5750",
            accent="#1c5bb8",
            safe="#1d6a3e",
            watch="#85560a",
            stop="#a3271c",
        ),
        "dark": Palette(
            paper="#161513",
            ink="#eeece7",
            grey_1="#211f1c",
            grey_2="#3b3833",
            grey_3="#8b867d",
            grey_4="#b5b0a7",
            accent="#8fb8f6",
            safe="#83cc9c",
            watch="#e3b865",
            stop="#f29d92",
        ),
    }
)


def recoloured(svg: str, theme: Theme) -> str | None:
    """A light picture in the colours of another theme, as if it had been drawn in it.

    Args:
        svg: A picture drawn in the light theme.
        theme: The wanted one.

    Returns:
        The picture, or None where it also has mixed colours, which have no counterpart: that one must be drawn anew.
    """
    pairs = zip(astuple(PALETTES["light"]), astuple(PALETTES[theme]), strict=True)
    counterparts = dict(pairs)
    if not set(_HEX.findall(svg)) <= counterparts.keys():
        return None
    return _HEX.sub(lambda colour: counterparts[colour[0]], svg)


def mixed(under: str, over: str, share: float) -> str:
    """Lays `share` (0..1) of one colour over another."""
    pairs = zip(_channels(under), _channels(over), strict=True)
    return "#" + "".join(f"{round(below + (above - below) * share):02x}" for below, above in pairs)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21.

    Source:
        WCAG 2.2, relative luminance and contrast ratio.
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable_on(ground: str) -> str:
    """Black or white, whichever reads better: one of them reaches 4.5 : 1 on any ground, ink or paper may not."""
    return max(("#000000", "#ffffff"), key=lambda colour: contrast(colour, ground))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
