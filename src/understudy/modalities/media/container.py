"""Containers of sound and video, opened from bytes by FFmpeg (PyAV), with suspicion.

Only formats that hold their own content are admitted: playlists and descriptions that name other files or addresses
(HLS, DASH, concat, SDP) are refused before anything in them is followed, and so are pictures.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import av
from av.container import InputContainer
from av.stream import Stream

from understudy.domain.errors import UnderstudyError
from understudy.modalities.media import unreadable as why
from understudy.modalities.media.unreadable import Kind
from understudy.modalities.unreadable import empty, out_of_memory, too_heavy

MAX_BYTES: Final = 4 * 10**9
"""Size of the largest file that is looked at."""

ADMITTED: Final = (
    "3gp,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,av1,avi,caf,dsf,dts,dv,eac3,f4v,flac,flv,gif,gsm,gxf,h264,hevc,ilbc,"
    "ivf,m4v,matroska,mjpeg,mlp,mov,mp2,mp3,mp4,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,oma,qcp,rm,shn,tak,truehd,tta,"
    "vc1,voc,w64,wav,webm,wsd,wtv,wv,xwma,yuv4mpegpipe"
)
"""FFmpeg's names of the formats that may be opened."""

OPTIONS: Final = {"format_whitelist": ADMITTED, "protocol_whitelist": "none"}
"""No protocol at all: the bytes are handed over, and whatever they name stays unopened."""

_MEDIA_TYPES: Final = {
    "wav": "audio/wav",
    "w64": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "mov": "audio/mp4",
    "matroska": "audio/webm",
}
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*")
_OTHERS: Final = (
    (b"%PDF", "is a PDF document", "Leave it out."),
    (b"PK\x03\x04", "is a zip archive or an office document", "Unpack it and add what is in it."),
    (b"#EXTM3U", "is a playlist", "Add the files that it names."),
    (b"ffconcat", "is a playlist", "Add the files that it names."),
)


@contextmanager
def opened(data: bytes, kind: Kind, *, max_bytes: int = MAX_BYTES) -> Iterator[InputContainer]:
    """Opens a container; whatever FFmpeg raises on a damaged file becomes a reason in words.

    Args:
        data: The file's bytes.
        kind: The error that is raised.
        max_bytes: Length of `data` above which it is refused.

    Raises:
        Unreadable: The bytes are empty, too many, no admitted container, or damaged.
    """
    if not data:
        raise empty(kind)
    if len(data) > max_bytes:
        raise too_heavy(kind, len(data), max_bytes, "Cut it into pieces, or save it with a stronger compression.")
    try:
        container = av.open(io.BytesIO(data), "r", metadata_errors="ignore", options=OPTIONS)
    except MemoryError as error:
        raise out_of_memory(kind) from error
    except Exception as error:
        # FFmpeg meets strange bytes with a dozen kinds of errors, and Python's own stand among them.
        raise _not_opened(data, kind, error) from error
    try:
        with container:
            yield container
    except UnderstudyError:
        raise
    except MemoryError as error:
        raise out_of_memory(kind) from error
    except (av.FFmpegError, ValueError, LookupError, ArithmeticError, OSError, RuntimeError) as error:
        raise why.damaged(kind, short(error)) from error


def known(stream: Stream, kind: Kind) -> None:
    """Makes sure that there is a decoder for a stream.

    Raises:
        Unreadable: There is none.
    """
    if stream.codec_context is None:
        raise why.damaged(kind, "nothing is known that decodes what the file says it holds")


def media_type(data: bytes, *, video: bool) -> str:
    """Under which media type a browser plays it; by its first bytes, nothing is decoded."""
    name = _format_of(data)
    found = _MEDIA_TYPES.get(name, "")
    if video:
        return {"mov": "video/mp4", "matroska": "video/webm", "ogg": "video/ogg"}.get(name, "application/octet-stream")
    return found or "application/octet-stream"


def ends_early(data: bytes) -> bool:
    """Whether the file's own sizes say that bytes are missing at its end.

    RIFF (WAV, AVI), ISO media (MP4, M4A, MOV) and Ogg say how long their pieces are; others do not, or only inside.
    """
    if data[:4] == b"RIFF":
        return _riff_ends_early(data)
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _boxes_end_early(data)
    if data[:4] == b"OggS":
        return _pages_end_early(data)
    return False


def short(error: Exception) -> str:
    """What FFmpeg said, without numbers and addresses."""
    text = str(getattr(error, "strerror", None) or error or type(error).__name__)
    return text.split("returned", maxsplit=1)[0].strip(" .:'")[:80] or type(error).__name__


def _not_opened(data: bytes, kind: Kind, error: Exception) -> UnderstudyError:
    for magic, what, remedy in _OTHERS:
        if data.startswith(magic):
            return why.other_kind(kind, what, remedy)
    if data.startswith(_PICTURES) or data[8:12] in (b"WEBP", b"heic", b"avif", b"mif1"):
        return why.other_kind(kind, "is a picture", "Add it to a project of photos.")
    if _format_of(data):
        if ends_early(data) or len(data) < 64:
            return why.cut_off(kind, len(data), None, None)
        return why.damaged(kind, short(error))
    if _is_text(data[:1024]):
        return why.other_kind(kind, "is text", f"Leave it out, or add the {kind.noun} that it stands for.")
    return why.other_kind(kind, "is of no kind that is known here", "Save it anew as WAV, FLAC, MP3, OGG, M4A or MP4.")


def _format_of(data: bytes) -> str:
    """FFmpeg's name for the commonest formats by their first bytes, or nothing."""
    head = data[:12]
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "")
    for magic, name in (
        (b"fLaC", "flac"),
        (b"OggS", "ogg"),
        (b"ID3", "mp3"),
        (b"FORM", "aiff"),
        (b"\x1aE\xdf\xa3", "matroska"),
        (b"FLV\x01", "flv"),
        (b"riff", "w64"),
        (b"GIF8", "gif"),
        (b"0&\xb2u\x8ef\xcf\x11", "asf"),
    ):
        if head.startswith(magic):
            return name
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "mov"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return ""


def _riff_ends_early(data: bytes) -> bool:
    promised = int.from_bytes(data[4:8], "little") + 8
    unknown = promised in (8, 2**32 + 7) or promised > 2**32 - 2**16  # Written to a pipe, nobody came back to say.
    return not unknown and promised > len(data) + 8


def _boxes_end_early(data: bytes) -> bool:
    place = 0
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        if size == 0:
            return False
        if size < 8:
            return False
        place += size
    return place > len(data)


def _pages_end_early(data: bytes) -> bool:
    place = data.rfind(b"OggS")
    table = data[place + 27 : place + 27 + (data[place + 26] if place + 26 < len(data) else 255)]
    if place + 27 > len(data) or len(table) < data[place + 26]:
        return True
    return place + 27 + len(table) + sum(table) > len(data)


def _is_text(head: bytes) -> bool:
    try:
        text = head[:-3].decode("utf-8") if len(head) == 1024 else head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and all(sign.isprintable() or sign.isspace() for sign in text)
