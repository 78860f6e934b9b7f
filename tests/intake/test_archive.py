"""Zip archives that mean harm, and damaged ones."""

import random
import stat
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from understudy.domain.finding import Finding, FindingKind
from understudy.intake.archive import Archive
from understudy.intake.incoming import FileUnreadable, Incoming, SourceUnreadable
from understudy.intake.readers import open_source


def outcome(path: Path) -> dict[str, FindingKind | bytes]:
    """What became of each member: its bytes, or the kind of the finding."""
    result: dict[str, FindingKind | bytes] = {}
    with open_source(path) as source:
        for item in source.items:
            if isinstance(item, Finding):
                result[item.subject] = item.kind
                continue
            try:
                result[item.name] = item.read()
            except FileUnreadable as error:
                result[item.name] = error.finding.kind
    return result


@pytest.mark.parametrize(
    "name",
    ["../out.jpg", "a/../../out.jpg", "/etc/out.jpg", "C:\\out.jpg", "c:/out.jpg", "..\\out.jpg", "\\\\host\\x.jpg"],
)
def test_names_that_climb_out_are_findings(tmp_path: Path, name: str) -> None:
    """A member that names a place outside the archive is left out and told; nothing is written anywhere."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"out")
        archive.writestr("crack/a.jpg", b"in")
        archive.writestr("fine/b.jpg", b"in")
    result = outcome(path)
    assert result.pop(name) is FindingKind.UNSAFE_PATH
    assert result == {"crack/a.jpg": b"in", "fine/b.jpg": b"in"}
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a.zip"]


def test_links_are_findings(tmp_path: Path) -> None:
    """A link in an archive is never followed."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("crack/link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert outcome(path) == {"crack/link.jpg": FindingKind.UNSAFE_PATH}


def test_bombs_are_findings(tmp_path: Path) -> None:
    """Members that unpack to hundreds of times their size, or to more than any photo takes, stay packed."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("crack/ratio.jpg", bytes(20_000_000))
        archive.writestr("crack/size.jpg", bytes(100_000_001))
        archive.writestr("crack/small.jpg", bytes(10_000))
    result = outcome(path)
    assert result.pop("crack/small.jpg") == bytes(10_000)
    assert set(result.values()) == {FindingKind.TOO_LARGE}


def test_locked_and_damaged_members_are_findings(tmp_path: Path) -> None:
    """A password or a wrong checksum costs one photo, not the archive."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("locked", "wrong", "fine"):
            archive.writestr(f"crack/{name}.jpg", name.encode() * 20)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"wrongwrong")] ^= 1
    entry = raw.index(b"PK\x01\x02")
    raw[entry + 8] |= 1
    raw[6] |= 1
    path.write_bytes(raw)
    assert outcome(path) == {
        "crack/locked.jpg": FindingKind.CORRUPT,
        "crack/wrong.jpg": FindingKind.CORRUPT,
        "crack/fine.jpg": b"fine" * 20,
    }


def test_an_archive_that_was_cut_off_is_an_error(tmp_path: Path) -> None:
    """Half an archive has no table of contents."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("crack/a.jpg", bytes(1000))
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(SourceUnreadable, match=r"a\.zip"):
        Archive(path)


def test_two_members_of_one_name_are_one_file(tmp_path: Path) -> None:
    """The later of two members with the same name counts, as for every unpacking program."""
    path = tmp_path / "a.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("crack/a.jpg", b"old")
        archive.writestr("crack/a.jpg", b"new")
    assert outcome(path) == {"crack/a.jpg": b"new"}


def test_damage_anywhere_is_told_in_words(tmp_path: Path) -> None:
    """Whatever bytes of an archive are changed, its photos are read or refused in words."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"crack/{number}.jpg", random.Random(number).randbytes(50) * 4)
    raw, chance, told = path.read_bytes(), random.Random(0), 0
    for _ in range(300):
        changed = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(changed)
        try:
            told += any(isinstance(result, FindingKind) for result in outcome(path).values())
        except SourceUnreadable as error:
            told += bool(error.remedy)
    assert told > 100


def test_members_are_read_from_many_threads(tmp_path: Path) -> None:
    """Reading in parallel gives each its own bytes."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(200):
            archive.writestr(f"crack/{number:03}.jpg", str(number) * 5000)
    with open_source(path) as source, ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda item: item.read(), [item for item in source.items if isinstance(item, Incoming)]))
    assert read == [(str(number) * 5000).encode() for number in range(200)]
