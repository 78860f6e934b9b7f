"""Claims about what is kept of the inputs that heads learn from, and how later inputs are compared with it."""

import io
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from search import lessons
from understudy.domain.rule import Fact
from understudy.domain.trial import Budget
from understudy.launch.inflow import InflowWatch
from understudy.launch.usual import MISSING
from understudy.modalities.image.external import External
from understudy.modalities.image.facts import facts_of
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Input, Modality, Part, View
from understudy.modalities.registry import modality_named
from understudy.modalities.text.modality import MODALITY as TEXTS
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.rows import Turning, learn_turning
from understudy.search.usual import DIRECTIONS, Directions, traits_of, usual_of

THINGS = (
    *("card", "rate", "loan", "bill", "bank", "fee", "note", "cheque", "limit", "branch"),
    *("cash", "coin", "rent", "tax", "wage", "debt", "gift"),
)
ASKED = ("where is my {} today", "please tell me of the {} that I sent", "the {} is late, and why", "is the {} good")
DINGE = (
    *("Karte", "Rate", "Kredit", "Rechnung", "Bank", "Note", "Scheck"),
    *("Grenze", "Filiale", "Bargeld", "Muenze", "Miete", "Steuer"),
)
GEFRAGT = ("wo ist denn heute meine {}", "bitte sagen Sie mir etwas zu der {}", "die {} kommt zu spaet, warum nur")


def watched(model: Model, inputs: list[bytes]) -> InflowWatch:
    assert model.usual is not None
    watch = InflowWatch(model.usual)
    for data in inputs:
        watch = watch.update(model.traits(data))
    return watch


@pytest.fixture(scope="module")
def photos(small: External, tmp_path_factory: pytest.TempPathFactory) -> Model:
    given = lessons.lesson({"red": 30, "green": 30, "blue": 30})
    trained = lessons.train(given, small, tmp_path_factory.mktemp("usual") / "a", sizes=(32,), budget=Budget(trials=4))
    return Model(read_model(trained.model))


def darkened(data: bytes) -> bytes:
    file = io.BytesIO()
    ImageEnhance.Brightness(Image.open(io.BytesIO(data))).enhance(0.25).save(file, "JPEG", quality=88)
    return file.getvalue()


def fresh(count: int) -> list[bytes]:
    return [lessons.draw(("red", "green", "blue")[at % 3], 1000 + at) for at in range(count)]


def test_photos_that_turn_dark_are_told(photos: Model) -> None:
    """By their brightness, from and to; photos as usual raise no alarm."""
    assert not watched(photos, fresh(100)).moved
    told = watched(photos, [darkened(photo) for photo in fresh(50)])
    assert "“brightness” from 0." in told.says
    assert f"of {DIRECTIONS} directions" in told.says


def test_traits_are_those_that_are_kept(photos: Model) -> None:
    """What the graph gives for an input that was learned from is what is kept of it, to the precision of features."""
    assert photos.usual is not None
    kept = photos.usual.values
    assert kept.shape == (90, DIRECTIONS + 4)
    again = np.array(photos.traits(lessons.draw("red", 3)))
    assert np.abs(kept - again).max(axis=1).min() < 0.05


def test_a_group_counts_once(small: External, tmp_path: Path) -> None:
    """Of photos that belong together one is kept."""
    given = lessons.lesson({"red": 12, "blue": 12}, groups=lambda at: at // 3)
    model = Model(read_model(lessons.train(given, small, tmp_path / "a", sizes=(32,), budget=Budget(trials=1)).model))
    assert model.usual is not None
    assert len(model.usual.values) == 8
    assert not model.usual.tells


def test_texts_in_another_language_are_told(tmp_path: Path) -> None:
    """By their language and by what the model sees; texts as usual raise no alarm."""
    written = [asked.format(thing).encode() for thing in THINGS for asked in ASKED]
    order = np.random.default_rng(0).permutation(len(written))
    learned, later = ([written[at] for at in part] for part in (order[:40], order[40:]))
    german = [asked.format(thing).encode() for thing in DINGE for asked in GEFRAGT][:25]
    inputs = [Input(sha256(text).hexdigest(), partial(bytes, text)) for text in (*learned, *later, *german)]
    encoder = TEXTS.encoder(None)
    view = encoder.views(len(learned), thorough=False)[0]
    features = encoder.features(inputs, view, [view], tmp_path, lambda _done, _all: None)
    turning = learn_turning(features, len(learned), seed=0, standardised=view.standardised)
    directions = Directions.over(view, turning, seed=0)
    usual = usual_of(inputs[:40], [each.digest for each in inputs[:40]], features, directions, TEXTS)

    def looked(places: range) -> InflowWatch:
        watch = InflowWatch(usual)
        for place in places:
            seen = directions(features(np.array([place])))
            watch = watch.update(traits_of(seen, inputs[place].read(), TEXTS, usual))
        return watch

    assert not looked(range(40, 65)).moved
    assert "directions" in looked(range(len(inputs) - 25, len(inputs))).says


class Sixth(type(TEXTS)):  # type: ignore[misc]
    """A modality that another package offers, which names facts to be watched."""

    name = "sixth"
    watched_facts = frozenset({"hour"})

    def facts(self, data: bytes) -> dict[str, Fact]:
        return {"hour": np.float32(len(data)), "unwatched": 1.0}


@pytest.mark.parametrize(
    ("modality", "names"),
    [
        (TEXTS, sorted(TEXTS.look_facts)),
        (Sixth(), ["hour"]),
        (modality_named("photo"), sorted(modality_named("photo").look_facts)),
        (modality_named("sound"), []),
        (modality_named("video"), []),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_modality_says_which_facts_are_watched(modality: Modality, names: list[str]) -> None:
    """Whoever offers it; sounds and clips name none, since measuring theirs takes about as long as an answer."""
    data = modality.golden()
    inputs = [Input(sha256(each).hexdigest(), partial(bytes, each)) for each in data]
    view = View("drawn", (Part("drawn", 3),))
    rows = np.random.default_rng(0).normal(size=(len(data), 3)).astype(np.float32)
    turning = Turning(np.zeros(3, np.float32), np.ones(3, np.float32), np.eye(3, dtype=np.float32))
    directions = Directions.over(view, turning, seed=0)
    usual = usual_of(inputs, [each.digest for each in inputs], lambda places: rows[places], directions, modality)
    assert [trait.name for trait in usual.traits[DIRECTIONS:]] == names
    assert len(traits_of(directions(rows[:1]), data[0], modality, usual)) == DIRECTIONS + len(names)


def test_a_photo_that_cannot_be_measured_is_looked_at_all_the_same(
    small: External, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its facts are missing, what the model sees of it is not, and the training goes on."""
    given = lessons.lesson({"red": 8, "blue": 8})
    data = given.inputs[5].read()

    def faltering(_self: object, photo: bytes) -> dict[str, Fact]:
        if photo == data:
            raise ValueError("by accident")
        return facts_of(photo)

    monkeypatch.setattr(type(MODALITY), "facts", faltering)
    model = Model(read_model(lessons.train(given, small, tmp_path / "a", sizes=(32,), budget=Budget(trials=1)).model))
    assert model.usual is not None
    missing = model.usual.values == MISSING
    assert missing.any(axis=1).sum() == 1
    assert not missing[:, :DIRECTIONS].any()
