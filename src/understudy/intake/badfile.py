"""Findings about files that are left out, each with the file's name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.intake.incoming import readable_words
from understudy.intake.naming import MOST_EVIDENCE, listed
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality, Unreadable
from understudy.modalities.unreadable import in_words

OF_ANOTHER_KIND: Final = (FindingKind.NOT_AN_IMAGE, FindingKind.WRONG_KIND)


def unreadable(name: str, error: Unreadable, modality: Modality) -> Finding:
    """The file was read, but no input can be made of it."""
    kind = error.kind
    what, reason, remedy = map(readable_words, (error.what, error.reason, error.remedy))
    if kind in OF_ANOTHER_KIND and promises(name, modality) and "no kind" in what:
        kind, what = FindingKind.CORRUPT, "is damaged"
        reason = f"It is named like a {noun_of(modality.name).one}, but not even its first bytes are those of one."
        remedy = "Copy it again from where it came."
    severity = Severity.LOW if kind in OF_ANOTHER_KIND else Severity.MEDIUM
    return Finding(kind, severity, name, f"“{name}” {what}, so it was left out.", reason, remedy)


def unreadable_rows(names: Sequence[str], error: Unreadable, modality: Modality) -> Finding:
    """One finding for all rows of which no input can be made for the same reason.

    Args:
        names: Of the rows, at least one.
        error: What is the matter with the first.
        modality: What they should have been.
    """
    first = unreadable(names[0], error, modality)
    if len(names) == 1:
        return first
    rows = noun_of(modality.name).counted(len(names))
    fact = f"{rows} were left out, and the first {readable_words(error.what)}: {listed(names)}."
    return replace(first, fact=fact, evidence=tuple(names[:MOST_EVIDENCE]))


def promises(name: str, modality: Modality) -> bool:
    """Whether the name ends like that of a file of this modality."""
    return PurePosixPath(name).suffix.lower() in modality.suffixes


def unsafe_path(name: str, what: str) -> Finding:
    """The name leads somewhere it must not."""
    return Finding(
        FindingKind.UNSAFE_PATH,
        Severity.HIGH,
        name,
        f"“{name}” {what}, so it was left out.",
        "Only files inside the folder or archive that you named are read.",
        "Put the file itself there and name it by its place in it.",
    )


def missing_file(name: str, where: str) -> Finding:
    """A table names a file that is not there, or the file is gone."""
    return Finding(
        FindingKind.MISSING_FILE,
        Severity.MEDIUM,
        name,
        f"“{name}” is not there, so it was left out.",
        f"{where} names it, but there is no such file.",
        "Add the file, or correct its name.",
    )


def no_file(name: str, what: str) -> Finding:
    """Something is there, but nothing that holds bytes to be read."""
    return Finding(
        FindingKind.MISSING_FILE,
        Severity.MEDIUM,
        name,
        f"“{name}” is {what}, so it was left out.",
        "Only files are read, for an input is kept as it is and read more than once.",
        "Put the file itself there.",
    )


def forbidden_file(name: str, reason: str) -> Finding:
    """The operating system refuses to hand the file over."""
    return Finding(
        FindingKind.MISSING_FILE,
        Severity.MEDIUM,
        name,
        f"“{name}” could not be opened, so it was left out.",
        f"The system says: {reason}.",
        "See that you may read the file, then add it again.",
    )


def bad_row(where: str, number: int, what: str, reason: str = "") -> Finding:
    """A row of a table says nothing that can be used.

    Args:
        where: The table's name.
        number: The row's line in the file; the first is 1.
        what: What is the matter with it.
        reason: Why that leaves it out, or empty where it has the wrong cells.
    """
    return Finding(
        FindingKind.BAD_ROW,
        Severity.MEDIUM,
        f"{where}, line {number}",
        f"Line {number} of “{where}” {what}, so it was left out.",
        reason or "Each row needs one file name and as many cells as the first line.",
        "Correct the row, then add the table again: what is known already is not added twice.",
    )


def empty_folder(name: str, modality: Modality) -> Finding:
    """A class has a folder and nothing in it."""
    return Finding(
        FindingKind.EMPTY_FOLDER,
        Severity.MEDIUM,
        name,
        f"The folder “{name}” is empty.",
        f"A class needs {noun_of(modality.name).many} before it can be told from others.",
        f"Put {noun_of(modality.name).many} into it, or delete it.",
    )


def too_large_file(name: str, size: int, most: int) -> Finding:
    """A file is larger than those of its kind that are read.

    Args:
        name: The file's name.
        size: Bytes that it takes.
        most: Bytes that it might take.
    """
    takes = in_words(size) if in_words(size) != in_words(most) else f"{size:,} bytes"
    return Finding(
        FindingKind.TOO_LARGE,
        Severity.MEDIUM,
        name,
        f"“{name}” takes {takes}, so it was left out.",
        f"A file of this kind may take at most {in_words(most)}, so that none can fill the memory.",
        "Save it smaller, or cut it into pieces, and add those.",
    )


def too_large_member(name: str, what: str) -> Finding:
    """A member of an archive would unpack to more than is safe."""
    return Finding(
        FindingKind.TOO_LARGE,
        Severity.MEDIUM,
        name,
        f"“{name}” {what}, so it was left out.",
        "No file may fill the memory, and archives can be made to do so.",
        "If it is one of yours, add it outside the archive.",
    )


def corrupt_member(name: str, what: str) -> Finding:
    """A member of an archive cannot be unpacked."""
    return Finding(
        FindingKind.CORRUPT,
        Severity.MEDIUM,
        name,
        f"“{name}” {what}, so it was left out.",
        "The archive cannot give its bytes back.",
        "Make the archive again, without a password, and add it.",
    )
