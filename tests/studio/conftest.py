"""Judgements and circumstances to speak about."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from understudy.domain.evidence import Judgement
from understudy.domain.project import Project
from understudy.stats.judgement import judge
from understudy.studio.judgement.circumstances import Awaited, Circumstances


@pytest.fixture(scope="session")
def judged() -> Callable[..., Judgement]:
    """Makes a judgement of `of` examples of which `right` are right; a label's wrong answers go to the next label."""

    def make(
        right: int,
        of: int,
        *,
        labels: Sequence[str] = ("crack", "sound"),
        truth: Sequence[int] | None = None,
        sure: float = 0.9,
        **changes: Any,
    ) -> Judgement:
        true = np.array([i % len(labels) for i in range(of)] if truth is None else truth, dtype=int)
        answer = np.where(np.arange(of) < right, true, (true + 1) % len(labels))
        stated = np.full((of, len(labels)), (1 - sure) / (len(labels) - 1))
        stated[np.arange(of), answer] = sure
        arguments: dict[str, Any] = {
            "model": "m",
            "labels": tuple(labels),
            "truth": true,
            "probabilities": stated,
            "groups": [f"g{i}" for i in range(of)],
            "digests": [f"d{i}" for i in range(of)],
            "threshold": 0.5,
            "majority_label": labels[0],
            "look": 1,
        }
        return judge(**(arguments | changes))

    return make


@pytest.fixture(scope="session")
def around() -> Callable[..., Circumstances]:
    """Makes the circumstances of a project of photos."""

    def make(*, drawn: bool = False, **changes: Any) -> Circumstances:
        project = Project("blades", datetime(2025, 1, 1, tzinfo=UTC), drawn=drawn)
        return Circumstances(**({"project": project, "awaited": Awaited.BRIEF} | changes))

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where a workspace's ledger lies: in its folder, or in a database without any row of a real PostgreSQL."""
    if request.param == "sqlite":
        yield None
    else:
        with request.getfixturevalue("postgres").ledger() as url:
            yield url
