"""Recommendations beside the tuned models of a well-kept library: `python -m bench.quality.recommend`.

Four ways to part a set; everybody learns from the same rows and is asked with the same histories:

- **restaurants, random**: a fifth of all ratings held out at random (there are no times); a place is right if it was
  held out with the best rating.
- **films, last**: of each person the last liked film; learned is what came before it.
- **films, last fifth**: of each person the last fifth of ratings; a film is right if it was liked.
- **films, from a date on**: learned is what everybody did before the date by which four fifths of all ratings were
  made; asked is whoever liked anything later, for the last of it, with what came before as history. Most were never
  seen before.

NDCG@10 is the mean over people. The specialists are tuned over a grid on a part of the learned rows, held out in the
same way, and the best of them on the test is what ours is held against.
"""

import argparse
import csv
import io
import json
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bench.results import REPOSITORY
from bench.table import Bar, bars, table
from understudy.audit.popularity import Chosen, Popularity
from understudy.domain.answer import Answer
from understudy.domain.task import labels_in
from understudy.domain.trial import Budget
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.modalities.interactions.reading import read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.table.frame import read_frame
from understudy.search.loading import load_bytes
from understudy.search.recommend.job import about_of
from understudy.search.recommend.lesson import Taught, lesson_of
from understudy.search.recommend.training import Settings, Training

DATA: Final = REPOSITORY.parent / "shared" / "data"
ENVIRONMENT: Final = REPOSITORY / ".venv-quality"
PEERS: Final = ("implicit==0.7.3", "scipy>=1.14", "numpy>=2.0")
LENGTH: Final = 10
WITHIN: Final = 0.95
SHARE: Final = 0.2


@dataclass(frozen=True)
class Row:
    """One rating."""

    who: str
    what: str
    rating: float
    when: float | None


@dataclass(frozen=True)
class Part:
    """What is learned from, who is asked with which history, and what is right."""

    learned: Sequence[Row]
    asked: Mapping[str, Sequence[Row]]
    truth: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Set:
    """A set, its way of parting, and tables about items."""

    name: str
    rows: Sequence[Row]
    way: str
    liked: float
    content: Mapping[str, bytes]


def restaurants() -> Set:
    folder = DATA / "restaurant_ratings"
    with (folder / "train.csv").open(encoding="utf-8") as file:
        rows = [Row(each["userID"], each["placeID"], float(each["rating"]), None) for each in csv.DictReader(file)]
    content = {name: (folder / name).read_bytes() for name in ("places.csv", "cuisine.csv")}
    return Set("restaurants, random", rows, "random", 2.0, content)


def films(way: str) -> Set:
    folder = DATA / "movielens_small"
    with (folder / "ratings.csv").open(encoding="utf-8") as file:
        rows = [
            Row(each["userId"], each["movieId"], float(each["rating"]), float(each["timestamp"]))
            for each in csv.DictReader(file)
        ]
    rows.sort(key=lambda row: (row.who, row.when))
    return Set(f"films, {way}", rows, way, 4.0, {"movies.csv": (folder / "movies.csv").read_bytes()})


def by_person(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.who, []).append(row)
    return found


def parted(rows: Sequence[Row], way: str, liked: float, rng: np.random.Generator) -> Part:
    """Parts rows in one of the four ways."""
    if way == "random":
        held = rng.random(len(rows)) < SHARE
        learned = [row for row, out in zip(rows, held, strict=True) if not out]
        return _part(learned, learned, [row for row, out in zip(rows, held, strict=True) if out], liked)
    if way == "from a date on":
        return _from_a_date(rows, liked)
    learned, later = [], []
    for own in by_person(rows).values():
        last = max((at for at, row in enumerate(own) if row.rating >= liked), default=len(own))
        cut = last if way == "last" else len(own) - max(1, round(SHARE * len(own)))
        learned += own[:cut]
        later += own[cut : cut + 1] if way == "last" else own[cut:]
    return _part(learned, learned, later, liked)


def _from_a_date(rows: Sequence[Row], liked: float) -> Part:
    date = float(np.quantile([row.when or 0.0 for row in rows], 1 - SHARE))
    learned = [row for row in rows if (row.when or 0.0) < date]
    histories, later = [], []
    for own in by_person(rows).values():
        last = max((at for at, row in enumerate(own) if row.rating >= liked), default=None)
        if last is not None and (own[last].when or 0.0) >= date:
            histories += own[:last]
            later.append(own[last])
    return _part(learned, histories, later, liked)


def _part(learned: Sequence[Row], histories: Sequence[Row], later: Sequence[Row], liked: float) -> Part:
    right: dict[str, set[str]] = {}
    known = {(row.who, row.what) for row in histories}
    for row in later:
        if row.rating >= liked and (row.who, row.what) not in known:
            right.setdefault(row.who, set()).add(row.what)
    asked = by_person(histories)
    return Part(
        learned, {who: asked.get(who, []) for who in right}, {who: frozenset(each) for who, each in right.items()}
    )


def ndcg(lists: Mapping[str, Sequence[str]], truth: Mapping[str, frozenset[str]]) -> float:
    """Mean over people, each counting the same."""
    gain = 1 / np.log2(2 + np.arange(LENGTH))
    found = []
    for who, wanted in truth.items():
        hits = np.array([item in wanted for item in lists[who]] + [False] * (LENGTH - len(lists[who])))
        found.append(float(hits @ gain / gain[: len(wanted)].sum()))
    return float(np.mean(found))


def popular(part: Part, liked: float) -> Mapping[str, Sequence[str]]:
    """The popularity rule: what most people liked, without what one took already."""
    people = (_chosen(own, liked) for own in by_person(part.learned).values())
    rule = Popularity.of(people, again=False)
    return {who: rule.listed({row.what for row in own}, LENGTH) for who, own in part.asked.items()}


def _chosen(rows: Sequence[Row], liked: float) -> Chosen:
    *before, last = (row.what for row in rows)
    return Chosen(frozenset(row.what for row in rows if row.rating >= liked), frozenset(before), last)


def ours(told: Set, part: Part, seed: int, budget: Budget) -> tuple[Mapping[str, Sequence[str]], float, str]:
    """Reads, trains and asks as the product does; lists, seconds and what was mixed."""
    begun = time.perf_counter()
    found = read_interactions("rows.csv", Sheet.of(read_frame("rows.csv", _table(part.learned))), content=told.content)
    taught = (Taught(sha256(each.data).hexdigest(), each.data, each.label, each.group) for each in found.examples())
    lesson = lesson_of(taught, found.content, about_of(found.about()))
    with tempfile.TemporaryDirectory() as folder:
        training = Training(
            lesson, Settings(seed, budget), Path(folder), report=lambda _: None, stop_requested=lambda: False
        )
        model = load_bytes(training.run().model)
    people = list(part.asked)
    questions = [
        Question(who, tuple(Event(row.what, row.rating, row.when) for row in part.asked[who])) for who in people
    ]
    answers = model.predict_all([question_bytes(each) for each in questions])
    lists = {
        who: [item for item, _ in answer.probabilities]
        for who, answer in zip(people, answers, strict=True)
        if isinstance(answer, Answer) and labels_in(answer.label)
    }
    mixed = "; ".join(f"{weight:.2f} {trial.name.split(',')[0]}" for trial, weight in model.description.members)
    return lists, time.perf_counter() - begun, mixed


def _table(rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    timed = rows[0].when is not None
    table_of = csv.writer(out, lineterminator="\n")
    table_of.writerow(["user", "item", "rating", *(["timestamp"] if timed else [])])
    for row in rows:
        table_of.writerow([row.who, row.what, row.rating, *([row.when] if timed else [])])
    return out.getvalue().encode()


def peers(
    python: Path, told: Set, part: Part, seed: int
) -> tuple[dict[str, Mapping[str, Sequence[str]]], dict[str, Any]]:
    """Has the specialists tuned and asked in their own environment."""
    tune = parted(part.learned, told.way, told.liked, np.random.default_rng(1000 + seed))
    items = sorted({row.what for row in told.rows})
    place = {item: at for at, item in enumerate(items)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stage, each in (("tune", tune), ("test", part)):
            people = list(each.asked)
            row_of = {who: at for at, who in enumerate(people)}
            others = [who for who in by_person(each.learned) if who not in row_of]
            learned_row = row_of | {who: len(people) + at for at, who in enumerate(others)}
            _save(folder / f"{stage}-learned.npz", each.learned, learned_row, place, told.liked)
            _save(
                folder / f"{stage}-asked.npz",
                [row for own in each.asked.values() for row in own],
                row_of,
                place,
                told.liked,
            )
            right = [Row(who, what, 5.0, None) for who, wanted in each.truth.items() for what in wanted]
            _save(folder / f"{stage}-truth.npz", right, row_of, place, told.liked)
        known = told.way != "from a date on"
        (folder / "task.json").write_text(json.dumps({"seed": seed, "known": known}))
        script = Path(__file__).with_name("recommend_peers.py")
        subprocess.run([str(python), str(script), str(folder)], check=True)
        with np.load(folder / "lists.npz") as found:
            lists: dict[str, Mapping[str, Sequence[str]]] = {
                kind: _named(found[kind], people, items) for kind in found.files
            }
        return lists, json.loads((folder / "settings.json").read_text())


def _named(lists: npt.NDArray[np.int64], people: Sequence[str], items: Sequence[str]) -> dict[str, list[str]]:
    return {who: [items[at] for at in row] for who, row in zip(people, lists, strict=False)}


def _save(path: Path, rows: Sequence[Row], people: Mapping[str, int], items: Mapping[str, int], liked: float) -> None:
    places = [(people[row.who], items[row.what]) for row in rows]
    data = np.array([2.0 if row.rating >= liked else 1.0 for row in rows], np.float32)
    across, down = (np.array([place[at] for place in places], np.int64) for at in (1, 0))
    made = sparse.csr_matrix((data, (down, across)), shape=(max(people.values()) + 1, len(items)))
    sparse.save_npz(path, made)


def environment() -> Path:
    """Python with the specialists; made if it is missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run(["python3", "-m", "venv", str(ENVIRONMENT)], check=True)
    if subprocess.run([str(python), "-c", "import implicit"], check=False, capture_output=True).returncode:
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True)
    return python


def main() -> None:
    """Measures, and prints a table a set and the bars."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    given.add_argument("--python", type=Path, help="a Python that has implicit; else one is set up in .venv-quality")
    given.add_argument("--seeds", type=int, default=3)
    given.add_argument("--only", default="", help="sets whose name holds this")
    given.add_argument("--seconds", type=float, help="budget of each of our trainings; else all that a plain run tries")
    told = given.parse_args()
    python = told.python or environment()
    sets = [restaurants(), *(films(way) for way in ("last", "last fifth", "from a date on"))]
    held: list[Bar] = []
    for each in (each for each in sets if told.only in each.name):
        held += _measured(python, each, told.seeds, Budget(seconds=told.seconds))
    print(bars(held))


def _measured(python: Path, told: Set, seeds: int, budget: Budget) -> list[Bar]:
    scores: dict[str, list[float]] = {}
    for seed in range(seeds):
        part = parted(told.rows, told.way, told.liked, np.random.default_rng(seed))
        lists, seconds, mixed = ours(told, part, seed, budget)
        theirs, settings = peers(python, told, part, seed)
        for name, found in {"ours": lists, "popularity rule": popular(part, told.liked), **theirs}.items():
            scores.setdefault(name, []).append(ndcg(found, part.truth))
        print(
            f"{told.name}, seed {seed}: {len(part.truth)} people, ours {seconds:.0f} s ({mixed}); {settings}",
            flush=True,
        )
    means = {name: float(np.mean(each)) for name, each in scores.items()}
    rows = [[name, f"{means[name]:.4f}", *(f"{score:.4f}" for score in each)] for name, each in scores.items()]
    print(table([told.name, "NDCG@10", *(f"seed {seed}" for seed in range(seeds))], rows) + "\n", flush=True)
    best = max((mean, name) for name, mean in means.items() if name not in ("ours", "popularity rule"))
    return [
        Bar(f"{told.name}: above the popularity rule", means["ours"], means["popularity rule"], "least", digits=4),
        Bar(f"{told.name}: 0.95 of {best[1]} ({best[0]:.4f})", means["ours"], WITHIN * best[0], "least", digits=4),
    ]


if __name__ == "__main__":
    main()
