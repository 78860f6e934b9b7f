"""The library's public names: a contract that changes only on purpose."""

import subprocess
import sys
from pathlib import Path

import pytest

import understudy
from trained import PROJECT, Trained

NAMES = ["Answer", "Model", "UnderstudyError", "load", "train"]


def test_names() -> None:
    """The package exports these names and no others, and each is there."""
    assert understudy.__all__ == NAMES
    assert dir(understudy) == NAMES
    for name in NAMES:
        assert getattr(understudy, name).__module__.startswith("understudy.")


def test_other_names() -> None:
    """A name that is not exported is an attribute error, as of any module."""
    with pytest.raises(AttributeError, match="no attribute 'judge'"):
        understudy.judge  # noqa: B018


def test_importing_is_light() -> None:
    """Importing the package loads nothing but itself and the standard library."""
    code = "import sys; before = set(sys.modules); import understudy; print(*set(sys.modules) - before)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    tops = {name.partition(".")[0] for name in out.split()}
    assert tops - sys.stdlib_module_names == {"understudy"}


def test_train_and_load(trained: Trained, tmp_path: Path) -> None:
    """One line trains; the model answers, and its exported file answers the same from bytes, path and open file."""
    model = understudy.train(trained.photos, workspace=tmp_path / "w", trials=5)
    assert isinstance(model, understudy.Model)
    answer = model.predict(str(trained.photo))
    assert isinstance(answer, understudy.Answer)
    assert answer.label == "amber"
    exported = tmp_path / "model.onnx"
    exported.write_bytes(model.file.graph)
    loaded = understudy.load(exported)
    assert loaded.predict(trained.photo.read_bytes()) == answer
    with trained.photo.open("rb") as file:
        assert loaded.predict(file) == answer
    with trained.open() as workspace:
        assert workspace.ledger.latest_model(PROJECT).version == model.version


def test_errors(tmp_path: Path) -> None:
    """What is in the way is said by one kind of error, with its parts."""
    with pytest.raises(understudy.UnderstudyError) as caught:
        understudy.train(tmp_path / "nowhere", workspace=tmp_path / "w")
    assert caught.value.fact == f"There is nothing at “{tmp_path / 'nowhere'}”."
    assert caught.value.remedy
    with pytest.raises(understudy.UnderstudyError, match="cannot be a seed"):
        understudy.train(tmp_path, workspace=tmp_path / "w", seed=-1)
    with pytest.raises(understudy.UnderstudyError):
        understudy.load(tmp_path / "nowhere.onnx")
