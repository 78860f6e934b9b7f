"""Every figure that is claimed of serving, beside its bar: `make bench-serving`, or `python -m bench.serving`."""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.serving import cycles, kill, load, memory, shadow, throughput
from bench.table import Bar, bars, table

PARTS = ("throughput", "shadow", "cycles", "kill", "memory")
TESTS = Path(__file__).resolve().parents[2] / "tests"


@dataclass(frozen=True)
class Plan:
    """What is measured, and for how long.

    Attributes:
        parts: Of `PARTS`.
        connections: Numbers of connections, the first of which decides.
        rounds: Turns of everything that is measured by turns.
        seconds: Of each turn.
        cycles: Promotions that trip.
        kills: Servers that are killed, on each database.
        pause: Mean seconds between two kills.
        rate: Requests a second meanwhile.
        minutes: Of load, for the memory.
        databases: "sqlite", "postgresql" or both.
    """

    parts: tuple[str, ...]
    connections: tuple[int, ...]
    rounds: int
    seconds: float
    cycles: int
    kills: int
    pause: float
    rate: float
    minutes: float
    databases: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """What one part gave: bars, and what is said below them."""

    bars: list[Bar]
    more: list[str]


def throughputs(plan: Plan) -> Measured:
    """Beside FastAPI that returns a constant."""
    found = throughput.measure(plan.connections, plan.rounds, plan.seconds)
    head = ["connections", "bare a second", "ours a second", "ratio", "ours p50 ms", "p99 ms", "p99/p50", "others"]
    rows = [
        [
            str(each.connections),
            *(f"{_middle([getattr(turn, who).rate for turn in each.rounds]):.0f}" for who in ("bare", "ours")),
            f"{each.ratio:.2f}",
            f"{_middle([turn.ours.median for turn in each.rounds]) * 1e3:.2f}",
            f"{_middle([turn.ours.worst for turn in each.rounds]) * 1e3:.2f}",
            f"{each.spread:.1f}",
            f"{each.others:.0%}",
        ]
        for each in found
    ]
    first = found[0]
    measured = [
        Bar(f"throughput over bare FastAPI, {first.connections} connections", first.ratio, 0.6, "least", "", 2),
        Bar(f"p99 over p50, {first.connections} connections", first.spread, 5.0, "most", "×", 1),
        Bar("requests that failed under full load", float(sum(each.failed for each in found)), 0.0, "most", "", 0),
    ]
    return Measured(measured, [f"Load by {load.generator()}; medians of {plan.rounds} turns.", table(head, rows)])


def shadows(plan: Plan) -> Measured:
    """What a hanging model in the dark adds."""
    found = shadow.measure(max(5, plan.rounds), plan.seconds)
    asked = max(0.05, found.spread)
    told = f"Rounds without a model differ from their median by up to {found.spread:.1%}: less cannot be told apart."
    return Measured([Bar("median time that a hanging shadow adds", found.added, asked, "most", "of it", 3)], [told])


def cycle(plan: Plan) -> Measured:
    """Promote, trip, and again."""
    found = cycles.measure(plan.cycles)
    measured = [
        Bar(f"requests that failed in {found.cycles} promotions and trips", float(found.failed), 0, "most", "", 0),
        Bar("last answer of a bad version after its trip, p99", found.worst, 250.0, "most", "ms", 0),
    ]
    told = f"{found.answered:,} requests were answered meanwhile; a bad version was found out in {found.usual:.2f} s."
    return Measured(measured, [told])


def kills(plan: Plan) -> Measured:
    """Servers that are killed outright, on each database."""
    measured, more = [], []
    for database in plan.databases:
        print(f"  {database}", flush=True)
        with _database(database) as (url, folder):
            found = kill.measure(plan.kills, plan.rate, plan.pause, url, folder)
        what = f"{found.kills} × kill -9 on {database}"
        measured += [
            Bar(f"{what}: acknowledged and lost or changed", float(found.lost), 0, "most", "", 0),
            Bar(f"{what}: doubled", float(found.doubled), 0, "most", "", 0),
            Bar(f"{what}: not attributable to one version", float(found.strange), 0, "most", "", 0),
            Bar(f"{what}: contradictions a client saw", float(len(found.odd)), 0, "most", "", 0),
        ]
        more.append(
            f"{database}: {found.requests:,} requests ({found.rate:.0f} a second) and {found.answers:,} people's "
            f"answers were acknowledged; {found.retried:,} had to be sent again. {' '.join(found.odd)}".strip()
        )
    return Measured(measured, more)


def memories(plan: Plan) -> Measured:
    """Resident memory under load."""
    found = memory.measure(plan.minutes)
    settled = found.settled
    told = (
        f"{found.requests:,} requests in {found.minutes:g} minutes; from {min(settled):.0f} to {max(settled):.0f} MB "
        "once settled."
    )
    return Measured(
        [Bar(f"growth of memory over {found.minutes:g} minutes", found.growth, 0.02, "most", "", 3)], [told]
    )


MEASURES: dict[str, Callable[[Plan], Measured]] = dict(
    zip(PARTS, (throughputs, shadows, cycle, kills, memories), strict=True)
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, then prints one table of bars and what lies behind it."""
    plan = _plan(arguments)
    measured = []
    for part in plan.parts:
        print(f"{part} ...", flush=True)
        measured.append(MEASURES[part](plan))
    print("\n" + bars([bar for each in measured for bar in each.bars]))
    for each in measured:
        for text in each.more:
            print("\n" + text)


@contextmanager
def _database(name: str) -> Iterator[tuple[str | None, Path]]:
    """The address of an empty database, or None for a SQLite file, and a folder."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        if name == "sqlite":
            yield None, Path(folder)
            return
        sys.path.insert(0, str(TESTS))
        postgres = importlib.import_module("postgres")  # the tests' own server; it is found only from here
        programs = postgres.programs()
        if programs is None:
            raise SystemExit("There is no PostgreSQL server on this machine; leave it out with --databases sqlite.")
        with postgres.running(programs) as server:
            yield server.empty(), Path(folder)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _plan(arguments: Sequence[str] | None) -> Plan:
    told = _parser().parse_args(arguments)
    quick = told.quick
    return Plan(
        parts=tuple(told.only or PARTS),
        connections=(32,) if quick else (32, 4, 128),
        rounds=told.rounds or (2 if quick else 9),
        seconds=2.0 if quick else 5.0,
        cycles=told.cycles or (10 if quick else 1000),
        kills=told.kills or (8 if quick else 200),
        pause=0.8,
        rate=told.rate,
        minutes=told.minutes or (0.25 if quick else 20.0),
        databases=tuple(told.databases),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="only these parts")
    parser.add_argument("--quick", action="store_true", help="a little of everything: does it run?")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of what is compared (default 9)")
    parser.add_argument("--cycles", type=int, metavar="N", help="promotions that trip (default 1000)")
    parser.add_argument("--kills", type=int, metavar="N", help="servers that are killed on each database (default 200)")
    parser.add_argument(
        "--rate", type=float, default=200.0, metavar="N", help="requests a second while they are killed"
    )
    parser.add_argument("--minutes", type=float, metavar="MINUTES", help="of load for the memory (default 20)")
    databases = ("sqlite", "postgresql")
    parser.add_argument(
        "--databases", nargs="+", choices=databases, default=databases, help="on which servers are killed"
    )
    return parser


if __name__ == "__main__":
    main()
