"""Several labels at once, and numbers, from texts: beside whole sets as labels, and plain heads of scikit-learn.

Run with `python -m bench.quality.answers [--seeds 3] [--only several|numbers]`. Needs the data sets beside the
checkout. All sides see the same features; those of scikit-learn see each view alone, and the better one is shown.
"""

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task, labels_in, labels_text, number_text
from understudy.domain.trial import Budget
from understudy.modalities.protocol import Input
from understudy.modalities.text.modality import MODALITY
from understudy.search.loading import load_bytes
from understudy.search.training import Lesson, Settings, Training

DATA: Final = Path(__file__).resolve().parents[3] / "shared" / "data"
VIEWS: Final = ("all layers", "meaning")
SIZES: Final = {"several": (200, 1_500), "numbers": (200, 2_000)}
JUDGED: Final = 500
PLAIN: Final = Budget(trials=9)
"""Of whole sets: nearest means, discriminants and ridges. Support vectors, one machine for every pair of hundreds of
sets, would take 10 GB."""
TOLERANCE: Final = 7_500.0
"""Of a salary, a year."""

Row = tuple[str, str]
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """Texts to learn from and texts that judge, each with its answer."""

    train: tuple[Row, ...]
    test: tuple[Row, ...]


def several() -> list[Row]:
    """Requests at a bank with their intents, each text once."""
    known: dict[str, str] = {}
    for path in sorted((DATA / "nlupp" / "banking").glob("fold*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            known.setdefault(row["text"], labels_text(tuple(row.get("intents", ()))))
    return sorted(known.items())


def numbers() -> list[Row]:
    """Posts of a county's employees, and what they earn in the middle."""
    parts = "employee_position_title", "department_name", "division", "assignment_category", "date_first_hired"
    said: dict[str, list[float]] = {}
    with (DATA / "employee_salaries" / "train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said.setdefault(", ".join(row[part] for part in parts), []).append(float(row["current_annual_salary"]))
    return sorted((text, number_text(median(each))) for text, each in said.items())


def split_of(rows: Sequence[Row], size: int, seed: int) -> Split:
    """Draws what is learned from, and what judges, by a seed."""
    order = np.random.default_rng(seed).permutation(len(rows))
    drawn = [rows[place] for place in order]
    return Split(tuple(drawn[JUDGED : JUDGED + size]), tuple(drawn[:JUDGED]))


def ours(split: Split, task: Task, cache: Path, budget: Budget | None = None) -> tuple[list[Answer], float]:
    """What the product answers, and the seconds until it could."""
    start = time.perf_counter()
    known = sorted((sha256(text.encode()).hexdigest(), text.encode(), answer) for text, answer in split.train)
    inputs = [Input(digest, lambda data=data: data) for digest, data, _ in known]  # type: ignore[misc]
    lesson = Lesson(inputs, [answer for *_, answer in known], [digest for digest, *_ in known])
    settings = Settings(MODALITY, MODALITY.encoder(None), 0, budget or Budget(), task)
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        training = Training(
            lesson, settings, Path(folder) / "run", cache, report=lambda _: None, stop_requested=lambda: False
        )
        model = load_bytes(training.run().model)
    seconds = time.perf_counter() - start
    answers = model.predict_all([text.encode() for text, _ in split.test])
    return [answer for answer in answers if isinstance(answer, Answer)], seconds


def features(rows: Sequence[Row], view_name: str, cache: Path) -> Matrix:
    """What a view sees of texts, (n, w)."""
    encoder = MODALITY.encoder(None)
    views = encoder.views(len(rows), thorough=True)
    view = next(view for view in views if view.name == view_name)
    inputs = [Input(sha256(text.encode()).hexdigest(), lambda text=text: text.encode()) for text, _ in rows]  # type: ignore[misc]
    read = encoder.features(inputs, view, views, cache, lambda _done, _total: None)
    return read(np.arange(len(rows))).astype(np.float64)


def f1_and_exact(said: Sequence[str], truth: Sequence[str]) -> tuple[float, float, float]:
    """Micro F1, macro F1 over labels that are there, and the share of sets that are right as a whole."""
    names = sorted({label for text in (*said, *truth) for label in labels_in(text)})
    given, true = (np.array([[name in labels_in(text) for name in names] for text in side]) for side in (said, truth))
    both, either = 2 * (given & true).sum(axis=0), given.sum(axis=0) + true.sum(axis=0)
    macro = (both / np.maximum(either, 1))[true.any(axis=0)].mean()
    return float(both.sum() / either.sum()), float(macro), float((given == true).all(axis=1).mean())


def one_against_rest(split: Split, cache: Path) -> list[str]:
    """Logistic regressions, one a label, on the better view's standardised features."""
    truth = [answer for _, answer in split.train]
    names = sorted({label for answer in truth for label in labels_in(answer)})
    there = np.array([[name in labels_in(answer) for name in names] for answer in truth], np.int64)
    best: tuple[float, list[str]] = (-1.0, [])
    for view in VIEWS:
        machine = make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(max_iter=300)))
        machine.fit(features(split.train, view, cache), there)
        given = machine.predict(features(split.test, view, cache))
        said = [labels_text(tuple(np.array(names)[row > 0])) for row in given]
        best = max(best, (f1_and_exact(said, [answer for _, answer in split.test])[2], said))
    return best[1]


def measure_several(seeds: int, cache: Path) -> None:
    """Prints a line for each size and side, means over seeds."""
    rows, task = several(), Task("text", AnswerKind.LABELS)
    print(f"{'nlupp':<10}{'':<36}{'micro F1':>10}{'macro F1':>10}{'exact':>8}{'stated':>8}{'s':>7}")
    for size in SIZES["several"]:
        splits = [split_of(rows, size, seed) for seed in range(1, seeds + 1)]
        sides: dict[str, Callable[[Split], tuple[Sequence[Any], float]]] = {
            "ours": lambda split: ours(split, task, cache),
            "ours, each set as one label": lambda split: ours(split, Task("text"), cache, PLAIN),
            "scikit-learn, one against the rest": lambda split: (one_against_rest(split, cache), 0.0),
        }
        for side, answer in sides.items():
            _several_line(size, side, splits, answer)


def _several_line(
    size: int, side: str, splits: Sequence[Split], answer: Callable[[Split], tuple[Sequence[Any], float]]
) -> None:
    found = []
    for split in splits:
        answers, seconds = answer(split)
        said = [each.label if isinstance(each, Answer) else each for each in answers]
        stated = float(np.mean([each.probability for each in answers if isinstance(each, Answer)] or [np.nan]))
        found.append((*f1_and_exact(said, [truth for _, truth in split.test]), stated, seconds))
    micro, macro, exact, stated, seconds = np.mean(found, axis=0)
    print(f"{size:<10}{side:<36}{micro:>10.3f}{macro:>10.3f}{exact:>8.3f}{stated:>8.3f}{seconds:>7.1f}", flush=True)


def measure_numbers(seeds: int, cache: Path) -> None:
    """Prints a line for each size and side, means over seeds."""
    rows, task = numbers(), Task("text", AnswerKind.NUMBER, TOLERANCE, "$")
    print(f"{'salaries':<10}{'':<20}{'R²':>8}{'mean off':>10}{'within':>8}{'stated':>8}{'in interval':>13}{'s':>7}")
    for size in SIZES["numbers"]:
        found: dict[str, list[tuple[float, ...]]] = {"ours": [], "scikit-learn, ridge": [], "the median": []}
        for split in (split_of(rows, size, seed) for seed in range(1, seeds + 1)):
            for side, figures in _numbers_of(split, task, cache):
                found[side].append(figures)
        for side, each in found.items():
            explained, off, within, stated, inside, seconds = np.mean(each, axis=0)
            told = f"{explained:>8.3f}{off:>10,.0f}{within:>8.3f}{stated:>8.3f}{inside:>13.3f}{seconds:>7.1f}"
            print(f"{size:<10}{side:<20}{told}", flush=True)


def _numbers_of(split: Split, task: Task, cache: Path) -> Iterator[tuple[str, tuple[float, ...]]]:
    truth = np.array([float(answer) for _, answer in split.test])
    learned = np.array([float(answer) for _, answer in split.train])
    answers, seconds = ours(split, task, cache)
    ends = np.array([each.interval for each in answers], np.float64)
    inside = float(np.mean((truth >= ends[:, 0]) & (truth <= ends[:, 1])))
    stated = float(np.mean([each.probability for each in answers]))
    yield "ours", (*_off(np.array([float(each.label) for each in answers]), truth), stated, inside, seconds)
    best = (-np.inf, np.inf, 0.0)
    for view in VIEWS:
        machine = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 5, 11)))
        machine.fit(features(split.train, view, cache), learned)
        best = max(best, _off(machine.predict(features(split.test, view, cache)), truth))
    yield "scikit-learn, ridge", (*best, np.nan, np.nan, np.nan)
    yield "the median", (*_off(np.full(len(truth), np.median(learned)), truth), np.nan, np.nan, np.nan)


def _off(said: Matrix, truth: Matrix) -> tuple[float, float, float]:
    """R², how far off in the mean, and the share within the tolerance."""
    gaps = np.abs(said - truth)
    return float(1 - (gaps**2).mean() / truth.var()), float(gaps.mean()), float((gaps <= TOLERANCE).mean())


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=["several", "numbers"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        if given.only != "numbers":
            measure_several(given.seeds, Path(folder))
        if given.only != "several":
            measure_numbers(given.seeds, Path(folder))


if __name__ == "__main__":
    main()
