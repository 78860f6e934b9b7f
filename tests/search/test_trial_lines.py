"""What all journals have in common: a run of something else is refused, unless it tried nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.trial import Trial
from understudy.search import journal as heads
from understudy.search.recommend import journal as recommend
from understudy.search.recommend.heights import Heights
from understudy.search.tables import journal as tables
from understudy.search.trial_lines import RunMismatch, TrialLines, anything_tried

TRIED = Trial("one", 0.5, 0.9)


def of_heads(folder: Path, count: int, seed: int = 0) -> int:
    opened = heads.Journal(folder, {"data": "abc", "seed": seed})
    for _ in range(count):
        opened.add(heads.Entry(TRIED, "view", "family", 0, 1.0, np.zeros((4, 2), np.float32)))
    return len(opened.entries)


def of_tables(folder: Path, count: int, seed: int = 0) -> int:
    opened = tables.Journal(folder, {"data": "abc", "seed": seed})
    for _ in range(count):
        opened.add(TRIED, "trees", np.zeros((4, 2)), [{"a": np.zeros(3)}])
    return len(opened.entries)


def of_histories(folder: Path, count: int, seed: int = 0) -> int:
    opened = recommend.Journal(folder, {"data": "abc", "seed": seed})
    for _ in range(count):
        opened.add(recommend.Entry(TRIED, "popular", {}), [Heights(np.zeros((1, 1), np.int64), np.zeros((1, 1)))])
    return len(opened.entries)


JOURNALS = pytest.mark.parametrize("opened", [of_heads, of_tables, of_histories])


@JOURNALS
def test_a_run_that_tried_nothing_goes_on_as_another(tmp_path: Path, opened: Callable[..., int]) -> None:
    """There is nothing that could not be compared, so `--resume` goes on with the data and settings of now."""
    assert opened(tmp_path, 0) == 0
    assert not anything_tried(tmp_path)
    assert opened(tmp_path, 1, seed=1) == 1
    with pytest.raises(RunMismatch, match="the seed changed"):
        opened(tmp_path, 0)
    assert opened(tmp_path, 1, seed=1) == 2


@JOURNALS
def test_what_is_damaged_is_dropped_with_what_follows(tmp_path: Path, opened: Callable[..., int]) -> None:
    """A line that was cut off, or no line at all, costs itself and what follows; then the run goes on."""
    opened(tmp_path, 3)
    lines = tmp_path / "trials.jsonl"
    first, second, third = lines.read_text(encoding="utf-8").splitlines(keepends=True)
    for damaged in (first + second[:-9], first + "[1]\n" + third, first + "{}\n" + third, first + second.strip()):
        lines.write_text(damaged, encoding="utf-8")
        assert opened(tmp_path, 0) == 1
        assert lines.read_text(encoding="utf-8") == first


def test_what_was_fitted_belongs_to_its_line(tmp_path: Path) -> None:
    """Of a table's trial whose fits are gone, the line is dropped, too."""
    of_tables(tmp_path, 2)
    (tmp_path / "fit-00001-0.npz").unlink()
    assert of_tables(tmp_path, 0) == 1


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3), max_size=5))
def test_lines_come_back(tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, object]]) -> None:
    """Whatever was kept is read again, in its order."""
    folder = tmp_path_factory.mktemp("lines")
    kept = TrialLines(folder, {}, {})
    for line in lines:
        kept.add(line)
    assert TrialLines(folder, {}, {}).read(lambda place, line: (place, line)) == list(enumerate(lines))
