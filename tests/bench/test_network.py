# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed only for the comparison with fine-tuning")

from bench.network import LAST, EfficientNetLite0

from understudy.engine.inference import Graph
from understudy.modalities.image.extractor import BuiltIn, extraction_graph, input_name, output_name
from understudy.modalities.image.weights import installed_weights, read_torch_arrays


@pytest.mark.parametrize("size", [224, 448])
def test_the_network_that_is_fine_tuned_computes_what_our_graph_computes(size: int):
    """Before the first step of fine-tuning both sides see the same last layer, so they start from the same weights."""
    weights = read_torch_arrays(installed_weights())
    photos = np.random.default_rng(7).integers(0, 256, (2, size // 8, size // 8, 3), np.uint8).repeat(8, 1).repeat(8, 2)
    graph = Graph(extraction_graph(BuiltIn(weights), {size: BuiltIn(weights).width}), rows=2, precision="f32")
    ours = graph.run({input_name(size): photos})[output_name(size)][:, -2 * LAST :]
    network = EfficientNetLite0(weights, 2).eval()
    with torch.inference_mode():
        maps = network.features(torch.from_numpy(photos).permute(0, 3, 1, 2).float())
    theirs = torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1).numpy()
    assert np.abs(ours).max() > 1
    np.testing.assert_allclose(theirs, ours, rtol=1e-3, atol=2e-3)
