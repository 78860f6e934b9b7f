"""Explanations: what in an input moved an answer; found beside the lanes, so that no question waits for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Reason
from understudy.serving.model import ModelShelf, ServedModel

Value = TypeVar("Value")


class Explainer:
    """Asks models about answers that they gave, one after the other in a thread of its own.

    Args:
        shelf: Where models are loaded from.
    """

    def __init__(self, shelf: ModelShelf) -> None:
        self._shelf = shelf
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="explaining")

    async def model(self, project: str, version: str) -> ServedModel:
        """A model; loaded if need be.

        Raises:
            UnderstudyError: There is none, or it cannot be loaded.
        """
        return await self._aside(self._shelf.load, project, version)

    async def regions(self, project: str, data: bytes, *, version: str) -> npt.NDArray[np.float32]:
        """Where in an input the answer came from.

        Args:
            project: The project's name.
            data: The encoded input.
            version: Of the model whose answer is to be explained.

        Returns:
            (rows, columns): how much hiding that patch lowers the answer's probability.

        Raises:
            UnderstudyError: There is no such model, or the input cannot be read.
        """
        model = await self.model(project, version)
        return await self._aside(model.regions, data)

    async def reasons(self, project: str, data: bytes, *, version: str) -> tuple[Reason, ...]:
        """What moved a model's answer to an input, strongest first.

        Args:
            project: The project's name.
            data: The encoded input.
            version: Of the model whose answer is to be explained.

        Raises:
            UnderstudyError: There is no such model, or the input cannot be read.
        """
        model = await self.model(project, version)
        return await self._aside(model.explain, data)

    def close(self) -> None:
        """Lets the thread go."""
        self._thread.shutdown(wait=False)

    async def _aside(self, work: Callable[..., Value], *arguments: object) -> Value:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
