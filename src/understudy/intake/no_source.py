"""Files and folders that hold no examples, or not those of the project: said once, and what they are instead."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from understudy.domain.noun import noun_of
from understudy.intake.endings import commonest, ending, endings_of
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.modalities.sniffing import SNIFFED, what_it_is

DOCUMENTS: Final = frozenset((".docx", ".docm", ".pptx", ".odt", ".odp", ".epub", ".jar"))
"""Endings of what is a zip archive inside, and holds no examples."""
ARCHIVE: Final = ".zip"


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


def check_kind(name: str, paths: Sequence[str], meant: Meant) -> None:
    """Refuses files that are all of another kind than the project's, once for all of them.

    Args:
        name: Of the folder or archive, for people.
        paths: The files in it.
        meant: What a person or the project says.

    Raises:
        SourceUnreadable: None of them is named like an input of the project, and some are like others.
    """
    wanted, found = meant.kind, commonest(paths)
    if wanted is None or found is None or not endings_of(wanted) or found == wanted:
        return
    if any(ending(path) in endings_of(wanted) for path in paths):
        return
    here, there = noun_of(found), noun_of(wanted)
    holds = "the project holds" if meant.task is not None else "you said that it holds"
    raise SourceUnreadable(
        fact=f"“{name}” holds {here.many}, and {holds} {there.many}.",
        reason=f"One project decides about one kind of input, and none of these files is named like a {there.one}.",
        remedy=f"Add {there.many}, or begin another project with these: understudy train FOLDER.",
    )
