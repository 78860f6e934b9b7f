"""Models of recordings and clips: trained, written, read, answered, explained; the same bytes each time."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from clips import clip, moving, still
from onnx_files import conv_pool
from recordings import RATE, noise, tone, wav
from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Budget
from understudy.modalities.protocol import Input, Modality
from understudy.modalities.registry import modality_named
from understudy.modalities.sound.hearing import RecordingPreparer
from understudy.search.loading import load_bytes
from understudy.search.training import Lesson, Settings, Training

Make = Callable[[int], bytes]


def beeps(place: int) -> bytes:
    pitch = 500 + 40 * place
    return wav(np.concatenate([noise(0.6, 0.01, place), tone(0.3, pitch), noise(0.3, 0.01, place + 1)]))


def hums(place: int) -> bytes:
    return wav(noise(1.2, 0.05 + 0.01 * place, place))


def going(place: int) -> bytes:
    return clip(moving(8, speed=4 + place % 3, seed=place))


def resting(place: int) -> bytes:
    return clip(still(8, seed=place))


KINDS = {"sound": {"beep": beeps, "hum": hums}, "video": {"going": going, "resting": resting}}


def lesson_of(makes: dict[str, Make], count: int) -> Lesson:
    made = sorted(
        (hashlib.sha256(data).hexdigest(), data, label)
        for label, make in makes.items()
        for data in map(make, range(count))
    )
    inputs = [Input(digest, partial(bytes, data)) for digest, data, _ in made]
    return Lesson(inputs, [label for _, _, label in made], [digest for digest, _, _ in made])


def trained(modality: Modality, lesson: Lesson, folder: Path, extractor: str | None, trials: int = 4) -> bytes:
    settings = Settings(modality, modality.encoder(extractor), 7, Budget(trials=trials))
    nothing = lambda _: None  # noqa: E731
    run = Training(lesson, settings, folder / "run", folder / "cache", report=nothing, stop_requested=lambda: False)
    return run.run().model


@pytest.mark.parametrize("name", KINDS)
def test_a_model_is_made_read_and_asked(name: str, tmp_path: Path) -> None:
    """What was learned answers what was never heard or seen, says why, and is the same file when learned again."""
    modality, makes = modality_named(name), KINDS[name]
    extractor = str(conv_pool(tmp_path / "small.onnx"))
    lesson = lesson_of(makes, 6)
    first = trained(modality, lesson, tmp_path / "first", extractor)
    assert first == trained(modality, lesson, tmp_path / "again", extractor)
    model = load_bytes(first)
    fresh = [(label, make(20)) for label, make in makes.items()]
    answers = model.predict_all([data for _, data in fresh])
    assert [getattr(answer, "label", None) for answer in answers] == [label for label, _ in fresh]
    assert isinstance(model.predict_all([b"nothing of the kind"])[0], UnderstudyError)
    reasons = model.explain(fresh[0][1])
    assert len(reasons) >= 2
    assert all(" s" in reason.what for reason in reasons)
    answer = model.predict(fresh[0][1])  # type: ignore[attr-defined]
    strongest = max(reasons, key=lambda reason: reason.push)
    assert answer.seconds is None if strongest.push <= 0 else f"{answer.seconds[0]:.3g} to" in strongest.what
    assert abs(reasons[0].push) == max(abs(reason.push) for reason in reasons)


def whistled(place: int) -> bytes:
    samples = noise(15.0, 0.02, place)
    start = (place % 3) * 5 + 1
    samples[start * RATE : (start + 3) * RATE] += tone(3.0, 1000 + 20 * (place % 5))
    return wav(samples)


def test_the_seconds_that_decided_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a quarter of a minute in which somebody whistles once, the answer names the window with the whistle."""
    makes = {"whistle": whistled, "nothing": lambda place: wav(noise(15.0, 0.02, place))}
    extractor = str(conv_pool(tmp_path / "small.onnx"))
    model = load_bytes(trained(modality_named("sound"), lesson_of(makes, 6), tmp_path, extractor))
    for place in (30, 31, 32):
        answer = model.predict(whistled(place))  # type: ignore[attr-defined]
        assert answer.label == "whistle"
        assert answer.seconds is not None
        assert answer.seconds[0] <= (place % 3) * 5 + 2.5 <= answer.seconds[1]
    looks, windows = [], RecordingPreparer.windows
    monkeypatch.setattr(RecordingPreparer, "windows", lambda *given: looks.append(1) or windows(*given))
    assert model.predict(whistled(32)) == answer  # type: ignore[attr-defined]
    assert len(looks) == 2, "it is decoded once to answer, and once to hide parts of it"


@pytest.mark.parametrize("name", KINDS)
def test_another_engine_answers_alike(name: str, tmp_path: Path) -> None:
    """ONNX Runtime gives the probabilities that the product gives."""
    modality, makes = modality_named(name), KINDS[name]
    data = trained(modality, lesson_of(makes, 5), tmp_path, str(conv_pool(tmp_path / "small.onnx")), 2)
    fresh = [make(30) for make in makes.values()]
    ours = load_bytes(data).probabilities(fresh)  # type: ignore[attr-defined]
    session = onnxruntime.InferenceSession(data)
    preparer = load_bytes(data).file.preparer  # type: ignore[attr-defined]
    theirs = np.concatenate([session.run(None, preparer.arrays(each))[0] for each in fresh])
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
    assert ours.shape == (2, 2)


@pytest.mark.parametrize("name", KINDS)
def test_what_was_looked_at_is_not_looked_at_again(name: str, tmp_path: Path) -> None:
    """A run that goes on finds the features of its inputs where they were left."""
    modality, makes = modality_named(name), KINDS[name]
    extractor = str(conv_pool(tmp_path / "small.onnx"))
    lesson = lesson_of(makes, 5)
    whole = trained(modality, lesson, tmp_path, extractor, 2)

    def gone(digest: str) -> bytes:
        raise AssertionError(f"{digest} was read again")

    blind = [Input(each.digest, partial(gone, each.digest)) for each in lesson.inputs]
    encoder = modality.encoder(extractor)
    views = encoder.views(len(blind), thorough=True)
    rows = [encoder.features(blind, view, views, tmp_path / "cache", lambda *_: None) for view in views]
    assert all(np.isfinite(read(np.arange(len(blind)))).all() for read in rows)
    assert whole == trained(modality, lesson, tmp_path, extractor, 2)


def test_copies_of_held_out_recordings_are_not_learned_from(tmp_path: Path) -> None:
    """Labels of pure chance stay that, though each recording is learned from as another microphone would record it."""
    modality, chance = modality_named("sound"), np.random.default_rng(0)
    inputs, labels = lesson_of({"any": beeps}, 40).inputs, [str(label) for label in chance.choice(["yes", "no"], 40)]
    lesson = Lesson(inputs, labels, [each.digest for each in inputs])
    model = load_bytes(trained(modality, lesson, tmp_path, str(conv_pool(tmp_path / "small.onnx")), trials=12))
    assert max(trial.accuracy for trial, _ in model.description.members) < 0.6
