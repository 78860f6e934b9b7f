"""Findings about files that are left out, each with the file's name."""

from pathlib import PurePosixPath

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.image.formats import SUFFIXES
from understudy.modalities.image.unreadable import PhotoUnreadable


def unreadable_photo(name: str, error: PhotoUnreadable) -> Finding:
    """The file was read, but no photo can be made of it."""
    kind, what, reason, remedy = error.kind, error.what, error.reason, error.remedy
    if kind is FindingKind.NOT_AN_IMAGE and promises_photo(name) and "no kind" in what:
        kind, what = FindingKind.CORRUPT, "is damaged"
        reason = "It is named like a photo, but not even its first bytes are those of one."
        remedy = "Copy it again from where it came."
    severity = Severity.LOW if kind is FindingKind.NOT_AN_IMAGE else Severity.MEDIUM
    return Finding(kind, severity, name, f"“{name}” {what}, so it was left out.", reason, remedy)


def promises_photo(name: str) -> bool:
    """Whether the name ends like a photo's."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


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


def bad_row(where: str, number: int, what: str) -> Finding:
    """A row of a table says nothing that can be used.

    Args:
        where: The table's name.
        number: The row's line in the file; the first is 1.
        what: What is the matter with it.
    """
    return Finding(
        FindingKind.BAD_ROW,
        Severity.MEDIUM,
        f"{where}, line {number}",
        f"Line {number} of “{where}” {what}, so it was left out.",
        "Each row needs one file name and as many cells as the first line.",
        "Correct the row, then add the table again: what is known already is not added twice.",
    )


def empty_folder(name: str) -> Finding:
    """A class has a folder and nothing in it."""
    return Finding(
        FindingKind.EMPTY_FOLDER,
        Severity.MEDIUM,
        name,
        f"The folder “{name}” is empty.",
        "A class needs photos before it can be told from others.",
        "Put photos into it, or delete it.",
    )


def too_large_member(name: str, what: str) -> Finding:
    """A member of an archive would unpack to more than is safe."""
    return Finding(
        FindingKind.TOO_LARGE,
        Severity.MEDIUM,
        name,
        f"“{name}” {what}, so it was left out.",
        "No file may fill the memory, and archives can be made to do so.",
        "If it is a photo, add it outside the archive.",
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
