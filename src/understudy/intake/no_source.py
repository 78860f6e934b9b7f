"""Files and folders that hold no examples, or not those of the project: said once, and what they are instead."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from understudy.intake.endings import commonest, ending, endings_of
from understudy.intake.incoming import FileUnreadable, SourceUnreadable
from understudy.intake.meant import Meant
from understudy.modalities.nouns import noun_of
from understudy.modalities.sniffing import SNIFFED, known_kind, what_it_is

DOCUMENTS: Final = frozenset((".docx", ".docm", ".pptx", ".odt", ".odp", ".epub", ".jar"))
"""Endings of what is a zip archive inside, and holds no examples."""
ARCHIVE: Final = ".zip"
LOOKED_AT: Final = 12
"""Files whose first bytes are looked at where most are named like another kind of input."""
MOST: Final = 0.5
"""Share of files above which most are of one kind."""


def check_archive(path: Path) -> None:
    """Refuses a file that is neither a table nor a zip archive, and says what it is.

    Raises:
        SourceUnreadable: It is something else, or cannot be opened.
    """
    suffix = ending(path.name)
    try:
        with path.open("rb") as file:
            head = file.read(SNIFFED)
    except OSError as error:
        raise SourceUnreadable(
            fact=f"“{path.name}” cannot be opened.",
            reason=f"The system says: {error.strerror}.",
            remedy="See that you may read it.",
        ) from error
    if suffix == ARCHIVE or (zipfile.is_zipfile(path) and suffix not in DOCUMENTS):
        return
    kind = commonest([path.name])
    if kind is not None and kind != "text":
        noun = noun_of(kind)
        raise SourceUnreadable(
            fact=f"“{path.name}” is a single {noun.one}.",
            reason=f"A model learns from many {noun.many}, and from what each of them shows.",
            remedy=f"Name the folder that holds the {noun.many}, with a folder for each answer in it.",
        )
    what = "a document" if suffix in DOCUMENTS else what_it_is(head)
    raise SourceUnreadable(
        fact=f"“{path.name}” holds no examples that can be read.",
        reason=f"It is {what}; examples come as a folder, a zip archive or a table (CSV, JSON lines, Excel).",
        remedy="Put texts into a table: a first line that names the columns, such as text,label, then a line each."
        if what == "a text"
        else "Name a table, or a folder with a folder for each answer in it.",
    )


def check_kind(name: str, paths: Sequence[str], meant: Meant, head: Callable[[str, int], bytes]) -> None:
    """Refuses files that are all, or plainly most of them, of another kind than the project's, once for all of them.

    Args:
        name: Of the folder or archive, for people.
        paths: The files in it.
        meant: What a person or the project says.
        head: Gives so many bytes from the beginning of a file.

    Raises:
        SourceUnreadable: Files are named like others than the project's: all of them, or most, and are those, too.
    """
    wanted, found = meant.kind, commonest(paths, known=meant.kind)
    if wanted is None or found is None or not endings_of(wanted) or found == wanted:
        return
    here, there = noun_of(found), noun_of(wanted)
    none = not any(ending(path) in endings_of(wanted) for path in paths)
    if not none and not _mostly(found, paths, head):
        return
    holds = "the project holds" if meant.task is not None else "you said that it holds"
    what = here.many if none else f"mostly {here.many}"
    few = f"none of these files is named like a {there.one}" if none else f"few of these files can be {there.many}"
    raise SourceUnreadable(
        fact=f"“{name}” holds {what}, and {holds} {there.many}.",
        reason=f"One project decides about one kind of input, and {few}.",
        remedy=f"Add {there.many}, or begin another project with these: understudy train FOLDER.",
    )


def _mostly(kind: str, paths: Sequence[str], head: Callable[[str, int], bytes]) -> bool:
    """Whether most files are named like inputs of a kind, and most of some of these begin like no text."""
    named = [path for path in paths if ending(path) in endings_of(kind)]
    if kind == "text" or len(named) <= MOST * len(paths):
        return False
    some = named[:: -(-len(named) // LOOKED_AT)]
    return sum(_begins_as_itself(path, head) for path in some) > MOST * len(some)


def _begins_as_itself(path: str, head: Callable[[str, int], bytes]) -> bool:
    try:
        return known_kind(head(path, SNIFFED)) is not None
    except FileUnreadable:
        return False
