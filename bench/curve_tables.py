"""Tables and texts as worlds, so that forecasts of learning curves are tried on more than photos.

The product learns from photos alone; what is measured here is its curves, on rows that reach its heads as those of
photos do.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from bench.curve_worlds import HEADS, World
from bench.splits import DATA
from understudy.search.rows import Matrix

MOST_ROWS = 600
"""As many as there are photos in the larger sets."""
MOST_VALUES = 30
"""A column of texts with more different values says nothing to a linear head."""
TEXT_FEATURES = 1024


@dataclass(frozen=True)
class TablePlan:
    """How a table is read.

    Attributes:
        name: Its folder.
        label: The column of the labels.
        labels: Those that are taken; all where none is named.
        text: The column that holds a text, or None for a table of columns.
        without: Columns that give the label away.
    """

    name: str
    label: str
    labels: tuple[str, ...] = ()
    text: str | None = None
    without: tuple[str, ...] = ()


CARDS = ("card_arrival", "card_linking", "exchange_rate", "lost_or_stolen_card")
DEVELOPMENT = (
    TablePlan("adult_income", "income"),
    TablePlan("german_credit", "class"),
    TablePlan("wine_quality", "quality", labels=("5", "6", "7")),
    TablePlan("sms_spam", "label", text="text"),
    TablePlan("banking77", "category", labels=CARDS, text="text"),
)
HELD_OUT = (
    TablePlan("telco_churn", "Churn", without=("customerID",)),
    TablePlan("pima_diabetes", "diabetes"),
    TablePlan("titanic", "survived", without=("alive",)),
    TablePlan("hate_tweets", "label", text="text"),
)


def table_worlds(plans: Sequence[TablePlan]) -> Iterator[World]:
    """Every world of some tables: all of its features and a random half of them, for every head.

    Raises:
        FileNotFoundError: A table is not there.
    """
    for plan in plans:
        features, told = _read(plan)
        names = sorted(set(told))
        labels = np.searchsorted(names, told).astype(np.int64)
        half = np.random.default_rng(1).permutation(features.shape[1])[: features.shape[1] // 2]
        for seen, columns in (("all", np.arange(features.shape[1])), ("half", np.sort(half))):
            for head in HEADS:
                title = f"{plan.name} ({len(names)} labels), {seen} features, {head.family}"
                yield World(title, features[:, columns], labels, head)


def _read(plan: TablePlan) -> tuple[Matrix, list[str]]:
    with (DATA / plan.name / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not plan.labels or row[plan.label] in plan.labels]
    drawn = np.random.default_rng(0).permutation(len(rows))[:MOST_ROWS]
    rows = [rows[place] for place in np.sort(drawn)]
    told = [row[plan.label] for row in rows]
    if plan.text is not None:
        hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=TEXT_FEATURES)
        return hashed.transform([row[plan.text] for row in rows]).toarray().astype(np.float32), told
    columns = [name for name in rows[0] if name != plan.label and name not in plan.without]
    return np.hstack([_column([row[name] for row in rows]) for name in columns]).astype(np.float32), told


def _column(values: Sequence[str]) -> Matrix:
    """Numbers as they are, missing ones as their median; texts as one column for each value."""
    try:
        numbers = np.array([float(value) if value not in {"", " ", "?"} else np.nan for value in values])
    except ValueError:
        different = sorted(set(values))
        if len(different) > MOST_VALUES:
            return np.empty((len(values), 0), np.float32)
        return np.array([[value == other for other in different] for value in values], np.float32)
    return np.where(np.isnan(numbers), np.nanmedian(numbers), numbers).astype(np.float32)[:, None]
