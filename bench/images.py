"""Every figure that is claimed of photos, beside its bar: `make bench-images`, or `python -m bench.images`."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import command, comparison, size, throughput
from bench.results import Results
from bench.serving.latency import measure as measure_latency
from bench.splits import DATA, SETS, SetPlan, read_set, split_of
from bench.table import Bar, bars, table
from understudy.modalities.image.encoder import DEFAULT_SIZES
from understudy.modalities.image.named import extractor_named

PARTS = ("accuracy", "command", "throughput", "serving", "help", "size")
QUICK_SETS = ("cats_dogs", "ants_bees")


@dataclass(frozen=True)
class Plan:
    """What is to be measured, and how often."""

    sets: tuple[SetPlan, ...]
    parts: tuple[str, ...]
    splits: int
    tuned_splits: int
    depthwise: str
    rounds: int
    requests: int
    repeats: int
    results: Path


@dataclass(frozen=True)
class Measured:
    """What one part gave: bars, and tables or remarks to be shown below them."""

    bars: list[Bar]
    more: list[str]


def accuracy(plan: Plan) -> Measured:
    """Ours on every split, and fine-tuning on as many as was asked for."""
    if plan.tuned_splits and not comparison.torch_is_here():
        print("  torch is not installed in this environment, so only ours is measured (make bench-images installs it)")
    tuned_splits = plan.tuned_splits if comparison.torch_is_here() else 0
    results = Results(plan.results, {"fine-tuned": plan.depthwise})
    print(f"  results so far, kept and gone on with: --results {plan.results}")
    compared = comparison.compare(plan.sets, plan.splits, tuned_splits, plan.depthwise, results, extractor_named(None))
    remarks = [comparison.by_set(compared)]
    if spoiled := comparison.disturbed(compared):
        remarks.append(
            "Times to doubt: other processes used the machine, and torch, whose threads wait for each other, loses "
            "most by it, which flatters ours. " + "; ".join(spoiled) + "."
        )
    return Measured(comparison.bars_of(compared), remarks)


def verdict(plan: Plan) -> Measured:
    """From the start of `understudy train` to its verdict."""
    photos = read_set(SETS[0].name)
    with command.folder_of(photos, split_of(photos.labels, SETS[0], 0).training) as folder:
        few = command.verdict_seconds(folder, plan.repeats)
    with command.folder_of(photos, np.arange(len(photos.paths))) as folder:
        every = command.verdict_seconds(folder, 1)
    asked = Bar("understudy train, 20 cats and 20 dogs: command to verdict", few, 6.0, "most", "s", 2)
    return Measured([asked], [f"understudy train on all {len(photos.paths)} cats and dogs: {every:.1f} s."])


def features(plan: Plan) -> Measured:
    """Features from files, against the bare graph."""
    extractor, small, large = extractor_named(None), *DEFAULT_SIZES
    rows, both = [], []
    for each in plan.sets:
        print(f"  {each.name}", flush=True)
        measured = [throughput.measure(each.name, sizes, extractor, plan.rounds)
                    for sizes in (DEFAULT_SIZES, (small,), (large,))]  # fmt: skip
        both.append(measured)
    for measured in [*both, [throughput.pooled(column) for column in zip(*both, strict=True)]]:
        speed = measured[0].photos / float(np.median(measured[0].ours))
        rows.append([measured[0].set, str(measured[0].photos), f"{speed:.0f}", *(f"{m.ratio:.3f}" for m in measured)])
    head = ["JPEG files", "photos", "photos a second", f"{small} and {large} px", f"{small} px", f"{large} px"]
    asked = Bar("features from JPEG files over the bare graph's throughput", float(rows[-1][3]), 0.85, "least")
    return Measured([asked], [table(head, rows)])


def latency(plan: Plan) -> Measured:
    """A prediction over HTTP, against decoding and the bare graph."""
    found = measure_latency(plan.requests)
    asked = Bar("a prediction over HTTP, over decoding and the bare graph", found.ratio, 1.5, "most", "×", 2)
    sides = " and ".join(map(str, found.sizes))
    told = f"{found.http:.2f} ms over HTTP, {found.direct:.2f} ms direct"
    return Measured([asked], [f"Medians of {found.requests} predictions at {sides} px: {told}."])


def start(plan: Plan) -> Measured:
    """How soon help comes."""
    return Measured([Bar("understudy --help", command.help_seconds(plan.repeats + 2), 0.4, "most", "s", 2)], [])


def weight(plan: Plan) -> Measured:
    """What a default install takes on disk."""
    del plan
    return Measured([Bar("default install with weights", size.installed_bytes() / 1e9, 1.2, "most", "GB", 2)], [])


MEASURES: dict[str, Callable[[Plan], Measured]] = dict(
    zip(PARTS, (accuracy, verdict, features, latency, start, weight), strict=True)
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, then prints one table of bars and what lies behind it."""
    plan = _plan(arguments)
    if not DATA.is_dir():
        raise SystemExit(f"The real photos are not there ({DATA}), so nothing can be measured.")
    measured = []
    for part in plan.parts:
        print(f"{part} ...", flush=True)
        measured.append(MEASURES[part](plan))
    print("\n" + bars([bar for each in measured for bar in each.bars]))
    for each in measured:
        for text in each.more:
            print("\n" + text)


def _plan(arguments: Sequence[str] | None) -> Plan:
    told = _parser().parse_args(arguments)
    quick = told.quick
    names = told.sets or (QUICK_SETS if quick else [plan.name for plan in SETS])
    parts = told.only or [part for part in PARTS if part != "size" or told.size]
    splits = told.splits or (1 if quick else 5)
    tuned = 0 if told.skip_finetune or quick else splits if told.finetune_splits is None else told.finetune_splits
    return Plan(
        sets=tuple(plan for plan in SETS if plan.name in names),
        parts=tuple(parts),
        splits=splits,
        tuned_splits=min(tuned, splits),
        depthwise=told.finetune_depthwise,
        rounds=1 if quick else 5,
        requests=50 if quick else 200,
        repeats=1 if quick else 3,
        results=told.results or Path(tempfile.mkdtemp(prefix="understudy-bench-results-")),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.images", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=[plan.name for plan in SETS], help="only these")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="only these parts")
    parser.add_argument("--splits", type=int, metavar="N", help="seeded splits of each set (default 5)")
    parser.add_argument("--finetune-splits", type=int, metavar="N", help="fine-tune on the first N splits only")
    parser.add_argument("--skip-finetune", action="store_true", help="measure ours only")
    parser.add_argument(
        "--finetune-depthwise",
        choices=("autocast", "f32"),
        default="autocast",
        help="arithmetic of fine-tuning's depthwise convolutions: what torch chooses, or 32 bits, which is faster",
    )
    parser.add_argument("--size", action="store_true", help="also install into a fresh environment and weigh it")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="keep figures here, and go on from those there")
    parser.add_argument("--quick", action="store_true", help="one split of two sets, no fine-tuning: does it run?")
    return parser


if __name__ == "__main__":
    main()
