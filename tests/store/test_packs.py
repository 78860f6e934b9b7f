"""Packs: many small blobs in one file."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.store.blobs import BlobCorrupt, BlobMissing, BlobStore
from understudy.store.pack_index import ENTRY, PackIndex, key_of
from understudy.store.packs import MANY, SMALL


@pytest.fixture(params=["folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder, and a store that is none."""
    return str(tmp_path / "blobs") if request.param == "folder" else f"memory://{tmp_path}"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=40), max_size=30), st.data())
def test_what_was_put_together_reads_back(tmp_path: Path, blobs: list[bytes], data: st.DataObject) -> None:
    """Every blob is found by its digest, in another process's store too; one that is deleted is gone, and no other."""
    place = tmp_path / data.draw(st.uuids()).hex
    with BlobStore(str(place)).together() as pack:
        digests = [pack.put(blob) for blob in blobs]
    assert digests == [sha256(blob).hexdigest() for blob in blobs]
    store = BlobStore(str(place))
    assert [store.get(digest) for digest in digests] == blobs
    if digests:
        gone = data.draw(st.sampled_from(digests))
        assert store.remove(gone)
        assert not store.has(gone)
        assert not store.remove(gone)
        assert [store.get(digest) for digest in digests if digest != gone] == [
            blob for blob, digest in zip(blobs, digests, strict=True) if digest != gone
        ]


def test_small_blobs_share_a_file_and_large_ones_do_not(url: str) -> None:
    """Ten thousand rows are one file; what is large lies alone."""
    store = BlobStore(url)
    with store.together() as pack:
        small = [pack.put(b"%d" % number) for number in range(MANY)]
        large = pack.put(b"x" * (SMALL + 1))
    packs = [path for path in store._files.find(store._root) if str(path).endswith(".pack")]
    assert len(packs) == 1
    assert store.get(small[-1]) == b"%d" % (MANY - 1)
    assert store.get(large) == b"x" * (SMALL + 1)


def test_other_stores_find_what_was_packed_later(url: str) -> None:
    """A store that is open already looks again before it says that a blob is missing, and forgets what was deleted."""
    first, second = BlobStore(url), BlobStore(url)
    with pytest.raises(BlobMissing):
        second.get(sha256(b"row").hexdigest())
    with first.together() as pack:
        digests = [pack.put(b"row"), pack.put(b"other")]
    assert second.get(digests[0]) == b"row"
    assert first.remove(digests[0])
    with pytest.raises(BlobMissing):
        second.get(digests[0])
    assert second.get(digests[1]) == b"other"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.integers(0, 40), max_size=20), max_size=4), st.sets(st.integers(0, 45)))
def test_many_are_deleted_as_one_by_one(tmp_path: Path, packs: list[set[int]], gone: set[int]) -> None:
    """From however many packs, those are gone that were meant, each pack is written anew once, and no other is."""
    place = tmp_path / uuid4().hex
    store = BlobStore(str(place))
    for held in packs:
        store.put_many({sha256(bytes([each])).hexdigest(): bytes([each]) for each in held})
    digests = {each: sha256(bytes([each])).hexdigest() for each in range(46)}
    there, before = set[int]().union(*packs), set(place.rglob("*.pack"))
    assert store.remove_packed([digests[each] for each in gone]) == {digests[each] for each in gone & there}
    anew = BlobStore(str(place))
    assert {each for each in digests if anew.has(digests[each])} == there - gone
    assert all(store.get(digests[each]) == bytes([each]) for each in there - gone)
    assert len(set(place.rglob("*.pack"))) <= len(before)


def test_the_same_rows_again_write_nothing(tmp_path: Path) -> None:
    """A table that is added twice is packed once."""
    for _ in range(2):
        with BlobStore(str(tmp_path)).together() as pack:
            for number in range(50):
                pack.put(b"%d" % number)
    assert len(list(tmp_path.rglob("*.pack"))) == 1


def test_threads_share_a_pack(tmp_path: Path) -> None:
    """Whichever thread puts a blob, it is there afterwards."""
    store = BlobStore(str(tmp_path))
    with ThreadPoolExecutor(8) as pool, store.together() as pack:
        digests = list(pool.map(lambda number: pack.put(b"%d" % number), range(500)))
    assert [store.get(digest) for digest in digests] == [b"%d" % number for number in range(500)]


def test_a_damaged_pack_is_told(tmp_path: Path) -> None:
    """Bytes that are not those of the digest are never handed out."""
    store = BlobStore(str(tmp_path))
    with store.together() as pack:
        digest = pack.put(b"a row of data")
    (path,) = tmp_path.rglob("*.pack")
    path.write_bytes(path.read_bytes().replace(b"a row", b"b row"))
    with pytest.raises(BlobCorrupt):
        store.get(digest)


def test_nothing_is_kept_of_what_broke_off(tmp_path: Path) -> None:
    """What waits is written at the end alone, so that an error leaves no half."""
    store = BlobStore(str(tmp_path))
    with suppress(RuntimeError), store.together() as pack:
        digest = pack.put(b"row")
        raise RuntimeError
    assert not store.has(digest)


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=12), st.booleans())
def test_the_index_knows_every_pack(packs: list[list[int]], asked_between: bool) -> None:
    """In however many packs blobs come, and whenever it is asked, each is found in all of its packs and no other is."""
    index = PackIndex()
    digests = [sha256(bytes([number])).digest() for number in range(61)]
    for number, held in enumerate(packs):
        entries = np.zeros(len(held), ENTRY)
        for entry, each in zip(entries, held, strict=True):
            digest = digests[each]
            entry["digest"], entry["key"], entry["place"], entry["length"] = digest, key_of(digest), each, number
        index.add(f"{number}.pack", entries)
        if asked_between:
            index.settled()
    settled = index.settled()
    there = {each for held in packs for each in held}
    assert settled.held(digests) == {digests[each] for each in there}
    for each in range(61):
        places = sorted((place.pack, place.start) for place in settled.places(digests[each]))
        wanted = [(f"{number}.pack", each) for number, held in enumerate(packs) for one in held if one == each]
        assert places == sorted(wanted)
    if asked_between:
        lengths = [len(run.keys) for run in settled.runs]
        assert all(2 * after < before for before, after in pairwise(lengths))
