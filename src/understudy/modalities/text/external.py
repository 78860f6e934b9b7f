"""External encoders: any other ONNX graph that turns the tokens of texts into features, with its tokenizer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.image.foreign import parsed, take_in
from understudy.modalities.text.features import FEATURES, IDS, MASK, feature_graph
from understudy.modalities.text.tokens import Tokens, tokens_of
from understudy.modalities.text.transformer import add_means, add_unit_length

TOKENIZER: Final = "tokenizer.json"
KINDS: Final = "token_type_ids"
LONGEST: Final = 256
"""Tokens after which a text is cut, as for the built-in encoder."""
_INTEGERS: Final = (TensorProto.INT64, TensorProto.INT32)
_FLOATS: Final = (TensorProto.FLOAT, TensorProto.FLOAT16)
_PROBES: Final = ("A first text.", "Another one, of more words than the first has.")


class EncoderUnusable(UnderstudyError):
    """A file cannot serve as an encoder of texts."""


@dataclass(frozen=True)
class External:
    """An encoder that somebody else made.

    Attributes:
        key: Hash of the file.
        model: Its graph.
        output: Name of the output that is used.
        by_token: That output has a row for each token, (n, w, width); the mean over a text's tokens is taken.
        width: Numbers in a row; 0 while it is not known yet.
    """

    key: str
    model: onnx.ModelProto = field(repr=False, compare=False)
    output: str
    by_token: bool
    width: int = 0

    @property
    def depths(self) -> Mapping[str, int]:  # noqa: D102
        return {"meaning": self.width}

    def add_to(self, graph: GraphBuilder, ids: str, mask: str, *, depth: int) -> str:  # noqa: D102
        del depth
        kinds = {each.name: each.type.tensor_type.elem_type for each in _inputs(self.model)}
        given = {IDS: ids, MASK: mask, KINDS: self._zeros(graph, ids)}
        cast = {name: graph.node("Cast", [given[name]], to=kind) for name, kind in kinds.items()}
        names = take_in(graph, self.model, cast)
        row = graph.node("Cast", [names(self.output)], to=FLOAT)
        if self.by_token:
            (row,) = add_means(graph, [row], graph.node("Cast", [mask], to=FLOAT))
        return add_unit_length(graph, row)

    @staticmethod
    def _zeros(graph: GraphBuilder, ids: str) -> str:
        return graph.node("Mul", [ids, graph.constant("no kind", np.int64(0))])


def external_from_file(path: Path, tokenizer: Path | None = None) -> tuple[External, Tokens]:
    """Reads an ONNX file with its tokenizer and tries it on two texts.

    Args:
        path: The file.
        tokenizer: Its `tokenizer.json`; None looks beside the file and in the folder above.

    Raises:
        EncoderUnusable: One of them is missing, or cannot serve.
        ExtractorUnusable: The file is no valid ONNX file.
    """
    try:
        data, own = path.read_bytes(), (tokenizer or _tokenizer_near(path)).read_bytes()
    except OSError as error:
        reason = f"{error.filename or path}: {error.strerror or error}."
        raise unusable(str(path), reason, f"Give the path of an ONNX file with its {TOKENIZER} beside it.") from error
    model = parsed(data, path.name)
    _check_inputs(model, path.name)
    output, by_token = _feature_output(model, path.name)
    try:
        tokens = tokens_of(own, LONGEST)
    except ValueError as error:
        raise unusable(path.name, f"Its {TOKENIZER} is {error}.", "Save the tokenizer again.") from error
    key = sha256(data + own).hexdigest()[:24]
    width = _try(External(key, model, output, by_token), tokens, path.name)
    return External(key, model, output, by_token, width), tokens


def unusable(name: str, reason: str, remedy: str) -> EncoderUnusable:
    """The error for one file, by its name."""
    return EncoderUnusable(fact=f"“{name}” cannot serve as an encoder of texts.", reason=reason, remedy=remedy)


def _tokenizer_near(path: Path) -> Path:
    """Where hubs put it: beside the file, or above the folder "onnx"."""
    above = path.parent.parent / TOKENIZER
    return above if path.parent.name == "onnx" and above.is_file() else path.parent / TOKENIZER


def _inputs(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    constants = {tensor.name for tensor in model.graph.initializer}
    return [each for each in model.graph.input if each.name not in constants]


def _check_inputs(model: onnx.ModelProto, name: str) -> None:
    """Raises unless it takes tokens, of any number of texts of any length."""
    inputs = _inputs(model)
    named = {each.name for each in inputs}
    remedy = "Export it for feature extraction, with free batch size and length."
    if IDS not in named or not named <= {IDS, MASK, KINDS}:
        told = ", ".join(sorted(named)[:4]) or "none"
        raise unusable(name, f"It takes {told} instead of {IDS}, {MASK} and {KINDS}.", remedy)
    if any(each.type.tensor_type.elem_type not in _INTEGERS for each in inputs):
        raise unusable(name, "Its tokens are no whole numbers.", remedy)
    if any(dimension.dim_value for each in inputs for dimension in each.type.tensor_type.shape.dim):
        raise unusable(name, "It takes texts of one length, or one number of them, alone.", remedy)


def _feature_output(model: onnx.ModelProto, name: str) -> tuple[str, bool]:
    """The first output with a row for each text, unless it gives tokens under their usual name and no sentence."""
    ranks = {
        each.name: len(each.type.tensor_type.shape.dim)
        for each in model.graph.output
        if each.type.tensor_type.elem_type in _FLOATS and each.type.tensor_type.HasField("shape")
    }
    for wanted in ("sentence_embedding", "last_hidden_state", "token_embeddings"):
        if ranks.get(wanted) in (2, 3):
            return wanted, ranks[wanted] == 3
    for output, rank in ranks.items():
        if rank in (2, 3):
            return output, rank == 3
    told = ", ".join(f"{output} of {rank} dimensions" for output, rank in ranks.items()) or "none of numbers"
    raise unusable(name, f"Its outputs are not features ({told}).", "Export it for feature extraction.")


def _try(encoder: External, tokens: Tokens, name: str) -> int:
    """Answers for two texts, then for the first alone, and returns how many numbers a row has."""
    remedy = "Export it for feature extraction, with free batch size and length."
    try:
        graph = Graph(feature_graph(encoder, 0), rows=2, goal="latency", precision="f32")
        both, alone = (_run(graph, tokens, texts) for texts in (_PROBES, _PROBES[:1]))
    except (RuntimeError, IndexError, onnx.checker.ValidationError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        raise unusable(name, f"The engine cannot run it ({lines[-1][:160]}).", remedy) from error
    if not np.isfinite(both).all():
        raise unusable(name, "Its features are not finite numbers.", remedy)
    if both.ndim != 2 or np.abs(both[0] - alone[0]).max() > 0.01:
        raise unusable(name, "Its answer for a text depends on the other texts beside it.", remedy)
    return int(both.shape[1])


def _run(graph: Graph, tokens: Tokens, texts: tuple[str, ...]) -> np.ndarray:
    ids, mask = tokens.padded(tokens.ids(texts))
    return np.asarray(graph.run({IDS: ids, MASK: mask})[FEATURES])
