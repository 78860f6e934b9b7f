"""A workspace that the real command trained, for tests to look at or to copy."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from understudy.studio.workspace import Workspace

PROJECT = "blades"


@dataclass(frozen=True)
class Trained:
    """What `understudy train blades` left.

    Attributes:
        place: The folder where it was typed; its name holds a space and letters beyond ASCII.
        said: What it printed.
    """

    place: Path
    said: str

    @property
    def folder(self) -> Path:
        """The workspace. Tests that change it take a `copy`."""
        return self.place / "understudy-workspace"

    @property
    def photos(self) -> Path:
        """A folder a class."""
        return self.place / PROJECT

    @property
    def photo(self) -> Path:
        """One of them."""
        return self.photos / "amber" / "photo 0.jpg"

    def copy(self, to: Path) -> Path:
        """A workspace of the same content that may be changed."""
        return Path(shutil.copytree(self.folder, to / "copy"))

    def open(self) -> Workspace:
        """The workspace, to be read."""
        return Workspace.open(self.folder)
