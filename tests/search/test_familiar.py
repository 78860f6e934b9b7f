"""Whether a model sees what its heads were fitted on."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from series_page import page_module
from understudy.domain.trial import Budget
from understudy.modalities.protocol import Input
from understudy.search.familiar import FeaturesOutdated
from understudy.search.training import Lesson, Settings, Training

FLIPPED = ("numbers.mean(), numbers.std()", "-numbers.mean(), numbers.std()")
"""A feature that means another thing."""
WIDER = (
    ('"roughness")', '"roughness", "median")'),
    ("np.abs(steps).mean()]", "np.abs(steps).mean(), np.median(numbers)]"),
)
"""A feature more."""
RAISED = ('key = "series, shape, 1"', 'key = "series, shape, 2"')


def module_with(*changes: tuple[str, str]) -> dict[str, Any]:
    source = page_module()
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    names: dict[str, Any] = {"__name__": "series_of_the_page"}
    exec(source, names)
    return names


def trained(names: dict[str, Any], folder: Path, run: str) -> bytes:
    rng, made = np.random.default_rng(0), []
    for label, slope in (("rising", 0.4), ("steady", 0.0)):
        for _ in range(12):
            data = "\n".join(f"{each:.3f}" for each in slope * np.arange(40) + rng.normal(size=40)).encode()
            made.append((hashlib.sha256(data).hexdigest(), data, label))
    made.sort()
    inputs = [Input(digest, partial(bytes, data)) for digest, data, _ in made]
    lesson = Lesson(inputs, [label for _, _, label in made], [digest for digest, _, _ in made])
    modality = names["MODALITY"]
    settings = Settings(modality, modality.encoder(None), 0, Budget(trials=2))
    nothing = lambda _: None  # noqa: E731
    training = Training(lesson, settings, folder / run, folder / "cache", report=nothing, stop_requested=lambda: False)
    return training.run().model


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's module is offered, so that its models can be made and read."""
    series = module_with()["MODALITY"]
    for place in ("model_file", "target", "description"):
        monkeypatch.setattr(f"understudy.search.{place}.modality_named", lambda _: series, raising=False)


def test_features_of_another_version_make_no_model(tmp_path: Path) -> None:
    """Where a feature means another thing and the key is the same, the module is named, and what to raise."""
    trained(module_with(), tmp_path, "first")
    with pytest.raises(FeaturesOutdated) as caught:
        trained(module_with(FLIPPED), tmp_path, "second")
    assert "another version of the module “series”" in caught.value.fact
    assert "“shape of the series”" in caught.value.reason
    assert "raises the key of its encoder" in caught.value.remedy
    assert trained(module_with(FLIPPED, RAISED), tmp_path, "third")


def test_features_of_the_same_version_do(tmp_path: Path) -> None:
    """What is on disk is taken from there, and the model is the same."""
    assert trained(module_with(), tmp_path, "first") == trained(module_with(), tmp_path, "second")


def test_more_features_are_made_anew(tmp_path: Path) -> None:
    """Rows of another width are another cache's, though nobody raised the key."""
    trained(module_with(), tmp_path, "first")
    assert trained(module_with(*WIDER), tmp_path, "second")
