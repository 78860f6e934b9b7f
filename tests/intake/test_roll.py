"""Plain rows on a roll: the same outcome as row by row, in a small part of the memory."""

import hashlib
import tracemalloc
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.task import AnswerKind, Task
from understudy.intake.incoming import Incoming, Source
from understudy.intake.reading import NOTHING, Record
from understudy.intake.roll import Roll
from understudy.intake.sift import Sifted, sift

CELLS = st.sampled_from(["red", "green", "blue", "grey"])
LABELS = {
    AnswerKind.LABEL: st.sampled_from([None, "a", "b", "B", "rare"]),
    AnswerKind.LABELS: st.sampled_from([None, "a", "a; b", "b; c", "none of these"]),
    AnswerKind.NUMBER: st.sampled_from([None, "1", "2.5", "40"]),
}


def taken(
    rows: Sequence[tuple[str, str | None]], task: Task, known: Sequence[Example], provenance: Provenance
) -> Sifted:
    items = [
        Incoming(f"t.csv, row {number}", label, None, partial(bytes, f'{{"cell": "{cell}"}}', "utf-8"))
        for number, (cell, label) in enumerate(rows, start=1)
    ]
    arrivals = [Arrival(one.digest, one.group, one.side, one.fingerprint, one.label) for one in known]
    return sift(
        Source("t.csv", items, 0, task, rows=True),
        arrivals,
        lambda data: hashlib.sha256(data).hexdigest(),
        sealed_share=0.3,
        provenance=provenance,
    )


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_roll_changes_nothing(data: st.DataObject) -> None:
    """Whatever rows come, copies, contradictions and known ones among them, all is as if each had a record."""
    task = Task("table", data.draw(st.sampled_from(list(LABELS))))
    rows = st.lists(st.tuples(st.one_of(CELLS, st.text("xyz", max_size=3)), LABELS[task.answers]), min_size=1)
    provenance = data.draw(st.sampled_from([Provenance.UPLOAD, Provenance.SYNTHETIC]))
    known = list(taken(data.draw(rows), task, (), Provenance.UPLOAD).examples)
    coming = data.draw(rows)
    on_roll = taken(coming, task, known, provenance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Roll, "takes", staticmethod(lambda _record: False))
        one_by_one = taken(coming, task, known, provenance)
    assert list(on_roll.examples) == list(one_by_one.examples)
    assert [one.digest for one in on_roll.examples] == sorted(one.digest for one in on_roll.examples)
    assert on_roll.findings == one_by_one.findings
    assert (on_roll.labels, on_roll.known) == (one_by_one.labels, one_by_one.known)


def test_examples_are_found_by_place_too() -> None:
    """A place, a stretch and going through all name the same examples."""
    found = taken([(f"{n}", "ab"[n % 2]) for n in range(40)], Task("table"), (), Provenance.UPLOAD).examples
    assert [found[place] for place in range(40)] == list(found)
    assert list(found[3:20:4]) == list(found)[3:20:4]
    assert found[-1] == list(found)[-1]
    assert {one.side for one in found} == {Side.TRAIN, Side.SEALED}


def test_a_row_takes_a_hundred_bytes() -> None:
    """A hundred thousand rows stay below 12 MB, where a record of each alone takes more than 30."""
    count = 100_000
    tracemalloc.start()
    roll = Roll()
    for number in range(count):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        roll.add(Record(f"customers.csv, row {number}", "ab"[number % 2], None, digest, NOTHING))
    plain, shared = roll.sorted_out(())
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(plain), shared) == (count, [])
    assert held < 120 * count
