"""Every bar of the circuit breaker, beside what others use: `make bench-breaker`, or `python -m bench.breaker`."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bench.breaker import detection, doubt, incidents, late
from bench.breaker.detectors import PEERS
from bench.breaker.figures import Figure, table_of

QUICK = 0.05
"""Of the runs."""

PARTS: dict[str, tuple[Callable[[np.random.Generator, float], Iterator[Figure]], ...]] = {
    "detection": (detection.noticed, detection.false_trips),
    "doubt": (doubt.ratios, doubt.false_trips, doubt.bias),
    "late": (late.false_trips, late.starvation),
    "promise": (incidents.promises, incidents.by_chance),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulates, then prints one table a part."""
    told = _parser().parse_args(arguments)
    for missing in sorted({peer.needs for peer in PEERS if not peer.present}):
        print(f"{missing} is not installed here and is left out; `make bench-breaker` installs it.")
    for part in told.only or PARTS:
        started, figures = time.perf_counter(), []
        for place, measure in enumerate(PARTS[part]):
            rng = np.random.default_rng([told.seed, place, *part.encode()])
            figures += list(measure(rng, QUICK if told.quick else 1.0))
        print(f"\n{part} ({time.perf_counter() - started:.0f} s)\n\n{table_of(figures)}", flush=True)
        if part == "promise":
            print("\n" + "\n".join(incidents.plans()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.breaker", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the runs: a look, no measurement")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), help="only these parts")
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()
