"""What folders say about the photos in them: the class, and what lies below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SPLITS: Final = frozenset(("train", "training", "test", "testing", "val", "valid", "validation", "dev"))
"""Folders that hold parts of a set rather than classes, as Hugging Face's image folders do."""


@dataclass(frozen=True)
class Place:
    """What the place of a file says.

    Attributes:
        label: The class, or None: the file lies in no folder, or in one that starts with "_".
        folder: The folders below the class, with "/" between them; empty where there are none.
    """

    label: str | None
    folder: str


@dataclass(frozen=True)
class Layout:
    """How a tree is laid out.

    Attributes:
        depth: At which level of folders the classes stand: 0, or 1 below split folders.
    """

    depth: int

    def place(self, path: str) -> Place:
        """Reads the class from a path ("crack/wall3/a.jpg" is of class "crack", in "wall3")."""
        folders = path.split("/")[:-1]
        if len(folders) <= self.depth or folders[0].startswith("_") or folders[self.depth].startswith("_"):
            return Place(None, "/".join(folders[self.depth :]))
        return Place(folders[self.depth], "/".join(folders[self.depth + 1 :]))

    def classes(self, folders: Sequence[str]) -> list[str]:
        """The paths of the folders that stand for classes."""
        at_level = [folder for folder in folders if folder.count("/") == self.depth]
        return [folder for folder in at_level if not any(part.startswith("_") for part in folder.split("/"))]


def layout_of(folders: Sequence[str]) -> Layout:
    """Tells split folders from classes: all first folders are named like splits and have classes in common.

    Args:
        folders: The paths of all folders.
    """
    tops = [folder for folder in folders if "/" not in folder and not folder.startswith("_")]
    if not tops or any(top.lower() not in SPLITS for top in tops):
        return Layout(0)
    below = [{folder.split("/")[1] for folder in folders if folder.startswith(f"{top}/")} for top in tops]
    filled = [classes for classes in below if classes]
    return Layout(1 if filled and set.intersection(*filled) else 0)
