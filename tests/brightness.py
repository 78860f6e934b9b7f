"""A small real model for tests: it opens the photo and answers by its mean brightness."""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from understudy.domain.answer import Answer, Reason, answer_from
from understudy.domain.errors import UnderstudyError
from understudy.serving.model import NotTrainedYet, ServedModel, UnknownModel
from understudy.store.errors import UnknownProject

PATCHES = 4


class NoPhoto(UnderstudyError):
    """The bytes are no picture."""


@dataclass
class BrightnessModel:
    """Says "bright" with the mean brightness of the photo as its probability."""

    version: str = "ab" * 32
    labels: tuple[str, ...] = ("bright", "dark")
    threshold: float = 0.7
    batches: list[int] = field(default_factory=list)
    gate: threading.Event | None = None

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        self.batches.append(len(photos))
        if self.gate is not None:
            self.gate.wait(10)
        return [self._answer(photo) for photo in photos]

    def explain(self, photo: bytes) -> tuple[Reason, ...]:
        return (Reason(f"brightness {_grey(photo).mean():.0f}", 0.5),)

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        grey = _grey(photo)
        patches = np.asarray(Image.fromarray(grey).resize((PATCHES, PATCHES), Image.Resampling.BOX), dtype=np.float32)
        return (patches - patches.mean()).astype(np.float32) / 255 / PATCHES**2

    def _answer(self, photo: bytes) -> Answer | UnderstudyError:
        try:
            bright = float(_grey(photo).mean()) / 255
        except NoPhoto as error:
            return error
        rest = [(1 - bright) / (len(self.labels) - 1)] * (len(self.labels) - 1)
        return answer_from(self.labels, (bright, *rest), threshold=self.threshold)


@dataclass
class Shelf:
    """Models by project; a project without one is not trained yet. What stood there before can still be loaded."""

    models: dict[str, ServedModel | None]
    others: list[ServedModel] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def latest(self, project: str) -> str:
        if project not in self.models:
            raise UnknownProject(fact=f"There is no project “{project}”.", reason="None has that name.", remedy="Look.")
        model = self.models[project]
        if model is None:
            raise NotTrainedYet.named(project)
        return model.version

    def load(self, project: str, version: str) -> ServedModel:
        for model in (self.models.get(project), *self.others):
            if model is not None and model.version == version:
                self.loaded.append(version)
                return model
        raise UnknownModel.named(project, version)

    def check(self, project: str, data: bytes) -> None:
        del project
        _grey(data)

    def card(self, project: str) -> bytes:
        del project
        return photo(128)


def photo(brightness: int, *, size: tuple[int, int] = (48, 32), kind: str = "PNG") -> bytes:
    """An encoded photo of one grey."""
    out = io.BytesIO()
    Image.new("RGB", size, (brightness,) * 3).save(out, kind)
    return out.getvalue()


def _grey(data: bytes) -> npt.NDArray[np.uint8]:
    try:
        return np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    except (UnidentifiedImageError, OSError) as error:
        raise NoPhoto(
            fact="This is no photo.", reason="No format that is known begins like it.", remedy="Send a JPEG or PNG."
        ) from error
