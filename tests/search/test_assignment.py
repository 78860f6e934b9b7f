"""What a search job is told to learn from."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Example, Provenance, Side
from understudy.search.assignment import count_made, number_groups, read_lesson, write_lesson

LABELS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
TOLD = st.lists(st.tuples(LABELS, st.sampled_from([Provenance.UPLOAD, Provenance.PERSON, Provenance.SYNTHETIC])))


@settings(max_examples=100)
@given(TOLD, st.booleans())
def test_what_was_made_up_comes_last_and_is_counted(told: list[tuple[str | None, Provenance]], besides: bool) -> None:
    """Real examples come first; made-up ones are told apart or left out, unless the real ones tell no two answers."""
    examples = [
        Example(f"{place:064x}", "", provenance, f"g{place}", Side.TRAIN, label, 0, 0, "")
        for place, (label, provenance) in enumerate(told)
    ]
    labelled = [each for each in examples if each.label is not None]
    real = [each for each in labelled if each.provenance is not Provenance.SYNTHETIC]
    made = [each for each in labelled if each.provenance is Provenance.SYNTHETIC]
    judged = len({each.label for each in real}) >= 2
    with tempfile.TemporaryDirectory() as folder:
        count = write_lesson(Path(folder), examples, besides=besides)
        found, apart = list(read_lesson(Path(folder))), count_made(Path(folder))
    wanted = real if judged and not besides else [*real, *made]
    assert found == [(each.digest, each.label, each.group) for each in wanted]
    assert count == len(found)
    assert apart == (len(made) if judged and besides else 0)


NAMES = st.text(alphabet="abZ \u00fc\u4e00", min_size=1, max_size=4)


@settings(max_examples=100)
@given(st.lists(st.tuples(NAMES, st.sampled_from([Provenance.UPLOAD, Provenance.SYNTHETIC])), max_size=30))
def test_numbers_stand_for_groups_in_the_same_order(told: list[tuple[str, Provenance]]) -> None:
    """No name is left, and whatever goes by groups and their order, real or made up, finds the same; twice is once."""
    examples = [
        Example(f"{place:064x}", "", provenance, f"whose {name}", Side.TRAIN, "ab"[place % 2], 0, 0, "")
        for place, (name, provenance) in enumerate(told)
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_lesson(Path(folder), examples)
        before = list(read_lesson(Path(folder)))
        number_groups(Path(folder))
        after = list(read_lesson(Path(folder)))
        number_groups(Path(folder))
        assert list(read_lesson(Path(folder))) == after
    assert [each[:2] for each in after] == [each[:2] for each in before]
    ranks = [np.unique([group for *_, group in lines], return_inverse=True)[1].tolist() for lines in (before, after)]
    assert ranks[0] == ranks[1]
    assert all(group.isdecimal() for *_, group in after)


def test_no_lesson_has_no_groups(tmp_path: Path) -> None:
    """Where nothing was written, nothing is."""
    number_groups(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
