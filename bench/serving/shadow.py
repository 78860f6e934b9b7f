"""What a model that hangs in the dark adds to requests that people answer."""

import statistics
from dataclasses import dataclass

from bench.serving.app import FOLDER, HANGS, prepare, promote
from bench.serving.load import load
from bench.serving.servers import OURS, scratch, served
from bench.serving.tables import PROJECT, ROW
from bench.serving.throughput import KIND
from understudy.domain.stage import Stage
from understudy.store.ledger import Ledger

CONNECTIONS = 4
"""Few, so that times are those of requests and not of a queue."""


@dataclass(frozen=True)
class Shadow:
    """Median seconds of requests, in rounds.

    Attributes:
        without: With no model at all.
        hanging: With one in shadow that hangs.
        spread: How much rounds without a model differ among themselves: the largest over the smallest, minus 1.
    """

    without: tuple[float, ...]
    hanging: tuple[float, ...]

    @property
    def added(self) -> float:
        """What the hanging one adds, as a share of the time without: the median over the rounds."""
        return statistics.median(b / a for a, b in zip(self.without, self.hanging, strict=True)) - 1.0

    @property
    def spread(self) -> float:
        """By how much rounds without a model differ from their own median, as a share: three quarters differ less."""
        middle = statistics.median(self.without)
        return statistics.quantiles([abs(each / middle - 1.0) for each in self.without], n=4)[2]


def measure(rounds: int, seconds: float) -> Shadow:
    """Two servers by turns, each over its own ledger; nobody waits for a model on either."""
    with scratch() as one, scratch() as other, Ledger.open(one / "ledger.db") as plain:
        prepare(plain, Stage.WIZARD)
        with Ledger.open(other / "ledger.db") as dark:
            prepare(dark, Stage.WIZARD)
            with (
                served(OURS, "/readyz", {FOLDER: str(one)}) as first,
                served(OURS, "/readyz", {FOLDER: str(other)}) as second,
            ):
                path = f"/api/v1/projects/{PROJECT}/decisions"

                def median(url: str, length: float) -> float:
                    return load(f"{url}{path}", ROW, KIND, seconds=length, connections=CONNECTIONS).median

                median(first.url, 2.0), median(second.url, 2.0)
                promote(dark, Stage.SHADOW, model=HANGS)
                median(second.url, 1.0)
                found = [(median(first.url, seconds), median(second.url, seconds)) for _ in range(rounds)]
    return Shadow(tuple(a for a, _ in found), tuple(b for _, b in found))
