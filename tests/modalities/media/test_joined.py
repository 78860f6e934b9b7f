"""Claims about files that stand behind one another in one."""

import io
from itertools import pairwise

import av
import pytest

from clips import clip, moving
from understudy.modalities.media.joined import Onward


@pytest.mark.parametrize("starts", [(0, 0), (9000, 0, 0), (0, 9000), (20_000, 40_000, 0)])
def test_times_go_on_in_step(starts: tuple[int, ...]) -> None:
    """From file to file pictures and sound are moved by the same, to where the file before ended, and none is lost."""
    parts = [
        clip(moving(50), rate=25, container="mpegts", codec="mpeg2video", sound=2.0, late=start, heard_late=start)
        for start in starts
    ]
    times: dict[str, list[float]] = {"video": [], "audio": []}
    with av.open(io.BytesIO(b"".join(parts))) as container:
        onward = Onward(container)
        for packet in map(onward.carry, container.demux()):
            if packet.pts is not None:
                times[packet.stream.type].append(float(packet.pts * packet.time_base))
        assert all(map(onward.moved, container.streams))
    assert len(times["video"]) == 50 * len(starts)
    for each in times.values():
        assert all(abs(late - early) < 0.3 for early, late in pairwise(each))
        assert each[-1] - each[0] == pytest.approx(2 * len(starts), abs=0.3)
    assert times["audio"][-1] - times["video"][-1] == pytest.approx(0.1, abs=0.15)
