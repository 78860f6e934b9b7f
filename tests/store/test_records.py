"""Nested nouns survive being written as JSON."""

import json
import math
from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import Answer
from understudy.domain.evidence import Judgement
from understudy.domain.trial import Trial
from understudy.store.records import (
    answer_from,
    answer_record,
    answer_text,
    judgement_from,
    judgement_record,
    trial_records,
    trials_from,
)

from . import nouns


def through_json(record: object) -> object:
    return json.loads(json.dumps(record, allow_nan=False))


@given(nouns.answers)
def test_an_answer_written_straight_is_the_same_text(answer: Answer) -> None:
    """What goes with every request is what the record would be written as, also for NaN and infinity."""
    assert answer_text(answer) == json.dumps(answer_record(answer), allow_nan=False, separators=(",", ":"))


@given(nouns.answers)
def test_every_answer_reads_back_exactly(answer: Answer) -> None:
    """Any labels and any floats, infinities included, read back to the same answer."""
    assert answer_from(through_json(answer_record(answer))) == answer


@given(nouns.judgements)
def test_every_judgement_reads_back_exactly(judgement: Judgement) -> None:
    """Confusion, recalls, reliability and mistakes keep every number and every order, and nothing is left out."""
    assert judgement_record(judgement).keys() == {each.name for each in fields(Judgement)}
    assert judgement_from(through_json(judgement_record(judgement))) == judgement


@given(st.lists(nouns.trials, max_size=5).map(tuple))
def test_every_list_of_trials_reads_back_exactly(trials: tuple[Trial, ...]) -> None:
    """Trials keep their order and their scores."""
    assert trials_from(through_json(trial_records(trials))) == trials


def test_a_score_that_is_no_number_stays_none() -> None:
    """JSON has no NaN, yet a trial whose loss could not be computed reads back as just that."""
    (trial,) = trials_from(through_json(trial_records([Trial("failed", math.nan, -0.0)])))
    assert math.isnan(trial.log_loss)
    assert math.copysign(1, trial.accuracy) == -1


def test_numbers_of_an_array_library_are_kept_as_what_they_are_worth() -> None:
    """Counts and probabilities may come straight from NumPy."""
    plain = nouns.judgement()
    confusion = tuple(tuple(np.array(row)) for row in plain.confusion)
    measured = Judgement(**{**vars(plain), "confusion": confusion, "calibration_error": np.float64(0.01)})
    assert judgement_from(through_json(judgement_record(measured))) == plain
