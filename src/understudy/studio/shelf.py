"""The shelf: the model that answers for each project, loaded once."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.serving.model import NotTrainedYet, ServedModel
from understudy.store.errors import LedgerUnavailable
from understudy.studio.workspace import Workspace

FRESH_SECONDS = 1.0
"""For so long the ledger is not asked again which model answers."""


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


@dataclass(frozen=True)
class _Standing:
    served: ServedModel
    checked: float


class Shelf:
    """Models by project. A newly trained one is met within a second.

    Args:
        workspace: Where projects and models are.
        clock: Seconds on a clock that only runs forward.
    """

    def __init__(self, workspace: Workspace, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspace = workspace
        self._clock = clock
        self._standing: dict[str, _Standing] = {}
        self._loading = threading.Lock()

    def model_for(self, project: str) -> ServedModel:
        """The model that answers for a project now.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
            ModelBroken: Its model does not give the answers it gave when it was made.
        """
        standing = self._standing.get(project)
        if standing is not None and self._clock() - standing.checked < FRESH_SECONDS:
            return standing.served
        with self._loading:
            served = self._current(project)
            self._standing[project] = _Standing(served, self._clock())
        return served

    def warm(self) -> None:
        """Loads every project's model before anyone asks; one that cannot be loaded says so when it is asked."""
        with contextlib.suppress(LedgerUnavailable):
            for project in self._workspace.ledger.projects():
                with contextlib.suppress(UnderstudyError):
                    self.model_for(project.name)

    def _current(self, project: str) -> ServedModel:
        record = self._workspace.ledger.latest_model(project)
        if record is None:
            raise NotTrainedYet.named(project)
        standing = self._standing.get(project)
        if standing is not None and standing.served.version == record.version:
            return standing.served
        return PhotoModel(load_recorded(self._workspace, record.blob))


def load_recorded(workspace: Workspace, blob: str) -> Model:
    """Loads a model that the ledger knows."""
    return Model(read_model(workspace.blobs.get(blob)))
