"""The assembled graph computes what its members compute one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest

from onnx_files import conv_pool
from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.image.encoder import PhotoEncoder, PhotoPreparer, size_of
from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import Extractor, extraction_graph, input_name, output_name
from understudy.modalities.media.parts import PartsEncoder
from understudy.modalities.protocol import Part, View
from understudy.search.assembly import Member, assemble
from understudy.search.calibration import probabilities
from understudy.search.endings import Ending, Hardness, LabelEnding, NumberEnding, SetEnding
from understudy.search.odds import Slopes
from understudy.search.rows import Turning
from understudy.search.scorers import Linear, Radial, Scorer
from understudy.search.speech import PROBABILITIES
from understudy.search.strangeness import Nearness, Strangeness
from understudy.search.usual import Directions

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


@dataclass(frozen=True)
class Namesakes(PartsEncoder[PhotoPreparer]):
    """An encoder whose constants are called as others may be, too."""

    names: tuple[str, ...]
    key = "namesakes"

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        del count, thorough
        return (View("row", (Part("row", 6),)),)

    def add_parts(self, graph: GraphBuilder, parts: Sequence[Part]) -> dict[str, str]:
        del parts
        row = graph.input("row", FLOAT, ["n", 6])
        for name in self.names:
            row = graph.node("Add", [row, graph.constant(name, np.float32(0.25))])
        return {"row": row}

    def preparer_of(self, parts: Sequence[Part]) -> PhotoPreparer:
        raise NotImplementedError


NUMBER = NumberEnding(Hardness())
ENDINGS = [LabelEnding(CLASSES, 1.3), SetEnding(Slopes(np.ones(CLASSES), np.zeros(CLASSES))), NUMBER]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: type(ending).__name__)
def test_an_encoder_may_name_its_constants_as_others_do(ending: Ending) -> None:
    """Whatever it calls them, and be it as the search does, the model says the same to the same features."""
    rng = np.random.default_rng(2)
    view = Namesakes(()).views(1, thorough=True)[0]
    turning = Turning(np.zeros(6, np.float32), np.ones(6, np.float32), np.eye(6, dtype=np.float32))
    weights = rng.normal(size=(6, ending.width)).astype(np.float32)
    slopes = Slopes(np.ones(ending.width), np.zeros(ending.width))
    scorer = Radial(np.eye(6, dtype=np.float32), 0.3, weights, np.zeros(ending.width, np.float32))
    member = Member(view, turning, scorer, slopes, 1.0)
    nearness = Nearness(turning.mean, turning.scale, np.eye(2, 6, dtype=np.float32))
    directions = Directions.over(view, turning, seed=0)

    def model(names: tuple[str, ...]) -> bytes:
        strangeness = Strangeness(((view, nearness),))
        graph = assemble(Namesakes(names), [member], ending, strangeness=strangeness, directions=directions)
        return graph.model("namesakes")

    def said(names: tuple[str, ...], row: np.ndarray) -> dict[str, np.ndarray]:
        return Graph(model(names), rows=COUNT, precision="f32").run({"row": row})

    taken = {tensor.name.rpartition("/")[2] for tensor in onnx.load_model_from_string(model(())).graph.initializer}
    assert {"axis", "nothing"} <= taken
    row = rng.normal(size=(COUNT, 6)).astype(np.float32)
    expected, given = said((), row), said(tuple(sorted(taken)), row - np.float32(0.25 * len(taken)))
    for name, value in expected.items():
        np.testing.assert_allclose(given[name], value, atol=1e-5)
