"""Fixtures that every test may use."""

import importlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import postgres as servers
from coloured import coloured_folder
from offered import LEVELS, offer
from once import made_once
from trained import PROJECT, Trained
from understudy.modalities.registry import modality_named

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SAID = "said.txt"

# How long an example takes says nothing on a machine that does other things beside it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data sets beside the checkout; absent for most people, then the test is skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets are not beside this checkout (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A workspace with the project “blades”, trained by the command on 36 small photos of two colours."""

    def train(place: Path) -> None:
        coloured_folder(place / PROJECT, "amber", "azure", each=18)
        (place / SAID).write_text(_given(place, "train", PROJECT, "--trials", "5"))

    made = made_once(tmp_path_factory, "Été 2024", train)
    place = Path(shutil.copytree(made, tmp_path_factory.mktemp("trained") / made.name))
    return Trained(place, (place / SAID).read_text())


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A workspace in which `understudy demo` was shown, to be copied."""

    def show(place: Path) -> None:
        workspace = str(place / "understudy-workspace")
        (place / SAID).write_text(_given(place, "--workspace", workspace, "demo", "--no-serve"))

    place = made_once(tmp_path_factory, "demonstration", show)
    return Trained(place, (place / SAID).read_text())


@pytest.fixture
def offering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Installs packages that offer modalities, while the test runs; see `offered.offer`."""
    site, before = tmp_path / "site", set(sys.modules)
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def offering(package: str, source: str = LEVELS, name: str = "level") -> None:
        offer(site, package, source, name)
        importlib.invalidate_caches()
        modality_named.cache_clear()

    yield offering
    modality_named.cache_clear()
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None)).startswith(str(site)):
            del sys.modules[name]


def _given(place: Path, *words: str) -> str:
    """What a command says that is given in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "UNDERSTUDY_WORKSPACE"}
    command = [Path(sys.executable).with_name("understudy"), *words]
    ended = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Server]:
    """A PostgreSQL server for this run alone; `with postgres.ledger() as url:` gives an empty ledger on it."""
    programs = servers.programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine (on Debian: apt-get install postgresql)")
    with servers.running(programs) as server:
        yield server


def pytest_configure() -> None:
    """Lets the commands under test hear Ctrl-C: what a shell starts in the background inherits deafness to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
