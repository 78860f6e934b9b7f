"""Models on record."""

from hypothesis import given, settings

from understudy.domain.model import ModelRecord
from understudy.domain.trial import Trial
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in

TRIALS = (Trial("logistic regression", 0.2, 0.95), Trial("ridge", 0.3, 0.9))


def record(ledger: Ledger, version: str, seconds: float = 0, trials: tuple[Trial, ...] = TRIALS) -> ModelRecord:
    model = ModelRecord(version, "blob", trials, "data", nouns.later(seconds))
    ledger.record_model(
        "blades", version=version, blob=model.blob, trials=trials, data_version=model.data_version, at=model.at
    )
    return model


@settings(max_examples=15)
@given(nouns.models)
def test_every_model_reads_back_exactly(places: Places, model: ModelRecord) -> None:
    """Version, blob, trials with their scores, data and time are kept."""
    with ledger_in(places) as ledger:
        ledger.record_model(
            "blades",
            version=model.version,
            blob=model.blob,
            trials=model.trials,
            data_version=model.data_version,
            at=model.at,
            synthetic=model.synthetic,
        )
        assert ledger.latest_model("blades") == model


def test_a_project_without_a_model_has_no_latest(ledger: Ledger) -> None:
    """Nothing stands in for a model that was never trained."""
    assert ledger.latest_model("blades") is None
    assert ledger.models("blades") == []


def test_the_latest_model_is_the_one_recorded_last(ledger: Ledger) -> None:
    """Going back to an earlier file makes that file the latest again."""
    recorded = [record(ledger, "a"), record(ledger, "b", 1), record(ledger, "a", 2)]
    assert ledger.models("blades") == recorded
    assert ledger.latest_model("blades") == recorded[-1]


def test_recording_the_latest_model_again_adds_nothing(ledger: Ledger) -> None:
    """A run that is resumed after its end leaves one record, with its first time."""
    first = record(ledger, "a")
    record(ledger, "a", 60)
    assert ledger.models("blades") == [first]


def test_the_same_file_from_more_trials_is_recorded(ledger: Ledger) -> None:
    """That a longer search came to the same file is worth keeping."""
    record(ledger, "a")
    longer = record(ledger, "a", 60, (*TRIALS, Trial("nearest mean", 0.9, 0.6)))
    assert ledger.latest_model("blades") == longer
