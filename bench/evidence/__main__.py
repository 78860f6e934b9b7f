"""Every guarantee of a review beside what simulations show: `make bench-evidence`, or `python -m bench.evidence`."""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.evidence import worlds_of_choice, worlds_of_kind
from bench.evidence.rows import Row, false_launches, table_of
from bench.evidence.running import World, run


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
    for world in plan.wanted((*worlds_of_choice.WORLDS, *worlds_of_kind.WORLDS)):
        started = time.perf_counter()
        rows.append(false_launches(world.name, run(world, plan.runs, seed=plan.seed, pool=plan.pool), world.habit))
        print(f"  {world.name}: {time.perf_counter() - started:.0f} s", flush=True)
    return rows


MEASURES: dict[str, Callable[[Plan], list[Row]]] = {"launch": launch}


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulates, then prints one table."""
    told = _parser().parse_args(arguments)
    rows = []
    with ProcessPoolExecutor(told.processes, mp_context=get_context("spawn")) as pool:
        plan = Plan(tuple(told.only or MEASURES), told.runs, told.seed, tuple(told.worlds), pool)
        for part in plan.parts:
            print(f"{part} ...", flush=True)
            rows += MEASURES[part](plan)
    print("\n" + table_of(rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.evidence", description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000, metavar="N", help="runs of each world (default 2000)")
    parser.add_argument("--only", nargs="+", choices=tuple(MEASURES), help="only these parts")
    parser.add_argument("--worlds", nargs="+", default=[], metavar="WORD", help="only worlds with such a word")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    return parser


if __name__ == "__main__":
    main()
