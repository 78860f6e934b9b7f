"""What is known of clips without a model: facts, twins, types, golden clips."""

import numpy as np
import pytest

from clips import clip, moving, still
from understudy.modalities.media.likeness import distance
from understudy.modalities.registry import modality_named
from understudy.modalities.video.fingerprint import NEAR
from understudy.modalities.video.modality import MODALITY


def test_videos_are_a_modality() -> None:
    """They are found by name, with the endings of their files."""
    assert modality_named("video") is MODALITY
    assert {".mp4", ".mov", ".avi", ".mkv", ".webm"} <= MODALITY.suffixes


def test_facts_are_measured() -> None:
    """Length, size, rate, sound and motion are told as they are."""
    facts = MODALITY.facts(clip(moving(20), sound=1.0))
    assert (facts["width"], facts["height"], facts["aspect"]) == (96, 64, 1.5)
    assert facts["seconds"] == pytest.approx(2, abs=0.15)
    assert facts["rate"] == 10
    assert facts["sound"] == "yes"
    assert facts["format"] == "mov"
    assert facts["codec"] == "mpeg4"
    assert set(facts) == MODALITY.origin_facts | MODALITY.look_facts


def test_motion_and_cuts_are_told() -> None:
    """Something that moves, nothing that does, and a change of scene differ in the facts."""
    going, resting = MODALITY.facts(clip(moving(20))), MODALITY.facts(clip(still(20)))
    white, black = np.full((64, 96, 3), 250, np.uint8), np.full((64, 96, 3), 5, np.uint8)
    cut = MODALITY.facts(clip([white] * 10 + [black] * 10))
    assert float(str(going["motion"])) > 5 * float(str(resting["motion"]))
    assert (going["stillness"], resting["stillness"]) == (0, 1)
    assert (resting["cuts"], cut["cuts"]) == (0, 1)


def test_the_same_clip_saved_anew_is_a_twin() -> None:
    """Another format, another rate and another brightness leave a clip's fingerprint near what it was."""
    darker = [(frame * 0.8).astype(np.uint8) for frame in moving(20)]
    made = [moving(20, seed=1), moving(20, speed=-3, seed=2), moving(20)]
    files = [clip(frames) for frames in made]
    twins = [clip(moving(20), container="avi", codec="mjpeg"), clip(darker), clip(moving(20), codec="libx264", keys=5)]
    prints = [MODALITY.inspect(data).fingerprint for data in files + twins]
    pairs = list(MODALITY.pairs(prints, newcomers=6))
    assert {place for pair in pairs for place in (pair.first, pair.second)} == {2, 3, 4, 5}


def test_different_clips_are_no_twins() -> None:
    """Other grounds and other motion are far apart."""
    prints = [MODALITY.inspect(clip(moving(15, speed=seed - 4.5, seed=seed))).fingerprint for seed in range(10)]
    assert min(distance(prints[a], prints[b]) for a in range(10) for b in range(a)) > 1.3 * NEAR


def test_the_unusual_is_remarked() -> None:
    """One picture and one colour are read, and remarked."""
    assert "one picture" in MODALITY.inspect(clip(still(1))).remark
    assert "one colour" in MODALITY.inspect(clip([np.zeros((64, 96, 3), np.uint8)] * 10)).remark
    measured = MODALITY.inspect(clip(moving(10)))
    assert (measured.remark, measured.width, measured.height) == ("", 96, 64)


def test_browsers_are_told_the_type() -> None:
    """By their first bytes files get the type under which they can be played."""
    assert MODALITY.media_type(clip(still(2))) == "video/mp4"
    assert MODALITY.media_type(clip(still(2), container="webm", codec="libvpx")) == "video/webm"
    assert MODALITY.media_type(b"?") == "application/octet-stream"


def test_golden_clips_stay() -> None:
    """They are the same each time, can be seen, and differ."""
    golden = MODALITY.golden()
    assert golden == MODALITY.golden()
    assert len({MODALITY.inspect(data).fingerprint for data in golden}) == len(golden) == 3
    assert sum(map(len, golden)) < 120_000
