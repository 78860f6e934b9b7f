"""Clips become rows of features, the same on disk, in a graph and in another engine."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from clips import clip, moving, still
from onnx_files import conv_pool
from understudy.engine.inference import Graph
from understudy.modalities.abilities import Hiding
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Input, View
from understudy.modalities.video.encoder import ClipEncoder
from understudy.modalities.video.modality import MODALITY
from understudy.modalities.video.motion import STATISTICS, grey_of, statistics_of, steps, trace
from understudy.modalities.video.seeing import MEASURES, PIECES, WHEN
from understudy.modalities.video.windows import windows_of

CLIPS = [clip(moving(50)), clip(still(1)), clip(moving(12, speed=7, seed=3))]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> ClipEncoder:
    """Looks at pictures with a small network that somebody else made."""
    return MODALITY.encoder(str(conv_pool(tmp_path_factory.mktemp("extractor") / "small.onnx")))


@pytest.fixture(scope="module")
def views(encoder: ClipEncoder) -> tuple[View, ...]:
    return encoder.views(100, thorough=True)


@pytest.fixture(scope="module")
def model(encoder: ClipEncoder, views: Sequence[View]) -> bytes:
    graph = GraphBuilder()
    for place, name in enumerate(encoder.add_to(graph, views).values()):
        graph.output(name, f"view {place}", FLOAT, ["n", views[place].width])
    return graph.model("video")


def test_kept_features_are_those_of_the_graph(
    encoder: ClipEncoder, views: Sequence[View], model: bytes, tmp_path: Path
) -> None:
    """What is kept on disk for training is what the model's graph computes when it answers, and ONNX Runtime too."""
    inputs = [Input(hashlib.sha256(data).hexdigest(), lambda data=data: data) for data in CLIPS]  # type: ignore[misc]
    preparer, session = encoder.preparer(views), onnxruntime.InferenceSession(model)
    alone = [session.run(None, preparer.arrays(data)) for data in CLIPS]
    for place, view in enumerate(views):
        rows = encoder.features(inputs, view, views, tmp_path, lambda *_: None)(np.arange(len(CLIPS)))
        assert rows.shape == (len(CLIPS), view.width)
        expected = np.concatenate([given[place] for given in alone])
        np.testing.assert_allclose(rows, expected, rtol=2e-3, atol=2e-2)


def test_neighbours_in_a_batch_do_not_matter(encoder: ClipEncoder, views: Sequence[View], model: bytes) -> None:
    """A clip's features are its own, however much longer its neighbours are."""
    preparer = encoder.preparer(views)
    single, both = Graph(model, rows=1, precision="f32"), Graph(model, rows=2, precision="f32")
    arrays = [preparer.arrays(data) for data in CLIPS[:2]]
    together = both.run(preparer.stacked(arrays))
    for row, each in enumerate(arrays):
        for name, given in single.run(each).items():
            np.testing.assert_allclose(together[name][row], given[0], rtol=1e-3, atol=1e-3)


def test_the_built_in_network_looks_at_clips(tmp_path: Path) -> None:
    """The views of the built-in backbone are as wide as they say, and their numbers are finite."""
    encoder = MODALITY.encoder(None)
    views = encoder.views(10, thorough=False)
    inputs = [Input(hashlib.sha256(CLIPS[1]).hexdigest(), lambda: CLIPS[1])]
    for view in views:
        row = encoder.features(inputs, view, views, tmp_path, lambda *_: None)(np.arange(1))
        assert row.shape == (1, view.width)
        assert np.isfinite(row).all()
    assert encoder.key != MODALITY.encoder(str(conv_pool(tmp_path / "small.onnx"))).key


def test_hiding_tells_when(encoder: ClipEncoder, views: Sequence[View]) -> None:
    """A long clip can do without each of its windows, a short one without each of its pieces."""
    preparer = encoder.preparer(views)
    assert isinstance(preparer, Hiding)
    long, short = preparer.hidden(CLIPS[0]), preparer.hidden(CLIPS[2])
    assert [each.seconds for each in long] == [(0, 2), (2, 4), (4, pytest.approx(5))]
    assert [each.arrays[WHEN].shape[1] for each in long] == [2, 2, 2]
    assert len(short) == PIECES
    assert short[1].what == "0.3 to 0.6 s"
    assert not np.array_equal(short[0].arrays[MEASURES], short[1].arrays[MEASURES])
    assert preparer.hidden(CLIPS[1]) == ()


def test_stillness_and_motion_differ() -> None:
    """What rests is grey in a step and black in a trace; what moves leaves its mark where it moved."""
    resting, going = (grey_of(windows_of(clip(make(20))).windows[0].pictures) for make in (still, moving))
    assert np.abs(steps(resting).astype(int) - 128).mean() < 3
    assert trace(resting).mean() < 10
    marks = np.abs(steps(going).astype(int) - 128).max(axis=(0, 3))
    assert marks[90:130].max() > 100
    assert marks[:60].mean() < 6
    assert trace(going)[90:130].mean() > 5 * trace(going)[:60].mean()


def test_faster_motion_is_measured_as_more() -> None:
    """The statistics rise with speed, and are finite for a single picture."""
    slow, fast = (
        statistics_of(grey_of(windows_of(clip(moving(20, speed=speed))).windows[0].pictures)) for speed in (1, 5)
    )
    assert slow.shape == fast.shape == (STATISTICS,)
    assert fast[0] > 1.5 * slow[0]
    assert (statistics_of(np.zeros((1, 224, 224), np.float32)) == 0).all()


def test_a_preparer_can_be_made_again(encoder: ClipEncoder, views: Sequence[View]) -> None:
    """What a preparer says of itself is enough to make it again."""
    preparer = encoder.preparer(views[:1])
    assert MODALITY.preparer(preparer.described(), preparer.assets()) == preparer
