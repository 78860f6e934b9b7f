"""A recording as browsers play it."""

from typing import BinaryIO, Final

import av

from understudy.modalities.media import unreadable as why
from understudy.modalities.media.container import known, opened
from understudy.modalities.media.playing import SOUNDS, Soundtrack, decoded, plays
from understudy.modalities.media.unreadable import RecordingUnreadable

FINEST: Final = 192_000
"""Samples a second that every browser plays."""


def playable_recording(data: bytes, into: BinaryIO) -> bool:
    """Writes a recording as FLAC, in at most two channels of 48 kHz.

    Returns:
        Whether it did; browsers play others as they are.

    Raises:
        RecordingUnreadable: It cannot be opened, or there is no sound in it.
    """
    with opened(data, RecordingUnreadable) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise why.without_content(RecordingUnreadable, "sound")
        known(stream, RecordingUnreadable)
        if plays(container, stream, SOUNDS) and stream.rate <= FINEST:
            return False
        with av.open(into, "w", format="flac") as made:
            track = Soundtrack(made, "flac", "s16", stream)
            for frame in decoded(container, stream):
                track.add(frame)
            track.end()
    return True
