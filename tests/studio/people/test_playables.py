"""Claims about inputs that are made anew for browsers."""

import hashlib
import os
from pathlib import Path

from clips import clip, moving
from recordings import encoded, melody, wav
from understudy.studio.people.inputs import PREVIEWS, drop_preview
from understudy.studio.people.playables import KEPT, Playables
from understudy.studio.workspace import Workspace


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shown(playables: Playables, modality: str, data: bytes) -> bytes:
    return playables.of(modality, digest_of(data), data)


def test_a_clip_is_made_anew_once(tmp_path: Path) -> None:
    """The first who looks has it made; it is read from then on, also by another server of the same workspace."""
    given = clip(moving(12), container="avi")
    made = shown(Playables(tmp_path), "video", given)
    assert made != given
    (place,) = tmp_path.iterdir()
    place.write_bytes(b"read, not made")
    assert shown(Playables(tmp_path), "video", given) == b"read, not made"


def test_what_is_played_as_it_is_stays_so(tmp_path: Path) -> None:
    """Nothing is written for it, for what cannot be opened, or for what is not played."""
    playables = Playables(tmp_path / "none")
    for modality, data in (("video", clip(moving(5), codec="libx264")), ("sound", wav(melody(1))), ("text", b"hello"),
                           ("sound", b"damaged"), ("video", b"damaged")):  # fmt: skip
        assert shown(playables, modality, data) == data
        assert shown(playables, modality, data) == data
    assert list(tmp_path.glob("none/*")) == []


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """Then the input is given as it is."""
    (tmp_path / "file").write_bytes(b"")
    given = encoded(melody(1), "aiff", "pcm_s16be")
    assert shown(Playables(tmp_path / "file"), "sound", given) == given


def test_the_ones_asked_for_last_stay(tmp_path: Path) -> None:
    """No more than a few lie there, and nothing half-written."""
    given = [encoded(melody(seed, 0.1), "aiff", "pcm_s16be") for seed in range(KEPT + 2)]
    playables = Playables(tmp_path)
    for place, each in enumerate(given):
        shown(playables, "sound", each)
        os.utime(tmp_path / f"{digest_of(each)}-sound.played", (place, place))
        shown(playables, "sound", given[0])
    left = {each.stem for each in tmp_path.iterdir()}
    assert left == {f"{digest_of(each)}-sound" for each in [given[0], *given[3:]]}


def test_forgetting_takes_it_along(tmp_path: Path) -> None:
    """What is forgotten is not to be seen in any form."""
    given = encoded(melody(1), "aiff", "pcm_s16be")
    with Workspace.open(tmp_path) as workspace:
        shown(Playables(workspace.cache / PREVIEWS), "sound", given)
        assert len(list((workspace.cache / PREVIEWS).iterdir())) == 1
        drop_preview(workspace, digest_of(given))
        assert list((workspace.cache / PREVIEWS).iterdir()) == []
