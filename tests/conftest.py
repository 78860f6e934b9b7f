"""Fixtures that every test may use."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres as servers
from coloured import coloured_folder
from trained import PROJECT, Trained

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data sets beside the checkout; absent for most people, then the test is skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets are not beside this checkout (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A workspace with the project “blades”, trained by the command on 36 small photos of two colours."""
    place = tmp_path_factory.mktemp("Été 2024")
    coloured_folder(place / PROJECT, "amber", "azure", each=18)
    command = [Path(sys.executable).with_name("understudy"), "train", PROJECT, "--trials", "5"]
    environment = {name: value for name, value in os.environ.items() if name != "UNDERSTUDY_WORKSPACE"}
    ended = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return Trained(place, ended.stdout)


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
