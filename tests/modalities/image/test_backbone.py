"""The backbone computes what its ImageNet weights were trained for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from understudy.engine.inference import Graph, batched
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.image.backbone import FEATURES, LAYERS, TEXTURE, add_backbone
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import add_photo_input, input_name
from understudy.modalities.image.weights import installed_weights, read_torch_arrays

Arrays = Mapping[str, npt.NDArray[Any]]
DOGS, CATS = range(151, 269), range(281, 286)


@pytest.fixture(scope="module")
def weights() -> Arrays:
    return read_torch_arrays(installed_weights())


def features_graph(weights: Arrays, size: int, depth: int) -> Graph:
    graph = GraphBuilder()
    graph.output(
        add_backbone(graph, add_photo_input(graph, size), weights, depth=depth), "features", FLOAT, ["n", depth]
    )
    return Graph(graph.model("backbone"), rows=2, precision="f32")


def test_shallower_features_are_the_first_of_the_deeper_ones(weights: Arrays) -> None:
    """Leaving out late layers changes nothing about the numbers of the early ones."""
    photos = np.random.default_rng(0).integers(0, 255, (2, 64, 64, 3)).astype(np.uint8)
    rows = {
        depth: features_graph(weights, 64, depth).run({input_name(64): photos})["features"]
        for depth in (TEXTURE, LAYERS, FEATURES)
    }
    assert [row.shape for row in rows.values()] == [(2, TEXTURE), (2, LAYERS), (2, FEATURES)]
    np.testing.assert_allclose(rows[TEXTURE], rows[FEATURES][:, :TEXTURE], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(rows[LAYERS], rows[FEATURES][:, :LAYERS], rtol=1e-3, atol=1e-3)


def test_two_sizes_in_one_graph_share_their_weights(weights: Arrays) -> None:
    """A second size adds nodes to the graph and no weights."""
    graph = GraphBuilder()
    for size in (64, 96):
        features = add_backbone(graph, add_photo_input(graph, size), weights)
        graph.output(features, f"features_{size}", FLOAT, ["n", FEATURES])
    assert len(graph.model("both")) < 1.1 * sum(w.nbytes for n, w in weights.items() if "_fc" not in n)


def test_the_original_classifier_tells_real_dogs_from_cats(weights: Arrays, shared_data: Path) -> None:
    """With ImageNet's own last layer, at least 80% of real dogs are a breed of dog, and at most 10% of cats are."""
    folder = shared_data / "images" / "cats_dogs"
    if not folder.is_dir():
        folder = next(iter(shared_data.glob("**/cats_dogs")), folder)
    if not folder.is_dir():
        pytest.skip("no cats_dogs beside this checkout")
    graph = features_graph(weights, 224, FEATURES)
    shares = {}
    for label in ("cat", "dog"):
        files = sorted(path for path in folder.rglob("*.jpg") if path.parent.name.startswith(label))[:40]
        assert files, f"no {label} in {folder}"
        squares = (
            {input_name(224): np.stack([decode_photo(f.read_bytes(), [224])[0] for f in part])}
            for part in batched(files, 2)
        )
        rows = np.concatenate([result["features"] for result in graph.stream(squares)])
        # The last 2,560 numbers are mean and maximum of the head; ImageNet's classifier reads the mean.
        scores = rows[:, -2560:-1280] @ weights["_fc.weight"].T + weights["_fc.bias"]
        shares[label] = float(np.isin(scores.argmax(axis=1), list(DOGS)).mean())
    assert shares["dog"] >= 0.8
    assert shares["cat"] <= 0.1
