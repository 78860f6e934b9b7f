"""Small lessons: drawn photos of coloured shapes, and runs on them."""

import hashlib
import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from understudy.domain.trial import Budget
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Input
from understudy.search.trained import Trained
from understudy.search.training import Lesson, Settings, Training

COLOURS = {"red": (200, 50, 40), "green": (40, 170, 70), "blue": (40, 60, 200)}


def draw(label: str, seed: int) -> bytes:
    """A disc of the label's colour somewhere on a grey, grainy ground, as a JPEG file."""
    rng = np.random.default_rng([seed, *label.encode()])
    ground = rng.normal(rng.integers(90, 170), 14, (60, 80, 3)).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(ground)
    x, y, size = (int(value) for value in rng.integers((0, 0, 24), (50, 30, 36)))
    colour = COLOURS.get(label, (150, 150, 150))
    ImageDraw.Draw(picture).ellipse((x, y, x + size, y + size), fill=colour)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def photo_of(data: bytes) -> Input:
    return Input(hashlib.sha256(data).hexdigest(), partial(bytes, data))


def lesson(counts: dict[str, int], *, look: Callable[[str], str] = str, groups: Callable[[int], int] = int) -> Lesson:
    """Photos of each label, by rising digest; `look` says what a label's photos show."""
    made = []
    for label, count in counts.items():
        made += [(photo_of(draw(look(label), at)), label, f"{label}-{groups(at)}") for at in range(count)]
    made.sort(key=lambda each: each[0].digest)
    return Lesson([photo for photo, _, _ in made], [label for _, label, _ in made], [group for _, _, group in made])


def train(
    given: Lesson,
    extractor: Extractor,
    folder: Path,
    *,
    sizes: Sequence[int] = (224,),
    budget: Budget | None = None,
    seed: int = 0,
    stop: Callable[[], bool] = lambda: False,
) -> Trained:
    settings = Settings(MODALITY, PhotoEncoder(extractor, tuple(sizes)), seed, budget or Budget())
    training = Training(
        given, settings, folder / "run", folder.parent / "cache", report=lambda _: None, stop_requested=stop
    )
    return training.run()
