"""Any other ONNX encoder of texts can serve, with its tokenizer beside it."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.text.encoder import TextEncoder
from understudy.modalities.text.features import FEATURES, IDS, MASK, feature_graph
from understudy.modalities.text.modality import MODALITY

WORDS = ["[PAD]", "[UNK]", "where", "is", "my", "card", "wo", "ist", "meine", "Karte"]
WIDTH = 6


def tokenizer(folder: Path) -> Path:
    made = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    path = folder / "tokenizer.json"
    made.save(str(path))
    return path


def encoder_file(
    path: Path,
    *,
    output: str = "last_hidden_state",
    kinds: bool = True,
    length: int | str = "w",
    ids: str = IDS,
) -> Path:
    """Looks each token up in a table; a row for each token, or their sum for each text."""
    table = np.random.default_rng(1).normal(0, 1, (len(WORDS), WIDTH)).astype(np.float32)
    names = [ids, MASK, *(["token_type_ids"] if kinds else [])]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", length]) for name in names]
    nodes = [
        helper.make_node("Gather", ["table", ids], ["tokens"]),
        helper.make_node("Cast", [MASK], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["seen", "last"], ["column"]),
        helper.make_node("Mul", ["tokens", "column"], ["hidden"]),
    ]
    if kinds:
        nodes.append(helper.make_node("Cast", ["token_type_ids"], ["kinds"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Unsqueeze", ["kinds", "last"], ["kinds column"]))
        nodes.append(helper.make_node("Add", ["hidden", "kinds column"], ["states"]))
    shape: list[int | str] = ["n", "w", WIDTH]
    source = "states" if kinds else "hidden"
    if output == "sentence_embedding":
        nodes.append(helper.make_node("ReduceSum", [source, "middle"], [output], keepdims=0))
        shape = ["n", WIDTH]
    else:
        nodes.append(helper.make_node("Identity", [source], [output]))
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "middle"),
    ]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)]
    graph = helper.make_graph(nodes, "encoder", inputs, outputs, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def rows(encoder: TextEncoder, *texts: str) -> np.ndarray:
    ids, mask = encoder.tokens.padded(encoder.tokens.ids(texts))
    graph = Graph(feature_graph(encoder.sentences, WIDTH), rows=len(texts), goal="latency", precision="f32")
    return np.asarray(graph.run({IDS: ids, MASK: mask})[FEATURES])


@pytest.mark.parametrize("output", ["last_hidden_state", "sentence_embedding", "anything"])
@pytest.mark.parametrize("kinds", [True, False])
def test_tokens_are_averaged_and_sentences_taken_as_they_are(tmp_path: Path, output: str, *, kinds: bool) -> None:
    """Whether it gives tokens or sentences, in whatever language, each text has one row of length 1."""
    tokenizer(tmp_path)
    encoder = MODALITY.encoder(str(encoder_file(tmp_path / "own.onnx", output=output, kinds=kinds)))
    given = rows(encoder, "where is my card", "wo ist meine Karte", "card card card")
    np.testing.assert_allclose(np.linalg.norm(given, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(given[2], rows(encoder, "card")[0], atol=1e-5)
    assert encoder.views(10, thorough=False)[0].width == WIDTH


def test_the_key_tells_files_and_tokenizers_apart(tmp_path: Path) -> None:
    """Another file or another tokenizer has other features, so it has another key."""
    tokenizer(tmp_path)
    first = MODALITY.encoder(str(encoder_file(tmp_path / "a.onnx"))).key
    second = MODALITY.encoder(str(encoder_file(tmp_path / "b.onnx", kinds=False))).key
    told = json.loads((tmp_path / "tokenizer.json").read_text())
    told["model"]["vocab"]["card"], told["model"]["vocab"]["my"] = 4, 5
    (tmp_path / "tokenizer.json").write_text(json.dumps(told))
    assert len({first, second, MODALITY.encoder(str(tmp_path / "a.onnx")).key}) == 3


def test_a_tokenizer_above_the_folder_onnx_is_found(tmp_path: Path) -> None:
    """The tokenizer may stand above a folder “onnx”, as on the hub."""
    tokenizer(tmp_path)
    (tmp_path / "onnx").mkdir()
    assert MODALITY.encoder(str(encoder_file(tmp_path / "onnx" / "model.onnx"))).tokens.ids(["card"]) == [[5]]


def test_what_cannot_serve_is_refused(tmp_path: Path) -> None:
    """A missing file or tokenizer, other inputs and a fixed length are refused with what to do."""
    alone = tmp_path / "alone"
    alone.mkdir()
    tokenizer(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "tokenizer.json").write_text("{}")
    (tmp_path / "text.onnx").write_text("no graph")
    for path, words in (
        (tmp_path / "none.onnx", "No such file"),
        (encoder_file(alone / "own.onnx"), "tokenizer.json"),
        (encoder_file(broken / "own.onnx"), "no tokenizer"),
        (encoder_file(tmp_path / "ids.onnx", ids="tokens_in"), "instead of input_ids"),
        (encoder_file(tmp_path / "fixed.onnx", length=16), "one length"),
        (tmp_path / "text.onnx", "ONNX file"),
    ):
        with pytest.raises(UnderstudyError, match=words) as caught:
            MODALITY.encoder(str(path))
        assert caught.value.remedy
