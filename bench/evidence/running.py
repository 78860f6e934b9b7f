"""Running worlds: in parts of some runs each, on all cores, and always with the same luck."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from bench.evidence.rows import Outcomes

PART = 50
"""Runs that are drawn at once."""
Simulate = Callable[[np.random.Generator, int], Outcomes]
Part = TypeVar("Part")


@dataclass(frozen=True)
class World:
    """Something that may be so, in which nothing must go wrong too often.

    Attributes:
        name: What is so.
        habit: What people do instead of what we do.
        simulate: Draws so many runs and says what happened in each; picklable.
        beyond: What a review takes for granted and is not so here, so that it promises nothing; else empty.
    """

    name: str
    habit: str
    simulate: Simulate
    beyond: str = ""


def run(world: World, runs: int, *, seed: int, pool: Executor) -> Outcomes:
    """What happened in so many runs of a world; the same seed gives the same runs on any number of cores."""
    return together(in_parts(world.simulate, world.name, runs, seed=seed, pool=pool))


def in_parts(
    simulate: Callable[[np.random.Generator, int], Part], name: str, runs: int, *, seed: int, pool: Executor
) -> list[Part]:
    """What each part of so many runs gave; the name has a say in the luck, so that worlds differ."""
    sizes = [min(PART, runs - start) for start in range(0, runs, PART)]
    seeds = np.random.SeedSequence([seed, *name.encode()]).spawn(len(sizes))
    return list(pool.map(_part, [simulate] * len(sizes), seeds, sizes))


def together(parts: Sequence[Outcomes]) -> Outcomes:
    """The outcomes of all parts, one after another."""
    naive = [part.naive for part in parts if part.naive is not None]
    return Outcomes(np.concatenate([part.ours for part in parts]), np.concatenate(naive) if naive else None)


def _part(simulate: Callable[[np.random.Generator, int], Part], seed: np.random.SeedSequence, runs: int) -> Part:
    return simulate(np.random.default_rng(seed), runs)
