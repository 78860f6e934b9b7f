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
from understudy.modalities.registry import modality_named

CELLS = st.sampled_from(["red", "green", "blue", "grey"])
LABELS = {
    AnswerKind.LABEL: st.sampled_from([None, "a", "b", "B", "rare"]),
    AnswerKind.LABELS: st.sampled_from([None, "a", "a; b", "b; c", "none of these"]),
    AnswerKind.NUMBER: st.sampled_from([None, "1", "2.5", "40"]),
}


SENTENCES = (
    "the parcel did not arrive at my home on monday",
    "my card was declined in the shop around the corner",
    "please tell me how i can have the money back",
)
ENDINGS = st.sampled_from(["", "!", " x", " or tuesday", " and what now", " 17"])
TEXTS = st.tuples(st.sampled_from(SENTENCES), ENDINGS).map("".join)


def taken(
    rows: Sequence[tuple[str, str | None]], task: Task, known: Sequence[Example], provenance: Provenance
) -> Sifted:
    """Takes rows in; a table's cell is said in a row, a text as it is."""
    form = '{{"cell": "{}"}}' if task.modality == "table" else "{}"
    items = [
        Incoming(f"t.csv, row {number}", label, None, partial(bytes, form.format(cell), "utf-8"))
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


@settings(max_examples=150)
@given(data=st.data(), modality=st.sampled_from(["table", "text"]))
def test_a_roll_changes_nothing(data: st.DataObject, modality: str) -> None:
    """Whatever comes, copies, likenesses, contradictions and known ones among it, all is as if each had a record."""
    task = Task(modality, data.draw(st.sampled_from(list(LABELS))))
    usual = CELLS if modality == "table" else TEXTS
    cells = st.one_of(usual, st.text("xyz", min_size=1, max_size=3))
    rows = st.lists(st.tuples(cells, LABELS[task.answers]), min_size=1)
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
    plain, shared = roll.sorted_out({}, (), modality_named("table"))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(plain), shared) == (count, [])
    assert held < 120 * count
