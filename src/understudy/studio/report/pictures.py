"""The pictures of a report, for print and for every screen."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from understudy.studio.judgement.charts import confusion, reliability
from understudy.studio.pictures.drawing import WIDE, Chart
from understudy.studio.pictures.palette import Theme, recoloured
from understudy.studio.report.blocks import Image
from understudy.studio.report.evidence import ReportEvidence
from understudy.studio.review.charts import Picture, Shown, draw
from understudy.studio.training.learning_chart import learning_chart
from understudy.studio.words.phrases import things_of

PHONE = 340
"""Width of a picture for a phone, in pixels."""

Draws = Callable[..., Chart | None]


def pictures_of(evidence: ReportEvidence) -> dict[str, Image]:
    """Every picture that there is something to draw for, by its kind."""
    drawn = {}
    for kind, draws in _drawers(evidence).items():
        wide, narrow = draws(theme="light", width=WIDE), draws(theme="light", width=PHONE)
        if wide is not None and narrow is not None:
            drawn[kind] = Image(wide, tuple(_versions(draws, wide, narrow)))
    return drawn


def _drawers(evidence: ReportEvidence) -> Mapping[str, Draws]:
    """What draws each kind of picture in a theme and a width."""
    brief = evidence.brief.brief if evidence.brief is not None else None
    shown, judgement = Shown(evidence.review, brief, evidence.looks), evidence.judgement
    drawers: dict[str, Draws] = {str(kind): partial(draw, kind, shown) for kind in Picture}
    if judgement is not None:
        drawers["reliability"] = partial(reliability, judgement)
        if judgement.confusion:
            drawers["confusion"] = partial(confusion, judgement)
    if evidence.curve is not None and evidence.curve.points:
        things = things_of(evidence.project)
        drawers["learning"] = partial(learning_chart, evidence.curve, target=shown.economics.bar, things=things)
    return drawers


def _versions(draws: Draws, wide: Chart, narrow: Chart) -> Iterator[tuple[Theme, int, str]]:
    """A picture for dark screens and phones, in the order in which a browser shall try them."""
    yield "dark", PHONE, _dark(draws, narrow, PHONE)
    yield "light", PHONE, narrow.svg
    yield "dark", WIDE, _dark(draws, wide, WIDE)


def _dark(draws: Draws, light: Chart, width: int) -> str:
    """The picture in the dark theme; one of pure colours need not be drawn again."""
    known = recoloured(light.svg, "dark")
    if known is not None:
        return known
    drawn = draws(theme="dark", width=width)
    return light.svg if drawn is None else drawn.svg
