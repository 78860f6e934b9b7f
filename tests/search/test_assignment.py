"""What a search job is told to learn from."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Example, Provenance, Side
from understudy.search.assignment import count_made, read_lesson, write_lesson

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
