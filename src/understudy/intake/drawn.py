"""Rows drawn from all over a table while it is read for something else, so that it need not be read once more."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from random import Random
from typing import Final

from understudy.intake.recognise import Row

SEED: Final = 0


class Drawn:
    """Some of the rows that go by, each as likely as any other; the same table gives the same ones.

    The first rows say little of a table that is sorted, and every hundredth one little of a table that goes in circles.

    Args:
        most: How many are kept.

    Source:
        Vitter, "Random Sampling with a Reservoir", ACM Transactions on Mathematical Software, 1985, algorithm R.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[int, Row]] = []
        self._seen = 0

    def among(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All the rows as they come, of which some are kept on the way."""
        chance = Random(SEED)  # noqa: S311 - no secret
        for row in rows:
            if self._seen < self._most:
                self._kept.append((self._seen, row))
            elif (place := int(chance.random() * (self._seen + 1))) < self._most:
                self._kept[place] = self._seen, row
            self._seen += 1
            yield row

    @property
    def rows(self) -> Sequence[Row]:
        """Those that were kept, in their order."""
        return [row for _, row in sorted(self._kept, key=itemgetter(0))]

    @property
    def whole(self) -> bool:
        """Whether these are all that there were."""
        return self._seen <= self._most
