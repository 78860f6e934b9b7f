"""Extractors are parts of graphs, and their keys name them exactly."""

import numpy as np
import onnx

from understudy.engine.inference import Graph
from understudy.modalities.image.extractor import BuiltIn, extraction_graph, input_name, output_name
from understudy.modalities.image.named import extractor_named


def test_the_built_in_key_changes_with_any_weight() -> None:
    """One changed number in the weights is another extractor."""
    extractor = extractor_named(None)
    assert isinstance(extractor, BuiltIn)
    changed = {**extractor.weights, "_conv_stem.weight": extractor.weights["_conv_stem.weight"] * np.float32(1.0001)}
    assert BuiltIn(changed).key != extractor.key
    assert BuiltIn(dict(extractor.weights)).key == extractor.key


def test_the_extraction_graph_answers_for_each_size() -> None:
    """A graph for two sizes takes two inputs and gives as many rows for each."""
    extractor = extractor_named(None)
    data = extraction_graph(extractor, dict.fromkeys((64, 96), extractor.width))
    onnx.checker.check_model(onnx.load_model_from_string(data))
    graph = Graph(data, rows=3, precision="f32")
    photos = {input_name(size): np.full((3, size, size, 3), 128, np.uint8) for size in (64, 96)}
    given = graph.run(photos)
    assert {name: rows.shape for name, rows in given.items()} == {
        output_name(64): (3, extractor.width),
        output_name(96): (3, extractor.width),
    }


def test_the_same_extractor_gives_the_same_bytes() -> None:
    """A graph is a function of extractor and sizes, byte for byte."""
    extractor = extractor_named(None)
    assert extraction_graph(extractor, {64: extractor.width}) == extraction_graph(extractor, {64: extractor.width})
