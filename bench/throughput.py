"""Features from JPEG files, against the bare graph on the same photos already decoded."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino as ov

from bench.splits import read_set
from understudy.engine.inference import Graph, batched, best_precision, cores
from understudy.modalities.image.decode import sniff
from understudy.modalities.image.extractor import Extractor, extraction_graph
from understudy.modalities.image.features import BATCH, SMALL, decode_batch, stream_features
from understudy.modalities.protocol import Input

Batch = dict[str, npt.NDArray[np.uint8]]


@dataclass(frozen=True)
class Throughput:
    """Seconds of each round, ours and bare, in turn.

    Attributes:
        set: Name of the set.
        photos: JPEG files in it.
        ours: From files to features.
        bare: From decoded arrays to features, by OpenVINO's own queue.
    """

    set: str
    photos: int
    ours: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Our throughput as a share of the bare graph's: the median over the rounds."""
        return statistics.median(bare / ours for ours, bare in zip(self.ours, self.bare, strict=True))


class BareGraph:
    """The extraction graph in OpenVINO's own asynchronous queue, compiled as ours is, without any of our code."""

    def __init__(self, model: bytes, rows: int) -> None:
        core = ov.Core()
        graph = core.read_model(model, b"")
        shapes = {port.any_name: [rows, *list(port.partial_shape)[1:]] for port in graph.inputs}
        graph.reshape(shapes)
        options = {"NUM_STREAMS": str(cores()), "INFERENCE_PRECISION_HINT": best_precision()}
        self._queue: Any = ov.AsyncInferQueue(core.compile_model(graph, "CPU", options), cores())

    def run(self, batches: Sequence[Batch]) -> None:
        """Computes all batches; the features are left where the engine put them."""
        for batch in batches:
            self._queue.start_async(batch)
        self._queue.wait_all()


def measure(name: str, sizes: tuple[int, ...], extractor: Extractor, rounds: int) -> Throughput:
    """Measures one set, ours and bare by turns, after a round of each that does not count."""
    files = [path for path in read_set(name).paths if sniff(path.read_bytes()) == "JPEG"]
    photos = [Input("", path.read_bytes) for path in files]
    rows = BATCH if max(sizes) <= SMALL else BATCH // 2
    model = extraction_graph(extractor, dict.fromkeys(sizes, extractor.width))
    graph, bare = Graph(model, rows=rows), BareGraph(model, rows)
    decoded = [decode_batch(chunk, sizes) for chunk in batched(photos, rows) if len(chunk) == rows]
    decoded += [_filled(decode_batch(photos[len(decoded) * rows :], sizes), rows)] if len(photos) % rows else []
    ours, without = [], []
    for turn in range(rounds + 1):
        mine = _seconds(lambda: _exhaust(stream_features(graph, photos, sizes)))
        theirs = _seconds(lambda: bare.run(decoded))
        if turn:
            ours.append(mine)
            without.append(theirs)
    return Throughput(name, len(photos), tuple(ours), tuple(without))


def pooled(measured: Sequence[Throughput]) -> Throughput:
    """All sets as if they were one."""
    return Throughput(
        "all",
        sum(each.photos for each in measured),
        tuple(map(sum, zip(*(each.ours for each in measured), strict=True))),
        tuple(map(sum, zip(*(each.bare for each in measured), strict=True))),
    )


def _filled(batch: Batch, rows: int) -> Batch:
    return {name: np.concatenate([part, np.zeros((rows - len(part), *part.shape[1:]), part.dtype)])
            for name, part in batch.items()}  # fmt: skip


def _exhaust(batches: Any) -> None:
    for _ in batches:
        pass


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
