"""A ledger and a blob store of their own for every test, on each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.project import Project
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, in_postgresql, in_sqlite


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest) -> Places:
    """Where new ledgers lie; for laws, which need many."""
    return in_sqlite if request.param == "sqlite" else in_postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
def ledger_url(places: Places) -> Iterator[str]:
    """Where a ledger without any row lies."""
    with places() as url:
        yield url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """Holds one empty project, "blades"."""
    with Ledger.open(ledger_url) as opened:
        opened.create_project(Project("blades", nouns.NOON))
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is nothing yet, not even a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres").empty())
