"""Blobs: bytes kept under the SHA-256 of themselves, in a folder or any store that fsspec reaches."""

import re
from hashlib import sha256
from uuid import uuid4

from fsspec.core import url_to_fs

from understudy.domain.errors import UnderstudyError

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
    whoever finds a blob finds all of it. Threads and processes may share a store.

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
            data: bytes = self._files.cat_file(path)
        except FileNotFoundError as error:
            raise BlobMissing(
                fact=f"The blob {digest} is not there.",
                reason="It was never stored here, or someone removed it.",
                remedy="Check that the blob store belongs to this ledger, or add the file again.",
            ) from error
        except OSError as error:
            raise _unavailable("read", error) from error
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
            return self._holds(path, None)
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
            if not self._holds(path, None):
                return False
            self._files.rm_file(path)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unavailable("written", error) from error
        return True

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


def _unavailable(action: str, error: Exception) -> BlobStoreUnavailable:
    return BlobStoreUnavailable(
        fact=f"The blob store cannot be {action}.",
        reason=f"It says: {str(error).rstrip('.') or type(error).__name__}.",
        remedy="Check its address, its rights and its free space; then try again.",
    )
