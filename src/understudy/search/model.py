"""A model that is ready to answer."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, answer_from
from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph, batched
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import input_name
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.search.assembly import OUTPUT
from understudy.search.model_file import ModelFile, ModelUnreadable, read_model, replay

BATCH = 4
PATCHES = 7
"""A photo is hidden patch by patch, so many across and down, to see which of them mattered."""

Squares = Sequence[npt.NDArray[np.uint8]]
Readable = str | os.PathLike[str] | bytes | IO[bytes]


class PhotoMissing(UnderstudyError):
    """The file of a photo is not there, or cannot be read."""


class Model:
    """A model that is ready to answer. Safe to use from several threads.

    It answers in 32 bits, though candidates were compared in whatever the processor does fastest: the tested model
    must give the same answer on every machine, and bf16 moves a probability by up to 0.1.

    Args:
        file: What `read_model` gave. Its golden photos are answered again before anything else.

    Raises:
        ModelBroken: The golden answers are not what they were.
        ModelUnreadable: The graph inside cannot be run.
    """

    def __init__(self, file: ModelFile) -> None:
        self.file = file
        self.description = file.description
        self._making = threading.Lock()
        replay(file, self._single)

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        return self.file.version

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer, in the order of its probabilities."""
        return self.description.labels

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        return self.description.threshold

    def predict(self, photo: Readable) -> Answer:
        """Answers for one photo.

        Args:
            photo: A path, the file's bytes, or an open file.

        Raises:
            PhotoUnreadable: It is no photo, or a damaged one.
            PhotoMissing: There is no file of this name that can be read.
        """
        squares = decode_photo(_bytes_of(photo), self.description.sizes)
        return self._answer(self._run([squares])[0])

    def predict_all(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers for encoded photos, in order; a photo that cannot be read gets its error as its entry."""
        decoded: list[Squares | PhotoUnreadable] = [self._decoded(photo) for photo in photos]
        given = iter(self._run([squares for squares in decoded if not isinstance(squares, PhotoUnreadable)]))
        return [each if isinstance(each, PhotoUnreadable) else self._answer(next(given)) for each in decoded]

    def probabilities(self, photos: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """Probabilities of every label for encoded photos, (n, k).

        Raises:
            PhotoUnreadable: One of them is no photo, or a damaged one.
        """
        return self._run([decode_photo(photo, self.description.sizes) for photo in photos])

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells which parts of a photo the answer rests on, by hiding each in turn.

        Returns:
            (7, 7) over the whole photo: how much hiding the patch lowers the answer's probability; below 0 where
            hiding raises it.

        Source:
            Occlusion sensitivity, Zeiler & Fergus, ECCV 2014.

        Raises:
            PhotoUnreadable: It is no photo, or a damaged one.
        """
        squares = decode_photo(photo, self.description.sizes)
        places = [(row, column) for row in range(PATCHES) for column in range(PATCHES)]
        given = self._run([squares, *([_hidden(square, *place) for square in squares] for place in places)])
        answer = int(given[0].argmax())
        fall: npt.NDArray[np.float32] = given[0, answer] - given[1:, answer]
        return fall.reshape(PATCHES, PATCHES)

    def _answer(self, given: npt.NDArray[np.float32]) -> Answer:
        return answer_from(self.labels, tuple(float(value) for value in given), threshold=self.threshold)

    def _decoded(self, photo: bytes) -> Squares | PhotoUnreadable:
        try:
            return decode_photo(photo, self.description.sizes)
        except PhotoUnreadable as error:
            return error

    def _run(self, photos: Sequence[Squares]) -> npt.NDArray[np.float32]:
        if len(photos) <= 1:
            parts = [self._single.run(self._inputs([squares]))[OUTPUT] for squares in photos]
        else:
            batches = (self._inputs(batch) for batch in batched(photos, BATCH))
            parts = [result[OUTPUT] for result in self._several.stream(batches)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.labels)), np.float32)

    def _inputs(self, photos: Sequence[Squares]) -> dict[str, npt.NDArray[np.uint8]]:
        sizes = self.description.sizes
        return {input_name(size): np.stack([squares[at] for squares in photos]) for at, size in enumerate(sizes)}

    @cached_property
    def _single(self) -> Graph:
        try:
            return Graph(self.file.graph, rows=1, goal="latency", precision="f32")
        except RuntimeError as error:
            raise ModelUnreadable(
                fact="The model's graph cannot be run.",
                reason="The file is damaged, or made by a newer version.",
                remedy="Copy the file again from where it was exported, or update Understudy.",
            ) from error

    @property
    def _several(self) -> Graph:
        with self._making:
            return self._compiled_for_several

    @cached_property
    def _compiled_for_several(self) -> Graph:
        return Graph(self.file.graph, rows=BATCH, precision="f32")


def load(path: str | os.PathLike[str]) -> Model:
    """Loads a model file and replays its golden photos.

    Raises:
        ModelUnreadable: The file is missing, damaged, or no model of Understudy.
        ModelBroken: It no longer gives the answers it gave when it was made.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ModelUnreadable(
            fact=f"“{path}” cannot be read.",
            reason=f"{error.strerror or error}.",
            remedy="Give the path of a file that “understudy export” wrote.",
        ) from error
    return Model(read_model(data))


def _bytes_of(photo: Readable) -> bytes:
    if isinstance(photo, bytes):
        return photo
    if not isinstance(photo, str | os.PathLike):
        return photo.read()
    try:
        return Path(photo).read_bytes()
    except OSError as error:
        raise PhotoMissing(
            fact=f"“{photo}” cannot be read.", reason=f"{error.strerror or error}.", remedy="Give the path of a photo."
        ) from error


def _hidden(square: npt.NDArray[np.uint8], row: int, column: int) -> npt.NDArray[np.uint8]:
    """The square with one patch replaced by the photo's mean colour."""
    edges = np.linspace(0, len(square), PATCHES + 1).round().astype(int)
    hidden = square.copy()
    hidden[edges[row] : edges[row + 1], edges[column] : edges[column + 1]] = square.mean(axis=(0, 1)).astype(np.uint8)
    return hidden
