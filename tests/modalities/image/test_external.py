"""Any other ONNX graph from photos to features can be named, and what cannot serve is refused in plain words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from onnx import TensorProto, helper, numpy_helper

from onnx_files import CHANNELS, conv_pool, kernel
from understudy.engine.inference import Graph
from understudy.modalities.image.external import LARGEST, External
from understudy.modalities.image.extractor import extraction_graph, input_name, output_name
from understudy.modalities.image.foreign import ExtractorUnusable
from understudy.modalities.image.hub import HubUnreachable, external_from_hub
from understudy.modalities.image.hub_file import HubFile
from understudy.modalities.image.named import extractor_named

SIDE = 32
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def photos(side: int = SIDE) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 255, (3, side, side, 3)).astype(np.uint8)


def features(extractor: External, side: int = SIDE) -> npt.NDArray[np.float32]:
    graph = Graph(extraction_graph(extractor, {side: extractor.width}), rows=3, precision="f32")
    return graph.run({input_name(side): photos(side)})[output_name(side)]


def by_hand(scaled: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The convolution and the pool, written out."""
    weights = numpy_helper.to_array(kernel()).astype(np.float64)
    padded = np.pad(scaled.transpose(0, 3, 1, 2), ((0, 0), (0, 0), (2, 2), (2, 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(2, 3))[:, :, ::4, ::4]
    return np.maximum(np.einsum("nchwij,kcij->nkhw", windows, weights), 0).mean(axis=(2, 3))


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"batch": 1},
        {"layout": "NHWC"},
        {"output": "map"},
        {"output": "tokens"},
        {"opset": 11},
        {"opset": 13},
        {"opset": 21},
        {"kind": TensorProto.DOUBLE},
    ],
    ids=str,
)
def test_every_usual_form_gives_the_same_features(tmp_path: Path, kind: dict[str, object]) -> None:
    """Channels first or last, a row, a map or tokens, old or new operators: the features are those by hand."""
    extractor = External.from_file(conv_pool(tmp_path / "a.onnx", side=SIDE, **kind))
    assert (extractor.width, extractor.sizes) == (CHANNELS, (SIDE,))
    expected = by_hand((photos() / 255 - MEAN) / STD)
    np.testing.assert_allclose(features(extractor), expected, rtol=1e-3, atol=1e-4)


def test_a_graph_for_any_size_is_used_at_two(tmp_path: Path) -> None:
    """Where photos of any size will do, the usual size and twice that are looked at."""
    assert External.from_file(conv_pool(tmp_path / "a.onnx")).sizes == (224, 448)


def test_the_file_beside_it_says_how_pixels_are_scaled(tmp_path: Path) -> None:
    """Mean, deviation, factor and side are taken from preprocessor_config.json, beside the file or above "onnx"."""
    told = {"image_mean": [0.5, 0.4, 0.3], "image_std": 0.25, "rescale_factor": 0.01, "size": {"shortest_edge": 48}}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(told))
    (tmp_path / "onnx").mkdir()
    plain = conv_pool(tmp_path / "onnx" / "a.onnx")
    extractor = External.from_file(plain)
    assert extractor.sizes == (48, 96)
    expected = by_hand((photos(48) * 0.01 - [0.5, 0.4, 0.3]) / 0.25)
    np.testing.assert_allclose(features(extractor, 48), expected, rtol=1e-3, atol=1e-4)
    (tmp_path / "preprocessor_config.json").unlink()
    assert External.from_file(plain).key != extractor.key


@pytest.mark.parametrize(
    "told", ["{", "[]", '{"image_std": [0, 1, 1]}', '{"image_mean": [1]}', '{"rescale_factor": "x"}']
)
def test_a_scaling_that_makes_no_sense_is_refused(tmp_path: Path, told: str) -> None:
    """A preprocessor_config.json that cannot be understood is an error, not a guess."""
    (tmp_path / "preprocessor_config.json").write_text(told)
    with pytest.raises(ExtractorUnusable, match="how pixels are scaled"):
        External.from_file(conv_pool(tmp_path / "a.onnx", side=SIDE))


def test_two_sizes_in_one_graph_do_not_meet(tmp_path: Path) -> None:
    """The same extractor twice in one graph gives each size its own features and shares the weights."""
    extractor = External.from_file(conv_pool(tmp_path / "a.onnx"))
    data = extraction_graph(extractor, dict.fromkeys((48, 64), extractor.width))
    given = Graph(data, rows=3, precision="f32").run({input_name(side): photos(side) for side in (48, 64)})
    for side in (48, 64):
        np.testing.assert_allclose(given[output_name(side)], features(extractor, side), rtol=1e-4, atol=1e-5)
    names = [tensor.name for tensor in onnx.load_model_from_string(data).graph.initializer]
    assert sum("kernel" in name for name in names) == 1


def test_names_inside_branches_are_kept_apart(tmp_path: Path) -> None:
    """A graph with inner graphs, which refer to names outside, still works when it becomes part of another."""

    def branch(model: onnx.ModelProto) -> None:
        end = model.graph.node.pop()
        doubled = helper.make_graph(
            [helper.make_node("Add", ["row_", "row_"], ["kernel_"])],
            "then",
            [],
            [helper.make_tensor_value_info("kernel_", TensorProto.FLOAT, None)],
        )
        plain = helper.make_graph(
            [helper.make_node("Identity", ["row_"], ["kernel_"])],
            "else",
            [],
            [helper.make_tensor_value_info("kernel_", TensorProto.FLOAT, None)],
        )
        end.output[:] = ["row_"]
        model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
        model.graph.node.extend([end, helper.make_node("If", ["yes"], ["row"], then_branch=doubled, else_branch=plain)])

    extractor = External.from_file(conv_pool(tmp_path / "a.onnx", side=SIDE, change=branch))
    np.testing.assert_allclose(features(extractor), 2 * by_hand((photos() / 255 - MEAN) / STD), rtol=1e-3, atol=1e-4)


def test_huge_features_are_cut_in_the_graph_itself(tmp_path: Path) -> None:
    """What is kept for training and what the model will see are cut alike."""

    def enlarge(model: onnx.ModelProto) -> None:
        tensor = model.graph.initializer[0]
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) * np.float32(1e7), "kernel"))

    extractor = External.from_file(conv_pool(tmp_path / "a.onnx", side=SIDE, change=enlarge))
    assert features(extractor).max() == LARGEST


def external_data(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def mixed(model: onnx.ModelProto) -> None:
    """Features from which the mean over the batch is taken."""
    end = model.graph.node[-1]
    end.output[:] = ["own"]
    model.graph.node.append(helper.make_node("ReduceMean", ["own", "zero"], ["others"], keepdims=1))
    model.graph.node.append(helper.make_node("Sub", ["own", "others"], ["row"]))
    model.graph.initializer.append(numpy_helper.from_array(np.array([0]), "zero"))


def custom(model: onnx.ModelProto) -> None:
    model.graph.node[-1].op_type = "Bespoke"
    model.graph.node[-1].domain = "some.where"
    model.opset_import.append(helper.make_opsetid("some.where", 1))


def divided(model: onnx.ModelProto) -> None:
    model.graph.node[-1].output[:] = ["own"]
    model.graph.node.append(helper.make_node("Sub", ["own", "own"], ["nothing"]))
    model.graph.node.append(helper.make_node("Div", ["nothing", "nothing"], ["row"]))


def text(model: onnx.ModelProto) -> None:
    extra = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "tokens"])
    model.graph.input.append(extra)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"batch": 4}, "exactly 4 photos"),
        ({"kind": TensorProto.INT32}, "not floating-point"),
        ({"change": external_data}, "in another file"),
        ({"change": mixed}, "depends on the other photos"),
        ({"change": custom}, "cannot run it"),
        ({"change": divided}, "not finite"),
        ({"change": text}, "pixels, ids"),
        ({"opset": 999}, "version 999"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_serve_is_refused_with_its_reason(tmp_path: Path, kind: dict[str, object], reason: str) -> None:
    """A graph that would give wrong or no features is refused before anything is trained on it."""
    with pytest.raises(ExtractorUnusable, match=reason) as caught:
        External.from_file(conv_pool(tmp_path / "theirs.onnx", **{"side": SIDE, **kind}))
    assert "theirs.onnx" in caught.value.fact


@pytest.mark.parametrize("data", [b"", b"garbage", b"\x08\x08" + bytes(200)])
def test_what_is_no_onnx_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """Any other file is refused, whatever is in it."""
    (tmp_path / "a.onnx").write_bytes(data)
    with pytest.raises(ExtractorUnusable):
        External.from_file(tmp_path / "a.onnx")
    with pytest.raises(ExtractorUnusable, match="No such file"):
        extractor_named(str(tmp_path / "missing.onnx"))


def test_hub_names_are_told_from_paths() -> None:
    """A name on the hub may carry a revision and a file; other texts are no such names."""
    assert HubFile.named("org/name") == HubFile("org/name", None, None)
    assert HubFile.named("org/name@v1.2:onnx/m.onnx") == HubFile("org/name", "v1.2", "onnx/m.onnx")
    assert [HubFile.named(text) for text in ("name", "/a/b", "a/b/c", "a/b:weights.bin", "")] == [None] * 5


def test_an_extractor_comes_from_the_hub_with_its_scaling(tmp_path: Path) -> None:
    """File and scaling are fetched from the revision that was named."""
    asked: list[tuple[str, str, str | None]] = []
    conv_pool(tmp_path / "m.onnx", side=SIDE)
    (tmp_path / "preprocessor_config.json").write_text('{"do_rescale": false, "do_normalize": false}')

    def download(repository: str, file: str, revision: str | None) -> str:
        asked.append((repository, file, revision))
        return str(tmp_path / file)

    extractor = external_from_hub("org/name@abc:m.onnx", download)
    assert asked == [("org/name", "m.onnx", "abc"), ("org/name", "preprocessor_config.json", "abc")]
    np.testing.assert_allclose(features(extractor), by_hand(photos().astype(float)), rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LocalEntryNotFoundError("offline"), "cannot be reached, and there is no copy of it here"),
        (EntryNotFoundError("none"), "has no file onnx/model.onnx or model.onnx"),
        (OSError("no network"), "did not give it (no network)"),
    ],
)
def test_a_hub_that_gives_nothing_says_why(error: Exception, reason: str) -> None:
    """Missing files, missing network and refusals become an error with a remedy."""

    def download(repository: str, file: str, revision: str | None) -> str:  # noqa: ARG001
        raise error

    with pytest.raises(HubUnreachable) as caught:
        external_from_hub("org/name", download)
    assert reason in caught.value.reason
    assert "give its path" in caught.value.remedy
    with pytest.raises(HubUnreachable, match="looks like"):
        external_from_hub("no such name", download)


def test_the_real_client_finds_the_local_copy_of_the_hub(tmp_path: Path) -> None:
    """With no network, the hub's own client gives what it downloaded earlier."""
    snapshot = tmp_path / "models--org--name" / "snapshots" / ("a" * 40)
    (snapshot / "onnx").mkdir(parents=True)
    conv_pool(snapshot / "onnx" / "model.onnx", side=SIDE)
    refs = tmp_path / "models--org--name" / "refs"
    refs.mkdir()
    (refs / "main").write_text("a" * 40)
    program = (
        "from understudy.modalities.image.named import extractor_named as named\n"
        "print(named('org/name').width, named('org/name:onnx/model.onnx').sizes)"
    )
    environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.split(maxsplit=1) == [str(CHANNELS), f"({SIDE},)\n"], done.stderr
