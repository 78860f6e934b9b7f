"""Folders, archives and tables as sources."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from sources import CLASSES, Tree, found, said
from understudy.domain.finding import FindingKind
from understudy.domain.task import AnswerKind, Task
from understudy.intake.groups import BadGroupRule, parse_group_rule
from understudy.intake.incoming import FileUnreadable, Incoming, SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.table import Columns


def zipped(path: Path, files: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


LABELS = {"crack/a.jpg": ("crack", None), "crack/wall3/b.jpg": ("crack", None), "fine/c.jpg": ("fine", None)}


def test_a_folder_a_class(tree: Tree) -> None:
    """The first folder is the class, however deep the photo lies below it."""
    assert said(tree(CLASSES)) == LABELS


NUMBERS = {"2/a.jpg": b"1", "2/b.jpg": b"2", "7.50/c.jpg": b"3", "10/x/d.jpg": b"4", "_inbox/e.jpg": b"5"}


def test_folders_may_be_numbers(tree: Tree) -> None:
    """Where numbers are meant, a folder's name is the number of what is in it, with its tolerance and unit."""
    meant = Meant(answers=AnswerKind.NUMBER, tolerance=3, unit="mm")
    with open_source(tree(NUMBERS), meant=meant) as source:
        labels = {item.name: item.label for item in source.items if isinstance(item, Incoming)}
        assert source.task == Task("photo", AnswerKind.NUMBER, 3, "mm")
        assert source.about is not None
        assert "holds numbers, from 2 to 10 mm" in source.about.says[0]
    assert list(labels.values()) == ["10", "2", "2", "7.5", None]


@pytest.mark.parametrize(
    "meant", [Meant(answers=AnswerKind.NUMBER), Meant(task=Task("photo", AnswerKind.NUMBER, 1))], ids=["said", "known"]
)
def test_a_folder_that_is_no_number_is_none(tree: Tree, meant: Meant) -> None:
    """Where numbers are meant, or the project has them, a folder with another name is refused before it is taken in."""
    with (
        pytest.raises(SourceUnreadable, match="The folder “crack” in “photos” is named by no number"),
        open_source(tree({**NUMBERS, "crack/f.jpg": b"6"}), meant=meant),
    ):
        pass


def test_folders_may_be_the_first_of_several_labels(tree: Tree) -> None:
    """Where several labels at once are meant, a folder's name is one, or several with semicolons."""
    files = {"red/a.jpg": b"1", "tall;red/b.jpg": b"2", "tall/c.jpg": b"3"}
    with open_source(tree(files), meant=Meant(answers=AnswerKind.LABELS)) as source:
        assert source.task.answers is AnswerKind.LABELS
        assert [item.label for item in source.items if isinstance(item, Incoming)] == ["red", "tall", "red; tall"]


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (Columns(label="zz"), "--target"),
        (Columns(path="file"), "--path-column"),
        (Columns(text="body"), "--text"),
        (Columns(time="when"), "--time"),
        (Meant(items=(Path("items.csv"),)), "--items"),
        (Meant(query="select 1"), "--query"),
    ],
)
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_folders_have_no_columns(tree: Tree, tmp_path: Path, given: Columns | Meant, option: str, kind: str) -> None:
    """What is said of columns or queries is refused where there are none, rather than dropped without a word."""
    path = tree(CLASSES) if kind == "folder" else zipped(tmp_path / "photos.zip", CLASSES)
    columns, meant = (given, None) if isinstance(given, Columns) else (None, given)
    with pytest.raises(SourceUnreadable, match=f"^{option} would say"), open_source(path, columns=columns, meant=meant):
        pass


@pytest.mark.parametrize(
    ("lines", "given", "option"),
    [
        ("file_name,label\na.jpg,x", Columns(time="label"), "--time"),
        ("text,label\nso it is,x\nno,y", Columns(text="text", who="label"), "--who"),
        ("size,label\n1,x\n2,y", Columns(label="label", rating="size"), "--rating"),
    ],
)
def test_tables_take_what_means_something_for_them(tmp_path: Path, lines: str, given: Columns, option: str) -> None:
    """A column is not named in vain: what a table of its kind has no use for is refused."""
    (tmp_path / "t.csv").write_text(lines)
    with (
        pytest.raises(SourceUnreadable, match=f"^{option} would say"),
        open_source(tmp_path / "t.csv", columns=given, meant=Meant("table" if given.rating else None)),
    ):
        pass


@pytest.mark.parametrize("lines", ["size,label\n1,x\n2,y\n3,x", "text,label\nso it is,x\nno,y"])
def test_no_single_input_is_answered_with_a_ranking(tree: Tree, tmp_path: Path, lines: str) -> None:
    """A list of items comes from who took what; of anything else it could never be learned, so nothing begins."""
    (tmp_path / "t.csv").write_text(lines)
    ranking = Meant(answers=AnswerKind.RANKING)
    for path in (tmp_path / "t.csv", tree(CLASSES)):
        with (
            pytest.raises(SourceUnreadable, match="are not answered with a ranking"),
            open_source(path, columns=Columns(label="label") if path.suffix else None, meant=ranking),
        ):
            pass


def test_names_come_in_order(tree: Tree) -> None:
    """The order is that of the names, on every machine."""
    assert list(said(tree({f"{n}/x.jpg": b"" for n in "cab"}))) == ["a/x.jpg", "b/x.jpg", "c/x.jpg"]


def test_photos_in_no_class_have_no_label(tree: Tree) -> None:
    """The root and folders that start with "_" are no classes."""
    root = tree({**CLASSES, "d.jpg": b"", "_unlabelled/e.jpg": b""})
    assert said(root) == {**LABELS, "d.jpg": (None, None), "_unlabelled/e.jpg": (None, None)}


@pytest.mark.parametrize("splits", [("train", "test"), ("Train", "validation", "test"), ("train",)])
def test_split_folders_are_not_classes(tree: Tree, splits: tuple[str, ...]) -> None:
    """Below train and test, the second folder is the class."""
    root = tree({f"{split}/{name}": b"" for split in splits for name in CLASSES})
    assert {label for label, _ in said(root).values()} == {"crack", "fine"}


def test_classes_named_like_splits_are_classes(tree: Tree) -> None:
    """Folders called train and test without classes in common are what they say."""
    assert {label for label, _ in said(tree({"train/a.jpg": b"", "test/b.jpg": b""})).values()} == {"train", "test"}
    assert {label for label, _ in said(tree({"train/steam/a.jpg": b"", "test/tube/b.jpg": b""})).values()} == {
        "train",
        "test",
    }


def test_what_systems_leave_behind_is_counted_and_forgotten(tree: Tree) -> None:
    """Hidden files, thumbnails and resource forks are nobody's photos."""
    root = tree(
        {**CLASSES, "crack/.DS_Store": b"", "__MACOSX/crack/._a.jpg": b"", "fine/Thumbs.db": b"", ".git/x": b""}
    )
    assert said(root) == LABELS
    assert found(root) == []
    with open_source(root) as source:
        assert source.ignored == 4


def test_an_empty_class_is_found(tree: Tree) -> None:
    """A class folder without a file is told by its name."""
    root = tree({**CLASSES, "dirty/": b"", "dull/.hidden": b"", "_later/": b""})
    assert found(root) == [(FindingKind.EMPTY_FOLDER, "dirty"), (FindingKind.EMPTY_FOLDER, "dull")]


def test_links_that_lead_out_are_not_followed(tree: Tree, tmp_path: Path) -> None:
    """A link inside the folder is a file, one that leads out of it is a finding."""
    root = tree(CLASSES)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (root / "crack" / "same.jpg").symlink_to(root / "fine" / "c.jpg")
    (root / "crack" / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (root / "loop").symlink_to(root)
    with open_source(root) as source:
        files = {item.name: item for item in source.items if isinstance(item, Incoming)}
        assert files["crack/same.jpg"].read() == b"3"
        with pytest.raises(FileUnreadable) as caught:
            files["crack/out.jpg"].read()
    assert caught.value.finding.kind is FindingKind.UNSAFE_PATH
    assert found(root) == [(FindingKind.UNSAFE_PATH, "loop")]


def test_a_pipe_is_there_and_is_no_source(tmp_path: Path) -> None:
    """What is neither a file nor a folder is refused as what it is, and is not waited for."""
    os.mkfifo(tmp_path / "mails.csv")
    with (
        pytest.raises(SourceUnreadable, match=r"“mails\.csv” is neither a file nor a folder"),
        open_source(tmp_path / "mails.csv"),
    ):
        pass


def test_a_pipe_in_a_folder_is_told_as_one(tree: Tree) -> None:
    """It is left out at once, and not said to be missing."""
    root = tree(CLASSES)
    os.mkfifo(root / "crack" / "pipe.jpg")
    with open_source(root) as source:
        pipe = next(item for item in source.items if isinstance(item, Incoming) and item.name == "crack/pipe.jpg")
        with pytest.raises(FileUnreadable) as caught:
            pipe.read()
    assert caught.value.finding.fact == "“crack/pipe.jpg” is a pipe, a socket or a device, so it was left out."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_finding(tree: Tree) -> None:
    """Permission is asked of the system, and its refusal is told."""
    root = tree(CLASSES)
    (root / "crack" / "a.jpg").chmod(0)
    with open_source(root) as source, pytest.raises(FileUnreadable):
        [item.read() for item in source.items if isinstance(item, Incoming)]


def test_names_that_are_no_text_can_be_shown(tree: Tree) -> None:
    """Bytes that are no characters and control characters are replaced, and the file is still read."""
    root = tree(CLASSES)
    Path(os.fsdecode(os.fsencode(root) + b"/crack/\xff\n.jpg")).write_bytes(b"odd")
    with open_source(root) as source:
        odd = next(
            item for item in source.items if (isinstance(item, Incoming) and "�" in item.name) or "?" in item.name
        )
        assert odd.name.isprintable()
        assert odd.read() == b"odd"


@pytest.mark.parametrize("top", ["", "photos/"])
def test_a_zip_is_read_like_the_folder(tmp_path: Path, top: str) -> None:
    """A zip gives the same names and labels, with or without a folder around it all."""
    path = zipped(tmp_path / "a.zip", {top + name: data for name, data in {**CLASSES, "__MACOSX/x": b""}.items()})
    assert said(path) == LABELS
    with open_source(path) as source:
        assert [item.read() for item in source.items if isinstance(item, Incoming)] == [b"1", b"2", b"3"]


def test_a_zip_of_one_class_keeps_its_class(tmp_path: Path) -> None:
    """A single folder of photos is a class, not a wrapping."""
    assert said(zipped(tmp_path / "a.zip", {"crack/a.jpg": b""})) == {"crack/a.jpg": ("crack", None)}


def test_neither_zip_nor_folder_is_an_error(tmp_path: Path) -> None:
    """What is not there, or no archive, is said so."""
    (tmp_path / "a.zip").write_bytes(b"no archive")
    for path in (tmp_path / "a.zip", tmp_path / "nothing"):
        with pytest.raises(SourceUnreadable), open_source(path):
            pass


CSV = "file,class,wall\ncrack/a.jpg,broken,w1\nfine/c.jpg,whole,w2\n"
ROWS = {"crack/a.jpg": ("broken", "w1"), "fine/c.jpg": ("whole", "w2")}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_table_names_files(tree: Tree, delimiter: str, encoding: str) -> None:
    """Delimiter and encoding are recognised, the usual columns too."""
    text = CSV.replace("broken", "gebrochen wie für ß").replace(",", delimiter)
    root = tree({**CLASSES, "list.csv": text.encode(encoding)})
    assert said(root / "list.csv", "column:wall") == {**ROWS, "crack/a.jpg": ("gebrochen wie für ß", "w1")}


def test_columns_can_be_named(tree: Tree) -> None:
    """Columns with unusual names are named by the user, and a wrong name is an error that lists them."""
    root = tree({**CLASSES, "list.csv": b"bild;befund\ncrack/a.jpg;riss\n"})
    assert said(root / "list.csv", columns=Columns("bild", "befund")) == {"crack/a.jpg": ("riss", None)}
    for wrong in (Columns(), Columns("bild", "verdict")):
        with pytest.raises(SourceUnreadable, match="befund"), open_source(root / "list.csv", columns=wrong):
            pass


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_metadata_of_hugging_face(tree: Tree, tmp_path: Path, kind: str, archive: bool) -> None:
    """A metadata file in the root says labels and groups; photos it does not name keep those of their folders."""
    rows = [{"file_name": name, "label": label, "wall": wall} for name, (label, wall) in ROWS.items()]
    text = CSV.replace("file,", "file_name,") if kind == "csv" else "\n".join(map(json.dumps, rows)) + "\nnonsense\n"
    files = {**CLASSES, f"metadata.{kind}": text.encode()}
    path = zipped(tmp_path / "a.zip", {f"set/{n}": d for n, d in files.items()}) if archive else tree(files)
    assert said(path, "column:wall") == {**ROWS, "crack/wall3/b.jpg": ("crack", None)}
    kinds = {kind for kind, _ in found(path, "column:wall")}
    assert kinds == {FindingKind.UNGROUPED} | ({FindingKind.BAD_ROW} if kind == "jsonl" else set())


def test_metadata_without_labels_leaves_them_to_the_folders(tree: Tree) -> None:
    """Captions do not take the classes away."""
    assert said(tree({**CLASSES, "metadata.csv": b"file_name,text\ncrack/a.jpg,a wall\n"})) == LABELS


def test_a_zip_of_photos_and_their_table(tmp_path: Path) -> None:
    """Where folders give no label, the one table that names files does."""
    path = zipped(tmp_path / "a.zip", {"a.jpg": b"", "labels.csv": b"image,label\na.jpg,x\n"})
    assert said(path) == {"a.jpg": ("x", None)}


def test_groups_by_folder_and_name(tree: Tree) -> None:
    """The folder below the class, or a part of the name, says what belongs together."""
    root = tree({"ok/w1/2008_a.jpg": b"", "bad/w1/2008_b.jpg": b"", "bad/w2/2009_c.jpg": b"", "README.md": b""})
    assert [group for _, group in said(root, "folder").values()] == [None, "w1", "w2", "w1"]
    assert [group for _, group in said(root, r"name:^(\d+)_").values()] == [None, "2008", "2009", "2008"]
    assert found(root, "folder") == []


def test_a_rule_that_fits_nothing_is_an_error(tree: Tree) -> None:
    """A rule that finds no group at all is a mistake, one that misses some is a finding."""
    root = tree(CLASSES)
    for rule in (r"name:^(\d+)_", "column:wall"):
        with pytest.raises(BadGroupRule, match="no group"):
            said(root, rule)
    assert found(root, "folder") == [(FindingKind.UNGROUPED, "crack/a.jpg")]
    table = tree({"list.csv": CSV.encode()}) / "list.csv"
    with pytest.raises(BadGroupRule, match="no column"):
        said(table, "column:room")


@pytest.mark.parametrize("rule", ["", "wall", "column:", "name:", "name:(", "name:abc", "name:(a)(b)", "folder:x"])
def test_a_rule_that_cannot_be_understood_is_an_error(rule: str) -> None:
    """The error shows how a rule is written."""
    with pytest.raises(BadGroupRule) as caught:
        parse_group_rule(rule)
    assert caught.value.remedy


@pytest.mark.parametrize("rule", ["folder", "column:wall", r"name:^(\d+)_"])
def test_a_rule_reads_back_as_it_was_written(rule: str) -> None:
    """What is shown of a rule can be typed again."""
    assert str(parse_group_rule(rule)) == rule
