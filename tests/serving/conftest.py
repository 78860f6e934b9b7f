from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .house import House

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A real ledger with the projects “lamp” and “untrained”."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        for name in ("lamp", "untrained"):
            ledger.create_project(Project(name, NOW))
        yield ledger


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    """A real blob store in a folder."""
    return BlobStore(str(tmp_path / "blobs"))


@pytest.fixture
def house(ledger: Ledger, blobs: BlobStore) -> House:
    """All that a router needs; “lamp” has a model that tells bright from dark, and no stage yet."""
    return House(ledger, blobs)
