"""Answering for examples of a project, however many and large they are; one that cannot be read is named."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.modalities.protocol import Unreadable
from understudy.modalities.reading import InputFailed, input_failed
from understudy.studio.examples.failing import by_name
from understudy.studio.workspace import Workspace

CHUNK: Final = 64
"""Inputs that are answered together, at most, where they are not short."""
LARGEST_CHUNK: Final = 512
SHORT: Final = 100_000
"""Bytes up to which more inputs are taken together: texts are answered in two thirds of the time where more of like
length are found for each batch."""
HEAVY: Final = 32_000_000
"""Bytes from which no more inputs are taken together, for memory holds them all."""

Chunk = Sequence[tuple[str, bytes]]
"""Inputs with their digests."""


class Answering(Protocol):
    """What answers for inputs."""

    def predict_all(self, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers in order; an input that cannot be read gets its error as its entry."""
        ...


def answers_to(workspace: Workspace, project: str, model: Answering, inputs: Chunk) -> list[Answer]:
    """What a model says to examples, in order.

    Args:
        workspace: Where the project is.
        project: Its name.
        model: Whom to ask.
        inputs: The examples' digests and bytes.

    Raises:
        InputFailed: One of them can no longer be read; it is named.
    """
    try:
        return _answered(model, [data for _, data in inputs])
    except Unreadable as error:
        failed = _failing(model, inputs)
        if failed is None:
            raise
        raise by_name(workspace, project, failed) from error


def _answered(model: Answering, inputs: Sequence[bytes]) -> list[Answer]:
    said = []
    for answer in model.predict_all(inputs):
        if isinstance(answer, UnderstudyError):
            raise answer
        said.append(answer)
    return said


def _failing(model: Answering, inputs: Chunk) -> InputFailed | None:
    """Which of some inputs cannot be read."""
    for digest, data in inputs:
        try:
            _answered(model, [data])
        except Unreadable as error:
            return input_failed(digest, error)
    return None


def chunks(inputs: Iterable[tuple[str, bytes]]) -> Iterator[Chunk]:
    """Inputs to be answered together, with their digests: as many as are quick, as few as fit in memory.

    Args:
        inputs: Digests and bytes, read as they are needed.
    """
    chunk: list[tuple[str, bytes]] = []
    size = 0
    for digest, data in inputs:
        chunk.append((digest, data))
        size += len(data)
        if size > HEAVY or len(chunk) >= (CHUNK if size > SHORT else LARGEST_CHUNK):
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
