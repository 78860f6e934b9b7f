"""Files and folders that hold no examples, or not those of the project."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.domain.task import Task
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.modalities.table.unreadable import TableUnreadable

Tree = Callable[[dict[str, bytes]], Path]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.pdf", b"%PDF-1.4 ...", "It is a PDF document"),
        ("SOURCE.md", b"# Where it is from", "It is a text"),
        ("app.bin", b"\x7fELF\x02\x01\x01\0", "It is a program"),
        ("one.jpg", b"\xff\xd8\xff\xe0", "learns from many photos"),
        ("one.wav", b"RIFF\0\0\0\0WAVE", "learns from many recordings"),
        ("gone.zip", b"PK\x03\x04 cut", "was cut off"),
    ],
)
def test_what_holds_no_examples_is_told_as_what_it_is(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """What is no table and no archive is named by what it is; only an archive is told to be made again."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceUnreadable) as caught, open_source(tmp_path / name):
        pass
    assert said in caught.value.reason
    assert ("archive" in caught.value.fact) == name.endswith(".zip")


def test_a_document_is_no_archive(tmp_path: Path) -> None:
    """A document is a zip archive inside, and is not looked through as one."""
    with zipfile.ZipFile(tmp_path / "notes.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(SourceUnreadable, match="holds no examples"), open_source(tmp_path / "notes.docx"):
        pass


def test_a_picture_named_like_a_table_is_said_to_be_one(tmp_path: Path) -> None:
    """The first bytes tell what a table really is."""
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(TableUnreadable) as caught, open_source(tmp_path / "picture.csv"):
        pass
    assert caught.value.reason == "It is a picture (PNG)."


def test_clips_for_a_project_of_texts_are_refused_once(tree: Tree) -> None:
    """Files that are all of another kind than the project's are one error, and a mixture is looked at file by file."""
    root = tree({f"fight/{n}.mp4": b"no clip, but named like one" for n in range(5)})
    with pytest.raises(SourceUnreadable) as caught, open_source(root, meant=Meant(task=Task("text"))):
        pass
    assert "holds clips, and the project holds texts." in caught.value.fact
    with open_source(tree({"fight/said.txt": b"hello"}), meant=Meant(task=Task("text"))) as source:
        assert len(source.items) == 6


def test_recordings_with_a_note_beside_them_are_refused_by_a_project_of_texts(tree: Tree) -> None:
    """Where most files are plainly of another kind, by name and by their first bytes, a note among them is no label."""
    wave = b"RIFF\x24\0\0\0WAVEfmt "
    files = {f"rain/{n}.wav": wave for n in range(20)} | {"rain/cut.ogg": b"Ogg", "rain/notes.txt": b"hello"}
    with pytest.raises(SourceUnreadable) as caught, open_source(tree(files), meant=Meant(task=Task("text"))):
        pass
    assert "holds mostly recordings, and the project holds texts." in caught.value.fact
    assert "few of these files can be texts" in caught.value.reason
    assert "begin another project" in caught.value.remedy


def test_who_took_what_is_offered_beside_what_is_predicted(tmp_path: Path) -> None:
    """A table without an answer whose columns come again is told how to be read as interactions."""
    rows = "".join(f"U{n % 7},{n % 11},2024-01-{1 + n % 28:02}\n" for n in range(60))
    (tmp_path / "shop.csv").write_text("customer,bought,day\n" + rows)
    with pytest.raises(SourceUnreadable) as caught, open_source(tmp_path / "shop.csv"):
        pass
    assert "--who 'customer' --what 'bought' --time 'day'" in caught.value.remedy
