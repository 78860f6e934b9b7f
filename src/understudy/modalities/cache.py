"""Features kept on disk by the content of what they were computed from."""

import fcntl
import hashlib
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError

Rows = npt.NDArray[np.float32]

LARGEST = float(np.finfo(np.float16).max)
"""Rows are kept as half floats; what is larger, either way, becomes this."""
_DIGEST_BYTES = 32
_WIDTH = ".width"


class FeaturesNotFinite(UnderstudyError):
    """An extractor gave something that is no number."""


class FeatureCache:
    """Rows of features on disk, found by their input's digest. Memory holds the digests, never the rows.

    Two files: rows as half floats, and the digests they belong to. A row counts once its digest is written, so a
    process that dies in between leaves nothing wrong behind; a lock lets several processes add.

    Args:
        folder: Where caches live; made if missing.
        address: Names exactly what was computed: encoder, part and precision of the arithmetic. Another address,
            another cache.
        width: Numbers in a row. Another width, another cache too.
    """

    def __init__(self, folder: Path, address: str, width: int) -> None:
        self.width = width
        address = hashlib.sha256(f"{address} {width}".encode()).hexdigest()[:24]
        self._row_bytes = 2 * self.width
        folder.mkdir(parents=True, exist_ok=True)
        self._rows, self._digests = folder / f"{address}.rows", folder / f"{address}.digests"
        self._rows.touch()
        self._digests.touch()
        (folder / f"{address}{_WIDTH}").write_text(str(self.width), encoding="ascii")
        self._index: dict[bytes, int] = {}
        self._known = 0
        self._load_index()

    def missing(self, digests: Sequence[str]) -> list[int]:
        """Positions in `digests` whose rows are not there yet; each missing input once."""
        self._load_index()
        seen: set[bytes] = set()
        positions = []
        for position, digest in enumerate(digests):
            key = bytes.fromhex(digest)
            if key not in self._index and key not in seen:
                seen.add(key)
                positions.append(position)
        return positions

    def add(self, digests: Sequence[str], rows: Rows) -> None:
        """Keeps rows, (n, width), under their digests.

        Raises:
            FeaturesNotFinite: A row holds something that is no number; infinity becomes the largest one.
        """
        if np.isnan(rows).any():
            raise _not_finite()
        with self._digests.open("ab") as keys, self._rows.open("r+b") as values:
            fcntl.flock(keys, fcntl.LOCK_EX)
            end = self._digests.stat().st_size // _DIGEST_BYTES
            keys.truncate(end * _DIGEST_BYTES)
            values.seek(end * self._row_bytes)
            values.write(np.clip(rows, -LARGEST, LARGEST).astype(np.float16).tobytes())
            values.flush()
            keys.write(b"".join(bytes.fromhex(digest) for digest in digests))
        self._load_index()

    def read(self, digests: Sequence[str], *, depth: int | None = None) -> Rows:
        """Returns the rows, (n, width), or their first `depth` numbers.

        Raises:
            KeyError: One of them was never added.
        """
        width = depth or self.width
        places = np.array([self._index[bytes.fromhex(digest)] for digest in digests], np.int64)
        rows = np.empty((len(digests), width), np.float32)
        with self._rows.open("rb", buffering=0) as file:
            for start, end in _runs(places):
                file.seek(int(places[start]) * self._row_bytes)
                run = np.fromfile(file, np.float16, (end - start) * self.width)
                rows[start:end] = run.reshape(end - start, self.width)[:, :width]
        return rows

    def _load_index(self) -> None:
        """Learns of rows that were added since, by this process or another."""
        if self._digests.stat().st_size // _DIGEST_BYTES <= self._known:
            return
        with self._digests.open("rb") as file:
            file.seek(self._known * _DIGEST_BYTES)
            while len(key := file.read(_DIGEST_BYTES)) == _DIGEST_BYTES:
                self._index.setdefault(key, self._known)
                self._known += 1


def forget_features(folder: Path, digests: Collection[str]) -> int:
    """Wipes what the caches in a folder know of inputs: rows and digests become zeros, and all else stays.

    A cache that does not say how wide its rows are, as early ones did not, is deleted; it can be made again.

    Args:
        folder: Where caches live; it need not be there.
        digests: Of the inputs' bytes, SHA-256 in hex.

    Returns:
        How many rows are gone.
    """
    wanted = {bytes.fromhex(digest) for digest in digests}
    return sum(_wiped(path, wanted) for path in sorted(folder.glob("*.digests"))) if wanted else 0


def _wiped(path: Path, wanted: Collection[bytes]) -> int:
    rows, width = path.with_suffix(".rows"), path.with_suffix(_WIDTH)
    with path.open("r+b") as keys:
        fcntl.flock(keys, fcntl.LOCK_EX)
        known = keys.read()
        starts = range(0, len(known) - _DIGEST_BYTES + 1, _DIGEST_BYTES)
        places = [start // _DIGEST_BYTES for start in starts if known[start : start + _DIGEST_BYTES] in wanted]
        if places and not (width.is_file() and rows.is_file()):
            rows.unlink(missing_ok=True)
            path.unlink()
        elif places:
            row_bytes = 2 * int(width.read_text(encoding="ascii"))
            with rows.open("r+b") as values:
                for place in places:
                    values.seek(place * row_bytes)
                    values.write(bytes(row_bytes))
                    keys.seek(place * _DIGEST_BYTES)
                    keys.write(bytes(_DIGEST_BYTES))
    return len(places)


def _runs(places: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of `places` that rise one by one, as (start, end): neighbours in the file are read in one go."""
    if not len(places):
        return []
    cuts = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist(), len(places)]
    return list(pairwise(cuts))


def _not_finite() -> FeaturesNotFinite:
    return FeaturesNotFinite(
        fact="The features of an input are not numbers.",
        reason="The extractor divides by zero or overflows on it.",
        remedy="Use the built-in extractor, or another one.",
    )
