"""The built-in modalities' golden inputs tell when one of them prepares inputs otherwise."""

from typing import Any

import pytest

from understudy.modalities.registry import modality_named
from understudy.search.sketch import sketched, what_differs

PACKAGE = "understudy.modalities"
DESCRIBED: dict[str, dict[str, Any]] = {
    "photo": {"sizes": [224, 448]},
    "sound": {"inputs": ["sound_picture", "sound_bands", "sound_measures"]},
    "video": {"inputs": ["clip_frames", "clip_steps", "clip_traces", "clip_measures"]},
}
SETTINGS = [
    ("photo", "image.decode.REDUCING_GAP", 1.1),
    ("photo", "image.decode.DRAFT_SIDE", 900),
    ("photo", "image.decode.ORIENTATION_TAG", 1),
    ("sound", "sound.windows.LENGTH", 400),
    ("sound", "sound.hearing.RANGE", 55.0),
    ("sound", "sound.hearing.SEEN_OVER", 12.0),
    ("sound", "sound.hearing.HEARD_OVER", 12.0),
    ("video", "video.windows.LENGTH", 1.5),
    ("video", "video.decode.GAP", 1 / 11),
    ("video", "video.motion.STEP_GAIN", 2.2),
    ("video", "video.motion.REACH", 3),
    ("text", "text.words.RUNS", (2, 3, 4)),
]


@pytest.mark.parametrize(("kind", "setting", "other"), SETTINGS, ids=str)
def test_another_setting_is_noticed(kind: str, setting: str, other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same preparer makes the same of them; with one setting altered it does not."""
    modality = modality_named(kind)
    if kind == "text":
        encoder = modality.encoder(None)
        preparer = encoder.preparer(encoder.views(1, thorough=True))
    else:
        preparer = modality.preparer(DESCRIBED[kind], {})
    before = [sketched(preparer.arrays(data)) for data in modality.golden()]

    def differing() -> list[str]:
        again = [sketched(preparer.arrays(data)) for data in modality.golden()]
        return [what_differs(*each) for each in zip(again, before, strict=True)]

    assert not any(differing())
    monkeypatch.setattr(f"{PACKAGE}.{setting}", other)
    assert any(differing())
