import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.bets import NOTHING, Bets
from understudy.stats.restarts import RestartingMixture
from understudy.studio.launch.breaker_charts import MOST_POINTS, MOST_ROWS, Audited, Spent, spent_meter, trace_chart
from understudy.studio.pictures.palette import PALETTES, Theme

NEEDED = 20.0


def audits(losses: list[float | None]) -> list[Audited]:
    """What a breaker makes of these audits; None was answered by nobody."""
    mixture, found = RestartingMixture(0.05), []
    for loss in losses:
        mixture = mixture.update(loss or 0.0)
        found.append(Audited(mixture.audits, loss or 0.0, loss is not None, mixture.evidence))
    return found


def test_the_title_tells_how_far_the_evidence_is_from_the_trip_line() -> None:
    """Audits, wrong ones, evidence and the line, in one sentence that is also drawn and read out."""
    chart = trace_chart(audits([0.0, 1.0, None]), NEEDED, theme="light", width=640)
    assert chart.title.startswith("Of 3 audits, 1 was wrong: the evidence stands at 1")
    assert chart.title.endswith("and the breaker trips at 20.")
    assert f"<title>{chart.title}</title>" in chart.svg


def test_the_table_says_what_each_audit_showed() -> None:
    """Right, wrong, or that nobody answered in time, with the evidence after it."""
    told = audits([0.0, 1.0, None])
    chart = trace_chart(told, NEEDED, theme="light", width=640)
    assert [row[:2] for row in chart.table.rows] == [("1", "right"), ("2", "wrong"), ("3", "nobody in time")]
    assert [float(row[2]) for row in chart.table.rows] == pytest.approx([each.evidence for each in told], rel=0.05)


def test_a_long_trace_stays_small_and_keeps_its_peaks() -> None:
    """Of thousands of audits a line of some hundred points is drawn, and the table says that it has the last ones."""
    losses: list[float | None] = [0.0] * 3_000
    losses[1_500] = losses[1_501] = 1.0
    told = audits(losses)
    chart = trace_chart(told, NEEDED, theme="dark", width=340)
    assert len(chart.table.rows) == MOST_ROWS
    assert f"The table has the last {MOST_ROWS}." in chart.caption
    line = max(re.findall(r'd="(M[^"]+)"', chart.svg), key=len)
    assert 50 < line.count(",") < 4 * MOST_POINTS


def test_evidence_that_vanishes_or_explodes_can_be_drawn() -> None:
    """The scale bears a breaker that saw ten thousand right answers, and one that saw nothing but wrong ones."""
    for losses in ([0.0] * 10_000, [1.0] * 200, [1.0]):
        chart = trace_chart(audits(list(losses)), NEEDED, theme="light", width=640)
        assert "NaN" not in chart.svg
        assert "Infinity" not in chart.svg


@given(st.lists(st.tuples(st.booleans(), st.floats(0.05, 1.0), st.floats(0.0, 1.0)), max_size=30), st.floats(0.01, 0.9))
def test_a_wrong_audit_raises_the_evidence_and_a_right_one_lowers_it(
    before: list[tuple[bool, float, float]], most_error: float
) -> None:
    """What the caption says holds whatever came before, however little the first audits move it."""
    mixture, bets = RestartingMixture(most_error), Bets(most_error, 0.05)
    for wrong, propensity, expected in before:
        last = mixture
        mixture = mixture.grown(NOTHING, bets.audited(float(wrong), propensity, expected))
        slack = 1e-9 * last.evidence
        assert mixture.evidence >= last.evidence - slack if wrong else mixture.evidence <= last.evidence + slack
    caption = trace_chart(audits([0.0, 1.0]), NEEDED, theme="light", width=640).caption
    assert "each wrong audit raises them, each right one lowers them a little. The first few hardly move" in caption


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pictures_are_drawn_in_the_theme_s_own_colours(theme: Theme) -> None:
    """No colour that the palette does not have."""
    pictures = [
        trace_chart(audits([0.0, 1.0, None]), NEEDED, theme=theme, width=640).svg,
        spent_meter(Spent(120.0, 250.0, 500.0, "EUR"), theme=theme, width=640).svg,
    ]
    for svg in pictures:
        assert set(re.findall(r"#[0-9a-f]{6}", svg)) <= set(vars(PALETTES[theme]).values())


def test_the_meter_tells_what_was_lost_of_what_may_be() -> None:
    """Lost, alarm and budget stand in title and table; without a loss it says so."""
    chart = spent_meter(Spent(123.0, 250.0, 500.0, "EUR"), theme="light", width=640)
    assert chart.title == "About €120 lost beyond what is allowed, of the €500 that may be."
    assert chart.table.rows == (("lost beyond what is allowed", "€120"), ("trips at", "€250"), ("allowed", "€500"))
    assert "Nothing was lost" in spent_meter(Spent(0.0, 250.0, 500.0, "EUR"), theme="light", width=340).title
