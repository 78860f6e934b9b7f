"""A learning curve in letters."""

from studio.curves import POINTS, curve, told
from understudy.domain.learning import Behaviour, LabelsNeeded, LearningCurve
from understudy.studio.training.learning_picture import chart_title, line_picture

NEEDED = LabelsNeeded(0.92, 246, 190, 400)
EMPTY = LearningCurve((), Behaviour.TOO_SHORT, (), None, ())


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
