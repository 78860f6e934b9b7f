"""Rows made up from real ones."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from understudy.modalities.table.cells import moment_of, number_of, style_with
from understudy.modalities.table.schema import AS_WRITTEN, Column, Kind, TableSchema
from understudy.modalities.table.synthesis import FEWEST, made_rows

KNOWN = TableSchema((Column("a", Kind.NUMBER), Column("b", Kind.CATEGORY)))


def _real(count: int = 400) -> tuple[list[bytes], list[str]]:
    rng = np.random.default_rng(0)
    rows, labels = [], []
    for _ in range(count):
        size = float(rng.normal())
        row = {
            "size": round(size, 4),
            "weight": None if rng.random() < 0.2 else round(3 * size + float(rng.normal()), 4),
            "rooms": int(rng.integers(1, 4)),
            "kind": str(rng.choice(["house", "flat"], p=[0.8, 0.2])),
            "lift": bool(rng.random() < 0.3),
        }
        rows.append(json.dumps(row).encode())
        labels.append("dear" if size > 0.5 else "cheap")
    return rows, labels


def test_made_rows_are_like_real_ones() -> None:
    """Shares, spans and what goes together are those of the real rows, label by label."""
    rows, labels = _real()
    made, said = made_rows(rows, labels, 2000, schema=KNOWN, rng=np.random.default_rng(1))
    real, ours = ([json.loads(row) for row in each] for each in (rows, made))
    assert abs(said.count("dear") / 2000 - labels.count("dear") / 400) < 0.03
    for name, share in (("kind", "flat"), ("lift", True), ("rooms", 2), ("weight", None)):
        first, second = (np.mean([row[name] == share for row in each]) for each in (real, ours))
        assert abs(first - second) < 0.08, name
    cheap = [row for row, label in zip(ours, said, strict=True) if label == "cheap"]
    assert max(row["size"] for row in cheap) <= 0.5
    both = np.array([[row["size"], row["weight"]] for row in cheap if row["weight"] is not None])
    assert np.corrcoef(both.T)[0, 1] > 0.6
    assert {type(row["rooms"]) for row in ours} == {int}


def test_a_number_that_no_float_holds_is_made_up_as_missing() -> None:
    """One of 400 digits among real rows counts as nothing there, and breaks nothing."""
    rows = [b'{"size":1%s}' % (b"0" * 400), *(b'{"size":%d}' % place for place in range(20))]
    made, _ = made_rows(rows, ["cheap"] * 21, 200, schema=KNOWN, rng=np.random.default_rng(0))
    sizes = [json.loads(row)["size"] for row in made]
    assert None in sizes
    assert all(0 <= size <= 19 for size in sizes if size is not None)


def test_made_rows_are_mostly_new_and_the_same_for_the_same_seed() -> None:
    """Numbers lie between real ones, so that hardly a row is a copy; the seed decides them."""
    rows, labels = _real()
    one, again, other = (
        made_rows(rows, labels, 50, schema=KNOWN, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert one == again != other
    assert not set(one[0]) & set(rows)


def test_numbers_as_labels_are_made_up_with_their_rows() -> None:
    """Where the label is a number, it goes together with the columns as it does in the real rows."""
    rows, _ = _real()
    labels = [f"{10 * json.loads(row)['size']:.3f}" for row in rows]
    made, said = made_rows(rows, labels, 500, schema=KNOWN, rng=np.random.default_rng(1), joint=True)
    both = np.array([[json.loads(row)["size"], float(label)] for row, label in zip(made, said, strict=True)])
    assert np.corrcoef(both.T)[0, 1] > 0.8


def test_made_numbers_are_as_fine_as_real_ones() -> None:
    """Far from zero, too: times in seconds and large amounts differ from each other as the real ones do."""
    rng = np.random.default_rng(0)
    times = 1_700_000_000 + np.sort(rng.integers(0, 900_000, 200)) / 2
    rows = [json.dumps({"a": float(time)}).encode() for time in times]
    made, said = made_rows(
        rows,
        [f"{12_345_678 + place / 4:.2f}" for place in range(200)],
        200,
        schema=KNOWN,
        rng=np.random.default_rng(1),
        joint=True,
    )
    given = [json.loads(row)["a"] for row in made]
    assert len(set(given)) > 150
    assert all(time == round(time, 1) and times[0] <= time <= times[-1] for time in given)
    assert len(set(said)) > 100
    assert all(float(label) == round(float(label), 2) and "e" not in label for label in said)


@pytest.mark.parametrize("way", ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y"])
def test_what_goes_together_with_dates_does_so_however_they_are_written(way: str) -> None:
    """A load that rises with the days rises with the made-up days, and each of them is a real one."""
    days = [date(2021, 1, 1) + timedelta(days=round(place * 2.7)) for place in range(400)]
    rows = [json.dumps({"day": day.strftime(way), "load": place / 10}).encode() for place, day in enumerate(days)]
    schema = TableSchema((Column("day", Kind.DATE, way=way), Column("load", Kind.NUMBER)))
    made, _ = made_rows(rows, ["x"] * 400, 400, schema=schema, rng=np.random.default_rng(1))
    found = [json.loads(row) for row in made]
    assert {row["day"] for row in found} <= {day.strftime(way) for day in days}
    both = np.array([[moment_of(row["day"], way), row["load"]] for row in found])
    assert np.corrcoef(both.T)[0, 1] > 0.8


@pytest.mark.parametrize("decimal", [".", ","])
def test_numbers_that_are_kept_as_text_go_together_with_others(decimal: str) -> None:
    """Where a column became a number later, its cells stay texts, and are in order by what they say."""
    texts = [f"{place * 7.5:.1f}".replace(".", decimal) for place in range(400)]
    rows = [json.dumps({"paid": text, "load": place / 10}).encode() for place, text in enumerate(texts)]
    schema = TableSchema((Column("paid", Kind.NUMBER, decimal=decimal, kept=AS_WRITTEN), Column("load", Kind.NUMBER)))
    made, _ = made_rows(rows, ["x"] * 400, 400, schema=schema, rng=np.random.default_rng(1))
    found = [json.loads(row) for row in made]
    assert {row["paid"] for row in found} <= set(texts)
    both = np.array([[number_of(row["paid"], style_with(decimal)), row["load"]] for row in found])
    assert np.corrcoef(both.T)[0, 1] > 0.8


@pytest.mark.parametrize("joint", [True, False])
def test_too_few_rows_make_none(*, joint: bool) -> None:
    """From fewer rows than can show what goes together, nothing is made up."""
    rows, labels = [b'{"a": 1}'] * (FEWEST - 1), ["1"] * (FEWEST - 1)
    assert made_rows(rows, labels, 10, schema=KNOWN, rng=np.random.default_rng(0), joint=joint) == ([], [])


def test_columns_without_any_difference_stay_as_they_are() -> None:
    """A constant or empty column gives the same value to every row."""
    rows = [json.dumps({"a": 1, "b": None, "c": at}).encode() for at in range(20)]
    made, _ = made_rows(rows, ["x"] * 20, 10, schema=KNOWN, rng=np.random.default_rng(0))
    assert {(json.loads(row)["a"], json.loads(row)["b"]) for row in made} == {(1, None)}


def test_rows_may_name_their_columns_in_any_order() -> None:
    """Cells go by their names: a row that names fewer columns lacks them, and none lands in another's column."""
    rows = [
        json.dumps({"a": at, "b": f"w{at}"} if at % 2 else {"b": f"w{at}", "c": 100.5 + at, "a": at}).encode()
        for at in range(40)
    ]
    for joint, labels in ((True, [str(at) for at in range(40)]), (False, ["x", "y"] * 20)):
        made, _ = made_rows(rows, labels, 60, schema=KNOWN, rng=np.random.default_rng(0), joint=joint)
        found = [json.loads(row) for row in made]
        assert len(found) == 60
        assert all(isinstance(row["a"], int) and str(row["b"]).startswith("w") for row in found)
        assert all(row.get("c") is None or row["c"] > 100 for row in found)


@pytest.mark.parametrize("joint", [False, True])
def test_made_rows_bear_the_names_that_are_known(joint: bool) -> None:
    """Real rows that write them in other capitals are rows of the same columns, and none lacks what others have."""
    rows = [json.dumps({"a": at, "b": "w"} if at % 2 else {" A": at, "B": "w"}).encode() for at in range(40)]
    made, _ = made_rows(
        rows, [str(at % 4) for at in range(40)], 60, schema=KNOWN, rng=np.random.default_rng(0), joint=joint
    )
    found = [json.loads(row) for row in made]
    assert {tuple(row) for row in found} == {("a", "b")}
    assert all(isinstance(row["a"], int) and row["b"] == "w" for row in found)
