"""Training on interactions, from examples to a model that answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.modalities.interactions.question import QuestionUnreadable, read_question
from understudy.modalities.interactions.reading import Interactions
from understudy.search.assignment import JOURNAL, LESSON, MADE, MODEL, Assignment
from understudy.search.loading import load_bytes
from understudy.search.model_file import ModelBroken, ModelUnreadable
from understudy.search.parts import read_parts, write_parts
from understudy.search.recommend.job import run
from understudy.search.recommend.lesson import Lesson, Taught, lesson_of
from understudy.search.recommend.model import RecommendModel
from understudy.search.recommend.training import Settings, Training
from understudy.search.target import TooLittleToLearn
from understudy.search.trained import Trained
from understudy.search.training import NothingFinished
from understudy.search.trial_lines import RunMismatch
from understudy.store.blobs import BlobStore

from .drawn_lessons import drawn, lesson, taught

TASK = Task("interactions", AnswerKind.RANKING)


def _never() -> bool:
    return False


def _train(
    learned: Lesson, folder: Path, budget: Budget | None = None, *, seed: int = 0, stop: Iterator[bool] | None = None
) -> Trained:
    asked = _never if stop is None else lambda: next(stop)
    settings = Settings(seed, budget or Budget(trials=8))
    return Training(learned, settings, folder, report=lambda _: None, stop_requested=asked).run()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return _train(lesson(drawn()), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def model(trained: Trained) -> RecommendModel:
    loaded = load_bytes(trained.model)
    assert isinstance(loaded, RecommendModel)
    return loaded


def test_a_model_lists_what_ones_taste_takes(model: RecommendModel) -> None:
    """People who were never seen get items of the taste that their history shows, more often than popularity says."""
    others = drawn(seed=2)
    right = sum(
        TASK.right(answer.label, example.label)
        for example in others.examples()
        if isinstance(answer := model.predict_all([example.data])[0], Answer)
    )
    assert right > 0.6 * len(others.taken.people)
    assert model.report.above.estimate > 0.1
    assert model.report.above.lower > 0
    rows = model.report.rows()
    assert [name for name, *_ in rows][:2] == ["NDCG@10", "precision@10"]
    assert rows[-1][1].startswith(f"{model.report.above.estimate:.3f} (")


def test_an_answer_is_a_ranking_with_scores_and_reasons(model: RecommendModel) -> None:
    """Ten new items, best first, with a probability that one of them comes next, and the history's part in it."""
    example = next(iter(drawn(seed=2).examples()))
    answer = model.predict(example.data)
    taken = {event.item for event in read_question(example.data).history}
    items = [item for item, _ in answer.probabilities]
    assert answer.kind is AnswerKind.RANKING
    assert answer.label == "; ".join(items)
    assert len(items) == len(set(items)) == 10
    assert not taken & set(items)
    scores = [score for _, score in answer.probabilities]
    assert scores == sorted(scores, reverse=True)
    assert 0 < answer.probability < 1
    assert not answer.ask_person
    assert answer.reasons == model.explain(example.data)
    assert all(reason.what.startswith("because of “Number ") for reason in answer.reasons)
    assert sum(abs(reason.push) for reason in answer.reasons) <= 1 + 1e-6


def test_what_was_rated_low_is_no_plain_reason(model: RecommendModel) -> None:
    """An item that speaks for a list, as those who had it took the rest, is said to be rated low by whoever did so."""
    item = model.items[0]
    liked, low = (model.predict({"who": "x", "history": [[item, value, None]]}) for value in (99, 0))
    assert [each.what.split(" “")[0] for each in liked.reasons] == ["because of"]
    assert [(each.what.split(" “")[0], "though rated low" in each.what) for each in low.reasons] == [
        ("because they had", True)
    ]


def test_strangers_get_what_is_popular(model: RecommendModel) -> None:
    """Without a history, or with one of unknown items, the list is what many took."""
    nobody = model.predict({"who": "new", "history": []})
    stranger = model.predict({"who": "x", "history": ["something unheard of"]})
    assert nobody.label == stranger.label
    assert len(nobody.probabilities) == 10
    assert [reason.what for reason in nobody.reasons] == ["what many people took"]


def test_items_that_nobody_took_are_listed_by_their_description() -> None:
    """An item that is known by its description alone is in the catalogue, and likeness can bring it up."""
    found = drawn()
    words = {**found.content.words, "item new": ("genre: genre 1",)}
    learned = lesson_of(taught(found), replace(found.content, words=words), lesson(found).about)
    assert "item new" in learned.catalogue.items


def test_one_that_cannot_be_read_spoils_no_other(model: RecommendModel) -> None:
    """In a batch, an unreadable history gets its error and the others their answers."""
    good = b'{"history": ["item 1"]}'
    first, second, third = model.predict_all([good, b"{", good])
    assert isinstance(second, QuestionUnreadable)
    assert first == third
    assert isinstance(first, Answer)
    with pytest.raises(QuestionUnreadable):
        model.predict(b"{")


@pytest.mark.parametrize("timed", [True, False])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, *, timed: bool) -> None:
    """Two runs on the same data with the same seed leave the same file, and so does one that was cut in two."""
    learned = lesson(drawn(timed=timed))
    once = _train(learned, tmp_path / "a", Budget(trials=6))
    rounds = 3 if timed else 10
    stop = iter([False] * (3 * rounds + 1) + [True] * 99)  # in the midst of the fourth trial
    parted = _train(learned, tmp_path / "b", Budget(trials=6), stop=stop)
    assert parted.stopped
    assert not parted.complete
    assert len(parted.trials) == 3
    resumed = _train(learned, tmp_path / "b", Budget(trials=6))
    assert resumed.trials == once.trials
    assert resumed.model == once.model
    assert once.complete


def test_a_run_that_goes_on_with_fewer_trials_is_one_of_those(tmp_path: Path) -> None:
    """What an earlier run tried beyond the present plan has no part in the model, even where it was better."""
    learned = lesson(drawn())
    _train(learned, tmp_path / "a", Budget(trials=4))
    fewer = _train(learned, tmp_path / "a", Budget(trials=2))
    assert fewer.model == _train(learned, tmp_path / "b", Budget(trials=2)).model
    assert len(fewer.trials) == 2


def test_a_journal_of_other_data_is_refused(tmp_path: Path) -> None:
    """A run that was begun on other data does not go on."""
    _train(lesson(drawn()), tmp_path, Budget(trials=1))
    with pytest.raises(RunMismatch):
        _train(lesson(drawn(seed=5)), tmp_path, Budget(trials=1))


def test_no_time_at_all_makes_no_model(tmp_path: Path) -> None:
    """A budget that ends before the first trial is told, and not a model of nothing."""
    with pytest.raises(NothingFinished, match="60 people"):
        _train(lesson(drawn()), tmp_path, Budget(seconds=0.001))


def test_too_few_people_are_refused() -> None:
    """What one takes next is learned from others."""
    found = drawn()
    with pytest.raises(TooLittleToLearn, match="3 people"):
        lesson_of(taught(found)[:3], found.content, lesson(found).about)
    one = [Taught("d", b'{"history": []}', "x", f"g{at}") for at in range(5)]
    with pytest.raises(TooLittleToLearn, match="same item"):
        lesson_of(one, replace(found.content, words={}), lesson(found).about)


def test_somebody_with_several_examples_is_learned_from_once() -> None:
    """More data about a person add to one history, and no event counts twice."""
    found = drawn()
    told = taught(found)
    longer = told[0]
    shorter = longer._replace(data=b'{"history": []}', digest="0" * 64)
    first, second = (lesson_of(each, found.content, lesson(found).about) for each in (told, [*told, shorter]))
    assert len(second.log) == len(first.log)
    assert len(second.log.item) == len(first.log.item)
    assert second.examples == first.examples + 1


def test_what_came_last_of_several_examples_comes_last() -> None:
    """Where the latest label stands in an earlier history at its time, it is the last event all the same, and once."""
    early, late = 100.0, 200.0
    first = {"who": "p", "history": [["a", None, early], ["b", None, late], ["e", None, 250.0]], "asked": 300.0}
    before = [["a", None, early], ["c", None, 150.0], ["d", None, 160.0], ["f", None, 170.0]]
    second = {"who": "p", "history": before, "asked": late}
    others = [
        Taught(f"{at}", json.dumps({"who": f"o{at}", "history": [["a", None, early]]}).encode(), "c", f"o{at}")
        for at in range(4)
    ]
    both = [Taught("x", json.dumps(first).encode(), "a", "p"), Taught("y", json.dumps(second).encode(), "b", "p")]
    learned = lesson_of([*others, *both], lesson(drawn()).content, replace(lesson(drawn()).about, timed=True))
    person = int(np.argmax(np.diff(learned.log.starts)))
    own = slice(learned.log.starts[person], learned.log.starts[person + 1])
    names = [learned.catalogue.items[item] for item in learned.log.item[own]]
    assert names[-1] == "b"
    assert names.count("b") == 1


def test_a_damaged_file_is_refused(trained: Trained) -> None:
    """A file that lacks a part, or whose answers are not what they were, does not load."""
    parts = read_parts(trained.model)
    first = next(name for name in sorted(parts.files) if name.startswith("ranker-"))
    with pytest.raises(ModelUnreadable):
        load_bytes(write_parts(parts.manifest, {name: data for name, data in parts.files.items() if name != first}))
    golden = [dict(each) for each in parts.manifest["golden"]]
    golden[0]["answer"] = {**golden[0]["answer"], "probability": 0.123}
    with pytest.raises(ModelBroken, match="golden history 1"):
        load_bytes(write_parts({**parts.manifest, "golden": golden}, parts.files))


def test_the_file_keeps_nobodys_history(trained: Trained) -> None:
    """No name of a person stands anywhere in the file."""
    parts = read_parts(trained.model)
    said = json.dumps(parts.manifest).encode() + b"".join(parts.files.values())
    assert b"person 1" not in said
    assert b"item 1" in said


def test_the_job_leaves_a_model_in_its_folder(tmp_path: Path) -> None:
    """The search runs from what a run's folder and the blobs hold, and says what it tried."""
    found = drawn()
    blobs = BlobStore(str(tmp_path / "blobs"))
    folder = tmp_path / "run"
    folder.mkdir()
    lines = [json.dumps([blobs.put(each.data), each.label, each.group]) for each in taught(found)]
    (folder / LESSON).write_text("\n".join(lines) + "\n", encoding="utf-8")
    schema = {**found.about(), "content": blobs.put(found.content.to_bytes())}
    told = Assignment(
        folder, str(tmp_path / "blobs"), tmp_path / "cache", None, 0, Budget(trials=2), 0.0, TASK, {"schema": schema}
    )
    seen: list[Progress] = []
    result = run(json.loads(json.dumps(told.job().payload)), seen.append, _never)
    assert len(result["trials"]) == 2
    assert result["complete"] is True
    assert (folder / JOURNAL).is_dir()
    loaded = load_bytes((folder / MODEL).read_bytes())
    assert loaded.version == sha256((folder / MODEL).read_bytes()).hexdigest()
    assert loaded.description.data_version == result["data_version"]
    assert loaded.description.task == TASK
    assert seen[-1].stage == "Building the model"


def _made_up(found: Interactions, count: int) -> list[Taught]:
    """Histories that somebody made up, of people of their own."""
    told = [each._replace(group=f"made up {at}", made=True) for at, each in enumerate(taught(found)[:count])]
    return [each._replace(digest=f"{at:064x}") for at, each in enumerate(told)]


def test_made_up_histories_are_learned_from_and_judge_nothing(tmp_path: Path) -> None:
    """Lists are judged by what real people took next, however many histories were made up beside theirs."""
    found, made = drawn(40), _made_up(drawn(90, seed=5), 90)
    about = lesson(found).about
    alone, beside = (lesson_of([*taught(found), *more], found.content, about) for more in ([], made))
    assert len(beside.log) == len(alone.log) + 90
    assert len(beside.real) == len(alone.log)
    assert (
        beside.version
        != lesson_of([*taught(found), *(each._replace(made=False) for each in made)], found.content, about).version
    )
    first, second = (load_bytes(_train(each, tmp_path / str(at)).model) for at, each in enumerate((alone, beside)))
    assert isinstance(first, RecommendModel)
    assert isinstance(second, RecommendModel)
    assert second.report.ours.people == first.report.ours.people
    assert len(second.description.out_of_fold.right) == len(first.description.out_of_fold.right)
    assert second.usual is not None
    assert first.usual is not None
    assert len(second.usual.values) == len(first.usual.values)


def test_made_up_histories_stand_in_while_there_are_too_few_real_ones() -> None:
    """With three real people nobody could be asked, so that all count as real and the way can be tried."""
    found = drawn()
    learned = lesson_of([*taught(found)[:3], *_made_up(found, 30)], found.content, lesson(found).about)
    assert len(learned.real) == len(learned.log) == 33
    assert len(lesson_of([*taught(found)[:4], *_made_up(found, 30)], found.content, lesson(found).about).real) == 4


def test_the_job_knows_which_histories_were_made_up(tmp_path: Path) -> None:
    """What stands apart in the run's folder is learned from, and nobody is asked about it."""
    found = drawn()
    blobs = BlobStore(str(tmp_path / "blobs"))
    (tmp_path / "run").mkdir()
    lines = [json.dumps([blobs.put(each.data), each.label, each.group]) + "\n" for each in taught(found)]
    (tmp_path / "run" / LESSON).write_text("".join(lines[:20]), encoding="utf-8")
    (tmp_path / "run" / MADE).write_text("".join(lines[20:]), encoding="utf-8")
    told = Assignment(
        tmp_path / "run",
        str(tmp_path / "blobs"),
        tmp_path / "cache",
        None,
        0,
        Budget(trials=2),
        0.0,
        TASK,
        {"schema": found.about()},
    )
    run(told.job().payload, lambda _: None, _never)
    loaded = load_bytes((tmp_path / "run" / MODEL).read_bytes())
    assert isinstance(loaded, RecommendModel)
    assert loaded.description.examples == (len(lines),)
    assert 0 < loaded.report.ours.people <= 20
