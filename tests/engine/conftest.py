"""What the executor's tests share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def importable_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets child processes import the entry points that lie beside the tests."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
