"""A tree of files in a zip archive, read member by member and never unpacked to disk."""

import re
import stat
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from understudy.domain.finding import Finding
from understudy.intake.badfile import corrupt_member, missing_file, too_large_file, too_large_member, unsafe_path
from understudy.intake.incoming import FileUnreadable, SourceUnreadable, readable_name
from understudy.intake.tree import Listing, is_left_behind

MAX_MEMBERS: Final = 2_000_000
MAX_RATIO: Final = 200
"""Photos are compressed already; what unpacks to more than this many times its size is made to fill a memory."""

SMALL: Final = 1_000_000
"""Bytes up to which the ratio does no harm."""


class Archive:
    """A zip archive, open until it is closed.

    Raises:
        SourceUnreadable: The file is no zip archive, or one that is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceUnreadable(
                fact=f"“{path.name}” cannot be opened as a zip archive.",
                reason=f"It is no archive, or was cut off: {error}.",
                remedy="Make the archive again, or name the folder itself.",
            ) from error
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise SourceUnreadable(
                fact=f"“{path.name}” holds {len(self._zip.infolist()):,} files.",
                reason=f"At most {MAX_MEMBERS:,} are read from one archive, so that none can fill the memory.",
                remedy="Split it into several archives.",
            )
        self._members = {
            info.filename.removeprefix("./"): info for info in self._zip.infolist() if not info.filename.endswith("/")
        }
        self._top = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def name(self) -> str:
        """The archive's file name."""
        return readable_name(self._path.name)

    def listing(self) -> Listing:
        """Lists everything, sorted by path; a single folder around it all is left away from the paths."""
        files: list[str] = []
        folders = {info.filename.strip("/") for info in self._zip.infolist() if info.filename.endswith("/")}
        findings: list[Finding] = []
        ignored = 0
        for path, info in self._members.items():
            finding = _refusal(path, info)
            if is_left_behind(path) and not _escapes(path):
                ignored += 1
            elif finding:
                findings.append(finding)
            else:
                files.append(path)
                folders.update(_parents(path))
        folders = {folder for folder in folders if not is_left_behind(folder) and not _escapes(folder)}
        self._top = _single_top(files, folders)
        cut = len(self._top)
        return Listing(
            sorted(path[cut:] for path in files),
            sorted(folder[cut:] for folder in folders if folder.startswith(self._top)),
            sorted(findings, key=lambda one: one.subject),
            ignored,
        )

    def problem(self, path: str) -> Finding | None:
        """Why the member must not be read, or is missing."""
        info = self._members.get(self._top + path)
        if info is None:
            name = readable_name(path)
            return unsafe_path(name, "leads out of the archive") if _escapes(path) else missing_file(name, self.name)
        return _refusal(path, info)

    def read(self, path: str, most: int) -> bytes:
        """Unpacks one member of at most so many bytes in memory.

        Raises:
            FileUnreadable: It is larger, missing, unsafe, encrypted or damaged.
        """
        info = self._members.get(self._top + path)
        if info is not None and info.file_size > most:
            raise FileUnreadable(self.problem(path) or too_large_file(readable_name(path), info.file_size, most))
        return self.head(path, most)

    def head(self, path: str, length: int) -> bytes:
        """Unpacks so many bytes from the beginning of a member, however large it is.

        Raises:
            FileUnreadable: It is missing, unsafe, encrypted or damaged.
        """
        problem = self.problem(path)
        if problem:
            raise FileUnreadable(problem)
        try:
            with self._zip.open(self._members[self._top + path]) as member:
                return member.read(length)
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, ValueError) as error:
            finding = corrupt_member(readable_name(path), "cannot be unpacked")
            raise FileUnreadable(finding) from error


def _escapes(path: str) -> bool:
    """Whether a member's name is absolute, climbs out, or names a drive."""
    parts = re.split(r"[/\\]", path)
    return ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", path) is not None


def _refusal(path: str, info: zipfile.ZipInfo) -> Finding | None:
    """Why a member must not be read, from its entry alone."""
    name = readable_name(path)
    if _escapes(path):
        return unsafe_path(name, "leads out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        return unsafe_path(name, "is a link, not a file")
    if info.flag_bits & 1:
        return corrupt_member(name, "is locked with a password")
    if info.file_size > SMALL and info.file_size > MAX_RATIO * info.compress_size:
        return too_large_member(name, f"would unpack to more than {MAX_RATIO} times its size")
    return None


def _parents(path: str) -> set[str]:
    parts = path.split("/")[:-1]
    return {"/".join(parts[: depth + 1]) for depth in range(len(parts))}


def _single_top(files: list[str], folders: set[str]) -> str:
    """The one folder around everything, with its "/"; empty where there is none or it is itself a class."""
    tops = {path.split("/")[0] for path in [*files, *folders]}
    if len(tops) != 1 or not all("/" in path for path in files):
        return ""
    top = next(iter(tops)) + "/"
    holds_folders = any(folder.startswith(top) for folder in folders)
    holds_table = any(path.lower().endswith((".csv", ".jsonl")) and path.count("/") == 1 for path in files)
    return top if holds_folders or holds_table else ""
