"""Facts that slices are made by."""

from understudy.domain.fact_rows import FactRows
from understudy.studio.examples.sliceable_facts import MOST_VALUES, sliceable


def test_what_names_each_example_or_whose_it_is_makes_no_slice() -> None:
    """Columns of names and of many groups are not kept with the answers; what a slice or the rule is made by is."""
    count = 4 * MOST_VALUES
    columns = {
        "name": [f"Ann {place}" for place in range(count)],
        "who": [f"Zebulon {place // 3}" for place in range(count)],
        "town": [f"town {place % (MOST_VALUES + 4)}" for place in range(count)],
        "site": ["north", "south"] * (count // 2),
        "age": [float(place) for place in range(count)],
    }
    facts = FactRows(columns, count)
    assert sliceable(facts, "", ["who", "site"]).names == ("age", "site", "town")
    assert sliceable(facts, "name", []).names == ("age", "name", "site", "town", "who")
