"""Facts of many examples: rows to whoever asks, columns in memory, so that a million of them fit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Self, overload

from understudy.domain.rule import Fact

SHARED: Final = 100_000
"""Different values of a column that are kept once, however often they come; what differs more is kept as it comes."""


class FactRows(Sequence[Mapping[str, Fact]]):
    """What is known of examples; every row has every column, and nothing where a fact is missing.

    Args:
        columns: By name, the fact of each example.
        count: Examples.

    Raises:
        ValueError: A column has another length.
    """

    def __init__(self, columns: Mapping[str, Sequence[Fact]], count: int) -> None:
        if any(len(values) != count for values in columns.values()):
            raise ValueError("the facts differ in length")
        self._columns = dict(sorted(columns.items()))
        self._count = count

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Fact]]) -> Self:
        """Facts that come row by row. Rows may lack columns."""
        if isinstance(rows, cls):
            return rows
        columns: dict[str, list[Fact]] = {}
        shared: dict[str, dict[object, Fact]] = {}
        count = 0
        for row in rows:
            for name, fact in row.items():
                values = columns.setdefault(name, [])
                values.extend([None] * (count - len(values)))
                met = shared.setdefault(name, {})
                key = fact if isinstance(fact, str) else (type(fact), fact)  # 1 and 1.0 are written differently
                values.append(met.setdefault(key, fact) if len(met) < SHARED else met.get(key, fact))
            count += 1
        for values in columns.values():
            values.extend([None] * (count - len(values)))
        return cls(columns, count)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in order."""
        return tuple(self._columns)

    def column(self, name: str) -> Sequence[Fact]:
        """One fact of every example; nothing of each where it is not known."""
        values = self._columns.get(name)
        return [None] * self._count if values is None else values

    def columns(self) -> Iterator[tuple[str, Sequence[Fact]]]:
        """Each column by name, in order."""
        yield from self._columns.items()

    def without(self, names: Iterable[str]) -> "FactRows":
        """The same but for some columns."""
        left_out = frozenset(names)
        return FactRows({name: each for name, each in self.columns() if name not in left_out}, self._count)

    def beside(self, name: str, values: Sequence[Fact]) -> "FactRows":
        """The same with a column more, or another one of that name."""
        return FactRows({**self._columns, name: values}, self._count)

    def some(self, places: Sequence[int]) -> "FactRows":
        """The rows at these places."""
        return FactRows({name: [each[at] for at in places] for name, each in self.columns()}, len(places))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> dict[str, Fact]: ...
    @overload
    def __getitem__(self, at: slice) -> "FactRows": ...
    def __getitem__(self, at: int | slice) -> "dict[str, Fact] | FactRows":
        if isinstance(at, slice):
            return FactRows({name: each[at] for name, each in self.columns()}, len(range(self._count)[at]))
        if not -self._count <= at < self._count:
            raise IndexError(at)
        return {name: each[at] for name, each in self.columns()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactRows) and self._count == other._count and self._columns == other._columns

    __hash__ = None  # type: ignore[assignment]
