"""The assembled graph computes what its members compute one by one."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from onnx_files import conv_pool
from understudy.engine.inference import Graph
from understudy.modalities.image.encoder import PhotoEncoder, size_of
from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import Extractor, extraction_graph, input_name, output_name
from understudy.modalities.protocol import Part, View
from understudy.search.assembly import Member, assemble
from understudy.search.calibration import probabilities
from understudy.search.endings import LabelEnding
from understudy.search.odds import Slopes
from understudy.search.rows import Turning
from understudy.search.scorers import Linear, Radial, Scorer
from understudy.search.speech import PROBABILITIES

CLASSES, DIMENSIONS, COUNT = 3, 5, 4


def random_member(rng: np.random.Generator, view: View, kind: str, weight: float) -> Member:
    def numbers(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    basis = np.linalg.qr(numbers(view.width, DIMENSIONS))[0].astype(np.float32)
    turning = Turning(numbers(view.width), np.abs(numbers(view.width)) / np.float32(np.sqrt(view.width)), basis)
    scorer: Scorer = Linear(numbers(DIMENSIONS, CLASSES), numbers(CLASSES))
    if kind == "radial":
        scorer = Radial(numbers(9, DIMENSIONS), 0.3, numbers(9, CLASSES), numbers(CLASSES))
    return Member(view, turning, scorer, Slopes(np.full(CLASSES, 1.7), np.zeros(CLASSES)), weight)


def by_hand(members: list[Member], features: dict[int, np.ndarray], sharpness: float) -> np.ndarray:
    mixture = np.zeros((COUNT, CLASSES))
    for member in members:
        row = np.hstack([features[size_of(part)][:, : part.width] for part in member.view.parts])
        mixture += member.weight * probabilities(member.scorer(member.turning(row)), 1.7)
    return probabilities(np.log(mixture), sharpness)


@pytest.mark.parametrize("kinds", [["linear"], ["radial"], ["linear", "radial", "linear", "radial"]], ids=str)
def test_a_graph_of_several_views_and_heads_is_their_mixture(tmp_path: Path, kinds: list[str]) -> None:
    """Heads of both kinds, on one size or two at once, mix to the same probabilities in the graph as by hand."""
    extractor = External.from_file(conv_pool(tmp_path / "a.onnx"))
    rng = np.random.default_rng(0)
    views = [
        View("small", (Part("48", 12),)),
        View("large", (Part("64", 12),)),
        View("both", (Part("48", 12), Part("64", 7))),
        View("few", (Part("48", 6),)),
    ]
    members = [random_member(rng, views[at], kind, 1 / len(kinds)) for at, kind in enumerate(kinds)]
    sizes = sorted({size_of(part) for member in members for part in member.view.parts})
    photos = {size: rng.integers(0, 255, (COUNT, size, size, 3)).astype(np.uint8) for size in sizes}
    features = extracted(extractor, photos)
    data = assemble(PhotoEncoder(extractor), members, LabelEnding(CLASSES, 1.3)).model("mix")
    given = Graph(data, rows=COUNT, precision="f32").run({input_name(size): photos[size] for size in sizes})[
        PROBABILITIES
    ]
    np.testing.assert_allclose(given, by_hand(members, features, 1.3), atol=1e-4)


def extracted(extractor: Extractor, photos: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    graph = Graph(
        extraction_graph(extractor, dict.fromkeys(sorted(photos), extractor.width)), rows=COUNT, precision="f32"
    )
    given = graph.run({input_name(size): each for size, each in photos.items()})
    return {size: given[output_name(size)] for size in photos}


def test_the_built_in_views_can_all_answer_together(built_in: Extractor) -> None:
    """Every view of the built-in extractor fits into one graph, which computes each size only once."""
    rng = np.random.default_rng(1)
    views = PhotoEncoder(built_in, (64, 96)).views(1, thorough=True)
    members = [random_member(rng, view, "linear", 1 / len(views)) for view in views]
    photos = {size: rng.integers(0, 255, (COUNT, size, size, 3)).astype(np.uint8) for size in (64, 96)}
    model = assemble(PhotoEncoder(built_in), members, LabelEnding(CLASSES, 1.0)).model("all")
    assert sum(node.op_type == "Conv" for node in onnx.load_model_from_string(model).graph.node) == 2 * 49
    given = Graph(model, rows=COUNT, precision="f32").run({input_name(size): each for size, each in photos.items()})[
        PROBABILITIES
    ]
    np.testing.assert_allclose(given, by_hand(members, extracted(built_in, photos), 1.0), atol=1e-4)
