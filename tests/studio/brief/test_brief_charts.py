"""The picture of a brief."""

from dataclasses import replace

import pytest

from briefs import BLADES
from understudy.domain.brief import Brief
from understudy.domain.economics import economics_of
from understudy.studio.brief.charts import value_chart
from understudy.studio.brief.words import value_rows
from understudy.studio.pictures.palette import PALETTES, Theme


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 340])
def test_the_picture_says_what_it_is_worth(theme: Theme, width: int) -> None:
    """Its title is its finding, each line has its name and its sum, and the table holds the same numbers."""
    chart = value_chart(economics_of(replace(BLADES, asked_bar=0.95)), theme=theme, width=width)
    assert chart is not None
    assert chart.title == "As good as people, it saves €10,000 a month if it answers everything, half of that for half."
    assert f'width="{width}' in chart.svg
    assert PALETTES[theme].paper in chart.svg
    for sum_ in ("€15,000", "€10,000", "€6,800"):
        assert sum_ in chart.svg
        assert sum_ in chart.table.rows[-1]
    assert [row[0] for row in chart.table.rows] == [f"{share}%" for share in range(0, 101, 10)]


def test_people_of_whom_nobody_knows_how_often_they_err_have_no_line() -> None:
    """While they count as never wrong, “as good as people” would be “never wrong” again: it is told once."""
    economics = economics_of(replace(BLADES, person_error=None))
    chart = value_chart(economics, theme="light")
    assert chart is not None
    assert chart.title.startswith("Never wrong, it saves €")
    assert chart.table.columns == ("answered alone", "never wrong", "just at the bar")
    assert {len(row) for row in chart.table.rows} == {3}
    assert "as good as people" not in chart.svg
    assert {row.as_people for row in value_rows(economics)} == {""}


def test_a_loss_is_called_one() -> None:
    """Where the model costs more than people, the title says so."""
    chart = value_chart(economics_of(replace(BLADES, model_cost=3.0)), theme="light")
    assert chart is not None
    assert chart.title == "As good as people, the model would cost €2,000 a month more than they do."


def test_rounding_is_no_money() -> None:
    """Just at the break-even the picture says nothing is saved, not a billionth."""
    chart = value_chart(economics_of(BLADES), theme="light")
    assert chart is not None
    assert chart.table.rows[-1][3] == "€0"
    assert "just at the bar: €0<" in chart.svg


def test_without_figures_there_is_no_picture() -> None:
    """What is unknown is not drawn."""
    assert value_chart(economics_of(Brief()), theme="light") is None
    assert value_chart(economics_of(replace(BLADES, decisions_a_month=None)), theme="light") is None
