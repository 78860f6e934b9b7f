"""Memory with many rows: `python -m bench.quality.large_tables --rows 1400000`. Rows are drawn as they are read."""

import argparse
import json
import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.row import cells_in
from understudy.search.tables.lesson import read_lesson
from understudy.search.tables.training import Settings, Training

COLUMNS = 14
WORDS = 5000


def drawn(count: int) -> Iterator[tuple[str, bytes, str, str]]:
    """Digest, bytes, answer and group of each row."""
    chance = np.random.default_rng(0)
    for place in range(count):
        numbers = chance.normal(size=COLUMNS - 2).round(4).tolist()
        row = {f"n{at}": number for at, number in enumerate(numbers)}
        row |= {
            "word": f"word {int(chance.integers(WORDS))}",
            "when": f"2024-{1 + place % 12:02d}-{1 + place % 28:02d}",
        }
        answer = "yes" if numbers[0] + numbers[1] * numbers[2] > chance.normal() else "no"
        yield f"{place:064x}", json.dumps(row).encode(), answer, str(place)


def main() -> None:
    """Draws, trains, and prints what it took."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    given.add_argument("--rows", type=int, default=1_400_000)
    given.add_argument("--seconds", type=float, default=120.0)
    told = given.parse_args()
    schema = infer_schema([cells_in(data) for _, data, _, _ in drawn(2000)])
    began = time.perf_counter()
    lesson = read_lesson(drawn(told.rows), schema)
    read, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{told.rows:,} rows drawn and read in {read:.0f} s, {peak:,.0f} MB at most", flush=True)
    watching = threading.Event()
    most = [0.0]

    def watch() -> None:
        while not watching.wait(0.1):
            most[0] = max(most[0], psutil.Process(os.getpid()).memory_info().rss / 1e6)

    threading.Thread(target=watch, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as scratch:
        settings = Settings(0, Budget(seconds=told.seconds), os.cpu_count() or 1)
        task = Task("table", AnswerKind.LABEL)
        began = time.perf_counter()
        training = Training(lesson, task, settings, Path(scratch), report=lambda _: None, stop_requested=lambda: False)
        made = training.run()
    watching.set()
    used = time.perf_counter() - began
    best = min(trial.log_loss for trial in made.trials)
    print(f"{len(made.trials)} trials in {used:.0f} of {told.seconds:.0f} s, {most[0]:,.0f} MB at most")
    print(f"model of {len(made.model) / 1e6:.1f} MB, log loss {best:.4f}")


if __name__ == "__main__":
    main()
