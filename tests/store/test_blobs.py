"""Blobs: bytes under their own digest."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.store.blobs import BadDigest, BlobCorrupt, BlobMissing, BlobStore, BlobStoreUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder: Path) -> BlobStore:
    return BlobStore(str(folder))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_every_blob_reads_back_exactly(contents: list[bytes]) -> None:
    """Any bytes, none included, come back under their SHA-256."""
    with TemporaryDirectory() as folder:
        blobs = BlobStore(folder)
        stored = [blobs.put(data) for data in contents]
        assert stored == [sha256(data).hexdigest() for data in contents]
        assert [blobs.get(digest) for digest in stored] == contents


def test_the_same_bytes_are_kept_once(blobs: BlobStore, folder: Path) -> None:
    """The second time nothing is written, in a folder named by the digest's first digits."""
    digest = blobs.put(b"photo")
    (path,) = files(folder)
    written = path.stat()
    assert blobs.put(b"photo") == digest
    assert files(folder) == [folder / digest[:2] / digest[2:4] / digest]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_a_blob_that_is_not_there_is_missing(blobs: BlobStore) -> None:
    """Asking for it is an error; asking whether it is there is not."""
    digest = sha256(b"photo").hexdigest()
    assert not blobs.has(digest)
    with pytest.raises(BlobMissing, match=digest):
        blobs.get(digest)
    blobs.put(b"photo")
    assert blobs.has(digest)


def test_a_changed_blob_is_corrupt(blobs: BlobStore, folder: Path) -> None:
    """One flipped bit is enough; wrong bytes are never handed out."""
    digest = blobs.put(b"photo")
    files(folder)[0].write_bytes(b"phoTo")
    with pytest.raises(BlobCorrupt, match=digest):
        blobs.get(digest)


def test_a_blob_cut_short_is_mended_by_storing_it_again(blobs: BlobStore, folder: Path) -> None:
    """A failing disk may leave half a blob; the same bytes arriving again put it right."""
    digest = blobs.put(b"photo")
    files(folder)[0].write_bytes(b"pho")
    blobs.put(b"photo")
    assert blobs.get(digest) == b"photo"


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 63, "aa/../" + "b" * 58, "é" * 64]
)
def test_nothing_but_a_digest_names_a_blob(blobs: BlobStore, name: str) -> None:
    """No path climbs out of the store through a name."""
    with pytest.raises(BadDigest):
        blobs.get(name)
    with pytest.raises(BadDigest):
        blobs.has(name)


def test_a_blob_that_does_not_fit_leaves_nothing_behind(folder: Path) -> None:
    """When the disk takes only a part, the error says so and the part is removed."""
    script = (
        "import resource, sys; from understudy.store.blobs import BlobStore, BlobStoreUnavailable\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: BlobStore(sys.argv[1]).put(bytes(5000))\n"
        "except BlobStoreUnavailable as error: print(error.reason)"
    )
    shown = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    assert "File too large" in shown.stdout
    assert files(folder) == []


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    """A store whose folder is a file cannot be written."""
    (tmp_path / "blobs").write_bytes(b"")
    with pytest.raises(BlobStoreUnavailable):
        BlobStore(str(tmp_path / "blobs")).put(b"photo")


@pytest.mark.parametrize("url", ["nonsense://x", "memory"])
def test_an_address_is_understood_or_refused(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown kind of store is an error at once; a bare word is a folder."""
    monkeypatch.chdir(tmp_path)
    if "://" in url:
        with pytest.raises(BlobStoreUnavailable, match="nonsense"):
            BlobStore(url)
    else:
        BlobStore(url).put(b"photo")
        assert len(files(tmp_path / url)) == 1


def test_any_store_that_fsspec_reaches_will_do() -> None:
    """The same promises hold where there is no folder."""
    blobs = BlobStore("memory://understudy-test/blobs")
    digest = blobs.put(b"photo")
    assert blobs.put(b"photo") == digest
    assert blobs.has(digest)
    assert blobs.get(digest) == b"photo"
    with pytest.raises(BlobMissing):
        blobs.get(sha256(b"other").hexdigest())


def test_processes_may_store_the_same_bytes_at_once(blobs: BlobStore, folder: Path) -> None:
    """Whoever comes second changes nothing, and whoever reads finds all of it."""
    script = (
        "import sys; from understudy.store.blobs import BlobStore; blobs = BlobStore(sys.argv[1])\n"
        "for number in range(200): digest = blobs.put(b'%d' % number * 1000); blobs.get(digest)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(folder)]) for _ in range(2)]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    assert len(files(folder)) == 200
    assert blobs.get(sha256(b"7" * 1000).hexdigest()) == b"7" * 1000


def test_a_writer_that_is_killed_leaves_no_half_blob(folder: Path) -> None:
    """Every file that stands under a digest is whole, whenever the writer died."""
    script = (
        "import sys, itertools; from understudy.store.blobs import BlobStore; blobs = BlobStore(sys.argv[1])\n"
        "for number in itertools.count(): print(blobs.put(b'%d' % number * 100_000), flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(20)]
        child.kill()
        acknowledged += child.stdout.read().split("\n")[:-1]
    blobs = BlobStore(str(folder))
    standing = [path.name for path in files(folder) if not path.name.endswith(".part")]
    assert set(acknowledged) <= set(standing)
    assert all(sha256(blobs.get(digest)).hexdigest() == digest for digest in standing)
    assert os.path.commonpath([folder, *files(folder)]) == str(folder)


def test_what_is_removed_is_gone(tmp_path: Path) -> None:
    """A removed blob is no longer there, its file neither; removing it again says that there was none."""
    store = BlobStore(str(tmp_path / "blobs"))
    digest, other = store.put(b"a photo"), store.put(b"another")
    assert store.remove(digest)
    assert not store.has(digest)
    with pytest.raises(BlobMissing):
        store.get(digest)
    assert b"a photo" not in [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not store.remove(digest)
    assert store.get(other) == b"another"
    assert store.put(b"a photo") == digest
    assert store.get(digest) == b"a photo"
