"""Files that are larger than what is read of their kind, and large ones that are not."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clips import clip, moving
from offered import LEVELS
from understudy.domain.finding import Finding, FindingKind
from understudy.intake.folder import Folder
from understudy.intake.incoming import FileUnreadable, SourceUnreadable
from understudy.intake.readers import open_source
from understudy.intake.sift import Sifted

Offering = Callable[..., None]
SMALL_LEVELS = "    max_bytes = 1000\n    formats"


def test_a_file_over_the_limit_is_told_by_its_true_size(
    take: Callable[..., Sifted], offering: Offering, tmp_path: Path
) -> None:
    """A file of 110 MB is left out unread, whatever its modality would say of its first 100 MB."""
    offering("levels")
    (tmp_path / "runs" / "high").mkdir(parents=True)
    (tmp_path / "runs" / "high" / "small.level").write_text("7")
    with (tmp_path / "runs" / "high" / "large.level").open("wb") as file:
        file.write(b"9")
        file.truncate(110_000_000)
    taken = take(tmp_path / "runs")
    assert [each.name for each in taken.examples] == ["high/small.level"]
    (finding,) = (each for each in taken.findings if each.kind is FindingKind.TOO_LARGE)
    assert finding.fact == "“high/large.level” takes 110 MB, so it was left out."
    assert "at most 100 MB" in finding.reason


def test_a_modality_says_how_large_its_files_may_be(
    take: Callable[..., Sifted], offering: Offering, tmp_path: Path
) -> None:
    """What a module says of its own counts, in a folder, an archive and a table that names files."""
    offering("levels", LEVELS.replace("    formats", SMALL_LEVELS))
    folder = tmp_path / "runs"
    (folder / "high").mkdir(parents=True)
    (folder / "high" / "a.level").write_bytes(b"7" * 1000)
    (folder / "high" / "b.level").write_bytes(b"8" * 1001)
    (folder / "runs.table.csv").write_text("file,label\nhigh/a.level,high\nhigh/b.level,high\n")
    with zipfile.ZipFile(tmp_path / "runs.zip", "w") as archive:
        for name in ("a", "b"):
            archive.write(folder / "high" / f"{name}.level", f"high/{name}.level")
    for source in (folder, tmp_path / "runs.zip", folder / "runs.table.csv"):
        taken = take(source)
        assert [each.name for each in taken.examples] == ["high/a.level"]
        (large,) = (each for each in taken.findings if each.kind is FindingKind.TOO_LARGE)
        assert large.fact == "“high/b.level” takes 1,001 bytes, so it was left out."


def test_a_clip_of_150_mb_is_an_example(take: Callable[..., Sifted], tmp_path: Path) -> None:
    """Clips may take gigabytes, and a folder hands them over whole."""
    (tmp_path / "clips" / "left").mkdir(parents=True)
    data = clip(moving(12))
    assert data[4:8] == b"ftyp"
    with (tmp_path / "clips" / "left" / "long.mp4").open("wb") as file:
        file.write(data)
        file.write((150_000_000).to_bytes(4, "big") + b"free")
        file.truncate(len(data) + 150_000_000)
    taken = take(tmp_path / "clips")
    assert [each.name for each in taken.examples] == ["left/long.mp4"]
    assert not [each for each in taken.findings if each.kind in {FindingKind.TOO_LARGE, FindingKind.TRUNCATED}]


def test_a_table_in_a_folder_is_whole_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No table is cut where it grows too long to be read."""
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "rows.csv").write_text("size,label\n" + "1,a\n2,b\n" * 20)
    monkeypatch.setattr("understudy.intake.readers.LARGEST_TABLE", 100)
    with pytest.raises(SourceUnreadable, match=r"“rows\.csv” takes 171 bytes"), open_source(tmp_path / "only"):
        pass


def test_the_head_of_any_file_can_be_looked_at(tmp_path: Path) -> None:
    """What a file begins with is read, however large it is."""
    (tmp_path / "a.bin").write_bytes(b"begin and go on")
    folder = Folder(tmp_path)
    assert folder.head("a.bin", 5) == b"begin"
    with pytest.raises(FileUnreadable) as caught:
        folder.read("a.bin", 5)
    assert isinstance(caught.value.finding, Finding)
