"""A tree of files in a folder on disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from understudy.domain.finding import Finding
from understudy.intake.badfile import forbidden_file, missing_file, no_file, too_large_file, unsafe_path
from understudy.intake.incoming import FileUnreadable, SourceUnreadable, readable_name
from understudy.intake.tree import Listing, is_left_behind


class Folder:
    """A folder on disk. Links to files inside it are followed, links that lead out of it and to folders are not."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        """The folder's own name."""
        return readable_name(self._root.resolve().name or str(self._root))

    def listing(self) -> Listing:
        """Lists everything below the folder, sorted by path.

        Raises:
            SourceUnreadable: The folder itself cannot be listed.
        """
        files: list[str] = []
        folders: list[str] = []
        findings: list[Finding] = []
        ignored = 0
        for place, below, names in os.walk(self._root, onerror=_refused):
            here = Path(place).relative_to(self._root).as_posix()
            for name, listed in [(name, folders) for name in below] + [(name, files) for name in names]:
                path = name if here == "." else f"{here}/{name}"
                if is_left_behind(path):
                    ignored += listed is files
                elif listed is folders and (self._root / path).is_symlink():
                    findings.append(unsafe_path(readable_name(path), "is a link to another folder"))
                else:
                    listed.append(path)
        return Listing(sorted(files), sorted(folders), sorted(findings, key=lambda one: one.subject), ignored)

    def problem(self, path: str) -> Finding | None:
        """Why the file must not be read, or is missing."""
        name = readable_name(path)
        if "\x00" in path:
            return unsafe_path(name, "holds characters that no name has")
        place = self._root / path
        try:
            if not place.resolve().is_relative_to(self._resolved):
                return unsafe_path(name, "leads out of the folder")
            if place.is_dir() or (place.exists() and not place.is_file()):
                return no_file(name, "a folder" if place.is_dir() else "a pipe, a socket or a device")
            return None if place.is_file() else missing_file(name, f"“{self.name}”")
        except (OSError, RuntimeError) as error:
            return forbidden_file(name, str(error))

    def read(self, path: str, most: int) -> bytes:
        """Reads a file of at most so many bytes.

        Raises:
            FileUnreadable: It is larger, missing, leads out of the folder or cannot be opened.
        """
        with self._opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > most:
                raise FileUnreadable(too_large_file(readable_name(path), size, most))
            return file.read(most)

    def head(self, path: str, length: int) -> bytes:
        """Reads so many bytes from the beginning of a file, however large it is.

        Raises:
            FileUnreadable: It is missing, leads out of the folder or cannot be opened.
        """
        with self._opened(path) as file:
            return file.read(length)

    @contextmanager
    def _opened(self, path: str) -> Iterator[BinaryIO]:
        problem = self.problem(path)
        if problem:
            raise FileUnreadable(problem)
        try:
            with (self._root / path).open("rb") as file:
                yield file
        except OSError as error:
            raise FileUnreadable(forbidden_file(readable_name(path), error.strerror or str(error))) from error

    @cached_property
    def _resolved(self) -> Path:
        return self._root.resolve()


def _refused(error: OSError) -> None:
    raise SourceUnreadable(
        fact=f"The folder “{readable_name(str(error.filename))}” cannot be listed.",
        reason=f"The system says: {error.strerror}.",
        remedy="See that you may read it, or leave it out.",
    ) from error
