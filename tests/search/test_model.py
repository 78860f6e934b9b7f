"""A model answers the same everywhere, tells on what, and notices when it is damaged."""

import io
import json
import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import numpy_helper
from PIL import Image, ImageDraw

from onnx_files import conv_pool
from search import lessons
from understudy.domain.answer import Answer
from understudy.domain.task import labels_in
from understudy.modalities.abilities import Hidden
from understudy.modalities.contained import ModuleFailed
from understudy.modalities.graph import GraphBuilder
from understudy.modalities.image.encoder import PATCHES, PhotoPreparer
from understudy.modalities.image.external import External
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.search import model as model_module
from understudy.search.loading import load
from understudy.search.model import Model, by_own_doing
from understudy.search.model_file import (
    MadeOtherwise,
    ModelBroken,
    ModelUnreadable,
    NothingGolden,
    read_model,
    write_model,
)
from understudy.search.ready import InputMissing
from understudy.search.speech import THERE, SetSpeech
from understudy.search.trained import Trained

STANDALONE = """
import io, json, sys
import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
told = json.loads(session.get_modelmeta().custom_metadata_map["understudy"])
for path in sys.argv[2:]:
    inputs = {}
    for size in told["preparation"]["sizes"]:
        picture = Image.open(path)
        scale = 8
        while scale > 1 and min(-(-side // scale) for side in picture.size) < 448:
            scale //= 2
        if picture.format == "JPEG" and scale > 1:
            picture.draft(None, tuple(-(-side // scale) for side in picture.size))
        picture = picture.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2.0).convert("RGB")
        inputs[f"photo_{size}"] = np.asarray(picture)[None]
    print(json.dumps(session.run(["probabilities"], inputs)[0][0].tolist()))
"""


def large_jpeg(seed: int) -> bytes:
    """A photo that is decoded at a smaller scale."""
    picture = Image.open(io.BytesIO(lessons.draw("green", seed))).resize((1920, 1440))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def in_onnx_runtime(model: bytes, photos: list[bytes], folder: Path) -> np.ndarray:
    """Answers of a program that knows Pillow, ONNX Runtime and JSON, and nothing of Understudy."""
    (folder / "model.onnx").write_bytes(model)
    paths = []
    for at, photo in enumerate(photos):
        paths.append(folder / f"{at}.jpg")
        paths[-1].write_bytes(photo)
    command = [sys.executable, "-c", STANDALONE, str(folder / "model.onnx"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return np.array([json.loads(line) for line in done.stdout.splitlines()])


def test_onnx_runtime_gives_the_same_answers_from_file_bytes(trained: Trained, model: Model, tmp_path: Path) -> None:
    """From the file's bytes to the probabilities, another engine agrees to 0.0001."""
    photos = [*(lessons.draw(label, 70 + at) for label in lessons.COLOURS for at in range(3)), large_jpeg(5)]
    given = in_onnx_runtime(trained.model, photos, tmp_path)
    np.testing.assert_allclose(given, model.probabilities(photos), atol=1e-4)


def test_a_model_with_an_external_extractor_agrees_with_onnx_runtime_too(tmp_path: Path) -> None:
    """A graph that somebody else made becomes part of a model that any engine runs."""
    extractor = External.from_file(conv_pool(tmp_path / "theirs.onnx", side=48, layout="NHWC", opset=20))
    trained = lessons.train(lessons.lesson({"red": 9, "blue": 9}), extractor, tmp_path / "run")
    model = Model(read_model(trained.model))
    assert model.description.preparation["sizes"] == [48]
    photos = [lessons.draw(label, 90 + at) for label in ("red", "blue") for at in range(4)]
    np.testing.assert_allclose(in_onnx_runtime(trained.model, photos, tmp_path), model.probabilities(photos), atol=1e-4)


def test_it_is_right_about_new_photos(model: Model) -> None:
    """New photos of the colours it learned are told apart; the file says what it was made of."""
    answers = [
        model.predict(lessons.draw(label, 300 + at)).label == label for label in lessons.COLOURS for at in range(6)
    ]
    assert np.mean(answers) >= 0.8
    assert model.description.examples == (10, 10, 10)
    assert sum(weight for _, weight in model.description.members) == pytest.approx(1)


def test_a_photo_may_come_as_path_bytes_or_file(model: Model, tmp_path: Path) -> None:
    """However a photo is handed over, the answer is the same."""
    data = lessons.draw("red", 7)
    path = tmp_path / "a photo.jpg"
    path.write_bytes(data)
    with path.open("rb") as file:
        answers = {str(model.predict(given)) for given in (data, path, str(path), file, io.BytesIO(data))}
    assert len(answers) == 1
    with pytest.raises(InputMissing, match="missing"):
        model.predict(tmp_path / "missing.jpg")
    with pytest.raises(PhotoUnreadable):
        model.predict(b"no photo")


def test_many_photos_are_answered_in_order_with_errors_in_their_place(model: Model) -> None:
    """A photo that cannot be read has its error where its answer would be."""
    photos = [
        lessons.draw("red", 1),
        b"",
        lessons.draw("blue", 2),
        b"GIF89a",
        *(lessons.draw("green", k) for k in range(4)),
    ]
    given = model.predict_all(photos)
    assert [type(each) for each in given[:4]] == [Answer, PhotoUnreadable, Answer, PhotoUnreadable]
    for photo, answer in zip(photos, given, strict=True):
        if isinstance(answer, Answer):
            alone = model.predict(photo)
            assert answer.label == alone.label
            assert answer.probability == pytest.approx(alone.probability, abs=1e-4)
    assert model.predict_all([]) == []
    assert model.probabilities([]).shape == (0, 3)


def test_a_part_at_a_time_is_made_ready(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many inputs are asked about, memory holds few of them, and each gets its own answer."""
    photos = [lessons.draw(label, number) for number in range(5) for label in ("red", "blue")]
    together = model.predict_all([*photos, b"no photo"])
    monkeypatch.setattr(model_module, "HELD", 1)
    made, arrays = list[bytes](), type(model.file.preparer).arrays

    def counted(preparer: PhotoPreparer, data: bytes) -> object:
        made.append(data)
        return arrays(preparer, data)

    monkeypatch.setattr(type(model.file.preparer), "arrays", counted)
    alone = model.predict_all([*photos, b"no photo"])
    assert made == [*photos, b"no photo"]
    for one, other in zip(together[:-1], alone[:-1], strict=True):
        assert isinstance(one, Answer)
        assert isinstance(other, Answer)
        assert one.label == other.label
        assert one.probability == pytest.approx(other.probability, abs=1e-4)
    assert type(alone[-1]) is type(together[-1])


def test_what_a_kind_s_own_code_raises_is_told_as_its_fault(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no answer about the input either: whoever asked may give it to a person."""

    def fail(preparer: PhotoPreparer, data: bytes) -> None:
        raise ValueError(type(preparer).__name__, len(data))

    monkeypatch.setattr(PhotoPreparer, "arrays", fail)
    for asked in (lambda: model.predict(b"abc"), lambda: model.predict_all([b"abc", b"abcd"])):
        with pytest.raises(ModuleFailed, match="a fault of the module"):
            asked()


def test_regions_point_at_what_the_answer_rests_on(model: Model) -> None:
    """Hiding the coloured disc lowers the answer's probability more than hiding any place far from it."""
    picture = Image.new("RGB", (140, 140), (128, 128, 128))
    ImageDraw.Draw(picture).ellipse((84, 84, 118, 118), fill=lessons.COLOURS["red"])
    file = io.BytesIO()
    picture.save(file, "PNG")
    regions = model.regions(file.getvalue())
    assert regions.shape == (PATCHES, PATCHES)
    row, column = np.unravel_index(regions.argmax(), regions.shape)
    assert 4 <= row <= 5
    assert 4 <= column <= 5


def test_threads_get_their_own_answers(model: Model) -> None:
    """Questions from many threads at once are answered as if each were alone."""
    photos = [lessons.draw(label, 40 + at) for label in lessons.COLOURS for at in range(3)]
    alone, together = [model.predict(photo) for photo in photos], model.probabilities(photos)
    with ThreadPoolExecutor(6) as pool:
        singles = list(pool.map(model.predict, photos * 2))
        batches = list(pool.map(lambda _: model.probabilities(photos), range(6)))
    for answer, expected in zip(singles, alone * 2, strict=True):
        assert answer.label == expected.label
        assert answer.probability == pytest.approx(expected.probability, abs=1e-4)
    for batch in batches:
        np.testing.assert_allclose(batch, together, atol=1e-5)


def test_the_file_is_what_onnx_would_write(trained: Trained) -> None:
    """Though description and golden answers are added to a graph that is written already."""
    assert onnx.load_model_from_string(trained.model).SerializeToString(deterministic=True) == trained.model


@pytest.mark.parametrize("which", ["_conv_stem.weight", "weights", "sharpness"])
def test_a_damaged_weight_is_noticed_on_loading(trained: Trained, tmp_path: Path, which: str) -> None:
    """A model whose numbers were changed is not used: its golden photos give it away."""
    damaged = onnx.load_model_from_string(trained.model)
    tensor = next(each for each in damaged.graph.initializer if which in each.name)
    array = numpy_helper.to_array(tensor)
    tensor.CopyFrom(numpy_helper.from_array((array * -3).astype(array.dtype), tensor.name))
    (tmp_path / "m.onnx").write_bytes(damaged.SerializeToString())
    with pytest.raises(ModelBroken) as caught:
        load(tmp_path / "m.onnx")
    assert "is allowed" in caught.value.reason


def test_a_golden_answer_that_is_no_number_is_noticed_on_loading(trained: Trained) -> None:
    """No distance lies between a probability and what is none, and yet they are not the same."""
    file = read_model(trained.model)
    first = replace(file.golden[0], probabilities=(math.nan,) * len(file.golden[0].probabilities))
    with pytest.raises(ModelBroken, match="off by nan"):
        Model(replace(file, golden=(first, *file.golden[1:])))


@dataclass(frozen=True)
class Slices(PhotoPreparer):
    """Photos that were scanned from left to right in two seconds, of which each half can be hidden."""

    def hidden(self, data: bytes) -> list[Hidden]:
        arrays, rests = self.arrays(data), []
        for at in range(2):
            rest = {name: square.copy() for name, square in arrays.items()}
            for square in rest.values():
                middle = square.shape[2] // 2
                square[:, :, at * middle : (at + 1) * middle] = 128
            rests.append(Hidden(f"{at} to {at + 1} s", rest, (float(at), at + 1.0)))
        return rests


@pytest.mark.parametrize("at", [0, 1])
def test_whatever_hides_parts_that_last_is_told_by_their_seconds(trained: Trained, at: int) -> None:
    """The protocol is all that it takes: of a disc that was scanned in one of two seconds, that one decided."""
    file = read_model(trained.model)
    sizes = tuple(file.description.preparation["sizes"])
    picture = Image.new("RGB", (80, 60), (130, 130, 130))
    ImageDraw.Draw(picture).ellipse((at * 40 + 3, 10, at * 40 + 37, 50), fill=lessons.COLOURS["red"])
    shown = io.BytesIO()
    picture.save(shown, "PNG")
    answer = Model(replace(file, preparer=Slices(sizes))).predict(shown.getvalue())
    assert answer.label == "red"
    assert answer.seconds == (at, at + 1)
    assert Model(file).predict(shown.getvalue()).seconds is None


def test_another_preparation_is_noticed_on_loading(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the graph is the same and photos are still read: the model would see other pixels than it learned from."""
    file = read_model(trained.model)
    monkeypatch.setattr("understudy.modalities.image.decode.ORIENTATION_TAG", 1)
    with pytest.raises(MadeOtherwise) as caught:
        Model(file)
    assert caught.value.fact == "This model was made with another version of the module “photo”."
    assert "“photo_64” is off by" in caught.value.reason


def test_a_preparer_that_describes_itself_otherwise_is_noticed(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file says of its preparation is what the installed module says of it, or the file is not used."""
    monkeypatch.setattr("understudy.modalities.image.encoder.PREPROCESSING", "something else")
    with pytest.raises(MadeOtherwise, match="“preprocessing” is something else and was First picture"):
        read_model(trained.model)


def test_a_module_that_no_longer_knows_what_it_said_is_named(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the module that changed, and no damage to the file: the error says which, and what it said."""

    def preparer(_self: object, _described: object, _assets: object) -> None:
        raise ValueError("a window of 25 ms")

    monkeypatch.setattr(type(MODALITY), "preparer", preparer)
    with pytest.raises(MadeOtherwise, match="ValueError: a window") as caught:
        read_model(trained.model)
    assert "“photo”" in caught.value.fact
    assert "Install the version" in caught.value.remedy
    assert "raised the key of its encoder" in caught.value.remedy


def test_golden_photos_that_can_no_longer_be_read_are_noticed(trained: Trained) -> None:
    """A module that refuses what it once took is another one too."""
    file = read_model(trained.model)
    first = replace(file.golden[0], data=b"what was a photo to an older module")
    with pytest.raises(MadeOtherwise, match="cannot prepare golden input 1"):
        Model(replace(file, golden=(first, *file.golden[1:])))


def test_a_model_without_golden_photos_is_neither_made_nor_read(trained: Trained) -> None:
    """Nothing would tell whether it still answers as it did."""
    file = read_model(trained.model)
    with pytest.raises(NothingGolden, match="golden"):
        write_model(GraphBuilder(), file.description, file.preparer, ())
    bare = onnx.load_model_from_string(trained.model)
    next(each for each in bare.metadata_props if each.key == "understudy.golden").value = "[]"
    with pytest.raises(ModelUnreadable):
        read_model(bare.SerializeToString())


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.9999])
def test_a_truncated_file_is_refused(trained: Trained, tmp_path: Path, share: float) -> None:
    """However little is missing at its end, the file is refused."""
    (tmp_path / "m.onnx").write_bytes(trained.model[: int(len(trained.model) * share)])
    with pytest.raises(ModelUnreadable):
        load(tmp_path / "m.onnx")


def test_other_files_are_refused(trained: Trained, tmp_path: Path) -> None:
    """Garbage, a foreign ONNX file, a model of another format, or no file at all: each is refused."""
    other = onnx.load_model_from_string(trained.model)
    for entry in other.metadata_props:
        entry.value = entry.value.replace('"format": 2', '"format": 99')
    foreign = conv_pool(tmp_path / "foreign.onnx")
    for data in (b"garbage" * 100, foreign.read_bytes(), other.SerializeToString()):
        (tmp_path / "m.onnx").write_bytes(data)
        with pytest.raises(ModelUnreadable):
            load(tmp_path / "m.onnx")
    with pytest.raises(ModelUnreadable, match="No such file"):
        load(tmp_path / "missing.onnx")


def test_the_file_loads_as_the_model_it_was(trained: Trained, model: Model, tmp_path: Path) -> None:
    """Written and loaded again it is the same version with the same answers."""
    (tmp_path / "m.onnx").write_bytes(trained.model)
    again = load(tmp_path / "m.onnx")
    photo = lessons.draw("blue", 3)
    assert again.version == model.version
    assert again.description == model.description
    assert again.predict(photo) == model.predict(photo)


def test_what_cutting_does_is_no_pieces_doing() -> None:
    """Where each cut raises the answer alike none is against it; one piece that carries it keeps its whole weight."""
    even = by_own_doing(np.full(8, -0.02, np.float32))
    np.testing.assert_array_equal(even, np.zeros(8))
    falls = np.array([0, 0, 0.8, 0.1, 0], np.float32)
    np.testing.assert_array_equal(by_own_doing(falls), falls)


def test_of_two_pieces_none_is_the_middle_one() -> None:
    """They stay as they are, and so does one alone: the half of two is not what the cutting did."""
    for falls in (np.array([0.6, 0.2], np.float32), np.array([0.6], np.float32)):
        np.testing.assert_array_equal(by_own_doing(falls), falls)


@given(
    row=arrays(np.float32, st.integers(1, 8), elements=st.floats(0, 1, width=32)),
    slope=st.tuples(st.floats(0.05, 5), st.floats(-10, 10)),
)
def test_a_set_is_no_likelier_right_than_any_of_its_labels(
    row: npt.NDArray[np.float32], slope: tuple[float, float]
) -> None:
    """However the set is calibrated; the set stays what each label by itself says, and so does its probability."""
    speech = SetSpeech(tuple(f"label {place}" for place in range(len(row))), slope)
    answer = speech.answer(row, 0.5)
    told = np.array([each for _, each in answer.probabilities])
    assert (np.maximum(told, 1 - told) >= answer.probability - 1e-12).all()
    assert labels_in(answer.label) == tuple(f"label {place}" for place in np.flatnonzero(row >= THERE))
    assert answer.probability == speech.stated(row[None])[0]
    assert (np.abs(told - 0.5) >= np.abs(row.astype(np.float64) - 0.5) - 1e-12).all()


def test_of_several_labels_each_part_is_told_for_one() -> None:
    """For the label of the answer which it moves most; where none is the answer, for the answer as a whole."""
    speech = SetSpeech(("a", "b", "c"), (1.0, 0.0))
    falls, labels = speech.by_label(np.array([0.9, 0.8, 0.1]), np.array([[0.2, 0.9, 0.9], [0.8, 0.95, 0.1]]))
    assert labels == ["a", "b"]
    np.testing.assert_allclose(falls, [0.7, -0.15])
    falls, labels = speech.by_label(np.array([0.1, 0.2, 0.1]), np.array([[0.9, 0.2, 0.1]]))
    assert labels == [""]
    assert falls[0] > 0
