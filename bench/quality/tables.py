"""Tables beside AutoGluon: `python -m bench.quality.tables`.

Nine sets, parted in the same way for everybody: a quarter held out at random, labels spread evenly; of bike_sharing
what comes last. Columns that are ids or give the answer away are shown to nobody. Each side gets the same seconds on
two cores, in a process of its own: ours in this environment, AutoGluon 1.6 with the presets `medium_quality` and
`good_quality` in `.venv-quality`.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bench.results import REPOSITORY
from bench.table import Bar, bars, table

DATA: Final = REPOSITORY.parent / "shared" / "data"
ENVIRONMENT: Final = REPOSITORY / ".venv-quality"
PEERS: Final = ("torch==2.13.0", "autogluon.tabular[lightgbm,catboost,xgboost,fastai,ray]==1.6.3")
PRESETS: Final = ("medium_quality", "good_quality")
OURS: Final = "ours"
SHARE: Final = 0.25
BEHIND: Final = 0.005
OVER: Final = 1.05
FIRST: Final = 2.0
"""Seconds from the start of the process to the end of its first trial."""
CORES: Final = 2

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Set:
    """One table.

    Attributes:
        name: Its folder.
        answer: The column to answer.
        kind: "label" or "number".
        hidden: Columns that nobody is shown.
        delimiter: Between cells.
        ordered: Its rows are in the order of time, so that the last are held out.
    """

    name: str
    answer: str
    kind: str
    hidden: tuple[str, ...] = ()
    delimiter: str = ","
    ordered: bool = False


SETS: Final = (
    Set("adult_income", "income", "label"),
    Set("german_credit", "class", "label"),
    Set("telco_churn", "Churn", "label", ("customerID",)),
    Set("insurance_fraud", "FraudFound_P", "label", ("PolicyNumber",), ";"),
    Set("pima_diabetes", "diabetes", "label"),
    Set("wine_quality", "quality", "label"),
    Set("bike_sharing", "cnt", "number", ("casual", "registered", "instant"), ordered=True),
    Set("california_housing", "MedHouseVal", "number"),
    Set("employee_salaries", "current_annual_salary", "number"),
)


@dataclass(frozen=True)
class Score:
    """What came of one side on one split.

    Attributes:
        main: AUC of two labels, negative log loss of more, or R² of numbers: more is better; -inf where no model was
            made in time.
        log_loss: Of labels, in nats; NaN of numbers.
        wall: Seconds of fitting.
        cpu: Seconds of processor time of fitting; less than twice the wall where others were using the machine.
        first: Seconds from the start of the process, before anything is imported, to the end of our first trial.
    """

    main: float
    log_loss: float
    wall: float
    cpu: float
    first: float = float("nan")


def rows_of(told: Set) -> list[dict[str, str]]:
    """All rows, without the hidden columns."""
    with (DATA / told.name / "train.csv").open(encoding="utf-8", newline="") as file:
        read = csv.DictReader(file, delimiter=told.delimiter)
        return [{name: cell for name, cell in row.items() if name not in told.hidden} for row in read]


def parted(told: Set, rows: Sequence[dict[str, str]], seed: int) -> tuple[Places, Places]:
    """Rows to learn from and rows to be judged by."""
    count = len(rows)
    held = round(count * SHARE)
    if told.ordered:
        end = count - seed * held // 4
        return np.arange(end - held), np.arange(end - held, end)
    drawn = np.random.default_rng(seed).permutation(count)
    answers = np.array([row[told.answer] for row in rows])
    if told.kind == "label":
        drawn = drawn[np.argsort(answers[drawn], kind="stable")]
    chosen = np.zeros(count, bool)
    chosen[drawn[:: round(1 / SHARE)]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def asked(told: Set, seed: int, sides: Sequence[str], seconds: float, python: Path) -> dict[str, Score]:
    """Fits every side on one split and judges it."""
    rows = rows_of(told)
    learned, held = parted(told, rows, seed)
    scores = {}
    with tempfile.TemporaryDirectory(prefix="understudy-quality-") as scratch:
        folder = Path(scratch)
        _write(folder / "train.csv", [rows[place] for place in learned])
        _write(folder / "test.csv", [{**rows[place], told.answer: ""} for place in held])
        truth = [rows[place][told.answer] for place in held]
        for side in sides:
            what = {"answer": told.answer, "kind": told.kind, "seconds": seconds, "seed": seed, "preset": side}
            what |= {"labels": len({row[told.answer] for row in rows}), "begun": time.time()}
            (folder / "asked.json").write_text(json.dumps(what))
            script = "table_ours" if side == OURS else "table_peers"
            scores[side] = _score(told, truth, _run(script, python if side != OURS else Path(sys.executable), folder))
    return scores


def _write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def _run(script: str, python: Path, folder: Path) -> dict[str, Any]:
    limits = {"OMP_NUM_THREADS": str(CORES), "PYTHONPATH": str(REPOSITORY)}
    command = [str(python), str(REPOSITORY / "bench" / "quality" / f"{script}.py"), str(folder)]
    done = subprocess.run(command, env=os.environ | limits, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{script} ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return found


def _score(told: Set, truth: Sequence[str], found: dict[str, Any]) -> Score:
    if not found:
        return Score(-np.inf, np.inf, np.nan, np.nan)
    took = float(found["wall"]), float(found["cpu"]), float(found.get("first", np.nan))
    if told.kind == "number":
        true, said = np.array(truth, float), np.array(found["said"], float)
        return Score(1 - float(((true - said) ** 2).mean() / true.var()), float("nan"), *took)
    names = sorted({*truth, *found["labels"]})
    given = np.zeros((len(truth), len(names)))
    given[:, [names.index(name) for name in found["labels"]]] = np.array(found["said"], float)
    given = np.clip(given, 1e-6, 1)
    given /= given.sum(axis=1, keepdims=True)
    places = np.array([names.index(name) for name in truth])
    loss = float(-np.log(given[np.arange(len(truth)), places]).mean())
    return Score(auc(given[:, 1], places == 1) if len(names) == 2 else -loss, loss, *took)


def auc(scores: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Share of pairs of a positive and a negative row that are in the right order; ties count half."""
    values, place = np.unique(scores, return_inverse=True)
    counts = np.bincount(place, minlength=len(values))
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    hits, misses = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * misses))


def environment() -> Path:
    """Python with AutoGluon; made if it is missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    if subprocess.run([str(python), "-c", "import autogluon.tabular"], check=False, capture_output=True).returncode:
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True)
    return python


def main() -> None:
    """Measures, and prints a table a set, the mean ranks and the bars."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    given.add_argument("--python", type=Path, help="a Python that has AutoGluon; else one is set up in .venv-quality")
    given.add_argument("--seeds", type=int, default=3)
    given.add_argument("--only", default="", help="sets whose name holds this")
    given.add_argument("--seconds", type=float, default=60.0, help="budget of each fit")
    given.add_argument("--alone", action="store_true", help="measure ours alone")
    told = given.parse_args()
    sides = (OURS,) if told.alone else (OURS, *PRESETS)
    python = Path(sys.executable) if told.alone else told.python or environment()
    means: dict[str, dict[str, float]] = {}
    overrun = first = 0.0
    for each in (each for each in SETS if told.only in each.name):
        found = [asked(each, seed, sides, told.seconds, python) for seed in range(told.seeds)]
        means[each.name] = _shown(each, sides, found)
        overrun = max(overrun, *(score[OURS].wall / told.seconds for score in found))
        first = max(first, *(score[OURS].first for score in found))
    if means:
        times = [
            Bar("seconds used of those given", overrun, OVER, "most", digits=2),
            Bar("seconds to the first trial", first, FIRST, "most", digits=2),
        ]
        print(bars([*(() if told.alone else _bars(means)), *times]))


def _shown(told: Set, sides: Sequence[str], found: Sequence[dict[str, Score]]) -> dict[str, float]:
    means = {side: float(np.mean([score[side].main for score in found])) for side in sides}
    rows = []
    for side in sides:
        loss, wall, cpu, first = (
            np.mean([getattr(s[side], what) for s in found]) for what in ("log_loss", "wall", "cpu", "first")
        )
        every = [f"{score[side].main:.4f}" for score in found]
        rows.append([side, f"{means[side]:.4f}", *every, f"{loss:.4f}", f"{wall:.0f}", f"{cpu:.0f}"])
        rows[-1].append("" if np.isnan(first) else f"{first:.2f}")
    seeds = [f"seed {seed}" for seed in range(len(found))]
    print(table([told.name, "mean", *seeds, "log loss", "wall s", "CPU s", "first trial s"], rows) + "\n", flush=True)
    return means


def _bars(means: dict[str, dict[str, float]]) -> list[Bar]:
    mean = {side: _mean_rank(side, means) for side in (OURS, *PRESETS)}
    held = [Bar(f"mean rank, beside {preset}", mean[OURS], mean[preset], "most", digits=2) for preset in PRESETS]
    for name, scores in means.items():
        best = max(scores[preset] for preset in PRESETS)
        held.append(Bar(f"{name}: at most 0.5 points behind", scores[OURS], best - BEHIND, "least", digits=4))
    return held


def _mean_rank(side: str, means: dict[str, dict[str, float]]) -> float:
    return float(np.mean([1 + sum(other > scores[side] for other in scores.values()) for scores in means.values()]))


if __name__ == "__main__":
    main()
