"""MiniLM as an ONNX graph gives the embeddings that its makers' library gives."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from understudy.engine.inference import Graph
from understudy.modalities.text.encoder import TextEncoder
from understudy.modalities.text.features import FEATURES, IDS, MASK, SHARES, feature_graph
from understudy.modalities.text.modality import MODALITY

TEXTS = (
    "Where is my parcel? It was to come on Tuesday.",
    "ok 👍",
    "Guten Tag, die Rechnung ist doppelt gebucht worden.",
)
GOLDEN = (
    (0.01298, -0.02728, 0.06721, 0.00229, 0.05509, 0.03322, -0.02523, 0.00265),
    (0.01090, -0.08402, 0.06483, 0.04554, 0.05949, -0.00280, 0.02821, 0.04527),
    (-0.03525, 0.09791, 0.00344, -0.03588, -0.04775, -0.03444, 0.04455, 0.08953),
)
"""The first numbers of what sentence-transformers 6.2 with torch 2.14 gives for the wheel's folder."""

Arrays = Mapping[str, npt.NDArray[np.int64]]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return MODALITY.encoder(None)


@pytest.fixture(scope="module")
def graph(encoder: TextEncoder) -> bytes:
    return feature_graph(encoder.sentences, 2688)


@pytest.fixture(scope="module")
def compiled(graph: bytes) -> Graph:
    return Graph(graph, rows=4, goal="latency", precision="f32")


def batch(encoder: TextEncoder, *texts: str, width: int = 0) -> Arrays:
    ids, mask = encoder.tokens.padded(encoder.tokens.ids(texts))
    more = ((0, 0), (0, max(width - ids.shape[1], 0)))
    return {IDS: np.pad(ids, more), MASK: np.pad(mask, more)}


def test_embeddings_are_those_of_the_reference(encoder: TextEncoder, compiled: Graph) -> None:
    """The last layer's row is the embedding that sentence-transformers computes from the same weights."""
    rows = compiled.run(batch(encoder, *TEXTS))[FEATURES]
    assert rows.shape == (3, 7 * 384)
    np.testing.assert_allclose(rows[:, :8] / SHARES[0], GOLDEN, atol=2e-5)


def test_every_layer_has_its_share(encoder: TextEncoder, compiled: Graph) -> None:
    """Each layer's 384 numbers are as long as its share, the last layer's first."""
    rows = compiled.run(batch(encoder, *TEXTS))[FEATURES]
    np.testing.assert_allclose(np.linalg.norm(rows.reshape(3, 7, 384), axis=2), [SHARES] * 3, atol=1e-4)


def test_padding_changes_nothing(encoder: TextEncoder, compiled: Graph) -> None:
    """A text has the same row alone, beside a longer one, and with more padding behind it."""
    alone = compiled.run(batch(encoder, TEXTS[1]))[FEATURES][0]
    beside = compiled.run(batch(encoder, TEXTS[1], TEXTS[0]))[FEATURES][0]
    wide = compiled.run(batch(encoder, TEXTS[1], width=120))[FEATURES][0]
    np.testing.assert_allclose(beside, alone, atol=1e-5)
    np.testing.assert_allclose(wide, alone, atol=1e-5)


def test_onnx_runtime_agrees(encoder: TextEncoder, graph: bytes, compiled: Graph) -> None:
    """ONNX Runtime computes the same rows from the same file."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    theirs = session.run([FEATURES], dict(batch(encoder, *TEXTS)))[0]
    ours = compiled.run(batch(encoder, *TEXTS))[FEATURES]
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_same_weights_give_the_same_graph(encoder: TextEncoder, graph: bytes) -> None:
    """Two graphs from the same weights are equal, byte for byte."""
    assert sha256(feature_graph(encoder.sentences, 2688)).digest() == sha256(graph).digest()
