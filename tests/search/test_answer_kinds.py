"""Several labels at once, and numbers, learned from what heads see: from photos to one file that answers."""

import hashlib
import io
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image, ImageDraw

from search.lessons import COLOURS
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, labels_in, labels_text, number_in
from understudy.domain.trial import Budget
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.external import External
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Input
from understudy.search.loading import load_bytes
from understudy.search.model import Model
from understudy.search.model_file import ModelBroken, read_model
from understudy.search.speech import DEVIATIONS, HARDNESS, PROBABILITIES
from understudy.search.target import TooLittleToLearn
from understudy.search.threshold import LEAST_SURE
from understudy.search.trained import Trained
from understudy.search.training import Lesson, Settings, Training

SEVERAL = Task("photo", AnswerKind.LABELS)
HEIGHT = Task("photo", AnswerKind.NUMBER, tolerance=6.0, unit="cm")


def ground(seed: int) -> tuple[np.random.Generator, Image.Image]:
    rng = np.random.default_rng(seed)
    return rng, Image.fromarray(rng.normal(128, 10, (60, 80, 3)).clip(0, 255).astype(np.uint8))


def saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def stripes(seed: int) -> tuple[bytes, str]:
    """Stripes of some of three colours, or of none, each in a place of its own."""
    rng, picture = ground(seed)
    there = [colour for colour in COLOURS if rng.random() < 0.45]
    for place, colour in enumerate(COLOURS):
        if colour in there:
            top = 4 + place * 19 + int(rng.integers(0, 3))
            ImageDraw.Draw(picture).rectangle((5, top, 75, top + 12), fill=COLOURS[colour])
    return saved(picture), labels_text(tuple(there))


def bar(seed: int) -> tuple[bytes, str]:
    """A bar as high as a number from 0 to 100 says."""
    rng, picture = ground(seed)
    height = float(rng.uniform(0, 100))
    ImageDraw.Draw(picture).rectangle((10, 58 - height * 0.55, 70, 58), fill=(220, 210, 60))
    return saved(picture), f"{height:.1f}"


def lesson(made: list[tuple[bytes, str]], *, group: int = 1) -> Lesson:
    known = sorted((hashlib.sha256(data).hexdigest(), data, answer) for data, answer in made)
    inputs = [Input(digest, partial(bytes, data)) for digest, data, _ in known]
    return Lesson(inputs, [answer for _, _, answer in known], [str(at // group) for at in range(len(known))])


def train(given: Lesson, task: Task, extractor: External, folder: Path, **how: object) -> Trained:
    budget = how.get("budget") or Budget()
    assert isinstance(budget, Budget)
    settings = Settings(MODALITY, PhotoEncoder(extractor, (64,)), 0, budget, task)
    stop = how.get("stop") or (lambda: False)
    assert callable(stop)
    return Training(given, settings, folder / "run", folder / "cache", report=lambda _: None, stop_requested=stop).run()


def model_of(trained: Trained) -> Model:
    return Model(read_model(trained.model))


@pytest.fixture(scope="module")
def several(small: External, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(lesson([stripes(seed) for seed in range(140)]), SEVERAL, small, tmp_path_factory.mktemp("several"))


@pytest.fixture(scope="module")
def number(small: External, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(lesson([bar(seed) for seed in range(160)]), HEIGHT, small, tmp_path_factory.mktemp("number"))


def test_sets_are_answered_that_were_never_met(several: Trained) -> None:
    """Labels are learned one by one: each comes with its own probability, and sets are right as a whole."""
    model = model_of(several)
    assert model.labels == ("blue", "green", "red")
    fresh = [stripes(seed) for seed in range(1000, 1060)]
    answers = [model.predict(data) for data, _ in fresh]
    right = [SEVERAL.right(answer.label, truth) for answer, (_, truth) in zip(answers, fresh, strict=True)]
    assert np.mean(right) > 0.8
    assert all(answer.kind is AnswerKind.LABELS for answer in answers)
    for answer in answers:
        assert labels_in(answer.label) == tuple(label for label, chance in answer.probabilities if chance >= 0.5)


def test_a_set_is_learned_from_parts_of_it(small: External, tmp_path: Path) -> None:
    """Two labels that never came together in training are both answered where both are there."""
    made = [stripes(seed) for seed in range(260)]
    apart = [each for each in made if not {"red", "blue"} <= set(labels_in(each[1]))]
    both = [stripes(seed) for seed in range(2000, 2200)]
    both = [each for each in both if {"red", "blue"} <= set(labels_in(each[1]))]
    model = model_of(train(lesson(apart), SEVERAL, small, tmp_path))
    found = [{"red", "blue"} <= set(labels_in(model.predict(data).label)) for data, _ in both]
    assert np.mean(found) > 0.6


def test_none_of_the_labels_is_an_answer(several: Trained) -> None:
    """Photos with no stripe at all are answered with no label, as people answer them."""
    model = model_of(several)
    empty = [saved(ground(seed)[1]) for seed in range(3000, 3010)]
    assert sum(model.predict(data).label == NONE_OF_THESE for data in empty) >= 8


def test_how_sure_a_set_is_can_be_believed(several: Trained) -> None:
    """The stated probability of whole sets is about how often they are right, and unlikely ones go to a person."""
    model = model_of(several)
    fresh = [stripes(seed) for seed in range(5000, 5150)]
    answers = model.predict_all([data for data, _ in fresh])
    stated = [answer.probability for answer in answers]  # type: ignore[union-attr]
    right = [SEVERAL.right(answer.label, truth) for answer, (_, truth) in zip(answers, fresh, strict=True)]  # type: ignore[union-attr]
    assert abs(np.mean(stated) - np.mean(right)) < 0.12
    assert model.threshold >= LEAST_SURE
    assert all(answer.ask_person == (answer.probability < model.threshold) for answer in answers)  # type: ignore[union-attr]


def test_numbers_are_near_enough_about_as_often_as_they_say(number: Trained) -> None:
    """New photos are measured, four in five intervals hold the truth, and the stated probability can be believed."""
    model = model_of(number)
    fresh = [bar(seed) for seed in range(1000, 1150)]
    answers = [model.predict(data) for data, _ in fresh]
    truths = np.array([float(truth) for _, truth in fresh])
    said = np.array([number_in(answer.label) for answer in answers])
    assert np.corrcoef(said, truths)[0, 1] > 0.9
    inside = [low <= truth <= high for (low, high), truth in zip([a.interval for a in answers], truths, strict=True)]  # type: ignore[misc]
    assert 0.68 <= np.mean(inside) <= 0.94
    right = [HEIGHT.right(answer.label, truth) for answer, (_, truth) in zip(answers, fresh, strict=True)]
    assert abs(np.mean(right) - np.mean([answer.probability for answer in answers])) < 0.12
    assert model.labels == ()
    assert model.description.examples == (160,)


def test_whole_numbers_are_answered_whole(small: External, tmp_path: Path) -> None:
    """Where every number was whole and half of one does not count as right, answers are whole."""
    made = [(data, str(round(float(height) / 20))) for data, height in map(bar, range(80))]
    task = Task("photo", AnswerKind.NUMBER, tolerance=0.0)
    model = model_of(train(lesson(made), task, small, tmp_path, budget=Budget(trials=4)))
    answer = model.predict(bar(77)[0])
    assert float(answer.label).is_integer()
    assert answer.probability > 0


def test_numbers_far_from_zero_are_answered_as_near_ones_are(small: External, tmp_path: Path) -> None:
    """Moments in seconds since 1970 are learned and answered as closely as seconds since any other moment."""
    since = 1_700_000_000
    near = [(data, f"{float(height):.0f}") for data, height in map(bar, range(80))]
    far = [(data, str(since + int(height))) for data, height in near]
    budget = Budget(trials=4)
    plain = model_of(train(lesson(near), HEIGHT, small, tmp_path / "near", budget=budget))
    moved = model_of(train(lesson(far), HEIGHT, small, tmp_path / "far", budget=budget))
    for data, _ in map(bar, range(700, 720)):
        here, there = plain.predict(data), moved.predict(data)
        assert number_in(there.label) - since == pytest.approx(number_in(here.label), abs=0.02)
        np.testing.assert_allclose(np.subtract(there.interval, since), here.interval, atol=0.02)
        assert there.probability == pytest.approx(here.probability, abs=0.002)


@pytest.mark.parametrize("kind", ["several", "number"])
def test_any_onnx_runtime_gives_the_same_answers(kind: str, request: pytest.FixtureRequest) -> None:
    """The file is one ONNX graph whose outputs do not depend on who runs it."""
    trained: Trained = request.getfixturevalue(kind)
    session = onnxruntime.InferenceSession(trained.model, providers=["CPUExecutionProvider"])
    model = model_of(trained)
    names = [PROBABILITIES] if kind == "several" else [DEVIATIONS, HARDNESS]
    assert [each.name for each in session.get_outputs()][: len(names)] == names
    for data, _ in map(stripes if kind == "several" else bar, range(400, 404)):
        theirs = np.concatenate(session.run(names, model.file.preparer.arrays(data)), axis=1)
        np.testing.assert_allclose(theirs, model.probabilities([data]), rtol=1e-3, atol=1e-4)
        assert model.probabilities([]).shape == (0, theirs.shape[1])


@pytest.mark.parametrize("kind", ["several", "number"])
def test_the_same_seed_gives_the_same_file(
    kind: str, small: External, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Trained again, or stopped half way and resumed, the same examples give the same bytes."""
    whole: Trained = request.getfixturevalue(kind)
    given = lesson([stripes(seed) for seed in range(140)] if kind == "several" else [bar(seed) for seed in range(160)])
    task = SEVERAL if kind == "several" else HEIGHT
    journal = tmp_path / "run" / "trials.jsonl"

    def tired() -> bool:
        return journal.exists() and journal.read_text().count("\n") >= 5

    parts = train(given, task, small, tmp_path, stop=tired)
    assert parts.stopped
    assert 0 < len(parts.trials) < len(whole.trials)
    assert train(given, task, small, tmp_path).model == whole.model


def test_a_label_met_once_is_known_and_hardly_ever_said(small: External, tmp_path: Path) -> None:
    """A label with a single example is learned from and never judged by, and an example without it is not given it."""
    made = [stripes(seed) for seed in range(60)]
    made[0] = (made[0][0], "rare; red")
    model = model_of(train(lesson(made), SEVERAL, small, tmp_path, budget=Budget(trials=4)))
    assert dict(zip(model.labels, model.description.examples, strict=True))["rare"] == 1
    assert all("rare" not in model.predict(data).label for data, _ in map(stripes, range(500, 520)))


@pytest.mark.parametrize("kind", ["several", "number"])
def test_what_cannot_be_held_out_is_left_to_people(kind: str, small: External, tmp_path: Path) -> None:
    """Where all examples are of one group, a model is made that always asks."""
    made = [stripes(seed) if kind == "several" else bar(seed) for seed in range(30)]
    task = SEVERAL if kind == "several" else HEIGHT
    trained = train(lesson(made, group=30), task, small, tmp_path, budget=Budget(trials=4))
    answer = model_of(trained).predict(made[0][0])
    assert answer.ask_person
    assert not model_of(trained).description.out_of_fold.stated


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("kind", ["several", "number"])
def test_very_few_examples_are_enough_to_begin(kind: str, count: int, small: External, tmp_path: Path) -> None:
    """A handful of examples gives a model that is never sure of itself."""
    made = [stripes(seed) if kind == "several" else bar(seed) for seed in range(count)]
    task = SEVERAL if kind == "several" else HEIGHT
    model = model_of(train(lesson(made), task, small, tmp_path, budget=Budget(trials=3)))
    assert all(model.predict(data).probability < 0.97 for data, _ in map(bar, range(900, 905)))


@pytest.mark.parametrize(
    ("task", "answers", "says"),
    [
        (SEVERAL, ["red"] * 4, "nothing to tell apart"),
        (SEVERAL, [NONE_OF_THESE] * 4, "nothing to tell apart"),
        (HEIGHT, ["7"] * 4, "nothing to learn"),
        (HEIGHT, ["7", "8", "tall", "9"], "no numbers"),
    ],
)
def test_what_says_nothing_is_refused(
    task: Task, answers: list[str], says: str, small: External, tmp_path: Path
) -> None:
    """Answers that never differ, or that are no numbers, get an error that says so."""
    made = [(bar(seed)[0], answer) for seed, answer in enumerate(answers)]
    with pytest.raises(TooLittleToLearn, match=says):
        train(lesson(made), task, small, tmp_path)


def test_reasons_of_a_number_are_in_its_unit(number: Trained) -> None:
    """Where a part of the bar is hidden, the number moves, and by how much is told in its own unit."""
    model = model_of(number)
    data, _ = next(each for each in map(bar, range(600, 700)) if float(each[1]) > 80)
    regions = model.regions(data)
    assert regions.shape == (7, 7)
    assert np.abs(regions).max() > 1.0


def test_a_changed_answer_is_noticed(number: Trained) -> None:
    """A file whose golden answer is another, by more than the engines differ, is not served."""
    file = read_model(number.model)
    golden = file.golden[0]
    moved = replace(golden, probabilities=(golden.probabilities[0] + 3.0, golden.probabilities[1]))
    broken = type(file)(file.graph, file.version, file.description, (moved,), file.preparer, file.speech)
    with pytest.raises(ModelBroken, match="an answer is off"):
        Model(broken)
    assert load_bytes(number.model).version == file.version
