"""Blobs: bytes kept under the SHA-256 of themselves, in a folder or any store that fsspec reaches."""

import re
import threading
from collections.abc import Iterable
from hashlib import sha256
from types import TracebackType
from typing import Self
from uuid import uuid4

from fsspec.core import url_to_fs

from understudy.domain.errors import UnderstudyError
from understudy.store.packs import FULL, MANY, SMALL, Packs

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobMissing(UnderstudyError):
    """The store holds no blob of this digest."""


class BlobCorrupt(UnderstudyError):
    """A blob's bytes are not those it was stored with."""


class BlobStoreUnavailable(UnderstudyError):
    """The store cannot be reached, read or written."""


class BadDigest(UnderstudyError):
    """Something else was handed in where a digest belongs."""


class BlobStore:
    """Bytes by their SHA-256 digest.

    A blob lies at `ab/cd/abcd…`, so that no folder grows too long. It is written under another name and then moved:
    whoever finds a blob finds all of it. Small ones that `together` keeps share files in `packs/`. Threads and
    processes may share a store.

    Args:
        url: A folder's path, or any address that fsspec understands ("s3://bucket/blobs").

    Raises:
        BlobStoreUnavailable: Nothing installed here understands the address.
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, root = url_to_fs(url)
        except (ValueError, ImportError, OSError) as error:
            raise _unavailable("opened", error) from error
        self._root = str(root).rstrip("/")
        self._packs = Packs(self._files, f"{self._root}/packs")

    def put(self, data: bytes) -> str:
        """Stores bytes; costs one look-up when they are there already.

        Args:
            data: Any bytes, none included.

        Returns:
            Their SHA-256, in 64 lower-case hex digits.

        Raises:
            BlobStoreUnavailable: They could not be written; nothing half-written stands under the digest.
        """
        digest = sha256(data).hexdigest()
        path = self._path(digest)
        try:
            if not self._holds(path, len(data)):
                self._write(path, data)
        except OSError as error:
            raise _unavailable("written", error) from error
        return digest

    def together(self) -> "Together":
        """Stores many blobs, the small ones of which share files; to be used in a `with`."""
        return Together(self)

    def put_many(self, blobs: dict[str, bytes]) -> None:
        """Stores blobs as one file, those that are there already left out.

        Args:
            blobs: Bytes by their digest.

        Raises:
            BlobStoreUnavailable: They could not be written; none of them is there then.
        """
        try:
            self._packs.look()
            held = self._packs.held(blobs)
            self._packs.write([(digest, data) for digest, data in blobs.items() if digest not in held])
        except OSError as error:
            raise _unavailable("written", error) from error

    def get(self, digest: str) -> bytes:
        """Reads a blob and proves that its bytes are the right ones.

        Args:
            digest: Its SHA-256, in 64 lower-case hex digits.

        Raises:
            BadDigest: That is no digest.
            BlobMissing: There is no such blob.
            BlobCorrupt: Its bytes have changed since they were stored.
            BlobStoreUnavailable: The store does not answer.
        """
        path = self._path(digest)
        try:
            data = self._packs.get(digest)
            if data is None:
                data = self._loose(path)
            if data is None:
                self._packs.look()
                data = self._packs.get(digest)
        except OSError as error:
            raise _unavailable("read", error) from error
        if data is None:
            raise BlobMissing(
                fact=f"The blob {digest} is not there.",
                reason="It was never stored here, or someone removed it.",
                remedy="Check that the blob store belongs to this ledger, or add the file again.",
            )
        if sha256(data).hexdigest() != digest:
            raise BlobCorrupt(
                fact=f"The blob {digest} is damaged.",
                reason=f"Its {len(data)} bytes no longer have the digest they were stored under.",
                remedy=f"Remove {path} and add the file again, or restore it from a backup.",
            )
        return data

    def has(self, digest: str) -> bool:
        """Whether there is a blob of this digest; its bytes are not read.

        Raises:
            BadDigest: That is no digest.
            BlobStoreUnavailable: The store does not answer.
        """
        path = self._path(digest)
        try:
            return self._packs.holds(digest) or self._holds(path, None) or self._packed(digest)
        except OSError as error:
            raise _unavailable("read", error) from error

    def remove(self, digest: str) -> bool:
        """Deletes a blob for good.

        Args:
            digest: Its SHA-256, in 64 lower-case hex digits.

        Returns:
            Whether there was one.

        Raises:
            BadDigest: That is no digest.
            BlobStoreUnavailable: It could not be deleted.
        """
        path = self._path(digest)
        try:
            packed = bool(self._packs.remove([digest]))
            if not self._holds(path, None):
                return packed
            self._files.rm_file(path)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unavailable("written", error) from error
        return True

    def remove_packed(self, digests: Iterable[str]) -> set[str]:
        """Deletes many blobs for good where they share files with others; those that lie alone stay for `remove`.

        Args:
            digests: Their SHA-256.

        Returns:
            Those that shared a file.

        Raises:
            BlobStoreUnavailable: They could not be deleted, or not all of them.
        """
        try:
            return self._packs.remove(digests)
        except OSError as error:
            raise _unavailable("written", error) from error

    def _loose(self, path: str) -> bytes | None:
        try:
            found: bytes = self._files.cat_file(path)
        except FileNotFoundError:
            return None
        return found

    def _packed(self, digest: str) -> bool:
        self._packs.look()
        return self._packs.holds(digest)

    def _path(self, digest: str) -> str:
        if not _DIGEST.fullmatch(digest):
            raise BadDigest(
                fact=f"{digest[:80]!a} is not a digest.",
                reason="A blob is named by the SHA-256 of its bytes, 64 hex digits in lower case, and by nothing else.",
                remedy="Pass the digest that storing the bytes returned.",
            )
        return f"{self._root}/{digest[:2]}/{digest[2:4]}/{digest}"

    def _holds(self, path: str, size: int | None) -> bool:
        """Whether a blob of this size is there; one cut short by a failing disk counts as absent, and is mended."""
        try:
            found = self._files.info(path)
        except FileNotFoundError:
            return False
        return found["type"] == "file" and (size is None or found["size"] == size)

    def _write(self, path: str, data: bytes) -> None:
        beside = f"{path}.{uuid4().hex}.part"
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        try:
            self._files.pipe_file(beside, data)
            self._files.mv(beside, path)
        except BaseException:
            if self._files.exists(beside):
                self._files.rm_file(beside)
            raise


class Together:
    """Blobs that are stored together: small ones wait until there are enough for a file. Threads may share it.

    What was put is there for good once the `with` is left; until then it may be lost.

    Args:
        store: Where to.
    """

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._waiting: dict[str, bytes] = {}
        self._size = 0
        self._lock = threading.Lock()

    def put(self, data: bytes) -> str:
        """Stores bytes; returns their SHA-256 in hex.

        Raises:
            BlobStoreUnavailable: They could not be written.
        """
        if len(data) > SMALL:
            return self._store.put(data)
        digest = sha256(data).hexdigest()
        full: dict[str, bytes] = {}
        with self._lock:
            if digest not in self._waiting:
                self._waiting[digest] = data
                self._size += len(data)
            if self._size >= FULL or len(self._waiting) >= MANY:
                full, self._waiting, self._size = self._waiting, {}, 0
        if full:
            self._store.put_many(full)
        return digest

    def flush(self) -> None:
        """Writes what waits."""
        with self._lock:
            full, self._waiting, self._size = self._waiting, {}, 0
        if full:
            self._store.put_many(full)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()


def _unavailable(action: str, error: Exception) -> BlobStoreUnavailable:
    return BlobStoreUnavailable(
        fact=f"The blob store cannot be {action}.",
        reason=f"It says: {str(error).rstrip('.') or type(error).__name__}.",
        remedy="Check its address, its rights and its free space; then try again.",
    )
