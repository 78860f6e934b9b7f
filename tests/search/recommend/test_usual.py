"""Claims about what is kept of histories, and how later ones are compared with it."""

from pathlib import Path

import numpy as np

from understudy.domain.trial import Budget
from understudy.launch.inflow import InflowWatch
from understudy.modalities.interactions.question import Event, Question, question_bytes, read_question
from understudy.search.loading import load_bytes
from understudy.search.recommend.model import RecommendModel
from understudy.search.recommend.training import Settings, Training
from understudy.search.recommend.usual import KNOWN, LATEST, traits_of, usual_of

from .drawn_lessons import drawn, lesson, taught


def test_items_that_the_model_does_not_know_are_told() -> None:
    """Histories as those that were learned from raise no alarm; those of another shop do, by both traits."""
    learned = lesson(drawn())
    usual = usual_of(learned, seed=0)
    assert [trait.name for trait in usual.traits] == [LATEST, KNOWN]
    assert usual.tells
    same, other = InflowWatch(usual), InflowWatch(usual)
    order = np.random.default_rng(3).permutation(len(usual.values))[:25]
    for place in order:
        same = same.update(usual.values[place].tolist())
        strange = Question("", tuple(Event(f"shoe {place + n}") for n in range(4)))
        other = other.update(traits_of(strange, learned.catalogue))
    assert not same.moved
    assert f"“{KNOWN}” from 1 to 0 in the middle" in other.says
    assert f"“{LATEST}” " in other.says


def test_a_model_carries_it(tmp_path: Path) -> None:
    """In its file, and tells the traits of any history; of an empty one both are missing."""
    training = Training(
        lesson(drawn()), Settings(0, Budget(trials=2)), tmp_path, report=lambda _: None, stop_requested=lambda: False
    )
    model = load_bytes(training.run().model)
    assert isinstance(model, RecommendModel)
    assert model.usual == usual_of(lesson(drawn()), seed=0)
    data = taught(drawn())[0].data
    assert model.traits(data) == traits_of(read_question(data), model.inside.speech.catalogue)
    assert np.isneginf(model.traits(question_bytes(Question("", ())))).all()
