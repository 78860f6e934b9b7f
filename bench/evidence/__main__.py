"""Every guarantee of a review beside what simulations show: `make bench-evidence`, or `python -m bench.evidence`."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench import curves as forecasts
from bench.evidence import coverage, power, promise, real, shadow, worlds_of_choice, worlds_of_kind, worlds_of_number
from bench.evidence.rows import Row, at_least, false_launches, table_of
from bench.evidence.running import World, in_parts, run, together
from bench.evidence.sealed import Shares
from bench.splits import DATA
from bench.table import bars

ADVERSE = (*worlds_of_choice.WORLDS, *worlds_of_kind.WORLDS, *worlds_of_number.WORLDS, *shadow.WORLDS)
LEAST_POWER = 0.8
OF_ORACLE = 0.9
ELSEWHERE = "Learning curves are measured on real sets by `make bench-curves`, or here with --only curves."


@dataclass(frozen=True)
class Plan:
    """What is to be simulated.

    Attributes:
        parts: Which parts.
        runs: Of each world.
        seed: Of all luck.
        words: Only worlds whose name has one of these; all when empty.
        pool: Where they run.
    """

    parts: tuple[str, ...]
    runs: int
    seed: int
    words: tuple[str, ...]
    pool: Executor

    def wanted(self, worlds: Sequence[World]) -> list[World]:
        """Of these worlds, those that were asked for."""
        return [world for world in worlds if not self.words or any(word in world.name for word in self.words)]


def launch(plan: Plan) -> list[Row]:
    """False launches in adverse worlds."""
    rows = []
    for world in plan.wanted(ADVERSE):
        started = time.perf_counter()
        found = run(world, plan.runs, seed=plan.seed, pool=plan.pool)
        rows.append(false_launches(world.name, found, world.habit, beyond=world.beyond))
        _tell(rows[-1:], started)
    return rows


def good(plan: Plan) -> list[Row]:
    """How often a good model gets through."""
    rows = []
    for world in plan.wanted(power.WORLDS):
        started = time.perf_counter()
        found = run(world, plan.runs, seed=plan.seed, pool=plan.pool)
        rows.append(at_least(world.name, found, LEAST_POWER, world.habit))
        _tell(rows[-1:], started)
    return rows


def promised(plan: Plan) -> list[Row]:
    """How often a promise is broken, and how much is automated beside an oracle."""
    rows = []
    for world in promise.WORLDS:
        if plan.words and not any(word in world.name for word in plan.words):
            continue
        started = time.perf_counter()
        found = _kept(plan, world.name, partial(promise.kept, world))
        oracle = promise.oracle_share(world.crowd(), world.sealed, world.most_error)
        rows += [_broken(world.name, found), _beside_oracle(world.name, found.shares, oracle)]
        _tell(rows[-2:], started)
    return rows


def on_real_photos(plan: Plan) -> list[Row]:
    """The same in crowds of real photos, asked of a model that the product trained."""
    rows = []
    if not real.present():
        print(f"  skipped: the real photos are not there ({DATA})")
    for name in real.present():
        crowd = real.real_crowd(name)
        for part in real.PARTS:
            started, error = time.perf_counter(), part * crowd.error
            world = f"{name}, {real.SEALED} sealed, {100 * error:.1f}% wrong"
            found = _kept(plan, world, partial(real.kept, crowd, part))
            oracle = promise.oracle_share(crowd.crowd, real.SEALED, error)
            rows += [_broken(world, found), _beside_oracle(world, found.shares, oracle)]
            _tell(rows[-2:], started)
    return rows


def covered(plan: Plan) -> list[Row]:
    """How often bounds cover the truth."""
    cells = [*coverage.accuracy_cells(), *coverage.cost_cells(np.random.default_rng(plan.seed), 5 * plan.runs)]
    print(coverage.grid(cells))
    return coverage.rows(cells)


def curves(plan: Plan) -> list[Row]:
    """Forecasts of learning curves beside what became of them; a table of its own, as most of it is no share."""
    del plan
    with tempfile.TemporaryDirectory(prefix="understudy-bench-curves-") as folder:
        figures = forecasts.measure(Path(folder))
    print("\n".join(["", bars(forecasts.bars_of(figures)), *forecasts.remarks(figures)]))
    return []


def _tell(rows: Sequence[Row], started: float) -> None:
    """Each figure as soon as it is known, so that a run that is broken off was not for nothing."""
    for row in rows:
        world, figure, *_ = row.cells()
        print(f"  {figure:>7}  {world} ({time.perf_counter() - started:.0f} s)", flush=True)


def _kept(plan: Plan, name: str, simulate: Callable[[np.random.Generator, int], promise.Kept]) -> promise.Kept:
    parts = in_parts(simulate, name, plan.runs, seed=plan.seed, pool=plan.pool)
    return promise.Kept(together([each.broken for each in parts]), np.concatenate([each.shares for each in parts]))


def _broken(world: str, found: promise.Kept) -> Row:
    return false_launches(f"promise broken: {world}", found.broken, "lowest threshold that looks good enough")


def _beside_oracle(world: str, shares: Shares, oracle: float) -> Row:
    mean, error = float(shares.mean()), float(shares.std() / len(shares) ** 0.5)
    if oracle < promise.WORTH_TELLING:
        return Row(f"automated: {world} (an oracle: {oracle:.1%})", mean, error, "too little", None)
    name, figure = f"automated, of an oracle's {oracle:.1%}: {world}", mean / oracle
    return Row(name, figure, error / oracle, f"≥ {OF_ORACLE:.0%}", figure >= OF_ORACLE)


MEASURES: dict[str, Callable[[Plan], list[Row]]] = {
    "launch": launch,
    "power": good,
    "promise": promised,
    "real": on_real_photos,
    "coverage": covered,
    "curves": curves,
}
USUAL = tuple(part for part in MEASURES if part != "curves")


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulates, then prints one table."""
    told = _parser().parse_args(arguments)
    rows = []
    with ProcessPoolExecutor(told.processes, mp_context=get_context("spawn")) as pool:
        plan = Plan(tuple(told.only or USUAL), told.runs, told.seed, tuple(told.worlds), pool)
        for part in plan.parts:
            print(f"{part} ...", flush=True)
            rows += MEASURES[part](plan)
    if rows:
        print("\n" + table_of(rows))
    if "curves" not in plan.parts:
        print("\n" + ELSEWHERE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.evidence", description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000, metavar="N", help="runs of each world (default 2000)")
    parser.add_argument(
        "--only", nargs="+", choices=tuple(MEASURES), help="only these parts; all but curves unless told"
    )
    parser.add_argument("--worlds", nargs="+", default=[], metavar="WORD", help="only worlds with such a word")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    return parser


if __name__ == "__main__":
    main()
