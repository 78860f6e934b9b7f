"""What a modality's code raises on one input, and what of it ends more than that."""

import logging

import pytest

from understudy.domain.finding import FindingKind
from understudy.modalities.contained import UNKNOWN, ModuleFailed, contained, media_type_for
from understudy.modalities.protocol import Unreadable
from understudy.modalities.registry import modality_named


class Wrecked(Exception):
    """What no module says that it raises."""


@pytest.mark.parametrize(
    "error", [OverflowError("too far"), OSError(5, "broken"), RecursionError(), Wrecked("x" * 1000)]
)
def test_whatever_code_raises_is_told_as_an_input_that_cannot_be_read(error: Exception) -> None:
    """The module and the error are named, at no great length."""
    with pytest.raises(ModuleFailed) as caught, contained("level"):
        raise error
    assert isinstance(caught.value, Unreadable)
    assert caught.value.kind is FindingKind.CORRUPT
    assert "the module “level” failed" in caught.value.fact
    assert type(error).__name__ in caught.value.reason
    assert len(caught.value.reason) < 300


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        KeyboardInterrupt(),
        SystemExit(1),
        Unreadable(FindingKind.CORRUPT, "is none", reason="It is not.", remedy="Mend it."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_ends_more_than_one_input_passes(error: BaseException) -> None:
    """A full memory, the wish to stop and what a module says of an input itself are left as they are."""
    with pytest.raises(type(error)) as caught, contained("level"):
        raise error
    assert caught.value is error


def test_one_traceback_tells_of_many_files(caplog: pytest.LogCaptureFixture) -> None:
    """The log has the first traceback of a kind, whatever number of inputs meets it."""
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(ModuleFailed), contained("loud"):
                raise Wrecked
    (record,) = caplog.records
    assert record.exc_info


def test_a_media_type_that_cannot_be_told_is_that_of_any_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page links to an input also where its module fails on it."""
    photos = modality_named("photo")
    assert media_type_for(photos, b"") == UNKNOWN
    assert media_type_for(photos, b"\xff\xd8\xff\xe0") == "image/jpeg"
    monkeypatch.setattr(photos, "media_type", lambda _data: {}["none"], raising=False)
    assert media_type_for(photos, b"\xff\xd8\xff\xe0") == UNKNOWN
