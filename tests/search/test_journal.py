"""The journal keeps what finished, whatever ended the process."""

from pathlib import Path

import numpy as np
import pytest

from understudy.domain.trial import Trial
from understudy.search.journal import Entry, Journal
from understudy.search.trial_lines import RunMismatch

IDENTITY = {"data": "abc", "seed": 0}


def entry(number: int) -> Entry:
    scores = np.full((4, 2), number, np.float32)
    return Entry(Trial(f"Größe {number}", 0.5, 0.9), "view", "family", number, 1.5, scores)


def filled(folder: Path, count: int = 3) -> Journal:
    journal = Journal(folder, IDENTITY)
    for number in range(count):
        journal.add(entry(number))
    return journal


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    """Trials, settings and scores come back as they were."""
    filled(tmp_path)
    again = Journal(tmp_path, IDENTITY)
    assert [each.trial for each in again.entries] == [entry(number).trial for number in range(3)]
    assert len(again.finished("view", "family")) == 3
    assert not again.finished("view", "other")
    np.testing.assert_array_equal(again.entries[2].scores, entry(2).scores)


def test_a_line_that_was_cut_off_is_dropped_and_the_run_goes_on(tmp_path: Path) -> None:
    """After half a line the journal goes on behind the last whole one."""
    filled(tmp_path)
    lines = tmp_path / "trials.jsonl"
    text = lines.read_bytes()
    lines.write_bytes(text[:-20])
    again = Journal(tmp_path, IDENTITY)
    assert len(again.entries) == 2
    again.add(entry(2))
    assert lines.read_bytes() == text
    assert len(Journal(tmp_path, IDENTITY).entries) == 3


@pytest.mark.parametrize("left", [None, b"", b"\x93NUMPY\x01\x00garbage"])
def test_scores_that_are_gone_cost_their_trial_and_those_after_it(tmp_path: Path, left: bytes | None) -> None:
    """A power cut may leave a line without its scores; the trials before it still count."""
    filled(tmp_path)
    scores = tmp_path / "scores-00001.npy"
    scores.unlink() if left is None else scores.write_bytes(left)
    again = Journal(tmp_path, IDENTITY)
    assert len(again.entries) == 1
    again.add(entry(1))
    assert len(Journal(tmp_path, IDENTITY).entries) == 2


@pytest.mark.parametrize("line", ["not json\n", "{}\n", '{"trial": 3}\n', "[]\n"])
def test_a_damaged_line_costs_itself_and_what_follows(tmp_path: Path, line: str) -> None:
    """A line that cannot be understood ends the journal there."""
    filled(tmp_path, 1)
    with (tmp_path / "trials.jsonl").open("a") as file:
        file.write(line)
    assert len(Journal(tmp_path, IDENTITY).entries) == 1


def test_a_run_of_something_else_is_refused(tmp_path: Path) -> None:
    """Other data, another seed: the earlier run cannot go on, and the error names what changed and says what to do."""
    filled(tmp_path)
    with pytest.raises(RunMismatch) as caught:
        Journal(tmp_path, {**IDENTITY, "seed": 1})
    assert "Since then the seed changed" in caught.value.reason
    assert "without --resume" in caught.value.remedy
    assert len(Journal(tmp_path, IDENTITY).entries) == 3
