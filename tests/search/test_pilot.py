"""The pilot: costlier views are seen of all examples only where they helped on some."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from onnx_files import conv_pool
from search import lessons
from understudy.domain.task import Task
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.external import External
from understudy.modalities.image.modality import MODALITY
from understudy.search import pilot, training
from understudy.search.pilot import Pilot
from understudy.search.plan import Clock
from understudy.search.training import Lesson


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pilot, "SOME", 24)
    monkeypatch.setattr(training, "WORTHWHILE", 30)
    monkeypatch.setattr(training, "ENOUGH", 1.1)


@pytest.fixture
def any_size(tmp_path: Path) -> External:
    return External.from_file(conv_pool(tmp_path / "any.onnx"))


def striped(label: str, seed: int) -> bytes:
    """Stripes of one pixel, upright or lying, of which a small photo shows nothing but grey."""
    rng = np.random.default_rng([seed, *label.encode()])
    stripes = np.tile(np.arange(448) % 2 * 120 + rng.integers(40, 60), (448, 1))
    picture = (stripes if label == "upright" else stripes.T) + rng.normal(0, 12, (448, 448))
    file = io.BytesIO()
    Image.fromarray(np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)).save(file, "BMP")
    return file.getvalue()


def lesson(draw: Callable[[str, int], bytes], labels: tuple[str, str], each: int) -> Lesson:
    made = [(lessons.photo_of(draw(label, at)), label) for label in labels for at in range(each)]
    made.sort(key=lambda one: one[0].digest)
    return Lesson([photo for photo, _ in made], [label for _, label in made], [photo.digest for photo, _ in made])


STRIPES = lesson(striped, ("upright", "lying"), 20)
COLOURS = lesson(lessons.draw, ("red", "blue"), 20)


def piloted(given: Lesson, extractor: External, folder: Path) -> Pilot:
    encoder = PhotoEncoder(extractor)
    _, groups = np.unique(given.groups, return_inverse=True)
    clock = Clock(None, lambda: False, lambda _: None)
    views = encoder.views(len(given.labels), thorough=False)
    cache, rows = folder / "cache", folder / "rows"
    return Pilot(given.inputs, given.labels, groups, Task("photo"), MODALITY, encoder, views, cache, rows, 0, clock)


@pytest.mark.parametrize(("given", "favours"), [(STRIPES, True), (COLOURS, False)])
def test_more_is_favoured_where_it_shows_what_less_cannot(
    given: Lesson, favours: bool, any_size: External, tmp_path: Path
) -> None:
    """Stripes that only large photos show are worth large photos; colours are not."""
    assert piloted(given, any_size, tmp_path).favours_more() is favours


def test_a_pilot_that_can_hold_nothing_apart_favours_more(any_size: External, tmp_path: Path) -> None:
    """Where each label comes from one group alone nothing can be found out, and nothing is left out."""
    together = Lesson(COLOURS.inputs, COLOURS.labels, COLOURS.labels)
    assert piloted(together, any_size, tmp_path).favours_more() is True


@pytest.mark.parametrize(("given", "seen"), [(STRIPES, 40), (COLOURS, 24)])
def test_a_run_sees_more_of_all_examples_only_where_a_pilot_favours_it(
    given: Lesson, seen: int, any_size: External, tmp_path: Path
) -> None:
    """Of 40 photos the 24 of the pilot are seen at the larger size, and the others where that paid; none twice."""
    trained = lessons.train(given, any_size, tmp_path / "a")
    assert any("448 px" in trial.name for trial in trained.trials) is (seen == 40)
    digests = sorted(len(path.read_bytes()) // 32 for path in (tmp_path / "cache").glob("*.digests"))
    assert digests == [seen, 40]


def test_a_run_of_few_examples_asks_no_pilot(
    any_size: External, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a pilot could save little, larger photos are seen of all."""
    monkeypatch.setattr(training, "WORTHWHILE", 41)
    trained = lessons.train(COLOURS, any_size, tmp_path / "a")
    assert any("448 px" in trial.name for trial in trained.trials)
