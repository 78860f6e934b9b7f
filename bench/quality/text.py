"""Texts: few and many examples beside SetFit on the same encoder, questions out of scope, and ten thousand texts.

Run with `python -m bench.quality.text [--setfit PYTHON] [--figures FILE] [--sets a,b] [--seeds 3] [--largest N]`;
PYTHON is an interpreter that has `setfit`. Needs the data sets beside the checkout. What SetFit reached is kept in
FILE, one line a split, and not measured again.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from bench.command import verdict_seconds
from bench.quality.text_sets import DATA, SIZES, Row, Split, out_of_scope, read, split_of
from understudy.domain.task import NONE_OF_THESE
from understudy.domain.trial import Budget
from understudy.modalities.protocol import Input
from understudy.modalities.text.modality import MODALITY
from understudy.modalities.text.weights import WEIGHTS, installed_file
from understudy.search.loading import load_bytes
from understudy.search.ready import ReadyModel
from understudy.search.training import Lesson, Settings, Training

BEHIND, FASTER = 0.01, 20
HALF = 200
"""Texts above which SetFit, if the processor can, multiplies in 16 bits. By itself it never does; with as many texts it
would take hours for a time that is no close matter, and with fewer it is measured as it comes."""
RECALL, IN_SCOPE = 0.60, 0.88
WHOLE = 20.0
"""Seconds from a file of ten thousand texts to a judged model."""
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592"}
"""Lets SetFit keep the memory of a step for the next one, which takes a twelfth less time."""
PEER = Path(__file__).with_name("setfit_peer.py")


@dataclass(frozen=True)
class Figure:
    """What one side reached on one split: share right, and seconds, also of the processor, to a model that answers."""

    accuracy: float
    seconds: float
    cpu: float


def trained(rows: Sequence[Row], seed: int) -> tuple[ReadyModel, float, float]:
    """Trains as the product does, from bytes to a loaded model; seconds and processor seconds with it."""
    start, spent = time.perf_counter(), time.process_time()
    known = {sha256(text.encode()).hexdigest(): (text.encode(), label) for text, label in rows}
    digests = sorted(known)
    inputs = [Input(digest, lambda data=known[digest][0]: data) for digest in digests]  # type: ignore[misc]
    lesson = Lesson(inputs, [known[digest][1] for digest in digests], digests)
    settings = Settings(MODALITY, MODALITY.encoder(None), seed, Budget())
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        run, cache = Path(folder) / "run", Path(folder) / "cache"
        run.mkdir()
        training = Training(lesson, settings, run, cache, report=lambda _: None, stop_requested=lambda: False)
        model = load_bytes(training.run().model)
    return model, time.perf_counter() - start, time.process_time() - spent


def labels_of(model: ReadyModel, rows: Sequence[Row]) -> np.ndarray[Any, np.dtype[np.str_]]:
    """What a model answers for each text."""
    return np.array([getattr(answer, "label", "") for answer in model.predict_all([text.encode() for text, _ in rows])])


def ours(split: Split) -> Figure:
    """Our figure on a split."""
    model, seconds, cpu = trained(split.train, split.seed)
    truth = np.array([label for _, label in split.test])
    return Figure(float(np.mean(labels_of(model, split.test) == truth)), seconds, cpu)


def theirs(split: Split, python: str | None, kept: Path) -> Figure | None:
    """SetFit's figure: the one that is kept, or measured now; None where neither can be."""
    name = [split.name, split.size, split.seed]
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    for told in map(json.loads, lines):
        if told["split"] == name:
            return Figure(told["accuracy"], told["seconds"], told["cpu"])
    if python is None:
        return None
    asked = {
        "folder": str(installed_file(WEIGHTS).parent),
        "train": split.train,
        "test": split.test,
        "seed": split.seed,
        "half": len(split.train) > HALF,
    }
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", **KEPT_MEMORY}
    done = subprocess.run([python, str(PEER)], input=json.dumps(asked), env=env, text=True, check=True, stdout=-1)
    told = {"split": name, **json.loads(done.stdout.splitlines()[-1])}
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")
    return Figure(told["accuracy"], told["seconds"], told["cpu"])


def measure_sets(sets: Sequence[str], seeds: int, largest: int, python: str | None, kept: Path) -> None:
    """Prints a line for each set and size, means over seeds. On neither side does the loading of libraries count."""
    trained(split_of(sets[0], 8, 0).train, 0)
    print(
        f"{'set':<14}{'a label':>8}{'ours':>8}{'SetFit':>8}{'s':>8}{'SetFit s':>10}{'cpu s':>8}{'SetFit cpu':>12}  bar"
    )
    for name in sets:
        for size in SIZES[name]:
            figures: dict[str, list[Figure]] = defaultdict(list)
            for seed in range(1, seeds + 1):
                split = split_of(name, size, seed)
                figures["ours"].append(ours(split))
                other = theirs(split, python if len(split.train) <= largest else None, kept)
                figures["SetFit"] += [other] if other else []
            print(_line(name, size, figures["ours"], figures["SetFit"]), flush=True)


def _line(name: str, size: int | None, own: Sequence[Figure], other: Sequence[Figure]) -> str:
    def mean(figures: Sequence[Figure], part: str) -> float:
        return float(np.mean([getattr(figure, part) for figure in figures])) if figures else float("nan")

    near = mean(own, "accuracy") >= mean(other, "accuracy") - BEHIND
    # By the processor's time too, for the clock's tells what else ran; by the clock's too, for SetFit takes all cores.
    quick = all(mean(own, part) * FASTER <= mean(other, part) for part in ("seconds", "cpu"))
    verdict = ("met" if near and quick else "missed") if other else "not measured"
    parts = (f"{mean(own, 'accuracy'):.3f}", f"{mean(other, 'accuracy'):.3f}")
    times = [mean(side, part) for part in ("seconds", "cpu") for side in (own, other)]
    fewer = f" ({len(other)} seeds)" if 0 < len(other) < len(own) else ""
    told = (f"{name:<15}{size or 'all':>7}", *(f"{part:>8}" for part in parts), *(f"{part:>9.1f}" for part in times))
    return "".join(told) + f"   {verdict}{fewer}"


def measure_scope() -> None:
    """Prints how many questions out of scope are told, and how many in scope are still answered rightly."""
    rows = [*read("clinc150_oos", "train.csv"), *out_of_scope("train")]
    model, seconds, cpu = trained(rows, 1)
    test = read("clinc150_oos", "val.csv")
    right = float(np.mean(labels_of(model, test) == np.array([label for _, label in test])))
    recall = float(np.mean(labels_of(model, out_of_scope("val")) == NONE_OF_THESE))
    met = "met" if recall >= RECALL and right >= IN_SCOPE else "missed"
    print(
        f"clinc150, {len(rows):,} texts: out-of-scope recall {recall:.3f} (bar {RECALL}), "
        f"in-scope accuracy {right:.3f} (bar {IN_SCOPE}), {seconds:.0f} s, {cpu:.0f} s of the processor: {met}"
    )


def measure_whole(times: int = 3) -> None:
    """Prints how soon the command makes a judged model of a file of texts, in a workspace of its own."""
    table = DATA / "banking77" / "train.csv"
    seconds, count = verdict_seconds(table, times), len(read("banking77", "train.csv"))
    met = "met" if seconds <= WHOLE else "missed"
    print(f"banking77, {count:,} texts: from the file to a judged model {seconds:.1f} s (bar {WHOLE:.0f}): {met}")


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--setfit")
    parser.add_argument("--figures", type=Path, default=Path(__file__).with_name("setfit.jsonl"))
    parser.add_argument("--sets", default=",".join(SIZES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=10**6, help="texts up to which SetFit is measured anew")
    parser.add_argument("--scope", action="store_true", help="measure questions out of scope alone")
    parser.add_argument("--whole", action="store_true", help="measure the whole command alone")
    given = parser.parse_args()
    if not given.scope and not given.whole:
        measure_sets(given.sets.split(","), given.seeds, given.largest, given.setfit, given.figures)
    if not given.whole:
        measure_scope()
    if not given.scope:
        measure_whole()


if __name__ == "__main__":
    main()
