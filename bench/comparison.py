"""Ours beside full fine-tuning, on the same splits."""

import importlib.util
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import ours
from bench.results import REPOSITORY, Record, Results
from bench.splits import PhotoSet, SetPlan, read_set, split_of
from bench.table import Bar, table
from understudy.modalities.image.extractor import Extractor

FASTER, WORSE_POINTS = 50.0, 1.0
BUSY = 0.1
"""Share of the cores in other hands above which a time is not to be trusted."""


@dataclass(frozen=True)
class Compared:
    """One set on both sides; `tuned` holds the splits that were fine-tuned, perhaps none."""

    plan: SetPlan
    photos: tuple[int, int]
    ours: tuple[Record, ...]
    tuned: tuple[Record, ...]

    @property
    def both(self) -> list[tuple[Record, Record]]:
        """The splits that both sides were measured on."""
        tuned = {record.seed: record for record in self.tuned}
        return [(mine, tuned[mine.seed]) for mine in self.ours if mine.seed in tuned]


def torch_is_here() -> bool:
    """Whether fine-tuning can be measured in this environment."""
    return importlib.util.find_spec("torch") is not None


def compare(
    plans: Sequence[SetPlan], splits: int, tuned_splits: int, depthwise: str, results: Results, extractor: Extractor
) -> list[Compared]:
    """Measures what is not known yet, set by set, and says each figure as it comes."""
    warm = False
    compared = []
    for plan in plans:
        photos = read_set(plan.name)
        for seed in range(splits):
            if results.known("ours", plan.name, seed) is None:
                if not warm:
                    ours.warm_up(photos, extractor)
                    warm = True
                _keep(results, "ours", ours.measure(plan, photos, split_of(photos.labels, plan, seed), seed, extractor))
        wanted = [seed for seed in range(tuned_splits) if results.known("fine-tuned", plan.name, seed) is None]
        _fine_tune(plan, wanted, depthwise, results)
        compared.append(_compared(plan, photos, splits, tuned_splits, results))
    return compared


def bars_of(compared: Sequence[Compared]) -> list[Bar]:
    """What is asked of us alone, then beside fine-tuning."""
    asked = []
    for each in compared:
        count = "20 a class" if each.plan.per_class else f"{each.plan.share:.0%}"
        what = f"{each.plan.name}, {count}: accuracy on the rest"
        asked.append(Bar(what, _mean(each.ours, "accuracy"), each.plan.bar, "least"))
    pairs = [pair for each in compared for pair in each.both]
    if pairs:
        points = statistics.mean(_gain(each.both) for each in compared if each.both)
        asked.append(Bar("accuracy above fine-tuning's, mean of sets", points, -WORSE_POINTS, "least", "points", 2))
        faster = sum(tuned.seconds for _, tuned in pairs) / sum(mine.seconds for mine, _ in pairs)
        asked.append(Bar("fine-tuning's time over ours, all sets and splits", faster, FASTER, "least", "×", 1))
    return asked


def by_set(compared: Sequence[Compared]) -> str:
    """A row a set: accuracies (mean and standard deviation of the splits), and seconds of a training."""
    head = ["set", "trained", "rest", "ours", "±", "s", "fine-tuned", "±", "s", "points above", "times as fast"]
    return table(head, [_row(each) for each in compared])


def disturbed(compared: Sequence[Compared]) -> list[str]:
    """What was measured while others used the machine."""
    return [
        f"{side} {record.set} split {record.seed} ({record.others:.0%} of the cores)"
        for each in compared
        for side, records in (("ours", each.ours), ("fine-tuned", each.tuned))
        for record in records
        if record.others > BUSY
    ]


def _fine_tune(plan: SetPlan, seeds: Sequence[int], depthwise: str, results: Results) -> None:
    if not seeds:
        return
    told = [plan.name, *map(str, seeds), "--depthwise", depthwise]
    command = [sys.executable, "-m", "bench.finetune", *told]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            _keep(results, "fine-tuned", Record(**json.loads(line)))
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")


def _keep(results: Results, side: Any, record: Record) -> None:
    results.add(side, record)
    print(f"  {side}: {record.set} split {record.seed}: {record.accuracy:.3f} in {record.seconds:.1f} s", flush=True)


def _compared(plan: SetPlan, photos: PhotoSet, splits: int, tuned_splits: int, results: Results) -> Compared:
    split = split_of(photos.labels, plan, 0)
    mine = [results.known("ours", plan.name, seed) for seed in range(splits)]
    tuned = [results.known("fine-tuned", plan.name, seed) for seed in range(tuned_splits)]
    return Compared(
        plan,
        (len(split.training), len(split.rest)),
        tuple(record for record in mine if record),
        tuple(record for record in tuned if record),
    )


def _row(each: Compared) -> list[str]:
    cells = [each.plan.name, *map(str, each.photos), *_cells(each.ours)]
    if not each.both:
        return [*cells, *["–"] * 5]
    faster = sum(tuned.seconds for _, tuned in each.both) / sum(mine.seconds for mine, _ in each.both)
    return [*cells, *_cells(each.tuned), f"{_gain(each.both):+.1f}", f"{faster:.0f}"]


def _cells(records: Sequence[Record]) -> list[str]:
    spread = statistics.stdev(record.accuracy for record in records) if len(records) > 1 else 0.0
    return [f"{_mean(records, 'accuracy'):.3f}", f"{spread:.3f}", f"{_mean(records, 'seconds'):.1f}"]


def _gain(pairs: Sequence[tuple[Record, Record]]) -> float:
    return 100 * statistics.mean(mine.accuracy - tuned.accuracy for mine, tuned in pairs)


def _mean(records: Sequence[Record], what: str) -> float:
    return float(statistics.mean(getattr(record, what) for record in records))
