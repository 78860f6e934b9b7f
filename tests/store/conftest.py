"""A ledger and a blob store of their own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.project import Project
from understudy.store.ledger import Ledger

from . import nouns


@pytest.fixture
def ledger_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """Holds one empty project, "blades"."""
    with Ledger.open(ledger_url) as opened:
        opened.create_project(Project("blades", nouns.NOON))
        yield opened
