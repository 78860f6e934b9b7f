"""Throughput with a durable ledger, audits and a breaker, beside FastAPI that returns a constant."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.quiet import Neighbours
from bench.serving.app import FOLDER, prepare
from bench.serving.load import Load, load
from bench.serving.people import Auditors
from bench.serving.servers import BARE, OURS, scratch, served
from bench.serving.tables import PROJECT, ROW
from understudy.store.ledger import Ledger

WARM_UP = 2.0
KIND = "application/octet-stream"


@dataclass(frozen=True)
class Round:
    """One turn of both servers, one after the other."""

    bare: Load
    ours: Load


@dataclass(frozen=True)
class Throughput:
    """Turns at one number of connections.

    Attributes:
        connections: Requests under way at once.
        rounds: What both bore, in turn.
        others: Mean share of the machine that other processes used meanwhile, 0..1.
    """

    connections: int
    rounds: tuple[Round, ...]
    others: float

    @property
    def ratio(self) -> float:
        """Ours over bare: the median over the rounds."""
        return statistics.median(each.ours.rate / each.bare.rate for each in self.rounds)

    @property
    def spread(self) -> float:
        """Ours: the worst of 100 over the middle one; the median over the rounds."""
        return statistics.median(each.ours.worst / each.ours.median for each in self.rounds)

    @property
    def failed(self) -> int:
        """Requests of ours that were not answered with 200 or 202."""
        return sum(each.ours.failed for each in self.rounds)


def measure(connections: Sequence[int], rounds: int, seconds: float) -> list[Throughput]:
    """Both servers by turns, while audits are answered; both stand all the time, and one of them is asked."""
    with scratch() as folder, Ledger.open(folder / "ledger.db") as ledger:
        prepare(ledger)
        ours_path, bare_path = f"/api/v1/projects/{PROJECT}/decisions", "/predict"
        with (
            served(BARE, "/docs") as bare,
            served(OURS, "/readyz", {FOLDER: str(folder)}) as ours,
            Auditors(ledger),
        ):

            def turn(count: int, length: float) -> Round:
                one = load(f"{bare.url}{bare_path}", ROW, KIND, seconds=length, connections=count)
                other = load(f"{ours.url}{ours_path}", ROW, KIND, seconds=length, connections=count)
                return Round(one, other)

            found = []
            for count in connections:
                turn(count, WARM_UP)
                neighbours = Neighbours()
                turns = tuple(turn(count, seconds) for _ in range(rounds))
                found.append(Throughput(count, turns, neighbours.share()))
        check(ledger)
    return found


def check(ledger: Ledger) -> None:
    """Makes sure that what was measured was the model's answering, with its breaker closed to the end.

    Raises:
        RuntimeError: The stage changed, or people were asked instead.
    """
    stages = ledger.stages(PROJECT)
    if len(stages) != 1:
        raise RuntimeError(f"the stage changed while it was measured: {stages[-1].reason}")
    asked = [each.because.value for each in ledger.decisions(PROJECT, 1000) if each.draw is None]
    if len(asked) > 100:
        raise RuntimeError(f"people were asked instead of the model: {max(set(asked), key=asked.count)}")
