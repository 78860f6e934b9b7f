"""Learning curves to speak about."""

from understudy.domain.learning import Behaviour, CurvePoint, Forecast, LabelsNeeded, LearningCurve

POINTS = tuple(CurvePoint(size, accuracy, 0.02) for size, accuracy in ((40, 0.8), (57, 0.83), (80, 0.86), (113, 0.88)))


def told(*sizes: int, start: float = 0.88, step: float = 0.015) -> tuple[Forecast, ...]:
    """Forecasts that rise by a step each, give or take two in a hundred."""
    middles = [start + step * place for place in range(len(sizes))]
    return tuple(
        Forecast(size, middle, middle - 0.02, min(1.0, middle + 0.02))
        for size, middle in zip(sizes, middles, strict=True)
    )


def curve(
    behaviour: Behaviour = Behaviour.WELL,
    *,
    needed: LabelsNeeded | None = None,
    forecasts: tuple[Forecast, ...] | None = None,
    by_label: tuple[tuple[str, float, float], ...] = (("crack", 0.81, 0.88), ("sound", 0.95, 0.96)),
) -> LearningCurve:
    """A curve of 141 examples."""
    silent = behaviour in {Behaviour.ILL, Behaviour.TOO_SHORT}
    given = told(141, 176, 212, 282, 423) if forecasts is None else forecasts
    return LearningCurve(POINTS, behaviour, () if silent else given, needed, () if silent else by_label)
