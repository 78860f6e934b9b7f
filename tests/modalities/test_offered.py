"""Modalities that other packages offer are found by name, and those that are none are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from series_page import page_module
from understudy.modalities.checking import Unconforming, check
from understudy.modalities.registry import ModalityUnusable, UnknownModality, modality_named, modality_names

Offer = Callable[[str, str], None]


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Installs the page's module, with more lines behind it, under an entry point of a name."""

    def offered(name: str, more: str) -> None:
        (tmp_path / f"{name}_series.py").write_text(f"{page_module()}\n{more}\n", encoding="utf-8")
        info = tmp_path / f"{name}_series-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-series\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[understudy.modalities]\n{name} = {name}_series:MODALITY\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return offered


def test_one_that_bears_its_entry_point_s_name_is_found(offer: Offer) -> None:
    """And it conforms."""
    offer("first", "Series.name = 'first'")
    assert "first" in modality_names()
    assert modality_named("first").name == "first"
    check(modality_named("first"), [b"1\n2\n3\n", b"5\n3\n2\n1\n"])


def test_one_that_calls_itself_otherwise_is_refused(offer: Offer) -> None:
    """Projects would know it by one name and models by another; the check tells it, too."""
    offer("second", "")
    with pytest.raises(ModalityUnusable, match="calls itself “series”"):
        modality_named("second")
    import second_series  # type: ignore[import-not-found]  # noqa: PLC0415 - it was written just now

    with pytest.raises(Unconforming, match="Its name is “series”, and its entry point's is “second”"):
        check(second_series.MODALITY, [b"1\n2\n3\n", b"5\n3\n2\n1\n"])


def test_one_that_lacks_something_is_refused(offer: Offer) -> None:
    """What it lacks is named when it is first asked for, and not deep in the work."""
    offer("third", "Series.name = 'third'\ndel Series.watched_facts, Series.golden")
    with pytest.raises(ModalityUnusable, match="has no golden, watched_facts"):
        modality_named("third")


def test_one_that_nobody_offers_is_unknown() -> None:
    """The names that there are come with the error."""
    with pytest.raises(UnknownModality, match="photo, text"):
        modality_named("smell")
