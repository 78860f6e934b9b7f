"""A learning curve in letters: its finding, and a picture for a terminal."""

from understudy.domain.learning import Behaviour, LearningCurve
from understudy.studio.training.learning_words import plus_minus
from understudy.studio.words.phrases import PHOTOS, Noun, percent


def chart_title(curve: LearningCurve, target: float | None, things: Noun = PHOTOS) -> str:
    """The picture's finding, in one sentence."""
    match curve.behaviour:
        case Behaviour.TOO_SHORT:
            return f"Too few {things.many} to draw a curve"
        case Behaviour.ILL:
            return "The curve does not say what more would bring"
        case Behaviour.FLAT:
            return f"More {things.many} like these would hardly help"
    now, last = curve.forecasts[0], curve.forecasts[-1]
    if target is not None and now.accuracy >= target:
        return f"{percent(target)} is probably reached with {things.counted(now.examples)}"
    needed = curve.needed
    if needed is not None and needed.target == target and needed.examples is not None:
        return f"{percent(needed.target)} will probably take {things.counted(needed.examples)} to learn from"
    return f"{things.counted(last.examples).capitalize()} would probably bring {plus_minus(last)}"


def line_picture(curve: LearningCurve, *, width: int = 40) -> list[str]:
    """The curve for a terminal, turned on its side: a line each for what was measured and what is foretold.

    Args:
        curve: Any.
        width: Letters between the lowest share that is drawn and 100%.
    """
    shares = [point.accuracy for point in curve.points] + [each.lower for each in curve.forecasts]
    if not shares:
        return []
    low = max(0.0, min(shares) - 0.02)
    rows = [("●", point.accuracy, point.accuracy, point.accuracy) for point in curve.points]
    rows += [("○", each.lower, each.accuracy, each.upper) for each in curve.forecasts]

    def place(value: float) -> int:
        return round((value - low) / (1 - low) * width) if low < 1 else width

    drawn = []
    for mark, lower, middle, upper in rows:
        line = [" "] * (width + 1)
        line[place(lower) : place(upper) + 1] = "-" * (place(upper) + 1 - place(lower))
        line[place(middle)] = mark
        drawn.append("".join(line).rstrip())
    return drawn
