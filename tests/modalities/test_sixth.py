"""A modality that another package offers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from offered import offer

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-modality.md"


@pytest.fixture(scope="module")
def written() -> str:
    """The page's module."""
    text = PAGE.read_text(encoding="utf-8")
    start = text.index("```python\n") + len("```python\n")
    return text[start : text.index("```", start)]


@pytest.fixture(scope="module")
def installed(written: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's module, and what an installer leaves beside it."""
    folder = tmp_path_factory.mktemp("site")
    offer(folder, "series", written, "series")
    return folder


def give(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "PYTHONPATH": str(installed), "UNDERSTUDY_WORKSPACE": str(folder / "workspace")}
    command = [str(Path(sys.executable).with_name("understudy")), *words]
    return subprocess.run(command, capture_output=True, text=True, env=around, cwd=folder, check=False)


def runs(folder: Path) -> None:
    """Series that rise and others that do not, a folder for each."""
    rng = np.random.default_rng(0)
    for label, slope in (("rising", 0.4), ("steady", 0.0)):
        (folder / label).mkdir(parents=True)
        for at in range(24):
            numbers = slope * np.arange(40) + rng.normal(size=40)
            (folder / label / f"{at}.series").write_text("\n".join(f"{each:.3f}" for each in numbers))


def test_a_sixth_modality_is_trained_judged_and_asked_like_any_other(installed: Path, tmp_path: Path) -> None:
    """The page's module is all it takes: a folder a class in, a judged model out; bad files are told."""
    runs(tmp_path / "runs")
    (tmp_path / "runs" / "rising" / "bad.series").write_text("no number")
    trained = give(installed, tmp_path, "train", "runs", "--trials", "6")
    assert trained.returncode == 0, trained.stderr
    said = trained.stdout
    assert "48 series added to runs." in said
    assert "bad.series” holds something other than numbers" in said
    assert "sealed series right" in said
    (tmp_path / "new.series").write_text("\n".join(str(each) for each in range(16)))
    asked = give(installed, tmp_path, "predict", "runs", "new.series")
    assert "new.series: rising" in asked.stdout, asked.stderr


def test_what_a_module_raises_costs_one_input(written: str, tmp_path: Path) -> None:
    """A module that fails on a file has it left out by name, and what is asked about after such a file is answered."""
    falters = 'def read(data):\n    if data.startswith(b"far"):\n        int(float("inf"))\n'
    hides = "    rows = 32\n\n    def hidden(self, data):\n        return [][0]\n"
    source = written.replace("def read(data):\n", falters).replace("    rows = 32\n", hides)
    offer(tmp_path / "site", "series", source, "series")
    runs(tmp_path / "runs")
    (tmp_path / "runs" / "rising" / "far.series").write_text("far")
    trained = give(tmp_path / "site", tmp_path, "train", "runs", "--trials", "6")
    assert trained.returncode == 0, trained.stderr
    assert "48 series added to runs." in trained.stdout
    assert "far.series” could not be read, as the module “series” failed on it, so it was left out" in trained.stdout
    assert "OverflowError: cannot convert float infinity to integer" in trained.stdout
    assert trained.stderr.count("Traceback") == 1
    named = ["runs/rising/1.series", "runs/rising/far.series", "runs/steady/1.series"]
    asked = give(tmp_path / "site", tmp_path, "predict", "runs", *named)
    assert asked.returncode == 1
    assert [line.split(": ")[0] for line in asked.stdout.splitlines()] == [named[0], named[2]]
    assert f"{named[1]}: The input could not be read, as the module “series” failed on it." in asked.stderr
    why = give(tmp_path / "site", tmp_path, "predict", "runs", named[0], "--why")
    assert why.returncode == 0
    assert why.stdout.startswith(f"{named[0]}: rising")
    assert "What moved the answer is not told. That is a fault of the module (IndexError:" in why.stderr
    assert give(tmp_path / "site", tmp_path, "predict", "runs", *named, "--to", "said.csv").returncode == 1
    said = (tmp_path / "said.csv").read_text().splitlines()
    assert [word in line for word, line in zip(("rising", "OverflowError", "steady"), said[1:], strict=True)] == [
        True
    ] * 3
