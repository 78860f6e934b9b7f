"""Texts as an encoder sees them: by meaning, as a transformer's layers tell, and by words and spelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.engine.inference import best_precision
from understudy.modalities.abilities import Hidden
from understudy.modalities.cache import FeatureCache
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Array, Indices, Input, Matrix, Part, ReadRows, Told, View
from understudy.modalities.text import words
from understudy.modalities.text.features import (
    IDS,
    MASK,
    ROWS,
    WORDS,
    MiniLM,
    Sentences,
    add_inputs,
    extract,
    extract_few,
)
from understudy.modalities.text.hiding import hidden_texts
from understudy.modalities.text.reading import read_text
from understudy.modalities.text.tokens import Tokens, tokens_of
from understudy.modalities.text.tuning import VIEW as TUNED_VIEW
from understudy.modalities.text.tuning import TextTuner, add_tuned, start_of, states_of
from understudy.modalities.text.words import word_row

LAYERS_PART: Final = "layers"
WORDS_PART: Final = "words"
TOKENIZER: Final = "tokenizer.json"
MANY_TEXTS: Final = 6_000
"""Texts above which the upper layers alone are looked at, unless somebody gives a budget."""
FEW_TEXTS: Final = 100
"""Texts up to which the built-in encoder sees them without a graph: 27 in .5 s of the processor instead of 3.2."""
MOST_TUNED, MOST_TUNED_TIMED = 8_000, 200_000
"""Tokens of all texts up to which the encoder is fine-tuned, and where a limit of time ends it. Two cores take 10 to
30 s for 6,000 with all folds, by how fast they are."""
SHORTEST: Final = 2
"""Tokens of the shortest text there is: its beginning and its end."""
PREPROCESSING: Final = (
    "UTF-8 without a byte order mark; control characters become spaces; runs of spaces become one, ends are trimmed; "
    "tokens by the tokenizer in this file, cut at `longest`; input_ids and attention_mask int64 (n, w), padded behind; "
    "words float32 (n, 8192), the hashed row of understudy.modalities.text.words."
)


@dataclass(frozen=True)
class TextEncoder:
    """A sentence encoder's layers, and hashed words beside them.

    Attributes:
        sentences: Turns tokens into features: the best first, so that shorter rows are the beginnings of longer ones.
        tokens: Its tokenizer.
        tuned: What fine-tuning on examples came to, by name; None before.
    """

    sentences: Sentences
    tokens: Tokens
    tuned: Mapping[str, Matrix] | None = None

    @property
    def key(self) -> str:  # noqa: D102
        return f"{self.sentences.key} {words.KIND}"

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        """The views worth trying: all layers, the upper ones, the last alone, and spelling.

        All layers cost the same to see, since the last needs the others; spelling costs a tenth.
        """
        by_layers = [
            View(name, (Part(LAYERS_PART, depth),), standardised=False)
            for name, depth in sorted(self.sentences.depths.items(), key=lambda each: -each[1])
        ]
        by_words = View("words and spelling", (Part(WORDS_PART, words.WIDTH),), standardised=False)
        if count > MANY_TEXTS and not thorough:
            return (by_layers[min(1, len(by_layers) - 1)],)
        return (*by_layers, by_words)

    def features(self, inputs: Sequence[Input], view: View, plan: Sequence[View], cache: Path, told: Told) -> ReadRows:  # noqa: D102
        (part,) = view.parts
        if part.name == WORDS_PART:
            # Hashing a text anew takes no longer than reading its wide row from disk would.
            return lambda rows: np.stack([word_row(read_text(inputs[row].read())) for row in rows])
        digests = [text.digest for text in inputs]
        deepest = _deepest(plan, part.name)
        if isinstance(self.sentences, MiniLM) and len(inputs) <= FEW_TEXTS:
            kept = self._cache(cache, deepest, "by hand")
            extract_few(inputs, self.sentences, self.tokens, kept, told)
        else:
            kept = self._cache(cache, deepest, best_precision())
            extract(inputs, self.sentences, self.tokens, kept, told)

        def read(rows: Indices) -> Matrix:
            return kept.read([digests[row] for row in rows], depth=part.width)

        return read

    def add_to(self, graph: GraphBuilder, views: Sequence[View]) -> dict[str, str]:  # noqa: D102
        names = {}
        layers = [view for view in views if view.parts[0].name == LAYERS_PART]
        given = add_inputs(graph) if layers or TUNED_VIEW in views else ("", "")
        if layers:
            deepest = _deepest(layers, LAYERS_PART).width
            row = self.sentences.add_to(graph, *given, depth=deepest)
            names = {view.name: _beginning(graph, row, view.width, deepest) for view in layers}
        for view in views:
            if view.parts[0].name == WORDS_PART:
                names[view.name] = graph.input(WORDS, FLOAT, ["n", words.WIDTH])
        if TUNED_VIEW in views:
            names[TUNED_VIEW.name] = self._add_tuned(graph, *given)
        return names

    def preparer(self, views: Sequence[View]) -> "TextPreparer":  # noqa: D102
        seen = {view.parts[0].name for view in views}
        return TextPreparer(self.tokens if seen != {WORDS_PART} else None, by_words=WORDS_PART in seen)

    def tuner(self, inputs: Sequence[Input], *, timed: bool, told: Told) -> TextTuner | None:
        """As `Tuning` says: the built-in encoder alone can be fine-tuned; of others only the graph is known."""
        most = MOST_TUNED_TIMED if timed else MOST_TUNED
        if not isinstance(self.sentences, MiniLM) or len(inputs) * SHORTEST > most:
            return None
        ids = self.tokens.ids([read_text(each.read()) for each in inputs])
        if sum(map(len, ids)) > most:
            return None
        weights = self.sentences.weights
        return TextTuner(states_of(ids, weights, told), start_of(weights))

    def with_tuned(self, arrays: Mapping[str, Matrix]) -> "TextEncoder":  # noqa: D102
        return replace(self, tuned=arrays)

    def _add_tuned(self, graph: GraphBuilder, ids: str, mask: str) -> str:
        if self.tuned is None or not isinstance(self.sentences, MiniLM):
            raise ValueError("nothing was fine-tuned")
        return add_tuned(graph, ids, mask, self.sentences.weights, self.tuned)

    def _cache(self, folder: Path, part: Part, how: str) -> FeatureCache:
        return FeatureCache(folder, f"{self.sentences.key} {part.width} {how}", part.width)


@dataclass(frozen=True)
class TextPreparer:
    """Texts as tokens, as hashed words, or both.

    Attributes:
        tokens: The tokenizer; None where only words are looked at.
        by_words: Whether words are looked at.
    """

    tokens: Tokens | None
    by_words: bool

    @property
    def rows(self) -> int:  # noqa: D102
        return ROWS

    def arrays(self, data: bytes) -> dict[str, Array]:  # noqa: D102
        return self._arrays(read_text(data))

    def stacked(self, several: Sequence[Mapping[str, Array]]) -> dict[str, Array]:  # noqa: D102
        return {name: _stacked([each[name] for each in several], self._filling(name)) for name in several[0]}

    def described(self) -> dict[str, Any]:  # noqa: D102
        longest = self.tokens.longest if self.tokens else 0
        return {"longest": longest, "words": words.KIND if self.by_words else "", "preprocessing": PREPROCESSING}

    def assets(self) -> dict[str, bytes]:  # noqa: D102
        return {TOKENIZER: self.tokens.file} if self.tokens else {}

    def hidden(self, data: bytes) -> Sequence[Hidden]:
        """The text without each of its words in turn."""
        text = read_text(data)
        return [Hidden(what, self._arrays(rest)) for what, rest in hidden_texts(text)]

    @classmethod
    def from_description(cls, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> "TextPreparer":
        """Makes it again from what it said of itself.

        Raises:
            KeyError, TypeError, ValueError: That is not what one says.
        """
        longest, by_words = int(described["longest"]), str(described["words"])
        if by_words not in ("", words.KIND):
            raise ValueError(f"words of kind {by_words}")
        return cls(tokens_of(assets[TOKENIZER], longest) if longest else None, by_words=bool(by_words))

    def _arrays(self, text: str) -> dict[str, Array]:
        given: dict[str, Array] = {}
        if self.tokens:
            given[IDS], given[MASK] = self.tokens.padded(self.tokens.ids([text]))
        if self.by_words:
            given[WORDS] = word_row(text)[None]
        return given

    def _filling(self, name: str) -> int:
        return self.tokens.padding if name == IDS and self.tokens else 0


def _deepest(views: Sequence[View], name: str) -> Part:
    """The longest row that any view asks of a part; the others are its beginnings."""
    return max((part for view in views for part in view.parts if part.name == name), key=lambda part: part.width)


def _beginning(graph: GraphBuilder, row: str, width: int, whole: int) -> str:
    if width == whole:
        return row
    start, end, axis = (graph.constant(f"at {value}", np.array([value], np.int64)) for value in (0, width, 1))
    return graph.node("Slice", [row, start, end, axis])


def _stacked(several: Sequence[Array], filling: int) -> Array:
    """Side by side, the shorter ones filled up."""
    width = max(each.shape[1] for each in several)
    filled = [np.pad(each, ((0, 0), (0, width - each.shape[1])), constant_values=filling) for each in several]
    return np.concatenate(filled)
