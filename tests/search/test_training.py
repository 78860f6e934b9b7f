"""A run: from photos to a model, limited, stopped, resumed and repeated."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from onnx_files import conv_pool
from search import lessons
from understudy.domain.trial import Budget
from understudy.modalities.image import encoder
from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import Extractor
from understudy.search import training
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.plan import Clock
from understudy.search.target import TooLittleToLearn
from understudy.search.trained import Trained
from understudy.search.training import Lesson, NothingFinished
from understudy.search.trial_lines import RunMismatch

TWO = {"red": 12, "blue": 12}


def model_of(trained: Trained) -> Model:
    return Model(read_model(trained.model))


def stop_after(calls: int) -> Callable[[], bool]:
    """Asks to stop from the given call on."""
    left = [calls]

    def wish() -> bool:
        left[0] -= 1
        return left[0] < 0

    return wish


def test_a_run_learns_what_it_was_shown(tmp_path: Path, small: External) -> None:
    """New photos of the same kind are told apart, and every planned candidate was tried."""
    trained = lessons.train(lessons.lesson(TWO), small, tmp_path)
    assert trained.complete
    assert not trained.stopped
    model = model_of(trained)
    answers = [model.predict(lessons.draw(label, 1000 + at)).label == label for label in TWO for at in range(10)]
    assert np.mean(answers) >= 0.9
    assert model.description.examples == (12, 12)
    assert model.labels == ("blue", "red")


def test_the_same_seed_gives_the_same_file(tmp_path: Path, small: External) -> None:
    """Same photos, same seed: the same model, byte for byte; another seed may differ, and says so."""
    given = lessons.lesson(TWO)
    first, second = (lessons.train(given, small, tmp_path / name) for name in "ab")
    assert first.model == second.model
    assert first.trials == second.trials
    assert model_of(lessons.train(given, small, tmp_path / "c", seed=1)).description.seed == 1


@pytest.mark.parametrize("calls", [1, 20, 90, 160])
def test_a_run_that_was_stopped_goes_on_to_the_same_model(tmp_path: Path, small: External, calls: int) -> None:
    """Wherever it was stopped, going on ends in the model that the run would have made in one go."""
    given = lessons.lesson(TWO)
    whole = lessons.train(given, small, tmp_path / "whole")
    if calls <= 20:
        with pytest.raises(NothingFinished, match="was stopped"):
            lessons.train(given, small, tmp_path / "parts", stop=stop_after(calls))
    else:
        stopped = lessons.train(given, small, tmp_path / "parts", stop=stop_after(calls))
        assert stopped.stopped
        assert not stopped.complete
        assert 0 < len(stopped.trials) < len(whole.trials)
        assert model_of(stopped).labels == ("blue", "red")
    resumed = lessons.train(given, small, tmp_path / "parts")
    assert resumed.complete
    assert resumed.trials == whole.trials
    assert resumed.model == whole.model


@pytest.mark.parametrize("trials", [1, 4, 7])
def test_a_budget_of_trials_is_met_exactly(tmp_path: Path, small: External, trials: int) -> None:
    """So many candidates are tried, no more and no fewer."""
    trained = lessons.train(lessons.lesson(TWO), small, tmp_path, budget=Budget(trials=trials))
    assert len(trained.trials) == trials
    assert trained.complete


def test_more_trials_can_be_added_later(tmp_path: Path, small: External) -> None:
    """A run of a few trials that goes on with more of them ends where the longer run would have."""
    given = lessons.lesson(TWO)
    lessons.train(given, small, tmp_path / "a", budget=Budget(trials=4))
    longer = lessons.train(given, small, tmp_path / "a", budget=Budget(trials=9))
    assert longer.model == lessons.train(given, small, tmp_path / "b", budget=Budget(trials=9)).model


def test_time_that_is_up_before_anything_was_tried_leaves_no_model(tmp_path: Path, small: External) -> None:
    """Without a single trial there is no model, and the error says how to go on."""
    with pytest.raises(NothingFinished, match="The time was up") as caught:
        lessons.train(lessons.lesson(TWO), small, tmp_path, budget=Budget(seconds=0))
    assert "--resume" in caught.value.remedy


def test_time_that_is_up_in_between_leaves_the_model_of_what_was_tried(
    tmp_path: Path, small: External, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When time is up after some trials, they make the model, and the run does not claim to be complete."""
    seconds = [0.0]

    def now() -> float:
        seconds[0] += 1.0
        return seconds[0]

    monkeypatch.setattr(training, "Clock", partial(Clock, now=now))
    trained = lessons.train(lessons.lesson(TWO), small, tmp_path, budget=Budget(seconds=90))
    assert not trained.complete
    assert not trained.stopped
    assert 0 < len(trained.trials) < 15
    assert model_of(trained).labels == ("blue", "red")


@pytest.mark.parametrize("each", [1, 2, 3])
def test_very_few_photos_are_enough_to_begin(tmp_path: Path, small: External, each: int) -> None:
    """One to three photos a label give a model that is never sure of itself."""
    trained = lessons.train(lessons.lesson({"red": each, "green": each, "blue": each}), small, tmp_path)
    model = model_of(trained)
    answers = [model.predict(lessons.draw(label, at)) for label in ("red", "blue") for at in range(20)]
    assert max(answer.probability for answer in answers) < 0.97
    if each == 1:
        assert all(answer.ask_person for answer in answers)
        assert model.description.held_out_accuracy == pytest.approx(1 / 3)


def test_a_label_with_one_photo_is_learned_beside_the_others(tmp_path: Path, small: External) -> None:
    """A single photo of a label is enough for the label to be an answer."""
    trained = lessons.train(lessons.lesson({"red": 10, "blue": 10, "green": 1}), small, tmp_path)
    model = model_of(trained)
    assert model.labels == ("blue", "green", "red")
    assert model.description.examples == (10, 1, 10)
    chances = dict(model.predict(lessons.draw("green", 0)).probabilities)
    elsewhere = dict(model.predict(lessons.draw("red", 500)).probabilities)
    assert chances["green"] > elsewhere["green"]


def test_two_walls_of_one_label_each_prove_nothing(tmp_path: Path, small: External) -> None:
    """Where nothing can be held out honestly, the model claims no accuracy and always asks a person."""
    trained = lessons.train(lessons.lesson(TWO, groups=lambda _: 0), small, tmp_path)
    model = model_of(trained)
    assert model.description.held_out_accuracy == 0.5
    assert {trial.accuracy for trial in trained.trials} == {0.5}
    assert all(model.predict(lessons.draw(label, at)).ask_person for label in TWO for at in range(15))


def test_photos_that_look_the_same_give_an_even_chance(tmp_path: Path, small: External) -> None:
    """Labels that nothing in the photos tells apart get probabilities near one half."""
    same = lessons.draw("red", 0)
    photos = [lessons.Input(f"{at:064x}", lambda: same) for at in range(12)]
    given = Lesson(photos, ["a", "b"] * 6, [photo.digest for photo in photos])
    answer = model_of(lessons.train(given, small, tmp_path)).predict(same)
    assert answer.probability == pytest.approx(0.5, abs=0.1)
    assert answer.ask_person


def test_labels_may_be_any_text(tmp_path: Path, small: External) -> None:
    """Labels in any script, with spaces and quotes, go through the model file unharmed."""
    names = {"Riß im Flügel 🪨": "red", '健康 "ok"\n': "blue", "": "green"}
    given = lessons.lesson(dict.fromkeys(names, 4), look=names.__getitem__)
    trained = lessons.train(given, small, tmp_path, budget=Budget(trials=5))
    assert set(model_of(trained).labels) == set(names)


def test_one_label_is_nothing_to_learn(tmp_path: Path, small: External) -> None:
    """A single label, or no photo at all, is refused with what to add."""
    for counts in ({"red": 5}, {}):
        with pytest.raises(TooLittleToLearn) as caught:
            lessons.train(lessons.lesson(counts), small, tmp_path)
        assert "Add photos" in caught.value.remedy


def test_a_run_that_goes_on_with_fewer_trials_is_one_of_those(tmp_path: Path, small: External) -> None:
    """What an earlier run tried beyond the present plan has no part in the model, so its bytes are the same."""
    given = lessons.lesson(TWO)
    once = lessons.train(given, small, tmp_path / "a", budget=Budget(trials=2))
    lessons.train(given, small, tmp_path / "b", budget=Budget(trials=5))
    again = lessons.train(given, small, tmp_path / "b", budget=Budget(trials=2))
    assert (again.model, again.trials) == (once.model, once.trials)


def test_other_photos_do_not_go_on_with_an_earlier_run(tmp_path: Path, small: External) -> None:
    """A run on other labels is not mixed with the earlier one."""
    lessons.train(lessons.lesson(TWO), small, tmp_path, budget=Budget(trials=1))
    with pytest.raises(RunMismatch):
        lessons.train(lessons.lesson({"red": 12, "green": 12}), small, tmp_path)


def test_what_was_made_up_is_learned_and_never_judged_by(tmp_path: Path, small: External) -> None:
    """Held-out figures rest on the real photos alone; a label that only made-up ones bear is answered all the same."""
    real = lessons.lesson(TWO)
    made = lessons.lesson({"green": 12, "red": 30}, look=lambda label: {"red": "blue"}.get(label, label))
    both = Lesson(
        [*real.inputs, *made.inputs],
        [*real.labels, *made.labels],
        [*real.groups, *(f"made {group}" for group in made.groups)],
        len(made.labels),
    )
    trained = lessons.train(both, small, tmp_path)
    described = model_of(trained).description
    assert len(described.out_of_fold.right) == len(real.labels)
    assert described.examples == (12, 12, 42)
    said = [model_of(trained).predict(lessons.draw("green", 1000 + at)).label for at in range(10)]
    assert np.mean([label == "green" for label in said]) > 0.7
    assert both.version != Lesson(both.inputs, both.labels, both.groups).version
    part = both.some(range(20, 40))
    assert (part.real, part.made) == (4, 16)


def test_the_data_version_tells_data_apart() -> None:
    """Another photo, label or group is another version; the same data is the same."""
    given = lessons.lesson(TWO)
    labels = ["red", *given.labels[1:]] if given.labels[0] != "red" else ["blue", *given.labels[1:]]
    others = [
        Lesson(given.inputs[1:], given.labels[1:], given.groups[1:]),
        Lesson(given.inputs, labels, given.groups),
        Lesson(given.inputs, given.labels, ["other", *given.groups[1:]]),
    ]
    versions = {each.version for each in (given, *others)}
    assert len(versions) == 4
    assert lessons.lesson(TWO).version == given.version


def views_tried(trained: Trained) -> set[str]:
    return {trial.name.rpartition(": ")[2] for trial in trained.trials}


def test_of_many_photos_larger_ones_are_looked_at_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A default run on very many photos keeps to the small size; who gives a budget gets the large one too."""
    either = External.from_file(conv_pool(tmp_path / "any.onnx"))
    given = lessons.lesson(dict.fromkeys(TWO, 6), look=lambda _: "red")
    assert len(views_tried(lessons.train(given, either, tmp_path / "a"))) == 2
    monkeypatch.setattr(encoder, "MANY_PHOTOS", 5)
    assert views_tried(lessons.train(given, either, tmp_path / "b")) == {"photos at 224 px"}
    asked = lessons.train(given, either, tmp_path / "c", budget=Budget(trials=30))
    assert views_tried(asked) == {"photos at 224 px", "photos at 448 px"}


def test_where_small_photos_are_enough_larger_ones_are_spared(trained: Trained) -> None:
    """A default run looks at larger photos only where the small ones leave something to gain."""
    best = max(trial.accuracy for trial in trained.trials if "64 px" in trial.name)
    assert any("96 px" in trial.name for trial in trained.trials) == (best < training.ENOUGH)


def test_of_some_hundred_photos_the_larger_are_seen_by_texture_alone(
    built_in: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A default run on more than a few photos saves the deeper layers at the larger size; a budget asks for all."""
    given = lessons.lesson(dict.fromkeys(TWO, 6), look=lambda _: "red")
    monkeypatch.setattr(encoder, "SOME_PHOTOS", 5)
    monkeypatch.setattr(training, "ENOUGH", 1.1)
    sparing = views_tried(lessons.train(given, built_in, tmp_path / "a", sizes=(64, 96)))
    assert "photos at 96 px" not in sparing
    assert "texture at 96 px" in sparing
    asked = views_tried(lessons.train(given, built_in, tmp_path / "b", sizes=(64, 96), budget=Budget(trials=90)))
    assert asked == sparing | {"photos at 96 px"}


def test_made_up_copies_of_a_group_do_not_judge_it(tmp_path: Path, small: External) -> None:
    """Labels of pure chance stay that, though made-up photos like each real one, of its group, bear its label too."""
    photos = [(lessons.draw("grey", at), "red" if at % 2 else "blue", f"group {at}") for at in range(48)]
    real = [(lessons.photo_of(data), *rest) for data, *rest in photos]
    made = [(lessons.photo_of(data + bytes([at])), *rest) for data, *rest in photos for at in range(6)]
    both = [*sorted(real, key=lambda each: each[0].digest), *made]
    together = Lesson([each[0] for each in both], [each[1] for each in both], [each[2] for each in both], len(made))
    trained = lessons.train(together, small, tmp_path)
    assert max(trial.accuracy for trial in trained.trials) < 0.65
