"""The documentation runs: every command and program on a page works, in the order of the page.

All pages share one folder, in which the tutorial was done first, as the pages say; a block under
`<!-- not run: reason -->` is left out. The server that pages ask at port 8700 listens at a free port here.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import DOCS, Block, blocks
from PIL import Image

from trained import Trained

ADDRESS = "127.0.0.1:8700"
TUTORIAL = DOCS / "tutorial.md"
OTHERS = sorted(page for page in DOCS.rglob("*.md") if page != TUTORIAL and any(block.runs for block in blocks(page)))
LIMIT = 120


def environment() -> dict[str, str]:
    """As a user has it: the command is at hand and nothing names a workspace."""
    kept = {name: value for name, value in os.environ.items() if name != "UNDERSTUDY_WORKSPACE"}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run(block: Block, folder: Path, address: str = ADDRESS) -> str:
    """Runs a block and returns what it said."""
    command = ["bash", "-euo", "pipefail", "-c"] if block.kind == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*command, block.text.replace(ADDRESS, address)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, f"{block} failed:\n{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def tutorial(demonstration: Trained, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder in which the tutorial was done, and what each of its blocks said; its first command was given before."""
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(demonstration.folder, folder / "understudy-workspace")
    return folder, {block.text: run(block, folder) for block in blocks(TUTORIAL) if block.runs}


@pytest.fixture(scope="session")
def served(tutorial: tuple[Path, dict[str, str]]) -> Iterator[str]:
    """The address of a server over the tutorial's workspace."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    command = [str(Path(sys.executable).parent / "understudy"), "serve", "--port", address.rpartition(":")[2]]
    with subprocess.Popen(command, cwd=tutorial[0], env=environment(), stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://{address}/readyz")
            yield address
        finally:
            server.terminate()


def test_the_tutorial_leads_to_a_judged_model(tutorial: tuple[Path, dict[str, str]]) -> None:
    """Who follows the tutorial reads two verdicts, the second proving more, and asks an exported file."""
    folder, said = tutorial
    everything = "".join(said.values())
    verdicts = re.findall(r"(\d+) of (\d+) sealed photos right\. With 95% confidence, at least (\d+)", everything)
    assert [sealed for _, sealed, _ in verdicts[:2]] == ["13", "45"]
    assert int(verdicts[0][2]) < int(verdicts[1][2])
    assert "2nd look" in everything
    assert (folder / "blades.onnx").is_file()
    assert "new-blade.jpg: crack" in list(said.values())[-1]


def test_the_tutorial_says_what_is_taken_in(tutorial: tuple[Path, dict[str, str]]) -> None:
    """Counts of photos that the tutorial shows are those that its commands print."""
    everything = " ".join("".join(tutorial[1].values()).split())
    shown = [block.text for block in blocks(TUTORIAL) if block.kind == "text" and "added to" in block.text]
    assert len(shown) == 2
    assert all(" ".join(text.split()) in everything for text in shown)


def test_the_same_photos_give_the_same_model(tutorial: tuple[Path, dict[str, str]]) -> None:
    """Whoever takes in the demonstration's photos at once, as it did, ends with the same file, byte for byte."""
    folder = tutorial[0]
    train = "understudy train understudy-workspace/drawn-blades --project again --no-look"
    for command in (train, "understudy export turbine-blades demonstration.onnx", "understudy export again again.onnx"):
        subprocess.run(command.split(), cwd=folder, env=environment(), capture_output=True, check=True)
    assert (folder / "demonstration.onnx").read_bytes() == (folder / "again.onnx").read_bytes()


@pytest.mark.parametrize("page", OTHERS, ids=lambda page: page.stem)
def test_every_example_works(page: Path, tutorial: tuple[Path, dict[str, str]], served: str) -> None:
    """Each block of a page works after those before it."""
    said = [run(block, tutorial[0], served) for block in blocks(page) if block.runs]
    assert any(said)


def test_the_script_without_the_product_gives_the_products_answer(tutorial: tuple[Path, dict[str, str]]) -> None:
    """Plain ONNX Runtime, as the page shows it, gives the answer that the product gives, for a turned photo too."""
    folder = tutorial[0]
    (script,) = [block for block in blocks(DOCS / "how-to" / "ask-the-model.md") if "onnxruntime" in block.text]
    original = Image.open(folder / "understudy-workspace" / "new-blade.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    original.save(folder / "new-blade.jpg", quality=90, exif=exif)
    printed = run(script, folder).split()
    product = subprocess.run(
        ["understudy", "predict", "--json", "blades.onnx", "new-blade.jpg"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    stated = re.search(r'"probability": ([\d.e-]+)', product.stdout)
    assert stated is not None
    assert float(printed[-1]) == pytest.approx(float(stated[1]), abs=5e-4)


def _wait_for(address: str) -> None:
    """Waits until the server answers."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
