"""One head alone, by the name of its trial."""

import numpy as np
import pytest

from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.extractor import Extractor
from understudy.search.candidates import FAMILIES, KERNEL_NAME, MAX_ROWS, Material
from understudy.search.folds import Fold, Folds
from understudy.search.heads import USUAL, Head, Taught, candidate_of, fitting_for
from understudy.search.rows import Rows
from understudy.search.trained import Trained


def taught(count: int = 90, width: int = 6) -> Taught:
    rng = np.random.default_rng(3)
    labels = np.arange(count) % 3
    rows = rng.normal(size=(count, width)).astype(np.float32) / 3 + np.eye(3, width, dtype=np.float32)[labels]
    return Taught(Rows(count, width, rows, None), labels, 3, lambda: None)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_head_alone_is_the_head_of_the_search(family: object) -> None:
    """Each setting, fitted alone on a part of the rows, scores as the search's own fit of that setting does."""
    own, part = taught(), np.arange(0, 60)
    folds = Folds((Fold(part, np.arange(60, 90)),))
    material = Material(own.rows, own.labels, own.classes, folds, own.pulse)
    together = family.prepare(material)(part)  # type: ignore[attr-defined]
    rest = own.rows.take(np.arange(60, 90))
    for setting, expected in enumerate(together):
        alone = own.fitting(Head(family.name, setting))(part)  # type: ignore[attr-defined]
        assert np.allclose(alone(rest), expected(rest), rtol=1e-3, atol=1e-4)


def test_every_trial_of_a_run_is_found_by_its_name(trained: Trained, built_in: Extractor) -> None:
    """The name under which a trial is recorded leads back to its head and view."""
    views = PhotoEncoder(built_in, (64, 96)).views(1, thorough=True)
    found = [candidate_of(trial.name, views) for trial in trained.trials]
    assert None not in found
    assert len(set(found)) == len(trained.trials)


def test_an_unknown_name_is_none(built_in: Extractor) -> None:
    """A name of another version, or none at all, is not guessed at."""
    views = PhotoEncoder(built_in).views(1, thorough=True)
    assert candidate_of("forest, depth 3: photos at 224 px", views) is None
    assert candidate_of("ridge, penalty 0.3", views) is None


def test_a_head_that_takes_too_long_is_replaced() -> None:
    """Likeness to every example is for as many rows as the search would give them, others for any number."""
    machine = Head(KERNEL_NAME, 0)
    assert fitting_for(machine, MAX_ROWS) == machine
    assert fitting_for(machine, MAX_ROWS + 1) == USUAL
    assert fitting_for(Head("logistic regression", 1), 100_000) == Head("logistic regression", 1)


def test_a_head_of_no_family_is_refused() -> None:
    """Nothing is fitted under a name that there is not."""
    with pytest.raises(ValueError, match="no family"):
        taught().fitting(Head("forest", 0))(np.arange(10))
