"""A portion of a lesson, where there is no time to look at all of it."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from search import lessons
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.external import External
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Input, ReadRows
from understudy.modalities.text.modality import MODALITY as TEXTS
from understudy.search.portion import FIRST, LOOKING, PORTION, learned_places, portion_of
from understudy.search.training import Lesson, NothingFinished, Settings, Training

COUNTS = {"red": 90, "blue": 60, "green": 6}


def ticking(step: float) -> Callable[[], float]:
    """A clock that has moved by a step whenever it is looked at."""
    seconds = [0.0]

    def now() -> float:
        seconds[0] += step
        return seconds[0]

    return now


def settings_for(extractor: External, budget: Budget) -> Settings:
    return Settings(MODALITY, PhotoEncoder(extractor, (224,)), 0, budget)


def portion(
    lesson: Lesson,
    settings: Settings,
    folder: Path,
    *,
    step: float = 0.0,
    told: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Lesson:
    return portion_of(
        lesson, settings, folder / "run", folder / "cache", report=told, stop_requested=stop, now=ticking(step)
    )


def test_without_a_limit_of_time_all_is_learned_from(tmp_path: Path, small: External) -> None:
    """Nothing is looked at beforehand, and nothing is left behind."""
    whole = lessons.lesson(COUNTS)
    assert portion(whole, settings_for(small, Budget(trials=3)), tmp_path, step=1e9) is whole
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_time_for_all_of_it_all_is_learned_from(tmp_path: Path, small: External) -> None:
    """A portion is the whole lesson, in its order, if looking at it ends in time."""
    whole = lessons.lesson(COUNTS)
    assert portion(whole, settings_for(small, Budget(seconds=60)), tmp_path).version == whole.version


def test_where_time_is_short_a_part_is_learned_from(tmp_path: Path, small: External) -> None:
    """It ends within its share of the time, with rare labels whole and the others by their shares."""
    whole, told = lessons.lesson(COUNTS), list[Progress]()
    some = portion(whole, settings_for(small, Budget(seconds=10)), tmp_path, step=4.0, told=told.append)
    counts = Counter(some.labels)
    assert 2 * len(COUNTS) <= len(some.labels) < len(whole.labels)
    assert counts["green"] == COUNTS["green"]
    assert counts["red"] >= counts["blue"] >= FIRST
    assert [photo.digest for photo in some.inputs] == sorted(photo.digest for photo in some.inputs)
    places = learned_places(tmp_path / "run", whole.labels, Task())
    assert places is not None
    assert whole.some(places).version == some.version
    assert all(progress.seconds_left is not None for progress in told)
    assert all(progress.seconds_left <= 10 * LOOKING for progress in told if progress.seconds_left)


class Watched(PhotoEncoder):
    """One that notes how many threads linear algebra has while photos are looked at."""

    def features(self, *given: Any) -> ReadRows:
        self.threads = {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}
        return super().features(*given)


def test_what_is_kept_was_looked_at_by_one_thread(tmp_path: Path, small: External) -> None:
    """Features that a run finds in the cache are those it would have made, on any number of cores."""
    encoder = Watched(small, (224,))
    settings = replace(settings_for(small, Budget(seconds=60)), encoder=encoder)
    portion(lessons.lesson({"red": 4, "blue": 4}), settings, tmp_path)
    assert encoder.threads == {1}


class Alterable(type(MODALITY)):  # type: ignore[misc]
    """Photos of which copies are learned from too."""

    def altered(self, data: bytes) -> bytes:
        return data


def test_where_copies_are_looked_at_too_half_of_the_time_is_theirs(tmp_path: Path, small: External) -> None:
    """With copies half as much is looked at, so that as much time is left for trying."""
    whole = lessons.lesson({"red": 200, "blue": 200})
    settings = settings_for(small, Budget(seconds=24))
    alone = portion(whole, settings, tmp_path / "a", step=4.0)
    copied = portion(whole, replace(settings, modality=Alterable()), tmp_path / "b", step=4.0)
    assert 2 * len(copied.labels) <= len(alone.labels) + 64
    assert len(copied.labels) < len(alone.labels) < len(whole.labels)


def test_more_time_goes_on_with_what_was_looked_at(tmp_path: Path, small: External) -> None:
    """A later run with more time looks only at what the first did not come to."""
    whole, told = lessons.lesson(COUNTS), list[Progress]()
    some = portion(whole, settings_for(small, Budget(seconds=10)), tmp_path / "a", step=4.0)
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "cache").rename(tmp_path / "b" / "cache")
    more = portion(whole, settings_for(small, Budget(seconds=100)), tmp_path / "b", told=told.append)
    assert more.version == whole.version
    assert told[0].total == len(whole.labels) - len(some.labels)


def test_a_run_that_goes_on_learns_from_the_same_portion(tmp_path: Path, small: External) -> None:
    """With however much time it goes on, and ends in the model of that portion."""
    whole = lessons.lesson(COUNTS)
    some = portion(whole, settings_for(small, Budget(seconds=10)), tmp_path, step=4.0)
    settings = settings_for(small, Budget())
    places = tmp_path / "run", tmp_path / "cache"
    trained = Training(some, settings, *places, report=lambda _: None, stop_requested=lambda: False).run()
    assert trained.complete
    assert trained.data_version == some.version
    for budget in (Budget(), Budget(seconds=1000)):
        again = portion(whole, settings_for(small, budget), tmp_path)
        assert again.version == some.version


def test_a_run_that_tried_nothing_yet_is_bound_to_no_portion(tmp_path: Path, small: External) -> None:
    """Where time was up before the first trial, going on with more time learns from more, and is no other run."""
    whole = lessons.lesson(COUNTS)
    some = portion(whole, settings_for(small, Budget(seconds=10)), tmp_path, step=4.0)
    places = tmp_path / "run", tmp_path / "cache"
    with pytest.raises(NothingFinished):
        Training(some, settings_for(small, Budget()), *places, report=lambda _: None, stop_requested=lambda: True).run()
    more = portion(whole, settings_for(small, Budget(seconds=100)), tmp_path)
    assert more.version == whole.version
    given = settings_for(small, Budget(trials=1))
    trained = Training(more, given, *places, report=lambda _: None, stop_requested=lambda: False).run()
    assert trained.data_version == whole.version


@pytest.mark.parametrize("budget", [Budget(seconds=0), Budget(seconds=60)])
def test_a_portion_of_next_to_nothing_is_none(tmp_path: Path, budget: Budget) -> None:
    """Time that is up at once, or a stop, leaves the whole lesson, whose run says why there is no model."""
    made = [TEXTS.from_label(f"question number {at}") for at in range(200)]
    inputs = sorted((lessons.photo_of(data) for data in made if data), key=lambda each: each.digest)
    whole = Lesson(inputs, [f"label {at}" for at in range(len(inputs))], [each.digest for each in inputs])
    settings = Settings(TEXTS, TEXTS.encoder(None), 0, budget)
    some = portion(whole, settings, tmp_path, step=1e-3, stop=lambda: budget.seconds == 60)
    assert some.version == whole.version


@given(st.lists(st.sampled_from("aaaabbc"), min_size=1, max_size=120), st.booleans())
def test_portions_lie_in_each_other(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], labelled: bool
) -> None:
    """Each portion holds the smaller ones, and a label keeps its share of what is beyond the first twenty of each."""
    folder = tmp_path_factory.mktemp("portion")
    inputs = [Input(f"{at:064x}", bytes) for at in range(len(labels))]
    whole = Lesson(inputs, labels, [str(at) for at in range(len(labels))])
    answers = Task("text", AnswerKind.LABEL if labelled else AnswerKind.NUMBER)
    settings = replace(Settings(TEXTS, TEXTS.encoder(None), 0, Budget(seconds=1)), answers=answers)
    (folder / "run").mkdir()
    (folder / "run" / "trials.jsonl").write_text("\n")
    parts = []
    for count in range(len(labels) + 1):
        (folder / "run" / PORTION).write_text(json.dumps(count))
        parts.append(portion(whole, settings, folder))
    assert [len(part.labels) for part in parts] == list(range(len(labels) + 1))
    for smaller, larger in pairwise(parts):
        assert {each.digest for each in smaller.inputs} < {each.digest for each in larger.inputs}
    if labelled:
        _evenly(Counter(labels), [Counter(part.labels) for part in parts])


def _evenly(whole: Counter[str], parts: list[Counter[str]]) -> None:
    first = sum(min(count, FIRST) for count in whole.values())
    rest = sum(whole.values()) - first
    for count, part in enumerate(parts):
        for label, size in whole.items():
            if count < first:
                assert part[label] >= min(size, count // len(whole))
            else:
                wanted = FIRST + (size - FIRST) * (count - first) / rest if size > FIRST else size
                assert abs(part[label] - wanted) < 2 * len(whole)
