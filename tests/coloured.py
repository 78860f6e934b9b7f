"""Small photos that differ from each other and are told apart by their colour."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {"amber": (230, 150, 40), "azure": (40, 130, 230), "green": (60, 190, 70)}


def coloured(label: str, number: int, *, kind: str = "JPEG", size: tuple[int, int] = (96, 72)) -> bytes:
    """An encoded photo: clouds of one colour, the same for the same number."""
    rng = np.random.default_rng([sorted(COLOURS).index(label), number])
    clouds = Image.fromarray(rng.integers(0, 255, (6, 8), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    light = np.asarray(clouds, np.float32)[:, :, None] / 255
    out = io.BytesIO()
    Image.fromarray((light * COLOURS[label]).astype(np.uint8)).save(out, kind, quality=90)
    return out.getvalue()


def coloured_folder(folder: Path, *labels: str, each: int, start: int = 0) -> Path:
    """A folder with a folder for each label."""
    for label in labels:
        (folder / label).mkdir(parents=True)
        for number in range(start, start + each):
            (folder / label / f"photo {number}.jpg").write_bytes(coloured(label, number))
    return folder
