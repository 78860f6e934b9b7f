import re
from datetime import UTC, datetime, timedelta

import pytest

from studio.launches import AT, change, tripped
from understudy.domain.stage import Cause, Stage
from understudy.studio.launch.history import periods
from understudy.studio.launch.stage_chart import stage_chart
from understudy.studio.pictures.palette import PALETTES, Theme

BEGAN = AT - timedelta(days=2)
STAGES = (
    change(1, Stage.SHADOW),
    change(2, Stage.LIVE),
    tripped(3),
    change(4, Stage.WIZARD, None, cause=Cause.ROLLED_BACK),
)
NOW = AT + timedelta(hours=9)


def test_the_title_names_the_stage_that_holds_and_how_often_it_tripped() -> None:
    """Stage, since when, and trips, in one sentence; without any stage people answer since the beginning."""
    chart = stage_chart(periods(BEGAN, STAGES), NOW, theme="light", width=640)
    assert chart.title == "In stage “wizard” since 2026-05-04 16:00 UTC; the breaker tripped once."
    bare = stage_chart(periods(BEGAN, ()), NOW, theme="light", width=340)
    assert bare.title == "In stage “wizard” since 2026-05-02 12:00 UTC."


def test_the_table_has_every_stage_with_who_and_why_newest_first() -> None:
    """Nothing that was ever live is left out, nor what came before the first change."""
    rows = stage_chart(periods(BEGAN, STAGES), NOW, theme="light", width=640).table.rows
    assert [row[1] for row in rows] == ["wizard", "shadow", "live", "shadow", "wizard"]
    assert "rolled back" in rows[0][3]
    assert rows[1][3].startswith("The breaker tripped: 9 of 40")
    assert rows[-1][2] == "people"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_only_the_colours_of_the_theme_are_used(theme: Theme) -> None:
    """The picture belongs to the page around it."""
    svg = stage_chart(periods(BEGAN, STAGES), NOW, theme=theme, width=640).svg
    assert set(re.findall(r"#[0-9a-f]{6}", svg)) <= set(vars(PALETTES[theme]).values())


def test_stages_of_a_moment_and_of_the_future_can_be_drawn() -> None:
    """Two changes at the same instant, and a clock that lags behind the last change, break nothing."""
    at_once = (change(1, Stage.SHADOW, at=AT), change(2, Stage.LIVE, at=AT))
    for now in (AT - timedelta(hours=1), AT, datetime(2036, 1, 1, tzinfo=UTC)):
        assert "NaN" not in stage_chart(periods(BEGAN, at_once), now, theme="light", width=340).svg
