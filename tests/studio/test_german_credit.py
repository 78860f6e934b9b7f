"""Loans in which a bad one that is taken for good costs five times a good one that is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from studio.materials import GOOD, answers, material
from understudy.domain.brief import Brief, WrongCost
from understudy.domain.review import ClaimKind, Outcome, Review, Verdict
from understudy.studio.judgement.sealed_answers import SealedAnswers, facts_kept
from understudy.studio.review.launch_review import review_of

NAMES = ("bad", "good")
FLAT = replace(GOOD, person_cost=0.4, person_error=0.0, wrong_cost=1.0, loss_budget=None)
UNEVEN = replace(FLAT, wrong_costs=(WrongCost("bad", "good", 5.0), WrongCost("good", "bad", 1.0)))


@pytest.fixture(scope="module")
def loans(shared_data: Path) -> SealedAnswers:
    """A third of the loans sealed, answered by a model of the others."""
    pandas = pytest.importorskip("pandas")
    rows = pandas.read_csv(shared_data / "german_credit" / "train.csv")
    truth = (rows.pop("class") == 1).to_numpy().astype(np.int64)
    sealed = np.random.default_rng(0).permutation(len(rows)) < len(rows) // 3
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude=np.number)),
        (StandardScaler(), make_column_selector(dtype_include=np.number)),
    )
    model = make_pipeline(columns, LogisticRegression(C=0.1, max_iter=1000))
    held_out = cross_val_predict(model, rows[~sealed], truth[~sealed], cv=5, method="predict_proba")
    given = model.fit(rows[~sealed], truth[~sealed]).predict_proba(rows[sealed])
    count = int(sealed.sum())
    return replace(
        answers(count, count),
        labels=NAMES,
        majority="good",
        truth=truth[sealed],
        probabilities=given,
        stated=held_out.max(axis=1),
        right=held_out.argmax(axis=1) == truth[~sealed],
        rule=None,
        facts=facts_kept([{} for _ in range(count)]),
    )


def reviewed(loans: SealedAnswers, brief: Brief) -> Review:
    return review_of(material(loans, brief, train=(("bad", 150), ("good", 350))))


def saving(review: Review) -> Outcome:
    return next(one.outcome for one in review.claims if one.kind is ClaimKind.SAVING_OVER_PEOPLE)


def test_mistakes_that_cost_alike_would_launch_it(loans: SealedAnswers) -> None:
    """Three answers of four are right; were all mistakes alike, that would be proven cheaper than people."""
    review = reviewed(loans, FLAT)
    assert review.verdict is Verdict.LAUNCH, review.reasons
    assert saving(review) is Outcome.PROVEN


def test_a_missed_bad_loan_that_counts_five_times_forbids_it(loans: SealedAnswers) -> None:
    """The same answers by what they truly cost: proven dearer than people, and no part of them may be given alone."""
    review = reviewed(loans, UNEVEN)
    assert review.verdict is not Verdict.LAUNCH
    assert saving(review) is Outcome.REFUTED
    assert review.promise is not None
    assert review.promise.unit == "EUR"
    assert review.promise.threshold is None
