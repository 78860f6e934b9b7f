"""Why a recording or a clip cannot be read, in words that a person can act on."""

from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import Unreadable
from understudy.modalities.unreadable import in_words

Kind = type[Unreadable]
"""Whose words they are: `RecordingUnreadable` or `ClipUnreadable`."""


class RecordingUnreadable(Unreadable):
    """The bytes are no recording, or one that is damaged or too long."""

    noun = "recording"


class ClipUnreadable(Unreadable):
    """The bytes are no clip, or one that is damaged or too long."""

    noun = "clip"


def without_content(kind: Kind, what: str) -> Unreadable:
    """The container is whole and there is nothing in it."""
    return kind(
        FindingKind.EMPTY_FILE,
        f"holds no {what}",
        reason="The file has a beginning that announces it, and nothing after that.",
        remedy="Make it again, or leave it out.",
    )


def too_short(kind: Kind, seconds: float, finest: str) -> Unreadable:
    """All of it is shorter than what is told apart.

    Args:
        kind: Whose words.
        seconds: That it lasts.
        finest: How finely it is looked at ("16 kHz").
    """
    return kind(
        FindingKind.EMPTY_FILE,
        f"lasts {time_in_words(seconds) if seconds >= 1 else f'{seconds * 1000:.3g} ms'}",
        reason=f"A {kind.noun} is brought to {finest}, and nothing is left of it.",
        remedy="Make it again, or leave it out.",
    )


def too_long(kind: Kind, limit: float) -> Unreadable:
    """It goes on for longer than is decoded."""
    return kind(
        FindingKind.TOO_LARGE,
        f"lasts longer than {time_in_words(limit)}",
        reason=f"A {kind.noun} may last at most {time_in_words(limit)}, so that no file can keep the machine busy.",
        remedy="Cut it into pieces and add those.",
    )


def other_kind(kind: Kind, what: str, remedy: str) -> Unreadable:
    """The bytes are something else."""
    return kind(
        FindingKind.WRONG_KIND,
        what,
        reason=f"A {kind.noun} was expected, in a format that FFmpeg's decoders read.",
        remedy=remedy,
    )


def cut_off(kind: Kind, length: int, there: float | None, promised: float | None) -> Unreadable:
    """The file ends before it should.

    Args:
        kind: Whose words.
        length: Of the file, in bytes.
        there: Seconds that can be decoded, if that is known.
        promised: Seconds that the file announces, if it does.
    """
    if there is not None and promised is not None:
        reason = f"It announces {time_in_words(promised)}, and only {time_in_words(there)} can be decoded."
    else:
        reason = "Its last piece is shorter than its beginning says."
    return kind(
        FindingKind.TRUNCATED,
        f"is cut off after {in_words(length)}",
        reason=reason,
        remedy="Copy or upload it again from where it came.",
    )


def damaged(kind: Kind, why: str) -> Unreadable:
    """What is inside cannot be decoded."""
    return kind(
        FindingKind.CORRUPT,
        "is damaged",
        reason=f"Its content cannot be decoded ({why}).",
        remedy="Copy it again from where it came, or save it anew from a program that opens it.",
    )


def time_in_words(seconds: float) -> str:
    """A length of time for people ("4 hours", "12.3 s")."""
    if seconds >= 7200:
        return f"{seconds / 3600:,.3g} hours"
    if seconds >= 180:
        return f"{seconds / 60:,.3g} minutes"
    return f"{seconds:.3g} s"


def span_in_words(start: float, end: float) -> str:
    """A stretch of time for people ("12 to 14 s", "1:03:10 to 1:03:12")."""
    if end < 60:
        return f"{start:.3g} to {end:.3g} s"
    return f"{_clock(start)} to {_clock(end)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
