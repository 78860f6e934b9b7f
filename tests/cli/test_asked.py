"""What a model is asked: every row and every file, in order, with what is wrong with it."""

import json
from pathlib import Path

import pytest

from understudy.cli.asked import CannotRead, sources_of


def test_rows_come_in_order_and_bad_ones_last(tmp_path: Path) -> None:
    """A row that cannot be told apart into columns is named, with its line, and counted."""
    table = tmp_path / "rows.csv"
    table.write_text("age,town\n39,Ulm\n41,Bonn,surplus,and more\n7,Köln\n", encoding="utf-8")
    (source,) = sources_of("table", [str(table)])
    asked = list(source.asked())
    assert source.count == len(asked) == 3
    assert source.columns == ("age", "town")
    assert [json.loads(each.read())["town"] for each in asked[:2]] == ["Ulm", "Köln"]
    assert asked[2].named == f"{table}, line 3"
    with pytest.raises(CannotRead, match="cells where the first line has 2"):
        asked[2].read()
    assert [each.named for each in source.asked()] == [each.named for each in asked]


def test_the_text_column_is_found_or_named(tmp_path: Path) -> None:
    """Of a table of texts each row's text is asked about; a lone column needs no name, another can be given."""
    alone, two = tmp_path / "alone.csv", tmp_path / "two.tsv"
    alone.write_text("anything\nHow do I pay?\nWhere is my card?\n")
    two.write_text("first\tsecond\nHow do I pay?\tSo do I\nWhere is my card?\tNot here at all\n")
    (source,) = sources_of("text", [str(alone)])
    assert [each.read() for each in source.asked()] == [b"How do I pay?", b"Where is my card?"]
    (source,) = sources_of("text", [str(two)], column="second")
    assert [each.read() for each in source.asked()] == [b"So do I", b"Not here at all"]


def test_texts_stand_where_the_projects_latest_table_had_them(tmp_path: Path) -> None:
    """Where a table has that column and nobody names another; else it is found as ever."""
    both, other = tmp_path / "both.csv", tmp_path / "other.csv"
    both.write_text("remark,review\nHow do I pay?,So do I\nWhere is my card?,Not here at all\n")
    other.write_text("message\nHow do I pay?\nWhere is my card?\n")
    for table, column, first in ((both, None, b"How do I pay?"), (both, "review", b"So do I"), (other, None, None)):
        (source,) = sources_of("text", [str(table)], column=column, before="remark")
        assert next(iter(source.asked())).read() == (first or b"How do I pay?")


def test_a_table_without_texts_says_its_columns(tmp_path: Path) -> None:
    """Where no column looks like texts, one problem stands for the table, and says how to name one."""
    table = tmp_path / "numbers.csv"
    table.write_text("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(20)))
    (source,) = sources_of("text", [str(table)])
    (asked,) = source.asked()
    with pytest.raises(CannotRead, match="no column looks like texts") as found:
        asked.read()
    assert "--text" in found.value.remedy


@pytest.mark.parametrize(
    "given", ["mesages.csv", "./inbox/messages.csv", "inbox/mails.TXT", "/srv/mails/today", "../inbox", "~/mails"]
)
def test_a_file_that_is_not_there_is_no_text(given: str) -> None:
    """What is written like a file's name is refused where there is none, and it is said how to ask about it as text."""
    (source,) = sources_of("text", [given])
    assert source.problem is not None
    assert source.problem.fact == "There is no such file."
    assert "put them into a .txt file" in source.problem.remedy


@pytest.mark.parametrize(
    "given", ["and/or", "see messages.csv please", "/help", "Wait...", "a.b", "10/12/2026", "../ or so"]
)
def test_words_are_texts_whatever_signs_they_hold(given: str) -> None:
    """Slashes and points alone make no file's name."""
    (source,) = sources_of("text", [given])
    assert [each.read() for each in source.asked()] == [given.encode()]


def test_texts_in_other_encodings_are_asked_about_as_they_are_kept(tmp_path: Path) -> None:
    """A file of Windows and one of UTF-16, named or in a folder, say what they say in UTF-8."""
    (tmp_path / "a.txt").write_bytes("Grüße".encode("cp1252"))
    (tmp_path / "b.txt").write_bytes("Grüße".encode("utf-16"))
    named, folder = sources_of("text", [str(tmp_path / "a.txt"), str(tmp_path)])
    assert [each.read().decode() for each in (*named.asked(), *folder.asked())] == ["Grüße"] * 3


def test_what_is_typed_is_a_text_unless_it_names_a_file(tmp_path: Path) -> None:
    """A text that is no file's name is asked about itself; a file of another ending is one text."""
    note = tmp_path / "note.txt"
    note.write_text("Good morning")
    typed, file = sources_of("text", ["Good evening", str(note)])
    assert [each.read() for each in (*typed.asked(), *file.asked())] == [b"Good evening", b"Good morning"]


def test_a_single_row_of_texts_is_asked_about(tmp_path: Path) -> None:
    """With no other row to differ from, a column of texts is told by its name and its cell."""
    table = tmp_path / "one.csv"
    table.write_text("text,category\nWin a prize now,spam\n")
    (source,) = sources_of("text", [str(table)])
    assert [each.read() for each in source.asked()] == [b"Win a prize now"]


@pytest.mark.parametrize("text", ["only,this\n", "one\n"])
def test_a_table_of_one_line_has_no_rows(text: str, tmp_path: Path) -> None:
    """It says so, whatever is asked about, instead of naming columns of which nothing is known."""
    table = tmp_path / "line.csv"
    table.write_text(text)
    (source,) = sources_of("text", [str(table)])
    assert source.problem is not None
    assert source.problem.fact == "It has no rows."


def test_of_rows_that_cannot_be_used_each_is_told(tmp_path: Path) -> None:
    """Where no row is left to look at, no column looks like texts, and the columns are said."""
    table = tmp_path / "bad.csv"
    table.write_text("a,b\n1,2,3,4\n")
    (source,) = sources_of("text", [str(table)])
    assert source.problem is not None
    assert source.problem.reason == "Its columns are “a”, “b”."


@pytest.mark.parametrize("given", ["[1,2", '{"a":', ' {"age": 39}'])
def test_json_is_no_name_of_a_file(given: str) -> None:
    """Rows and histories are typed so, broken or not; to a model of photos nothing is typed, and it says that."""
    for modality in ("table", "interactions"):
        (source,) = sources_of(modality, [given])
        assert [each.read() for each in source.asked()] == [given.encode()]
    (source,) = sources_of("photo", [given])
    assert source.problem is not None
    assert source.problem.reason == "What this model is asked about lies in files, and cannot be typed."
