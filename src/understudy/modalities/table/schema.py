"""The schema of a table: what each column holds and what it is there for, inferred and open to correction."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from understudy.domain.errors import UnderstudyError


class SchemaError(UnderstudyError):
    """A schema contradicts itself or its table."""


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    TEXT = "text"
    """Words that hardly come again as a whole."""
    ID = "id"
    """A value of its own for nearly every row."""
    CONSTANT = "constant"
    """One value, or none, in all rows."""
    FLAG = "flag"
    """One of two values."""


class Role(StrEnum):
    """What a column is there for."""

    FEATURE = "feature"
    """The model sees it."""
    TARGET = "target"
    """What is to be answered."""
    GROUP = "group"
    """Rows of one value belong together: never some learned from and some judged by. The model does not see it."""
    TIME = "time"
    """When a row came about, as a number or a date: validation looks ahead in time. The model sees it."""
    HELD_OUT = "held-out"
    """The model does not see it: an id, a leak, or what somebody took out."""


MEASURED: Final = (Kind.NUMBER, Kind.DATE)
"""Kinds whose values follow one another."""
SEEN = (Role.FEATURE, Role.TIME)
"""Roles of columns that a model sees."""
MOST_NAMED: Final = 12
"""Columns that an error names."""
NEAR: Final = 0.7
"""How alike two names are, 0..1, for one to be meant by the other."""
FEWEST_LETTERS: Final = 4
"""Letters from which a beginning of a name says which one is meant."""
CORRECTED: Final = "as corrected"
"""Why a column is what it is, where a person said so."""
AS_WRITTEN: Final = "text"
"""How cells are kept that are not read as numbers on arrival."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: Its name.
        kind: What it holds.
        role: What it is there for.
        why: Why it is taken for that, for people.
        monotone: 1: the answer may only rise with it; -1: only fall; 0: either. Of two labels, the second rises.
        decimal: "." or ",": what stands before the fraction of its numbers.
        way: How it writes dates, as `strptime` says; "iso" for ISO 8601; empty if it is no date.
        kept: How its cells are kept in rows, whatever the column is taken for later, since the same row is to stay the
            same: `AS_WRITTEN`, or as numbers, with "." or "," before the fraction. Empty: as its kind says.
    """

    name: str
    kind: Kind
    role: Role = Role.FEATURE
    why: str = ""
    monotone: int = 0
    decimal: str = "."
    way: str = ""
    kept: str = ""

    @property
    def keeping(self) -> str:
        """How its cells are kept: `AS_WRITTEN`, or what stands before the fraction of numbers."""
        return self.kept or (self.decimal if self.kind is Kind.NUMBER else AS_WRITTEN)

    @property
    def by_person(self) -> bool:
        """Whether a person said what it is."""
        return self.why == CORRECTED


@dataclass(frozen=True)
class TableSchema:
    """All columns of a table, in its order.

    Attributes:
        columns: Each name once.
        class_weights: How much an example of each label counts in learning; 1 for labels that are not named.
        costs: What it costs to answer the second label where the first is true, by (true, said); 1 for other wrong
            answers, if any is given, and 0 for right ones. The answer is what costs least. Empty: the likeliest.
    """

    columns: tuple[Column, ...]
    class_weights: tuple[tuple[str, float], ...] = ()
    costs: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self) -> None:
        repeated = sorted(name for name, count in Counter(each.name for each in self.columns).items() if count > 1)
        if repeated:
            raise SchemaError(
                fact=f"The schema has the column “{repeated[0]}” twice.",
                reason="A column is known by its name.",
                remedy="Name each column once.",
            )
        for role in (Role.TARGET, Role.TIME):
            several = [column.name for column in self.columns if column.role is role]
            if len(several) > 1:
                raise SchemaError(
                    fact=f"The schema has {len(several)} columns with the role “{role.value}”.",
                    reason=f"They are “{several[0]}” and “{several[1]}”, and there can be one.",
                    remedy="Give the others another role.",
                )
        if self.time is not None and self.time.kind not in MEASURED:
            raise SchemaError(
                fact=f"“{self.time.name}” cannot say when a row came about.",
                reason=f"It is taken for a {self.time.kind.value}, and only numbers and dates follow one another.",
                remedy="Take it for a number or a date, or give it another role first.",
            )

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            SchemaError: There is none.
        """
        if name in self._by_name:
            return self._by_name[name]
        more = f" and {len(self.columns) - MOST_NAMED} more" if len(self.columns) > MOST_NAMED else ""
        raise SchemaError(
            fact=f"The table has no column “{name[:80]}”.",
            reason=f"Its columns are {', '.join(f'“{each.name}”' for each in self.columns[:MOST_NAMED])}{more}.",
            remedy=nearest(name, [column.name for column in self.columns]),
        )

    @cached_property
    def seen(self) -> tuple[Column, ...]:
        """Columns that a model sees, in order."""
        return tuple(column for column in self.columns if column.role in SEEN)

    @property
    def may_say_when(self) -> Column | None:
        """The first column of dates, where no column is known to say when a row came about; else None."""
        dates = (column for column in self.seen if column.kind is Kind.DATE)
        return next(dates, None) if self.time is None else None

    @cached_property
    def names(self) -> frozenset[str]:
        """All columns’ names: rows are asked by the million whether theirs are among them."""
        return frozenset(self._by_name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def target(self) -> Column | None:
        """The column that is to be answered, if it stands in the table."""
        return next((column for column in self.columns if column.role is Role.TARGET), None)

    @property
    def group(self) -> tuple[Column, ...]:
        """Columns that say which rows belong together."""
        return tuple(column for column in self.columns if column.role is Role.GROUP)

    @property
    def time(self) -> Column | None:
        """The column that says when a row came about."""
        return next((column for column in self.columns if column.role is Role.TIME), None)

    def corrected(
        self, name: str, *, kind: str | None = None, role: str | None = None, monotone: int | None = None
    ) -> "TableSchema":
        """The schema with one column as a person says that it is.

        Its cells are kept in rows as they were before. A feature that is said to be constant is held out.

        Args:
            name: The column's.
            kind: One of `Kind`, or None to leave it.
            role: One of `Role`, or None to leave it. A target or time before it becomes a feature.
            monotone: -1, 0 or 1, or None to leave it.

        Raises:
            SchemaError: There is no such column, kind, role or direction.
        """
        found = self[name]
        changed = replace(
            found,
            kind=found.kind if kind is None else _one_of(Kind, kind, "kind"),
            role=found.role if role is None else _one_of(Role, role, "role"),
            monotone=found.monotone if monotone is None else _direction(monotone),
            why=CORRECTED,
            kept=found.keeping,
        )
        if kind == Kind.CONSTANT and changed.role is Role.FEATURE:
            changed = replace(changed, role=Role.HELD_OUT)
        single = changed.role in (Role.TARGET, Role.TIME)
        columns = [
            changed
            if column.name == name
            else replace(column, role=Role.FEATURE)
            if single and column.role is changed.role
            else column
            for column in self.columns
        ]
        return replace(self, columns=tuple(columns))

    def to_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "columns": [asdict(column) for column in self.columns],
            "class_weights": dict(self.class_weights),
            "costs": [list(cost) for cost in self.costs],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "TableSchema":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
            SchemaError: It contradicts itself.
        """
        columns = tuple(
            Column(
                str(each["name"]),
                Kind(each["kind"]),
                Role(each["role"]),
                str(each.get("why", "")),
                int(each.get("monotone", 0)),
                str(each.get("decimal", ".")),
                str(each.get("way", "")),
                str(each.get("kept", "")),
            )
            for each in given["columns"]
        )
        weights = tuple((str(label), float(weight)) for label, weight in dict(given.get("class_weights", {})).items())
        costs = tuple((str(true), str(said), float(cost)) for true, said, cost in given.get("costs", ()))
        return cls(columns, weights, costs)


def _one_of(kinds: type[Kind] | type[Role], given: str, what: str) -> Any:
    try:
        return kinds(given)
    except ValueError as error:
        raise SchemaError(
            fact=f"There is no {what} “{given[:40]}”.",
            reason=f"A column's {what} is one of {', '.join(each.value for each in kinds)}.",
            remedy="Choose one of these.",
        ) from error


def _direction(given: int) -> int:
    if given not in (-1, 0, 1):
        raise SchemaError(
            fact=f"{given} is no direction.",
            reason="An answer rises with a column (1), falls with it (-1), or does either (0).",
            remedy="Give -1, 0 or 1.",
        )
    return given


def nearest(wanted: str, names: Sequence[str]) -> str:
    """What to do about a name that is not there: the one that is probably meant, or to look at the others."""
    folded = {name.lower(): name for name in reversed(names)}
    close = difflib.get_close_matches(wanted.lower(), folded, 1, NEAR)
    if not close and len(wanted) >= FEWEST_LETTERS:
        folded = {name.lower()[: len(wanted)]: name for name in reversed(names)}
        close = difflib.get_close_matches(wanted.lower(), folded, 1, NEAR)
    return f"Perhaps “{folded[close[0]]}” is meant." if close else "Name one of these."
