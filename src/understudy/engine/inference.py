"""ONNX graphs run by OpenVINO: compiled once, fed in batches of one fixed size."""

import os
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from types import ModuleType

    import openvino as ov

Array = npt.NDArray[Any]
Batch = Mapping[str, Array]
"""Arrays by input name; all share their first length, the number of rows."""

REPORTER: Final = "openvino_telemetry"
"""Package by which the engine's own would report its use."""
Precision = Literal["bf16", "f32"]
Goal = Literal["throughput", "latency"]


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def best_precision() -> Precision:
    """The fastest precision that this processor computes natively; bf16 changes features by about 2%."""
    return "bf16" if "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


_MAKING = threading.Lock()


def _core() -> "ov.Core":
    """The one core of this process, which is never let go.

    The engine's plugin for processors gives the thread that loads it a stack for signals, and frees it when the last
    core goes. Where another thread lets go of that core, the first one keeps an address that is no longer its own
    (2026.4), and its next signal, a Ctrl-C, ends the process at once.
    """
    with _MAKING:
        return _made_core()


@cache
def _made_core() -> "ov.Core":
    # The engine's package reports each import to its makers over the network, from a fork of this process: nobody was
    # asked for that, and a fork can wait for ever for threads that reckon. So it finds no package to report by.
    sys.modules.setdefault(REPORTER, cast("ModuleType", None))
    # Deferred because most commands run no graph, and the engine takes as long to load as all else that they need.
    import openvino as ov  # noqa: PLC0415

    return ov.Core()


class Graph:
    """A compiled graph.

    Every run has the same number of rows (a short batch is padded), so a row's result does not depend on its
    neighbours' number, and the engine can plan for fixed shapes. Other dimensions stay free where the graph leaves
    them free.

    Args:
        model: The ONNX file's bytes.
        rows: Rows in each run.
        goal: "throughput" runs several batches at once; "latency" gives all cores to one.
        precision: Of the arithmetic; None takes the processor's fastest.

    Attributes:
        parallel_runs: How many batches the engine works on at once.

    Raises:
        RuntimeError: The engine cannot read or compile the graph.
    """

    def __init__(
        self, model: bytes, *, rows: int, goal: Goal = "throughput", precision: Precision | None = None
    ) -> None:
        core = _core()
        graph = core.read_model(model, b"")
        graph.reshape({port.any_name: [rows, *_row_shape(port)] for port in graph.inputs})
        self.rows = rows
        self.precision: Precision = precision or best_precision()
        # Streams by number: the engine's own way to them (a performance hint) crashes on some graphs (2026.4).
        streams = cores() if goal == "throughput" else 1
        options = {"NUM_STREAMS": str(streams), "INFERENCE_PRECISION_HINT": self.precision}
        self._compiled = core.compile_model(graph, "CPU", options)
        self.inputs = tuple(port.any_name for port in self._compiled.inputs)
        # Names as the file has them: once compiled, an output bears inner names too, each of which would be copied.
        self.outputs = tuple(port.any_name for port in graph.outputs)
        # Asked once: while batches are under way, the engine answers only when one of them is done.
        self.parallel_runs = int(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._requests: deque[Any] = deque()

    def run(self, batch: Batch) -> dict[str, Array]:
        """Computes one batch of up to `rows` rows. Safe to call from several threads."""
        request = self._borrow()
        try:
            request.infer(self._padded(batch))
            return self._results(request, _length(batch))
        finally:
            self._requests.append(request)

    def stream(self, batches: Iterable[Batch]) -> Iterator[dict[str, Array]]:
        """Computes batches as they come, several at once, and yields their results in order."""
        running: deque[tuple[Any, int]] = deque()
        for batch in batches:
            if len(running) > self.parallel_runs:  # one waits, so that none idles while results are taken
                yield self._finish(running.popleft())
            request = self._borrow()
            request.start_async(self._padded(batch))
            running.append((request, _length(batch)))
        while running:
            yield self._finish(running.popleft())

    def _finish(self, run: tuple[Any, int]) -> dict[str, Array]:
        request, length = run
        request.wait()
        results = self._results(request, length)
        self._requests.append(request)
        return results

    def _borrow(self) -> Any:
        try:
            return self._requests.popleft()
        except IndexError:
            return self._compiled.create_infer_request()

    def _padded(self, batch: Batch) -> dict[str, Array]:
        return {name: _pad(np.ascontiguousarray(rows), self.rows) for name, rows in batch.items()}

    def _results(self, request: Any, length: int) -> dict[str, Array]:
        return {name: request.get_tensor(name).data[:length].copy() for name in self.outputs}


def _row_shape(port: Any) -> list[int]:
    return [-1 if each.is_dynamic else each.get_length() for each in list(port.partial_shape)[1:]]


def _length(batch: Batch) -> int:
    return len(next(iter(batch.values())))


def _pad(rows: Array, length: int) -> Array:
    if len(rows) == length:
        return rows
    return np.concatenate([rows, np.zeros((length - len(rows), *rows.shape[1:]), rows.dtype)])


def batched(items: Iterable[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cuts any iterable into lists of `size`, the last one shorter."""
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
