"""A modality that another package offers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-modality.md"
ENTRY = "[understudy.modalities]\nseries = series:MODALITY\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's module, and what an installer leaves beside it."""
    folder = tmp_path_factory.mktemp("site")
    text = PAGE.read_text(encoding="utf-8")
    start = text.index("```python\n") + len("```python\n")
    (folder / "series.py").write_text(text[start : text.index("```", start)], encoding="utf-8")
    info = folder / "series-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: series\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY)
    return folder


def give(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "PYTHONPATH": str(installed), "UNDERSTUDY_WORKSPACE": str(folder / "workspace")}
    command = [str(Path(sys.executable).with_name("understudy")), *words]
    return subprocess.run(command, capture_output=True, text=True, env=around, cwd=folder, check=False)


def test_a_sixth_modality_is_trained_judged_and_asked_like_any_other(installed: Path, tmp_path: Path) -> None:
    """The page's module is all it takes: a folder a class in, a judged model out; bad files are told."""
    rng = np.random.default_rng(0)
    for label, slope in (("rising", 0.4), ("steady", 0.0)):
        (tmp_path / "runs" / label).mkdir(parents=True)
        for at in range(24):
            numbers = slope * np.arange(40) + rng.normal(size=40)
            (tmp_path / "runs" / label / f"{at}.series").write_text("\n".join(f"{each:.3f}" for each in numbers))
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
