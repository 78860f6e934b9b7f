"""How the header of a table that is asked about fits the columns that a model knows."""

import pytest

from understudy.cli.headers import meant_by
from understudy.cli.source import CannotRead
from understudy.modalities.table.fit import meant_words
from understudy.modalities.table.frame import Frame, read_frame

KNOWN = ["age", "duration", "job"]


def table(text: str) -> Frame:
    return read_frame("later.csv", text.encode())


def test_capitals_and_blanks_alone_are_taken_as_meant() -> None:
    """A column that is a known one but for capitals is taken for it, and that is said once for the table."""
    meant = meant_by(table("AGE,duration,Job \n39,2,cook\n"), KNOWN)
    assert meant == {"AGE": "age", "Job": "job"}
    assert meant_words(meant) == ("“AGE” is taken for “age”, “Job” is taken for “job”.",)
    assert meant_words(meant_by(table("age,other\n39,2\n"), KNOWN)) == ()


def test_a_header_below_a_title_is_pointed_at() -> None:
    """Where a later row holds the known names, it is said to seem the header."""
    with pytest.raises(CannotRead) as caught:
        meant_by(table("Report of May,,\nage,duration,job\n39,2,cook\n"), KNOWN)
    assert "The header seems to stand in row 2" in str(caught.value)


def test_a_table_of_others_is_refused_as_a_whole() -> None:
    """What its first line holds is said, what is known, and which column is probably meant."""
    with pytest.raises(CannotRead) as caught:
        meant_by(table("ages,colour\n39,red\n"), KNOWN)
    assert "The first line holds “ages”, “colour”; known are “age”, “duration”, “job”." in str(caught.value)
    assert "Perhaps “age” is meant by “ages”." in str(caught.value)
