"""The picture of a learning curve."""

import re
from xml.etree import ElementTree as ET

import pytest

from studio.curves import POINTS, curve, told
from understudy.domain.learning import Behaviour, LabelsNeeded, LearningCurve
from understudy.studio.learning_chart import chart_title, learning_chart, line_picture

NEEDED = LabelsNeeded(0.92, 246, 190, 400)
EMPTY = LearningCurve((), Behaviour.TOO_SHORT, (), None, ())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("given", [curve(needed=NEEDED), curve(), curve(Behaviour.ILL), EMPTY])
def test_every_curve_can_be_drawn(given: LearningCurve, theme: str) -> None:
    """Whatever is known of a curve, there is a complete picture with its finding as its name."""
    chart = learning_chart(given, theme=theme, width=480)  # type: ignore[arg-type]
    root = ET.fromstring(chart.svg)
    assert root.tag.endswith("svg")
    assert root.get("aria-label") == chart.title
    assert len(chart.table.rows) == len(given.points) + len(given.forecasts)
    assert "NaN" not in chart.svg


def test_the_target_is_drawn_and_named() -> None:
    """The bar stands in the picture with its figure, and only where there is one."""
    assert "asked: 92%" in _words(learning_chart(curve(needed=NEEDED), theme="light").svg)
    assert "asked: 95%" in _words(learning_chart(curve(), theme="light", target=0.95).svg)
    assert "asked" not in _words(learning_chart(curve(), theme="light").svg)


def test_every_point_is_drawn() -> None:
    """There is a dot for each size that was measured."""
    root = ET.fromstring(learning_chart(curve(), theme="light").svg)
    marks = [each for each in root.iter() if "mark-symbol" in (each.get("class") or "")]
    assert [len(list(mark)) for mark in marks] == [len(POINTS)]


def test_the_title_is_the_finding() -> None:
    """What the picture shows stands above it in words."""
    assert chart_title(curve(needed=NEEDED), 0.92) == "92% will probably take 246 photos to learn from"
    assert chart_title(curve(), None) == "423 photos would probably bring 94% ± 2"
    assert chart_title(curve(), 0.8) == "80% is probably reached with 141 photos"
    assert chart_title(curve(Behaviour.ILL), 0.9) == "The curve does not say what more would bring"
    assert chart_title(curve(Behaviour.FLAT, forecasts=told(141, 282)), None) == (
        "More photos like these would hardly help"
    )
    assert chart_title(EMPTY, None) == "Too few photos to draw a curve"


def test_a_terminal_sees_it_too() -> None:
    """A line for each row of the table; higher shares stand further right, intervals are lines."""
    drawn = line_picture(curve())
    assert len(drawn) == len(POINTS) + 5
    marks = [line.index("●") for line in drawn[: len(POINTS)]]
    assert marks == sorted(marks)
    assert all("○" in line and "-" in line for line in drawn[len(POINTS) :])
    assert line_picture(EMPTY) == []


def _words(svg: str) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", svg))
