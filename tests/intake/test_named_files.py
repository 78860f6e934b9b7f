"""Files that the rows of a table name."""

import pytest

from sources import CLASSES, Tree, found, said
from understudy.domain.finding import FindingKind
from understudy.domain.task import AnswerKind
from understudy.intake.groups import parse_group_rule
from understudy.intake.incoming import Incoming
from understudy.intake.readers import open_source


def test_bad_rows_are_findings_and_the_rest_goes_on(tree: Tree) -> None:
    """Each row that cannot be used is told with its line."""
    rows = "crack/a.jpg,x\ngone.jpg,x\n../out.jpg,x\n/etc/passwd,x\n,x\ntoo,many,cells\n\nfine/c.jpg,\n"
    root = tree({**CLASSES, "list.csv": f"path,label\n{rows}".encode()})
    assert said(root / "list.csv") == {"crack/a.jpg": ("x", None), "fine/c.jpg": (None, None)}
    assert sorted(found(root / "list.csv")) == [
        (FindingKind.BAD_ROW, "list.csv, line 6"),
        (FindingKind.BAD_ROW, "list.csv, line 7"),
        (FindingKind.MISSING_FILE, "gone.jpg"),
        (FindingKind.UNSAFE_PATH, "../out.jpg"),
        (FindingKind.UNSAFE_PATH, "/etc/passwd"),
    ]


def test_paths_of_windows_are_understood(tree: Tree) -> None:
    """Backslashes are folders where no file has them in its name."""
    root = tree({**CLASSES, "list.csv": b"path,label\ncrack\\a.jpg,x\n./fine/c.jpg,y\n"})
    assert said(root / "list.csv") == {"crack/a.jpg": ("x", None), "fine/c.jpg": ("y", None)}


@pytest.mark.parametrize(("rule", "left"), [(None, "“wall”, “camera”"), ("column:wall", "“camera”")])
def test_columns_that_nobody_looks_at_are_told(tree: Tree, rule: str | None, left: str) -> None:
    """Of a table that names files only names, labels and groups count; nothing is dropped without a word."""
    table = b"file,label,wall,camera\ncrack/a.jpg,x,w1,drone\nfine/c.jpg,y,w2,phone\n"
    group = parse_group_rule(rule) if rule else None
    for path in (tree({**CLASSES, "list.csv": table}) / "list.csv", tree({**CLASSES, "metadata.csv": table})):
        with open_source(path, group=group) as source:
            assert source.about is not None
            assert source.about.says[-1] == f"Other columns are left out: {left}."


def test_the_only_other_column_says_what_files_show(tree: Tree) -> None:
    """A table of files with one more column is labelled by it, whatever that is called, and says so."""
    rows = "".join(f"{place}.jpg,{'red;tall' if place % 2 else 'red'}\n" for place in range(8))
    root = tree({**{f"{place}.jpg": b"" for place in range(8)}, "doors.csv": f"path,seen\n{rows}".encode()})
    with open_source(root / "doors.csv") as source:
        assert {item.label for item in source.items if isinstance(item, Incoming)} == {"red", "red; tall"}
        assert source.task.answers is AnswerKind.LABELS
        assert source.about is not None
        assert "“seen” is to be predicted, several labels at once" in source.about.says[0]
    assert set(said(root / "doors.csv", "column:seen").values()) == {(None, "red"), (None, "red;tall")}


def test_a_guessed_column_that_says_nothing_is_left_alone(tree: Tree) -> None:
    """Where the only other column says something else, or the same, of every file, the files have no label."""
    files = {f"{place}.jpg": b"" for place in range(30)}
    for cells in (lambda place: f"a note about photo {place}", lambda _: "the same"):
        rows = "".join(f"{place}.jpg,{cells(place)}\n" for place in range(30))
        root = tree({**files, "doors.csv": f"path,note\n{rows}".encode()})
        assert {label for label, _ in said(root / "doors.csv").values()} == {None}


def test_numbers_of_files_say_what_counts_as_right(tree: Tree) -> None:
    """Numbers in a table of files are read as such, and the tolerance that is suggested is said."""
    rows = "".join(f"{place}.jpg,{place * 1.5}\n" for place in range(30))
    root = tree({**{f"{place}.jpg": b"" for place in range(30)}, "doors.csv": f"path,height\n{rows}".encode()})
    with open_source(root / "doors.csv") as source:
        assert source.task.answers is AnswerKind.NUMBER
        assert source.about is not None
        assert "To change it: --tolerance" in source.about.says[1]
