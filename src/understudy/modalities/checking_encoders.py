"""Whether an encoder, its preparer and its graph agree: the part of `checking` that runs graphs."""

import hashlib
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from understudy.engine.inference import Graph
from understudy.modalities.abilities import Hidden, Hiding
from understudy.modalities.cache import LARGEST
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Array, Encoder, Input, Matrix, Modality, Preparer, View

CLOSE: Final = 1e-3
"""How far a row may be off, as a share of its largest number, because of its neighbours in a batch."""
AGREEING: Final = 0.1
"""How far features that are kept may be off those of the graph, as a share of their deviation: they may have been
computed in 16 bits, and are kept so."""
MOST_HIDDEN: Final = 100


def encoder_faults(modality: Modality, encoder: Encoder, samples: Sequence[bytes]) -> Iterator[str]:
    """What is amiss with an encoder, one sentence each.

    Args:
        modality: What it encodes.
        encoder: As the modality gives it.
        samples: Inputs that can be read.
    """
    views = encoder.views(len(samples), thorough=True)
    if not views or len({view.name for view in views}) < len(views):
        yield "Its views are none, or two have one name."
        return
    preparer = encoder.preparer(views)
    arrays = [preparer.arrays(data) for data in samples]
    yield from _preparer_faults(modality, preparer, samples, arrays)
    yield from _graph_faults(encoder, views, preparer, samples, arrays)


def _preparer_faults(
    modality: Modality, preparer: Preparer, samples: Sequence[bytes], arrays: Sequence[Mapping[str, Array]]
) -> Iterator[str]:
    described = json.loads(json.dumps(preparer.described(), allow_nan=False))
    again = modality.preparer(described, preparer.assets())
    if json.loads(json.dumps(again.described())) != described:
        yield "A preparer that is made again from what it said of itself says something else."
    for place, (data, before) in enumerate(zip(samples, arrays, strict=True), start=1):
        if not (same_arrays(preparer.arrays(data), before) and same_arrays(again.arrays(data), before)):
            yield f"Sample {place} is prepared otherwise the second time, or by a preparer that was made again."
        if any(array.shape[0] != 1 for array in before.values()):
            yield f"Arrays of sample {place} have a first axis of another length than 1."
        if not all(np.isfinite(array).all() for array in before.values()):
            yield f"Arrays of sample {place} hold what is no finite number."
        if isinstance(preparer, Hiding):
            yield from _hidden_faults(preparer.hidden(data), before, place)
    stacked = preparer.stacked(arrays)
    if any(array.shape[0] != len(samples) for array in stacked.values()) or stacked.keys() != arrays[0].keys():
        yield "stacked() gives another number of rows than there are inputs, or other arrays."


def _hidden_faults(hidden: Sequence[Hidden], before: Mapping[str, Array], place: int) -> Iterator[str]:
    if len(hidden) > MOST_HIDDEN or any(each.arrays.keys() != before.keys() for each in hidden):
        yield f"Hidden parts of sample {place} are more than {MOST_HIDDEN}, or have other arrays than the whole."
    spans = [each.seconds for each in hidden if each.seconds is not None]
    if any(not -math.inf < start <= end < math.inf for start, end in spans):
        yield f"The seconds of a hidden part of sample {place} run backwards, or are no finite numbers."
    if 0 < len(spans) < len(hidden):
        yield (
            f"Some hidden parts of sample {place} have seconds and others none; "
            "where one of the others moves an answer most, no seconds are told."
        )


def _graph_faults(
    encoder: Encoder,
    views: Sequence[View],
    preparer: Preparer,
    samples: Sequence[bytes],
    arrays: Sequence[Mapping[str, Array]],
) -> Iterator[str]:
    data = _built(encoder, views)
    alone, together = (Graph(data, rows=rows, precision="f32") for rows in (1, len(samples) + 1))
    single = [alone.run(each) for each in arrays]
    # One more row than there are inputs, which the engine fills up with zeros, as it does when a batch is short.
    stacked = together.run(preparer.stacked(arrays))
    kept = _kept(encoder, views, samples)
    for place, view in enumerate(views):
        name = f"view {place}"
        rows = np.concatenate([each[name] for each in single])
        if rows.shape != (len(samples), view.width):
            yield f"The graph gives {rows.shape} for the view “{view.name}”, whose width is {view.width}."
            continue
        if not np.isfinite(rows).all():
            yield f"Features of the view “{view.name}” are no finite numbers."
        elif np.abs(rows).max() > LARGEST:
            yield f"Features of the view “{view.name}” exceed {LARGEST:,.0f}, at which those that are kept are cut."
        elif np.abs(stacked[name] - rows).max() > CLOSE * np.abs(rows).max():
            yield f"In the view “{view.name}” an input in a batch gets other features than alone."
        elif not _agree(kept[view.name], rows):
            yield f"In the view “{view.name}” features() gives other features than the graph."


def _built(encoder: Encoder, views: Sequence[View]) -> bytes:
    """The encoder as a part of a model, as ONNX bytes."""
    graph = GraphBuilder()
    names = encoder.add_to(graph.part("encoder"), views)
    for place, view in enumerate(views):
        graph.output(names[view.name], f"view {place}", FLOAT, ["n", view.width])
    return graph.model("checked")


def _kept(encoder: Encoder, views: Sequence[View], samples: Sequence[bytes]) -> dict[str, Matrix]:
    """What `features` gives, by a view's name."""
    inputs = [Input(hashlib.sha256(data).hexdigest(), partial(bytes, data)) for data in samples]
    every = np.arange(len(inputs))
    with tempfile.TemporaryDirectory() as folder:
        return {
            view.name: encoder.features(inputs, view, views, Path(folder), lambda _done, _all: None)(every)
            for view in views
        }


def _agree(kept: Matrix, rows: Matrix) -> bool:
    spread = max(float(rows.std()), 1e-6)
    return kept.shape == rows.shape and float(np.sqrt(np.square(kept - rows).mean())) <= AGREEING * spread


def same_arrays(one: Mapping[str, Array], other: Mapping[str, Array]) -> bool:
    """Whether two inputs are prepared to the very same."""
    return one.keys() == other.keys() and all(
        array.dtype == other[name].dtype and np.array_equal(array, other[name]) for name, array in one.items()
    )
