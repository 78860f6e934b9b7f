"""The shelf: models that are ready to answer, each loaded once."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.model import ModelRecord
from understudy.launch.usual import Usual
from understudy.modalities.contained import ModuleFailed, contained
from understudy.modalities.measuring import inspected
from understudy.modalities.protocol import Modality
from understudy.modalities.registry import modality_named
from understudy.modalities.table.fit import check_known, known_cells
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import TableSchema
from understudy.modalities.table.unreadable import RowUnreadable
from understudy.search.loading import load_bytes
from understudy.search.model import Model
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotExplained, NotTrainedYet, ServedModel, UnknownModel, Watched
from understudy.studio.workspace import Workspace

TABLE = "table"
KEPT = 8
"""Models that stay loaded though nobody holds them; those in service are held by whoever asks them."""

Key = tuple[str, str]
"""A project and the version of a model of it."""


@dataclass(frozen=True)
class Served:
    """A model as serving meets it."""

    model: ReadyModel

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

    def predict(self, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers for inputs, in order."""
        return self.model.predict_all(inputs)

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """What moved the answer to an input, strongest first."""
        with self._explaining():
            return self.model.explain(data)

    @property
    def usual(self) -> Usual | None:
        """What the inputs were like that it learned from; None where nothing is kept of them."""
        return self.model.usual if isinstance(self.model, Watched) else None

    def traits(self, data: bytes) -> tuple[float, ...]:
        """What an input is like, in the order of `usual`."""
        with contained(self.model.description.task.modality):
            return self.model.traits(data) if isinstance(self.model, Watched) else ()

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells which parts of a photo the answer rests on; no part of what is no photo."""
        with self._explaining():
            return self.model.regions(photo) if isinstance(self.model, Model) else np.empty((0, 0), np.float32)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Where a module fails on an input that was answered about, nothing is wrong with the input."""
        try:
            with contained(self.model.description.task.modality):
                yield
        except ModuleFailed as error:
            raise NotExplained.because(error) from error


class Shelf:
    """Models by project and version. Threads may share it; different models are loaded side by side.

    Args:
        workspace: Where projects and models are.
        kept: How many stay loaded.
    """

    def __init__(self, workspace: Workspace, *, kept: int = KEPT) -> None:
        self._workspace = workspace
        self._kept = kept
        self._lock = threading.Lock()
        self._loaded: OrderedDict[Key, ServedModel] = OrderedDict()
        self._loading: WeakValueDictionary[Key, threading.Lock] = WeakValueDictionary()
        self._modalities: dict[str, Modality] = {}
        self._tables: dict[str, TableSchema] = {}

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
        """A model that is ready to answer: read, proven by its golden inputs, and warm.

        Raises:
            UnknownProject: No such project.
            UnknownModel: It never had such a model.
            UnderstudyError: Its file is missing, damaged, or does not give the answers it gave when it was made.
        """
        key = (project, version)
        with self._lock:
            loading = self._loading.setdefault(key, threading.Lock())  # gone when nobody loads it any more
        with loading:
            found = self._found(key)
            if found is None:
                found = self._warmed(project, self._record(project, version))
                self._keep(key, found)
        return found

    def check(self, project: str, data: bytes) -> None:
        """Makes sure that the bytes are an input that a person can be shown.

        Raises:
            UnknownProject: No such project.
            Unreadable: They are none of the project's kind, or one that is damaged or too large, or a row that has none
                of the project's columns.
        """
        try:
            inspected(self._modality(project), data)
        except ModuleFailed:
            return  # a person may see what the module could not read
        table = self._table(project)
        if table is None:
            return
        try:
            check_known(known_cells(data, table), table)
        except RowUnreadable:
            self._tables.pop(project, None)  # rows that people answered about may have brought columns since
            table = self._table(project) or table
            check_known(known_cells(data, table), table)

    def card(self, project: str) -> bytes:
        """A small input to ask the project's models about, to see whether they work.

        Raises:
            UnknownProject: No such project.
        """
        table = self._table(project)
        if table is not None and table.seen:
            return row_bytes({}, table.seen)
        return self._modality(project).golden()[0]

    def _modality(self, project: str) -> Modality:
        """What a project is about, which never changes."""
        if project not in self._modalities:
            self._modalities[project] = modality_named(self._workspace.ledger.project(project).task.modality)
        return self._modalities[project]

    def _table(self, project: str) -> TableSchema | None:
        """The columns of a project about rows, once they are known; none ever goes."""
        if project not in self._tables and self._modality(project).name == TABLE:
            kept = self._workspace.ledger.schema(project)
            if kept is not None:
                self._tables[project] = TableSchema.from_json(kept)
        return self._tables.get(project)

    def _found(self, key: Key) -> ServedModel | None:
        with self._lock:
            if key in self._loaded:
                self._loaded.move_to_end(key)
            return self._loaded.get(key)

    def _keep(self, key: Key, model: ServedModel) -> None:
        with self._lock:
            self._loaded[key] = model
            while len(self._loaded) > self._kept:
                self._loaded.popitem(last=False)

    def _record(self, project: str, version: str) -> ModelRecord:
        for record in reversed(self._workspace.ledger.models(project)):
            if record.version == version:
                return record
        raise UnknownModel.named(project, version)

    def _warmed(self, project: str, record: ModelRecord) -> Served:
        model = Served(load_recorded(self._workspace, record.blob))
        model.predict([self.card(project)] * 2)  # two go through the graph for many, one was among the golden inputs
        return model


def load_recorded(workspace: Workspace, blob: str, *, many: bool = False) -> ReadyModel:
    """Loads a model that the ledger knows; see `load_bytes`."""
    return load_bytes(workspace.blobs.get(blob), many=many)
