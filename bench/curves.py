"""Forecasts of learning curves against what became of them: `make bench-curves`, or `python -m bench.curves`.

A case is a project that holds some examples of a world, and a target that the world reaches later. The project
measures its curve on what it holds, as the product does, and says how many examples the target takes. Then it gathers
what it was advised (at most as many again as it has) and asks once more. Truth is what all examples of the world tell.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

import numpy as np
from scipy import optimize
from threadpoolctl import threadpool_limits

from bench import curve_heads, curve_histories, curve_tables
from bench.curve_worlds import Truth, World, chance_of
from bench.splits import DATA
from bench.table import Bar, bars, table
from understudy.domain.learning import Behaviour, LabelsNeeded
from understudy.search.learning_task import read_scores, write_scores
from understudy.stats.curve_behaviour import behaviour_of
from understudy.stats.curve_fan import fan_of
from understudy.stats.curves import forecasts, labels_needed
from understudy.stats.scores import Array, Scores

HELD = (0.25, 0.4)
"""Share of a world's examples that a project holds; alternating."""
FEWEST_HELD = 36
"""A project holds at least so many: of fewer no curve has points enough."""
SEEDS = 3
MOST_WORLDS = 12
"""Worlds of one set that are tried, drawn once by their names: those of one set are much alike, and no set may outweigh
the others."""
TO_GAIN = 0.01
"""A world in which fewer answers than these come to be right has no target to be reached."""
CLOSEST = 1.15
"""Targets are reached at the earliest with so many times the examples that are held."""


@dataclass(frozen=True)
class Case:
    """One project with a target.

    Attributes:
        world: Where it is.
        held: Examples that it holds.
        seed: Decides which.
        target: Share right that is aimed at.
        needed: Examples that the target takes in truth.
        truth: The world's true curve.
    """

    world: World
    held: int
    seed: int
    target: float
    needed: float
    truth: Truth


@dataclass(frozen=True)
class Told:
    """What was foretold of one case.

    Attributes:
        case: Which.
        behaviour: Of its curve.
        needed: The first forecast.
        level: Part of the fan below the truth, 0..1.
        again: The forecast after the first round.
        inside: Whether the accuracy that as many again bring in truth lies in its interval.
        naive: The naive forecast: middle, lower, upper.
        naive_again: The same after the first round.
    """

    case: Case
    behaviour: Behaviour
    needed: LabelsNeeded
    level: float
    again: LabelsNeeded
    inside: bool
    naive: tuple[float, float, float]
    naive_again: tuple[float, float, float]


class Kept:
    """Scores and true curves, in files, so that they are measured once.

    Args:
        folder: Where; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def truth(self, world: World) -> Truth:
        """The true curve of a world."""
        path = self._path(world, "truth")
        if not path.exists():
            truth = world.truth()
            np.savez(path, sizes=truth.sizes, accuracy=truth.accuracy)
        with np.load(path, allow_pickle=False) as kept:
            return Truth(kept["sizes"], kept["accuracy"])

    def scores(self, world: World, examples: int, seed: int) -> Scores | None:
        """What a project with so many examples measures; None where they show nothing."""
        path = self._path(world, f"{examples} examples of project {seed}")
        if not path.exists():
            write_scores(path, world.project(examples, seed), ())
        return read_scores(path)[0]

    def _path(self, world: World, what: str) -> Path:
        return self.folder / f"{hashlib.sha256(f'{world.name} {what}'.encode()).hexdigest()[:24]}.npz"


def cases_in(world: World, kept: Kept) -> Iterator[Case]:
    """The cases of a world; none where more examples bring too little."""
    truth = kept.truth(world)
    for seed in range(SEEDS):
        held = max(FEWEST_HELD, round(HELD[seed % len(HELD)] * world.count))
        if CLOSEST * held >= truth.sizes[-1] or truth.at(truth.sizes[-1]) - truth.at(held) < TO_GAIN:
            continue
        rng = chance_of(world.name, seed)
        when = np.exp(rng.uniform(np.log(CLOSEST * held), np.log(truth.sizes[-1])))
        target = truth.at(float(when))
        needed = truth.needed(target)
        if needed is not None and needed > held and target < 1.0:
            yield Case(world, held, seed, target, needed, truth)


def foretell(case: Case, kept: Kept) -> Told | None:
    """Forecasts a case, gathers what was advised, and forecasts again; None where what is held shows nothing."""
    first = kept.scores(case.world, case.held, case.seed)
    if first is None or len(first.sizes) < 2:
        return None
    rng = np.random.default_rng(case.seed)
    fan = fan_of(first, rng=rng)
    needed = labels_needed(fan, case.target, examples=case.held)
    level = float(np.mean(fan.needed(case.target) < case.needed))
    behaviour = behaviour_of(first, fan, examples=case.held)
    gathered = _round(needed.examples, case)
    second = kept.scores(case.world, gathered, case.seed) or first
    again = labels_needed(fan_of(second, rng=rng), case.target, examples=gathered)
    naive = naive_needed(first, case.target)
    naive_gathered = _round(None if np.isinf(naive[0]) else round(naive[0]), case)
    naive_second = kept.scores(case.world, naive_gathered, case.seed) or first
    later = min(2 * case.held, int(case.truth.sizes[-1]))
    (told,) = forecasts(fan, [later])
    inside = told.lower <= case.truth.at(later) <= told.upper
    return Told(case, behaviour, needed, level, again, inside, naive, naive_needed(naive_second, case.target))


def naive_needed(scores: Scores, target: float) -> tuple[float, float, float]:
    """What a single power law says, fitted by plain least squares: middle, and an interval from its covariance."""
    sizes, errors = scores.sizes, scores.errors

    def law(n: Array, floor: float, scale: float, slope: float) -> Array:
        fallen: Array = floor + scale * n**-slope
        return fallen

    try:
        found, covariance = optimize.curve_fit(
            law, sizes, errors, p0=(errors[-1] / 2, errors[0], 0.5), bounds=([0, 0, 0.01], [1, 20, 3]), maxfev=5000
        )
        drawn = np.random.default_rng(0).multivariate_normal(found, covariance, 500, check_valid="ignore")
    except (RuntimeError, ValueError, np.linalg.LinAlgError):
        return float(sizes[-1]), float(sizes[-1]), float(sizes[-1])
    low, high = np.quantile(_solved(drawn, target), [0.1, 0.9], method="inverted_cdf")
    return float(_solved(found[None, :], target)[0]), float(low), float(high)


def _solved(laws: Array, target: float) -> Array:
    floor, scale, slope = laws.T
    left = (1 - target - floor) / scale
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        needed = np.where((left > 0) & (slope > 0), left ** (-1 / slope), np.inf)
    return np.where(np.isnan(needed), np.inf, needed)


def _round(advised: int | None, case: Case) -> int:
    """Examples in all after one round: as advised, at most twice as many, at most all there are."""
    most = min(2 * case.held, case.world.count)
    return most if advised is None else min(max(advised, case.held), most)


@dataclass(frozen=True)
class Figures:
    """What all cases of one side came to.

    Attributes:
        told: Those in which the product made a forecast.
        silent: How many it abstained from, by what it called the curve.
    """

    told: tuple[Told, ...]
    silent: dict[str, int]

    @property
    def worlds(self) -> int:
        """How many different true curves the forecasts are about; projects in one world hold different examples."""
        return len({each.case.world.name for each in self.told})

    def covered(self) -> float:
        """Share of the intervals of examples needed that hold the truth."""
        return float(np.mean([_holds(each.needed, each.case.needed) for each in self.told]))

    def covered_by_naive(self) -> float:
        """The same of the naive intervals."""
        return float(np.mean([low <= each.case.needed <= high for each in self.told for _, low, high in [each.naive]]))

    def overestimate(self) -> float:
        """Median of examples foretold after the first round over examples needed."""
        return _median_over([_or_never(each.again.examples) / each.case.needed for each in self.told])

    def overestimate_by_naive(self) -> float:
        """The same of the naive forecast."""
        return _median_over([each.naive_again[0] / each.case.needed for each in self.told])

    def first_overestimates(self) -> tuple[float, float]:
        """The same before the first round: ours and the naive one."""
        ours = [_or_never(each.needed.examples) / each.case.needed for each in self.told]
        return _median_over(ours), _median_over([each.naive[0] / each.case.needed for each in self.told])

    def by(self, named: Callable[[World], str]) -> list[list[str]]:
        """Each set or kind with its projects, the share of intervals that hold the truth, and the second round."""
        own: dict[str, list[Told]] = {}
        for each in self.told:
            own.setdefault(named(each.case.world), []).append(each)
        rows = []
        for name, told in own.items():
            part = Figures(tuple(told), {})
            figures = f"{part.covered():.2f}", f"{part.overestimate():.2f}"
            rows.append([name, str(part.worlds), str(len(told)), *figures])
        return rows

    def levels(self) -> tuple[float, float]:
        """Parts of the fan below which the truth lies 10 and 90 times in 100: what the product's levels should be."""
        low, high = np.quantile([each.level for each in self.told], [0.1, 0.9])
        return float(low), float(high)


def measure(folder: Path, *, development: bool = False, sets: Sequence[str] = ()) -> Figures:
    """Forecasts every case of one side.

    Args:
        folder: Where features, true curves and scores are kept, so that a second time is quick.
        development: The side that priors and levels were picked on, instead of the one that is held out.
        sets: Only those whose name begins with one of these; all when empty.
    """
    kept, told, silent = Kept(folder / "curves"), [], {Behaviour.ILL.value: 0, Behaviour.FLAT.value: 0}
    for world in worlds(folder / "features", development=development, sets=sets):
        print(f"  {world.name}", flush=True)
        # One thread of the library for each fit, as in the product: fits run side by side.
        with threadpool_limits(1, "blas"):
            foretold = [foretell(case, kept) for case in cases_in(world, kept)]
        for each in foretold:
            if each is None:
                silent[Behaviour.TOO_SHORT.value] = silent.get(Behaviour.TOO_SHORT.value, 0) + 1
            elif each.behaviour is Behaviour.WELL:
                told.append(each)
            else:
                silent[each.behaviour.value] = silent.get(each.behaviour.value, 0) + 1
    return Figures(tuple(told), silent)


def worlds(features: Path, *, development: bool, sets: Sequence[str] = ()) -> Iterator[World]:
    """The worlds of one side: what heads learn from first, then tables and histories."""

    def wanted(name: str) -> bool:
        return not sets or any(name.startswith(each) for each in sets)

    side = "DEVELOPMENT" if development else "HELD_OUT"
    every: Iterator[World] = chain(
        curve_heads.head_worlds(getattr(curve_heads, side), features, wanted),
        curve_tables.table_worlds(getattr(curve_tables, side), wanted),
        curve_histories.history_worlds(getattr(curve_histories, side), wanted),
    )
    for _, own in groupby(every, set_of):
        yield from sorted(own, key=lambda world: hashlib.sha256(world.name.encode()).digest())[:MOST_WORLDS]


def set_of(world: World) -> str:
    """The set that a world was made of."""
    return world.name.split(" ", 1)[0]


def bars_of(figures: Figures) -> list[Bar]:
    """The figures beside what is asked."""
    return [
        Bar("held-out learning curves", float(len(figures.told)), 60, "least", "", 0),
        Bar("80% intervals of examples needed that hold the truth", figures.covered(), 0.75, "least", "", 3),
        Bar("the same", figures.covered(), 0.85, "most", "", 3),
        Bar("median overestimate of examples needed, second round", figures.overestimate(), 1.3, "most", "×", 2),
    ]


PARTS = ["", "worlds", "projects", "intervals that hold the truth", "overestimate, second round"]


def remarks(figures: Figures) -> list[str]:
    """The naive method's figures, and what was left out."""
    first, naive_first = figures.first_overestimates()
    inside = float(np.mean([each.inside for each in figures.told]))
    rows = [
        ["80% intervals of accuracy with twice the examples that hold the truth", f"{inside:.3f}", ""],
        [
            "80% intervals of examples needed that hold the truth",
            f"{figures.covered():.3f}",
            f"{figures.covered_by_naive():.3f}",
        ],
        ["median overestimate, first round", f"{first:.2f}", f"{naive_first:.2f}"],
        [
            "median overestimate, second round",
            f"{figures.overestimate():.2f}",
            f"{figures.overestimate_by_naive():.2f}",
        ],
    ]
    left_out = ", ".join(f"{count} called {name}" for name, count in figures.silent.items())
    return [
        table(["", "ours", "one power law, least squares"], rows),
        table(PARTS, figures.by(lambda world: world.kind)),
        table(PARTS, figures.by(set_of)),
        f"{len(figures.told)} projects in {figures.worlds} worlds. No forecast was made of others: {left_out}.",
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures the curves that nothing was tuned on, and prints every figure beside its bar."""
    parser = argparse.ArgumentParser(prog="python -m bench.curves", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was measured here, and go on from it")
    parser.add_argument("--development", action="store_true", help="the curves that levels and priors were picked on")
    parser.add_argument(
        "--sets", nargs="+", default=[], metavar="SET", help="only these sets, to measure piece by piece"
    )
    told = parser.parse_args(arguments)
    if not DATA.is_dir():
        raise SystemExit(f"The real sets are not there ({DATA}), so nothing can be measured.")
    folder = told.keep or Path(tempfile.mkdtemp(prefix="understudy-bench-curves-"))
    figures = measure(folder, development=told.development, sets=told.sets)
    if not figures.told:
        raise SystemExit("None of these curves had anything left to be foretold.")
    print("\n" + bars(bars_of(figures)))
    for remark in remarks(figures):
        print("\n" + remark)
    if told.development:
        low, high = figures.levels()
        print(f"\nThe truth lies 80 times in 100 between {low:.3f} and {high:.3f} of the fan.")


def _holds(needed: LabelsNeeded, truth: float) -> bool:
    return needed.lower <= truth + 1 and (needed.upper is None or truth <= needed.upper)


def _or_never(examples: int | None) -> float:
    return float("inf") if examples is None else float(examples)


def _median_over(ratios: Sequence[float]) -> float:
    return float(np.quantile(ratios, 0.5, method="inverted_cdf"))


if __name__ == "__main__":
    main()
