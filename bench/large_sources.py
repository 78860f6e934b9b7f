"""Sources with as many inputs as one likes, of every kind: drawn in pieces, the same ones for the same number."""

import io
import wave
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

CHUNK: Final = 1000
PHOTO_CLASSES: Final = ("plain", "striped", "dotted")
SIDE: Final = 32
RATE: Final = 8000
FRAMES: Final = 12
WORDS: Final = 20_000
TOPICS: Final = ("card", "parcel", "refund", "login", "rent")


@dataclass(frozen=True)
class Source:
    """Inputs of one kind.

    Attributes:
        many: What they are called.
        counts: How many are drawn unless somebody says otherwise: ten and a hundred times the largest real set.
        draw: Writes so many below a folder and returns what is to be taken in.
        options: What the command needs to be told besides.
    """

    many: str
    counts: tuple[int, ...]
    draw: Callable[[int, Path], Path]
    options: tuple[str, ...] = ()


def photos(count: int, folder: Path) -> Path:
    """Photos of 32 by 32 pixels, a folder a class; one in ten is a PNG, the others JPEGs.

    Each lies on a cloudy ground of its own, so that no two are twins, with stripes, dots or nothing of a random size,
    turn and strength on it.
    """
    for label in PHOTO_CLASSES:
        (folder / label).mkdir(parents=True, exist_ok=True)
    for start, some in _pieces(count):
        rng = np.random.default_rng([0, start])
        kinds = rng.integers(0, len(PHOTO_CLASSES), some)
        for place, (photo, kind) in enumerate(zip(_drawn(rng, kinds), kinds, strict=True), start):
            _write(Image.fromarray(photo), folder / PHOTO_CLASSES[kind] / f"{place:06}", png=place % 10 == 0)
    return folder


def rows(count: int, folder: Path) -> Path:
    """A table like a census: six numbers, seven columns of up to 5,000 different words, and who earns much."""
    path = folder / "people.csv"
    names = [*(f"amount {at}" for at in range(1, 7)), *(f"kind {at}" for at in range(1, 8)), "earns much"]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for start, some in _pieces(count):
            rng = np.random.default_rng([1, start])
            numbers = np.column_stack([rng.normal(40, 12, (some, 3)).round(), rng.lognormal(8, 1, (some, 3)).round(2)])
            words = np.column_stack([rng.zipf(1.6, some) % levels for levels in (2, 5, 7, 15, 16, 42, 5000)])
            odds = (numbers[:, 0] - 45) / 8 + (words[:, 3] % 3) + rng.normal(0, 1, some)
            for number, word, much in zip(numbers.tolist(), words.tolist(), (odds > 1).tolist(), strict=True):
                cells = [f"{each:g}" for each in number] + [f"w{each}" for each in word]
                file.write(",".join([*cells, "yes" if much else "no"]) + "\n")
    return path


def texts(count: int, folder: Path) -> Path:
    """A table of questions of a dozen words, about five topics."""
    path = folder / "questions.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("text,topic\n")
        for start, some in _pieces(count):
            rng = np.random.default_rng([2, start])
            drawn, topic = rng.integers(0, WORDS, (some, 11)), rng.integers(0, len(TOPICS), some)
            for words, at in zip(drawn.tolist(), topic.tolist(), strict=True):
                said = [_word(each) for each in words]
                said.insert(words[0] % 10, TOPICS[at])
                file.write(" ".join(said) + f"?,{TOPICS[at]}\n")
    return path


def interactions(count: int, folder: Path) -> Path:
    """Who took what when: about a hundred times each person, of a thousandth as many things, some far more often."""
    path = folder / "taken.csv"
    people, things = max(count // 100, 10), max(count // 1000, 20)
    with path.open("w", encoding="utf-8") as file:
        file.write("user,item,time\n")
        for start, some in _pieces(count):
            rng = np.random.default_rng([3, start])
            who = rng.integers(0, people, some)
            what = (who % 7 * (things // 7) + rng.zipf(1.3, some)) % things
            when = np.sort(rng.integers(0, 86_400, some)) + start * 10
            for person, thing, moment in zip(who.tolist(), what.tolist(), when.tolist(), strict=True):
                file.write(f"person {person},thing {thing},{moment}\n")
    return path


def sounds(count: int, folder: Path) -> Path:
    """Recordings of half a second: a tone or a rising one, in noise."""
    time = np.arange(RATE // 2) / RATE
    for label in ("steady", "rising"):
        (folder / label).mkdir(parents=True, exist_ok=True)
    for start, some in _pieces(count):
        rng = np.random.default_rng([4, start])
        pitch, noise = rng.uniform(200, 1500, some), rng.normal(0, 0.05, (some, len(time)))
        for place in range(some):
            rising = (start + place) % 2
            heard = 0.5 * np.sin(2 * np.pi * pitch[place] * time * (1 + rising * time)) + noise[place]
            path = folder / ("steady", "rising")[rising] / f"{start + place:07}.wav"
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes((heard * 20_000).astype("<i2").tobytes())
    return folder


def clips(count: int, folder: Path) -> Path:
    """Clips of a second in which a square goes sideways or falls, on a ground of its own."""
    for label in ("sideways", "falling"):
        (folder / label).mkdir(parents=True, exist_ok=True)
    for start, some in _pieces(count):
        rng = np.random.default_rng([5, start])
        for place in range(some):
            falling = (start + place) % 2
            _film(folder / ("sideways", "falling")[falling] / f"{start + place:07}.mp4", rng, falling=bool(falling))
    return folder


SOURCES: Final = {
    "photos": Source("photos", (10_000, 100_000), photos),
    "rows": Source("rows", (488_420, 4_884_200), rows, ("--target", "earns much")),
    "texts": Source("texts", (238_500, 2_385_000), texts),
    "interactions": Source("interactions", (1_008_360, 10_083_600), interactions),
    "sounds": Source("recordings", (4_000, 40_000), sounds),
    "clips": Source("clips", (600, 6_000), clips),
}


def _pieces(count: int) -> list[tuple[int, int]]:
    """Where each piece begins, and how many are in it."""
    return [(start, min(CHUNK, count - start)) for start in range(0, count, CHUNK)]


def _word(number: int) -> str:
    """A word that can be spoken, the same for the same number."""
    return "".join("bdfgklmnprstvz"[number // 5 ** (2 * at) % 14] + "aeiou"[number // 5**at % 5] for at in range(4))


def _film(path: Path, rng: np.random.Generator, *, falling: bool) -> None:
    ground = rng.integers(60, 190, (6, 6, 3)).repeat(16, axis=0).repeat(16, axis=1).astype(np.uint8)
    across, shade = int(rng.integers(8, 70)), rng.integers(0, 255, 3)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("h264", rate=Fraction(FRAMES), options={"preset": "ultrafast", "threads": "1"})
        stream.width = stream.height = len(ground)
        stream.pix_fmt = "yuv420p"
        for at in range(FRAMES):
            picture = ground.copy()
            top, left = (at * 6, across) if falling else (across, at * 6)
            picture[top : top + 20, left : left + 20] = shade
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                film.mux(packet)
        for packet in stream.encode(None):
            film.mux(packet)


def _drawn(rng: np.random.Generator, kinds: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Photos of the given kinds, (n, 32, 32, 3)."""
    count = len(kinds)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    coarse = rng.normal(0, 22, (count, 9, 9, 3)).astype(np.float32)
    ground = rng.uniform(70, 180, (count, 1, 1, 3)) + _between(_between(coarse, 1), 2)
    ground += rng.normal(0, 9, (count, SIDE, SIDE, 1))
    turn, pitch = rng.uniform(0, np.pi, (count, 1, 1)), rng.uniform(4, 9, (count, 1, 1))
    along = (np.cos(turn) * x + np.sin(turn) * y) * 2 * np.pi / pitch
    across = (np.cos(turn) * y - np.sin(turn) * x) * 2 * np.pi / pitch
    stripes, dots = np.cos(along), 2 * np.cos(along) * np.cos(across)
    pattern = np.choose(kinds[:, None, None], [np.zeros_like(dots), stripes, dots])
    drawn = ground + (rng.uniform(4, 30, (count, 1, 1)) * pattern)[..., None]
    photos: npt.NDArray[np.uint8] = drawn.clip(0, 255).astype(np.uint8)
    return photos


def _between(values: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """Nine values along an axis become 32, those between them linearly."""
    places = np.linspace(0, 8, SIDE, dtype=np.float32)
    low = np.minimum(places.astype(int), 7)
    share = (places - low).reshape([-1 if place == axis else 1 for place in range(values.ndim)])
    between: npt.NDArray[np.float32] = values.take(low, axis) * (1 - share) + values.take(low + 1, axis) * share
    return between


def _write(photo: Image.Image, path: Path, *, png: bool) -> None:
    """Encodes in memory and writes at once: Pillow's own many small writes would take longer than the drawing."""
    encoded = io.BytesIO()
    photo.save(encoded, "PNG" if png else "JPEG", **({} if png else {"quality": 85}))
    path.with_suffix(".png" if png else ".jpg").write_bytes(encoded.getvalue())
