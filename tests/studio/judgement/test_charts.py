"""Claims about the pictures of a verdict."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from understudy.domain.evidence import Judgement
from understudy.studio.judgement.charts import (
    confusion,
    launch_gauge,
    reliability,
)
from understudy.studio.pictures.drawing import Chart
from understudy.studio.pictures.palette import PALETTES, Theme

Judged = Callable[..., Judgement]
SVG = "{http://www.w3.org/2000/svg}"
TRICKS = ("<script>alert(1)</script>", "\x1b[31m\u202e", "x" * 200, "y" * 200 + "1", "y" * 200 + "2", "&amp;\"'")


def drawn(judgement: Judgement, *, theme: Theme, width: int, bar: float | None = None) -> list[Chart]:
    """Every picture of a judgement."""
    rows = [draw(judgement, theme=theme, width=width) for draw in (reliability, confusion)]
    return [launch_gauge(judgement.accuracy, theme=theme, width=width, bar=bar), *rows]


def texts(chart: Chart) -> list[str]:
    """Every text that is drawn."""
    return ["".join(node.itertext()) for node in ET.fromstring(chart.svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 340])
def test_every_picture_fits_its_column_and_bears_its_finding(judged: Judged, theme: Theme, width: int) -> None:
    """As wide as asked, on the theme's paper, named for screen readers, and the title drawn is the finding."""
    for chart in drawn(judged(112, 120, labels=("a", "b", "c")), theme=theme, width=width, bar=0.92):
        root = ET.fromstring(chart.svg)
        assert float(root.attrib["width"]) == width
        assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", chart.title)
        assert root[0].tag == f"{SVG}title"
        assert root[0].text == chart.title
        assert PALETTES[theme].paper in chart.svg
        assert chart.title.split()[0] in "".join(texts(chart))
        assert chart.caption.endswith(".")


@pytest.mark.parametrize(
    ("right", "of", "labels"),
    [
        (0, 0, ("a", "b")),
        (0, 3, ("a", "b")),
        (1, 1, ("a", "b")),
        (50, 60, TRICKS),
        (60, 77, tuple(map(str, range(77)))),
    ],
)
def test_odd_judgements_draw_clean_pictures(judged: Judged, right: int, of: int, labels: tuple[str, ...]) -> None:
    """Nothing sealed, one photo, strange labels, 77 labels: well-formed, without script, link or outside source."""
    for chart in drawn(judged(right, of, labels=labels), theme="dark", width=340):
        tags = {node.tag for node in ET.fromstring(chart.svg).iter()}
        assert not {f"{SVG}{tag}" for tag in ("script", "a", "image", "foreignObject", "style")} & tags
        assert "NaN" not in chart.svg
        assert "undefined" not in chart.svg
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)


def test_the_gauge_shows_what_is_proven_seen_and_asked(judged: Judged) -> None:
    """Three notes in words, and a title that says whether the bar is cleared."""
    short = launch_gauge(judged(112, 120).accuracy, theme="light", bar=0.92)
    assert {"at least 88%", "112 of 120 seen", "asked: 92%"} <= set(texts(short))
    assert short.title == "At least 88% right, with 95% confidence: short of the 92% asked for."
    clears = launch_gauge(judged(120, 120).accuracy, theme="light", bar=0.95)
    assert clears.title.endswith("that clears the 95% asked for.")
    assert clears.table.rows == (("120", "120", "100%", "97%", "95%"),)


def test_the_gauge_of_nothing_shows_only_the_scale(judged: Judged) -> None:
    """Without sealed photos no dot is drawn that could be read as a figure."""
    empty = launch_gauge(judged(0, 0).accuracy, theme="light")
    assert empty.title == "Nothing is proven yet."
    assert f"{SVG}circle" not in {node.tag for node in ET.fromstring(empty.svg).iter()}
    assert "at least 0%" not in texts(empty)


def test_labels_that_look_alike_keep_their_own_rows(judged: Judged) -> None:
    """Long labels that differ only at the end, or not visibly at all, do not fall together in the grid."""
    grid = confusion(judged(12, 12, labels=("y" * 200 + "1", "y" * 200 + "2", "a\x00", "a")), theme="light")
    assert texts(grid).count("3") == 4


def test_confusion_names_the_commonest_mistake(judged: Judged) -> None:
    """The title is the commonest mistake; the table lists each kind, commonest first."""
    chart = confusion(judged(5, 9, truth=[0, 1, 0, 1, 0, 0, 0, 0, 1]), theme="light")
    assert chart.title == "“crack” was taken for “sound” 3 times, the commonest mistake."
    assert chart.table.rows == (("crack", "sound", "3"), ("sound", "crack", "1"))
    assert confusion(judged(9, 9), theme="light").title == "No label was taken for another."


def test_confusion_of_many_labels_shows_the_confused_ones(judged: Judged) -> None:
    """The grid holds both labels of the commonest mistakes, and says how many it leaves out."""
    labels = tuple(f"label {i}" for i in range(77))
    truth = [*range(77), 70, 70, 70]
    chart = confusion(judged(77, 80, labels=labels, truth=truth), theme="light", width=340)
    assert {"label 70", "label 71"} <= set(texts(chart))
    assert "The 8 labels most confused, of 77." in chart.caption


def test_no_two_labels_of_a_confusion_are_called_the_same(judged: Judged) -> None:
    """Also where one is called what another would be numbered as."""
    chart = confusion(judged(12, 12, labels=("a", "a (2)", "a\x00")), theme="light")
    assert {"a", "a (2)", "a (3)"} <= set(texts(chart))


def test_reliability_tabulates_its_bins(judged: Judged) -> None:
    """Each non-empty interval of stated probability is a row."""
    chart = reliability(judged(70, 100, sure=0.95), theme="light")
    assert chart.title == "It is surer than it should be."
    assert chart.table.rows == (("90% to 100%", "100", "95%", "70%"),)


def test_lines_of_reliability_are_longer_where_answers_come_in_groups(judged: Judged) -> None:
    """What ten answers of one group show is worth less than ten answers, in the picture as in the words beside it."""
    lengths = []
    for size in (1, 10):
        chart = reliability(judged(170, 200, groups=[str(place // size) for place in range(200)]), theme="light")
        (line,) = (
            each
            for each in ET.fromstring(chart.svg).iter(f"{SVG}line")
            if each.get("stroke") == PALETTES["light"].accent
        )
        lengths.append(abs(float(line.attrib["y2"])))
    assert lengths[1] > 2 * lengths[0]
    assert "adjusted for groups" in chart.caption


def test_the_same_judgement_draws_the_same_picture(judged: Judged) -> None:
    """Byte for byte, so a picture can be kept under its arguments."""
    first, second = (launch_gauge(judged(31, 32).accuracy, theme="dark", width=340) for _ in range(2))
    assert first == second
