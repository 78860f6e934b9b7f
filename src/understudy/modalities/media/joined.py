"""Files that stand behind one another in one file, as recorders save them: their times go on and do not start anew."""

from typing import Any, Final

from av.container import InputContainer

BACK: Final = 1.0
"""Seconds from which on going back in time is a new beginning; less is how pieces stand in some files."""
AHEAD: Final = 3600.0
"""Seconds from which on a leap is a new beginning too, in formats whose times may begin anywhere."""
BROADCAST: Final = frozenset({"mpeg", "mpegts"})
"""FFmpeg's names of those formats."""
NEAR: Final = 1.0
"""Seconds between the ends of pictures and sound of one file; within them both go on together. No piece lasts longer.
"""


class Onward:
    """Moves the times of pieces on where those of the next file begin.

    Args:
        container: Where they come from.
    """

    def __init__(self, container: InputContainer) -> None:
        self._leaps = container.format.name in BROADCAST
        self._furthest: dict[int, tuple[float, float]] = {}
        self._shifts: dict[int, float] = {}
        self._latest = 0.0

    def carry(self, packet: Any) -> Any:
        """The packet, moved; only from one that can be decoded alone may times start anew."""
        if packet.pts is None or not packet.time_base:
            return packet
        self._mend(packet)
        place, at = packet.stream.index, float(packet.pts * packet.time_base)
        (begun, lasts), shift = self._furthest.get(place, (at, 0.0)), self._shifts.get(place, 0.0)
        if packet.is_keyframe and self._anew(at + shift - begun):
            due = begun + lasts - at
            shift = self._latest if abs(self._latest - due) < NEAR else due
            self._shifts[place] = self._latest = shift
        if at + shift >= begun:
            lasts = min(NEAR, float((packet.duration or 0) * packet.time_base))
            self._furthest[place] = (at + shift, lasts)
        ticks = round(shift / packet.time_base)
        packet.pts += ticks
        if packet.dts is not None:
            packet.dts += ticks
        return packet

    def moved(self, stream: Any) -> bool:
        """Whether times of a stream have started anew so far."""
        return stream.index in self._shifts

    def _mend(self, packet: Any) -> None:
        """The last piece of a file may have been given its time by the first of the next, long before or after it."""
        if self._leaps and packet.dts is not None:
            ahead = float((packet.pts - packet.dts) * packet.time_base)
            if ahead < -BACK or ahead > AHEAD:
                packet.pts = packet.dts + (packet.duration or 0)

    def _anew(self, ahead: float) -> bool:
        return ahead < -BACK or (self._leaps and ahead > AHEAD)
