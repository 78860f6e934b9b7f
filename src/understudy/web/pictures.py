"""Photos for pages: encoded anew, never the bytes that were sent; and the regions that mattered, drawn over them."""

import asyncio
import io
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image

from understudy.domain.answer import Reason
from understudy.domain.decision import Decision
from understudy.modalities.image.preview import upright
from understudy.serving.explaining import Explainer
from understudy.serving.latest import Latest

SIDE = 1024
KEPT = 64
KEPT_SECONDS = 60.0
"""For so long a picture stays in memory, so one whose input was deleted is soon gone too."""

DIMMEST = 0.28
"""How much light is left where hiding a patch changes nothing."""


HARDLY = 0.02
"""A drop in probability below which no patch is shown as if it decided."""


class Pictures:
    """Makes thumbnails and overlays in a thread, and keeps the latest ones.

    Args:
        read: Gives the bytes of an input by its digest and the decision that is about it, if any; blocks.
        explainer: Asks the models for regions and reasons.
        kept: How many pictures and how many grids of regions stay in memory.
        clock: Seconds on a clock that only runs forward.
    """

    def __init__(
        self,
        read: Callable[[str, str | None], bytes],
        explainer: Explainer,
        *,
        kept: int = KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._explainer = explainer
        self._clock = clock
        self._thumbnails: Latest[str, tuple[float, bytes]] = Latest(kept)
        self._regions: Latest[tuple[str, str], npt.NDArray[np.float32]] = Latest(kept)
        self._reasons: Latest[tuple[str, str], tuple[Reason, ...]] = Latest(kept)
        self._working: dict[tuple[str, str], asyncio.Lock] = {}

    async def thumbnail(self, digest: str, side: int = SIDE, *, decision: str | None = None) -> bytes:
        """The photo as a JPEG, upright, its longer side at most `side` pixels.

        Raises:
            UnderstudyError: The photo is not there or cannot be read.
        """
        key = f"{digest}/{side}"
        made, found = self._thumbnails.get(key) or (float("-inf"), b"")
        if self._clock() - made > KEPT_SECONDS:
            found = await asyncio.to_thread(lambda: _jpeg(upright(self._read(digest, decision), side)))
            self._thumbnails.put(key, (self._clock(), found))
        return found

    async def regions(self, decision: Decision) -> npt.NDArray[np.float32]:
        """Where the answer came from: (rows, columns), how much hiding that patch lowers its probability.

        Raises:
            ModelChanged: Another model answers by now.
            UnderstudyError: The photo is not there or cannot be read.
        """
        key = (decision.input_digest, decision.model)
        try:
            async with self._working.setdefault(key, asyncio.Lock()):  # page and picture ask at the same moment
                found = self._regions.get(key)
                if found is None:
                    data = await asyncio.to_thread(self._read, decision.input_digest, decision.id)
                    found = await self._explainer.regions(decision.project, data, version=decision.model)
                    self._regions.put(key, found)
                return found
        finally:
            self._working.pop(key, None)

    async def reasons(self, decision: Decision) -> tuple[Reason, ...]:
        """What moved the answer to an input that is no photo, strongest first.

        Raises:
            UnderstudyError: The input is not there, or the model is not.
        """
        key = (decision.input_digest, decision.model)
        found = self._reasons.get(key)
        if found is None:
            data = await asyncio.to_thread(self._read, decision.input_digest, decision.id)
            found = await self._explainer.reasons(decision.project, data, version=decision.model)
            self._reasons.put(key, found)
        return found

    async def overlay(self, decision: Decision) -> bytes:
        """The photo as a PNG, bright where the answer came from and dim elsewhere.

        Raises:
            ModelChanged: Another model answers by now.
            UnderstudyError: The photo is not there or cannot be read.
        """
        drops = await self.regions(decision)
        return await asyncio.to_thread(
            lambda: _png(spotlight(upright(self._read(decision.input_digest, decision.id), SIDE), drops))
        )


def spotlight(photo: Image.Image, drops: npt.NDArray[np.float32]) -> Image.Image:
    """Leaves light where hiding a patch lowers the answer's probability, in proportion to the largest drop.

    Brightness rather than colour carries the meaning, so it reads for the colour-blind too.

    Args:
        photo: In RGB.
        drops: (rows, columns) over the whole photo; rises count as no drop.
    """
    positive = np.clip(np.nan_to_num(drops.astype(np.float32)), 0.0, None)
    share = positive / max(float(positive.max(initial=0.0)), HARDLY)
    smooth = Image.fromarray(share).resize(photo.size, Image.Resampling.BICUBIC)
    light = DIMMEST + (1 - DIMMEST) * np.clip(np.asarray(smooth, dtype=np.float32), 0.0, 1.0)[..., None]
    pixels = np.asarray(photo, dtype=np.float32)
    grey = pixels.mean(axis=2, keepdims=True)
    return Image.fromarray(np.rint(pixels * light + grey * (1 - light) * 0.35).clip(0, 255).astype(np.uint8))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()
