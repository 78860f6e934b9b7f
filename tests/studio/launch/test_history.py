"""History: who answered when, without a gap, and why it came to that."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import Clock
from studio.launches import AT, SECOND, TERMS, change, tripped
from understudy.domain.project import Project
from understudy.domain.stage import Cause, Event, EventKind, Stage
from understudy.studio.launch.history import event_words, history, history_record, period_words, periods
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=Clock()) as opened:
        opened.ledger.create_project(Project("blades", AT))
        yield opened


@given(st.lists(st.sampled_from(Stage), max_size=8), st.integers(0, 100))
def test_periods_leave_no_gap(stages: list[Stage], before: int) -> None:
    """The first begins with the project, each begins where the one before it ends, and the last still holds."""
    changes = [change(number, stage) for number, stage in enumerate(stages, 1)]
    began = AT - timedelta(minutes=before)
    found = periods(began, changes)
    assert found[0].began == began
    assert found[0].stage is Stage.WIZARD
    assert [each.ended for each in found].count(None) == 1
    assert all(one.ended == other.began for one, other in pairwise(found))
    assert [each.change for each in found[1:]] == changes


def test_a_project_that_was_never_launched(workspace: Workspace) -> None:
    """People have answered since it began."""
    found = history(workspace, "blades")
    (period,) = found.periods
    assert (period.began, period.ended, period.stage) == (AT, None, Stage.WIZARD)
    assert period_words(period) == "2026-05-04 12:00:00 UTC to now: wizard. People answer every request."


def test_a_life_with_a_trip(workspace: Workspace) -> None:
    """Stages, trip and refusal are told in order, with who asked, why, and what allowed it."""
    ledger = workspace.ledger
    override = {"rests_on": "override", "fact": "There is no brief."}
    ledger.change_stage("blades", change(1, Stage.LIVE, cause=Cause.OVERRIDDEN, evidence=override))
    behind = {"fallback": SECOND, "fallback_terms": TERMS}
    ledger.change_stage("blades", tripped(2, **behind))
    for number in range(3):
        ledger.record_event("blades", Event(EventKind.REFUSED, SECOND, f"Not yet {number}.", AT))
    found = history(workspace, "blades")
    assert [each.stage for each in found.periods] == [Stage.WIZARD, Stage.LIVE, Stage.SHADOW]
    live, shadow = map(period_words, found.periods[1:])
    assert "2026-05-04 13:00:00 UTC to 2026-05-04 14:00:00 UTC: live." in live
    assert "Ada overrode the evidence" in live
    assert "Against it stood: There is no brief." in live
    assert "to now: shadow. Model b2b2b2b2b2b2 answers alone" in shadow
    assert "The breaker tripped: 9 of 40 audits were wrong." in shadow
    assert [each.number for each in found.events] == [1, 2, 3]
    assert event_words(found.events[0]) == "2026-05-04 12:00:00 UTC refused: Not yet 0."


def test_all_of_it_as_json(workspace: Workspace) -> None:
    """The record is plain JSON with every period and event."""
    workspace.ledger.change_stage("blades", change(1, Stage.CANARY))
    record = json.loads(json.dumps(history_record(history(workspace, "blades"))))
    assert [each["stage"] for each in record["periods"]] == ["wizard", "canary"]
    assert record["periods"][1]["change"]["terms"]["threshold"] == TERMS.threshold
    assert record["periods"][1]["ended"] is None
