"""Texts are learned from as photos are: from bytes to one file that answers, explains and knows what it never saw."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from understudy.domain.task import NONE_OF_THESE
from understudy.domain.trial import Budget
from understudy.modalities.abilities import Hidden
from understudy.modalities.protocol import Input
from understudy.modalities.text.encoder import TextPreparer
from understudy.modalities.text.modality import MODALITY
from understudy.search.loading import load_bytes
from understudy.search.model_file import read_model
from understudy.search.ready import ReadyModel
from understudy.search.speech import PROBABILITIES
from understudy.search.training import Lesson, Settings, Training

ASKED = (
    "I have a question about my {}",
    "what happened to the {} today",
    "please tell me of the {}",
    "the {} is not what I thought",
    "is the {} any good",
    "{} again",
    "why is the {} so late",
    "how do I see the {}",
)
MORE = {
    "lost_card": ("lost card", "card that was stolen", "missing bank card"),
    "exchange_rate": ("exchange rate", "rate for dollars", "currency rate"),
    NONE_OF_THESE: ("weather in the mountains", "rain", "storm on the coast"),
}


def lesson() -> Lesson:
    rows = sorted(
        (sha256(text.encode()).hexdigest(), text.encode(), label)
        for label, things in MORE.items()
        for thing in things
        for text in (asked.format(thing) for asked in ASKED)
    )
    inputs = [Input(digest, lambda data=data: data) for digest, data, _ in rows]
    return Lesson(inputs, [label for *_, label in rows], [digest for digest, *_ in rows])


def made(folder: Path) -> bytes:
    folder.mkdir()
    settings = Settings(MODALITY, MODALITY.encoder(None), 3, Budget(trials=5))
    cache = folder.parent / "cache"
    training = Training(lesson(), settings, folder, cache, report=lambda _: None, stop_requested=lambda: False)
    return training.run().model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(tmp_path_factory.mktemp("texts") / "run")


@pytest.fixture(scope="module")
def model(data: bytes) -> ReadyModel:
    return load_bytes(data)


def test_questions_are_told_apart(model: ReadyModel) -> None:
    """A model of texts answers new questions, in any order and number, and says what moved it."""
    texts = [b"my bank card was stolen", b"how do I see the rate for euros", b"ok", b""]
    answers = model.predict_all(texts)
    assert [getattr(answer, "label", "") for answer in answers[:2]] == ["lost_card", "exchange_rate"]
    assert "The text is empty." in str(answers[3])
    assert getattr(model.predict_all(texts[::-1])[3], "label", "") == "lost_card"
    assert any("card" in reason.what for reason in model.explain(texts[0])[:2])


def test_a_text_is_answered_without_hiding_its_words(model: ReadyModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words lie in no seconds; once that is known, an answer takes one look at the text, and telling why takes more."""
    assert model.predict("my bank card was stolen").seconds is None

    def hidden(_self: TextPreparer, data: bytes) -> list[Hidden]:
        raise AssertionError(f"the words of {data!r} were hidden")

    monkeypatch.setattr(TextPreparer, "hidden", hidden)
    assert model.predict("my bank card was stolen").seconds is None
    with pytest.raises(AssertionError):
        model.explain(b"my bank card was stolen")


def test_names_are_learned_from_but_not_counted(model: ReadyModel) -> None:
    """Examples are those of the lesson; the labels' names, learned from besides, are not among them."""
    assert model.description.examples == (24, 24, 24)


@pytest.mark.parametrize(("each", "named"), [(16, True), (17, False)])
def test_names_are_learned_from_where_examples_are_few(
    each: int, named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more than 16 examples a label, on average, a label's name is no example of it any more."""
    asked: list[str] = []

    def from_label(_self: object, label: str) -> bytes:
        asked.append(label)
        return b""

    monkeypatch.setattr(type(MODALITY), "from_label", from_label)
    rows = sorted((sha256(text).hexdigest(), text) for text in (f"text {at}".encode() for at in range(2 * each)))
    inputs = [Input(digest, lambda data=data: data) for digest, data in rows]
    given = Lesson(inputs, ["yes", "no"] * each, [digest for digest, _ in rows])
    settings = Settings(MODALITY, MODALITY.encoder(None), 3, Budget(trials=1))
    Training(given, settings, tmp_path, tmp_path, report=lambda _: None, stop_requested=lambda: False)
    assert asked == (["no", "yes"] if named else [])


def test_what_people_called_none_of_these_is_answered_so(model: ReadyModel) -> None:
    """What resembles no label, or what people called none of these, is unknown and left to a person."""
    (answer,) = model.predict_all([b"thunder and heavy rain over the hills tomorrow"])
    assert not isinstance(answer, Exception)
    assert (answer.label, answer.unknown) == (NONE_OF_THESE, True)


def test_onnx_runtime_answers_the_same(data: bytes, model: ReadyModel) -> None:
    """ONNX Runtime gives the probabilities that the model gives, from the arrays that the preparer makes."""
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    text = b"my bank card was stolen"
    theirs = session.run([PROBABILITIES], read_model(data).preparer.arrays(text))[0][0]
    (ours,) = model.predict_all([text])
    assert not isinstance(ours, Exception)
    np.testing.assert_allclose([share for _, share in ours.probabilities], theirs, atol=1e-3)
