"""Photos and sources for the tests of intake."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from understudy.domain.arrival import Arrival
from understudy.intake.groups import GroupRule
from understudy.intake.readers import open_source
from understudy.intake.sift import Sifted, sift

Take = Callable[..., Sifted]


@pytest.fixture(scope="session")
def photo() -> Callable[..., bytes]:
    """Makes photos that resemble each other only where their numbers are the same."""

    def make(seed: int, *, kind: str = "PNG", size: int = 48, **options: int) -> bytes:
        coarse = np.random.default_rng(seed).integers(0, 255, (12, 12, 3)).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC).save(buffer, kind, **options)
        return buffer.getvalue()

    return make


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Writes files below a folder."""

    def write(files: dict[str, bytes]) -> Path:
        root = tmp_path / "photos"
        root.mkdir(exist_ok=True)
        for name, data in files.items():
            place = root / name
            (place if name.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                place.write_bytes(data)
        return root

    return write


@pytest.fixture
def take() -> Take:
    """Takes a path in, and remembers which bytes were kept."""

    def taken(path: Path, known: Sifted | None = None, *, group: GroupRule | None = None, **options: object) -> Sifted:
        arrivals = [
            Arrival(one.digest, one.group, one.side, one.fingerprint, one.label)
            for one in (known.examples if known else ())
        ]
        with open_source(path, group=group) as source:
            share = options.pop("sealed_share", 0.3)
            return sift(source, arrivals, keep, sealed_share=share, **options)

    return taken


def keep(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
