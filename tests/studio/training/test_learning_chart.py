"""The picture of a learning curve."""

import re
from xml.etree import ElementTree as ET

import pytest

from studio.curves import POINTS, curve
from understudy.domain.learning import Behaviour, LabelsNeeded, LearningCurve
from understudy.studio.training.learning_chart import learning_chart

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


def _words(svg: str) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", svg))
