"""Facts that slices are made by: what many examples share, and nothing that names one or whose it is."""

from collections.abc import Iterable, Sequence

from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Fact

MOST_VALUES = 12
"""A fact of more values than this is no slice that anyone can read, unless the brief names it."""


def sliceable(facts: FactRows, rule: str, grouping: Iterable[str]) -> FactRows:
    """Facts without those that name each example or whose it is: no slice is made by them, and answers outlast names.

    Args:
        facts: What is known of the sealed examples.
        rule: The column that the one-line rule looks at, which stays.
        grouping: Columns that say what belongs together.
    """
    naming = {name for name, values in facts.columns() if _names_each(values)}
    of_many = {name for name in grouping if len(set(facts.column(name))) > MOST_VALUES}
    return facts.without((naming | of_many) - {rule})


def _names_each(values: Sequence[Fact]) -> bool:
    words = [value for value in values if isinstance(value, str)]
    return len(set(words)) > max(MOST_VALUES, len(words) / 2)
