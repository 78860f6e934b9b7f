"""Why a photo cannot be read, in words that a person can act on."""

from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import Unreadable
from understudy.modalities.unreadable import in_words, out_of_memory


class PhotoUnreadable(Unreadable):
    """The bytes are no photo, or one that is damaged or too large."""

    noun = "photo"


def not_an_image(what: str, remedy: str) -> PhotoUnreadable:
    """The bytes are of no admitted format."""
    return PhotoUnreadable(
        FindingKind.NOT_AN_IMAGE,
        f"is {what}",
        reason="Photos are read from JPEG, PNG, WebP, GIF, TIFF, BMP and HEIC files.",
        remedy=remedy,
    )


def unreadable(data: bytes, kind: str, error: Exception) -> PhotoUnreadable:
    """Turns what a decoder raised into words.

    Args:
        data: The file's bytes.
        kind: The format its first bytes announce.
        error: What the decoder raised.
    """
    if isinstance(error, MemoryError):
        return out_of_memory(PhotoUnreadable)
    if is_cut_off(data, kind, error):
        return PhotoUnreadable(
            FindingKind.TRUNCATED,
            f"is cut off after {in_words(len(data))}",
            reason=f"The {kind} file ends before its picture does.",
            remedy="Copy or upload it again from where it came.",
        )
    return PhotoUnreadable(
        FindingKind.CORRUPT,
        "is damaged",
        reason=f"It begins like a {kind} file, but its content cannot be decoded.",
        remedy="Copy it again from where it came, or save it anew from a program that opens it.",
    )


def is_cut_off(data: bytes, kind: str, error: Exception) -> bool:
    """Tells a file that ends too early from one that is damaged inside.

    Args:
        data: The file's bytes.
        kind: The format its first bytes announce.
        error: What the decoder raised.
    """
    if kind == "WEBP":
        return len(data) < 12 or int.from_bytes(data[4:8], "little") + 8 > len(data)
    if kind == "PNG":
        return b"IEND" not in data[-64:]
    if kind == "JPEG":
        return b"\xff\xd9" not in data[-1024:]
    if kind == "GIF":
        return not data.rstrip(b"\x00").endswith(b";")
    words = str(error).lower()
    return isinstance(error, EOFError) or any(hint in words for hint in ("truncat", "unexpected end", "end of file"))
