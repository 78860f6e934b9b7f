"""The shelf: models that are ready to answer, each loaded once."""

import io
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.model import ModelRecord
from understudy.modalities.image.decode import inspect_photo
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.serving.model import NotTrainedYet, ServedModel, UnknownModel
from understudy.studio.workspace import Workspace

KEPT = 8
"""Models that stay loaded though nobody holds them; those in service are held by whoever asks them."""


@dataclass(frozen=True)
class PhotoModel:
    """A model as serving meets it."""

    model: Model

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        return self.model.version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can say."""
        return self.model.labels

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        return self.model.threshold

    def predict(self, photos: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers for encoded photos, in order."""
        return self.model.predict_all(photos)

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells which parts of the photo the answer rests on."""
        return self.model.regions(photo)


class Shelf:
    """Models by version. Threads may share it; different models are loaded side by side.

    Args:
        workspace: Where projects and models are.
        kept: How many stay loaded.
    """

    def __init__(self, workspace: Workspace, *, kept: int = KEPT) -> None:
        self._workspace = workspace
        self._kept = kept
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, ServedModel] = OrderedDict()
        self._loading: dict[str, threading.Lock] = {}
        self._card = draw_card()

    def latest(self, project: str) -> str:
        """Version of the model that was recorded last.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
        """
        record = self._workspace.ledger.latest_model(project)
        if record is None:
            raise NotTrainedYet.named(project)
        return record.version

    def load(self, project: str, version: str) -> ServedModel:
        """A model that is ready to answer: read, proven by its golden photos, and warm.

        Raises:
            UnknownProject: No such project.
            UnknownModel: It never had such a model.
            UnderstudyError: Its file is missing, damaged, or does not give the answers it gave when it was made.
        """
        with self._lock:
            loading = self._loading.setdefault(version, threading.Lock())
        with loading:
            found = self._found(version)
            if found is None:
                found = self._warmed(self._record(project, version))
                self._keep(found)
        return found

    def check(self, project: str, data: bytes) -> None:
        """Makes sure that the bytes are a photo that a person can be shown.

        Raises:
            PhotoUnreadable: They are none, or one that is damaged or too large.
        """
        del project  # every project is about photos so far
        inspect_photo(data)

    def card(self, project: str) -> bytes:
        """A tiny photo to ask a model about, to see whether it works."""
        del project
        return self._card

    def _found(self, version: str) -> ServedModel | None:
        with self._lock:
            if version in self._loaded:
                self._loaded.move_to_end(version)
            return self._loaded.get(version)

    def _keep(self, model: ServedModel) -> None:
        with self._lock:
            self._loaded[model.version] = model
            while len(self._loaded) > self._kept:
                gone, _ = self._loaded.popitem(last=False)
                self._loading.pop(gone, None)

    def _record(self, project: str, version: str) -> ModelRecord:
        for record in reversed(self._workspace.ledger.models(project)):
            if record.version == version:
                return record
        raise UnknownModel.named(project, version)

    def _warmed(self, record: ModelRecord) -> PhotoModel:
        model = PhotoModel(load_recorded(self._workspace, record.blob))
        model.predict([self._card, self._card])  # two go through the graph for many, one was in the golden photos
        return model


def load_recorded(workspace: Workspace, blob: str) -> Model:
    """Loads a model that the ledger knows."""
    return Model(read_model(workspace.blobs.get(blob)))


def draw_card() -> bytes:
    """A tiny picture of two crossing slopes of light, as PNG: real enough for every step from file to answer."""
    slope = np.linspace(0, 255, 32, dtype=np.float32)
    pixels = np.stack(np.broadcast_arrays(slope[:, None], slope[None, :], slope[::-1, None]), axis=2)
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG")
    return out.getvalue()
