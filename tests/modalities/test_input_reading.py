"""Inputs that remember which of them were read, as a module meets them that fails on one."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from series_page import page_module
from understudy.modalities.reading import InputFailed, Reading
from understudy.store.blobs import BlobMissing

FILES = [f"{at}\n{at + 1}\n2".encode() for at in range(20)]
FAILS = "def shape(data):\n    if data == {!r}:\n        raise ValueError('by accident')\n"
NAN = "def shape(data):\n    if data == {!r}:\n        return np.full(6, np.nan, np.float32)\n"


def names_of(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "series_of_the_page"}
    exec(source, names)
    return names


def look(names: dict[str, Any], files: Sequence[bytes], folder: Path, told: Any = lambda _done, _all: None) -> None:
    """Computes features as a search does."""
    modality, reading = names["MODALITY"], Reading()
    encoder = modality.encoder(None)
    inputs = [reading.input(hashlib.sha256(data).hexdigest(), lambda data=data: data) for data in files]
    with reading.named(modality, encoder):
        encoder.features(inputs, names["SHAPE"], (names["SHAPE"],), folder, told)


@pytest.mark.parametrize("place", [0, 7, 19])
@pytest.mark.parametrize(("fault", "said"), [(FAILS, "ValueError: by accident"), (NAN, "divides by zero")])
def test_the_input_that_fails_is_named(place: int, fault: str, said: str, tmp_path: Path) -> None:
    """By its digest, wherever it comes, with what the module raised or that its features are no numbers."""
    source = page_module().replace("def shape(data):\n", fault.format(FILES[place]))
    with pytest.raises(InputFailed, match=hashlib.sha256(FILES[place]).hexdigest()) as caught:
        look(names_of(source), FILES, tmp_path)
    assert said in caught.value.reason


@pytest.mark.parametrize("error", [KeyError("a wish to end"), BlobMissing(fact="", reason="", remedy="")])
def test_what_no_input_brings_about_passes(error: Exception, tmp_path: Path) -> None:
    """What progress raises ends the work as it is, and so does what the product says in its own words."""

    def told(_done: int, _all: int) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        look(names_of(page_module()), FILES, tmp_path, told)
    assert caught.value is error


def test_a_reading_input_is_the_same_input() -> None:
    """Its digest and bytes are those that were given."""
    made = Reading().input("ab", lambda: b"12")
    assert (made.digest, made.read()) == ("ab", b"12")
