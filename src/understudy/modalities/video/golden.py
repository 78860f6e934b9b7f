"""Golden clips: drawn by rule, answered once when a model is made, answered again whenever it is loaded."""

from typing import Final

import numpy as np
import numpy.typing as npt

WIDTH: Final = 48
HEIGHT: Final = 36
RATE, SLOW, FAST = 10, 4, 25
"""Pictures a second: slowly they take two windows, fast ones are more than are looked at."""
PICTURES: Final = 12
SEED: Final = 20_000

Planes = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]


def golden_clips() -> tuple[bytes, ...]:
    """Three small uncompressed clips of nothing that anybody filmed: a ball that rolls, shades that pass, grain."""
    rng = np.random.default_rng(SEED)
    return (
        _y4m([_ball(place) for place in range(PICTURES)], RATE),
        _y4m([_shades(place) for place in range(PICTURES)], SLOW),
        _y4m([_grain(rng) for _ in range(PICTURES)], FAST),
    )


def _ball(place: int) -> Planes:
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    inside = (across - 4 * place) ** 2 + (down - HEIGHT // 2 - 6 * np.sin(place)) ** 2 < 49
    bright = np.where(inside, 220, 60).astype(np.uint8)
    return bright, _flat(110), np.where(inside[::2, ::2], 190, 120).astype(np.uint8)


def _shades(place: int) -> Planes:
    across = np.arange(WIDTH) * 5 + 12 * place
    bright = np.broadcast_to(16 + across % 200, (HEIGHT, WIDTH)).astype(np.uint8)
    return bright, _flat(100 + 4 * place), _flat(150 - 4 * place)


def _grain(rng: np.random.Generator) -> Planes:
    return rng.integers(40, 200, (HEIGHT, WIDTH)).astype(np.uint8), _flat(128), _flat(128)


def _flat(value: int) -> npt.NDArray[np.uint8]:
    return np.full((HEIGHT // 2, WIDTH // 2), value, np.uint8)


def _y4m(pictures: list[Planes], rate: int) -> bytes:
    """YUV4MPEG2: a line that says what comes, then the planes of each picture as they are."""
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420jpeg\n".encode("ascii")
    frames = (b"FRAME\n" + b"".join(np.ascontiguousarray(plane).tobytes() for plane in planes) for planes in pictures)
    return head + b"".join(frames)
