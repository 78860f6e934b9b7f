"""Claims about the pictures of a review."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from studio.reviews import AT, BRIEF, LOSS, labelled, launch, not_yet, promise, review, stop, tricky, without_brief
from understudy.domain.review import PER_MISTAKE, ClaimKind, Review
from understudy.store.looks import LookRecord
from understudy.studio.pictures.drawing import Chart
from understudy.studio.pictures.palette import PALETTES, Theme, recoloured
from understudy.studio.pictures.row_charts import MOST_ROWS, round_scale, shares_scale
from understudy.studio.review.charts import Picture, Shown, draw, draw_all

SVG = "{http://www.w3.org/2000/svg}"
LOOKS = tuple(LookRecord(number, "ab" * 32, AT - timedelta(days=9 - number), None) for number in (1, 2, 3))


def shown(what: Review, **brief: object) -> Shown:
    return Shown(what, replace(BRIEF, **brief), LOOKS[: what.look])  # type: ignore[arg-type]


def texts(chart: Chart) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(chart.svg).iter(f"{SVG}text")]


def one(picture: Picture, what: Shown) -> Chart:
    chart = draw(picture, what, theme="light")
    assert chart is not None
    return chart


@pytest.mark.parametrize(("theme", "width"), [("light", 640), ("dark", 340)])
@pytest.mark.parametrize("what", [launch(), not_yet(), stop(), tricky()], ids=["launch", "not yet", "stop", "tricky"])
def test_every_picture_fits_its_column_and_bears_its_finding(what: Review, theme: Theme, width: int) -> None:
    """As wide as asked, named for screen readers, a sentence as title and caption, clean, with a full table."""
    for chart in draw_all(shown(what), theme=theme, width=width).values():
        root = ET.fromstring(chart.svg)
        assert float(root.attrib["width"]) == width
        assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", chart.title)
        assert PALETTES[theme].paper in chart.svg
        assert chart.title.endswith(".")
        assert chart.caption.endswith(".")
        assert not {f"{SVG}{tag}" for tag in ("script", "a", "image", "foreignObject", "style")} & {
            node.tag for node in root.iter()
        }
        assert "NaN" not in chart.svg
        assert chart.table.rows
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)


def test_a_review_without_figures_draws_only_what_it_has() -> None:
    """No brief, no promise, no costs: the gauge and the claims, and nothing invented."""
    assert set(draw_all(replace(shown(without_brief()), brief=None, looks=()), theme="light")) == {
        Picture.GAUGE,
        Picture.CLAIMS,
    }


def test_the_gauge_sets_model_people_and_rule_against_the_bar() -> None:
    """Three rows in the same units, one bar."""
    chart = one(Picture.GAUGE, shown(not_yet()))
    assert chart.title == "At least 87% right, with 95% confidence over all looks: short of the 92% asked for."
    assert {"The model", "People, as the brief says", "asked: 92%", "112 of 120"} <= set(texts(chart))
    assert [row[0] for row in chart.table.rows][2] == "Rule: brightness above 93 means crack"
    alone = one(Picture.GAUGE, shown(launch()))
    assert "where it answers alone" in alone.title
    assert "asked: 98%" in texts(alone)


def test_the_automation_curve_marks_the_promise_and_the_money() -> None:
    """Share, error and money at the promised point; every threshold is a row of the table."""
    curve, money = one(Picture.AUTOMATION, shown(launch())), one(Picture.MONEY, shown(launch()))
    assert curve.title == "It can answer 65% alone with at most 2% wrong."
    assert "65% alone" in texts(curve)
    assert len(curve.table.rows) == len(money.table.rows) == len(promise().curve)
    assert "€5,600 a month" in texts(money)
    assert draw(Picture.MONEY, shown(launch(), person_cost=None), theme="light") is None
    nothing = one(Picture.AUTOMATION, shown(not_yet()))
    assert nothing.title.startswith("At no threshold is it proven")


def test_claims_stand_against_their_own_bars() -> None:
    """What is proven and what is not is said, and many claims are cut to sixteen, the table has all."""
    chart = one(Picture.CLAIMS, shown(not_yet()))
    assert chart.title == "2 of 3 are proven; the first that is not: Right answers."
    many = shown(review(not_yet().verdict, not_yet().reasons, labelled(tuple(map(str, range(30))))))
    cut = one(Picture.CLAIMS, many)
    assert "16 of 60 are drawn" in cut.caption
    assert len([text for text in texts(cut) if text.startswith("“")]) == MOST_ROWS
    assert len(cut.table.rows) == 60


def test_slices_are_drawn_worst_first() -> None:
    """The finding is the weakest part of the data."""
    chart = one(Picture.SLICES, shown(launch()))
    assert chart.title == "It is right least often where camera is “hangar 7”: 46 of 62."
    assert chart.table.rows[0][0] == "Right where camera is “hangar 7”"


def test_rivals_are_compared_in_money() -> None:
    """What is saved a decision, with the line where nothing is."""
    chart = one(Picture.RIVALS, shown(launch()))
    assert chart.title == "Against people it saves at least €0.41 a decision."
    assert {"Against people", "Against the one-line rule", "costs the same"} <= set(texts(chart))


def test_rivals_are_compared_in_mistakes_where_no_cost_is_known() -> None:
    """Without a brief a picture of savings counts wrong answers, and names no currency."""
    review = launch()
    unpriced = tuple(
        replace(each, measured=replace(each.measured, unit=PER_MISTAKE))
        for each in review.claims
        if each.kind is ClaimKind.SAVING_OVER_RULE and each.measured is not None
    )
    chart = one(Picture.RIVALS, shown(replace(review, claims=unpriced)))
    assert chart.title.endswith(" in 100 answers fewer are wrong than by the one-line rule.")
    assert "as often wrong" in texts(chart)
    assert not any("€" in each for each in texts(chart))


def test_the_loss_stands_beside_what_is_allowed() -> None:
    """Within, and where nobody said; where nothing is promised there is nothing to draw."""
    assert "within the €500 allowed" in one(Picture.LOSS, shown(launch())).title
    assert draw(Picture.LOSS, shown(launch(loss=replace(LOSS, most_lost=None))), theme="light") is None
    unsaid = one(Picture.LOSS, shown(launch(loss=replace(LOSS, budget=None))))
    assert "within" not in unsaid.title
    assert ("allowed", "not said") in unsaid.table.rows


def test_looks_spend_the_error_budget() -> None:
    """Each look a row; the first spends most, and something is always left."""
    chart = one(Picture.LOOKS, shown(launch(look=3)))
    assert chart.title == "3 looks have spent 4.5 of the 5 percentage points of error that all looks may spend."
    assert [row[3] for row in chart.table.rows] == ["3.5%", "0.75%", "0.25%"]


def test_scales_are_round_and_hold_their_figures() -> None:
    """Ends and ticks are round; shares never go beyond 0 and 100%."""
    assert shares_scale([0.871, 1.0], width=640).ticks[-1] == 1.0
    for low, high in ((0.0, 1.0), (-310.4, 77.0), (1e-4, 3e-4), (0.5, 0.5), (0.0, 0.0)):
        scale = round_scale(low, high, told=str, most=5)
        assert scale.low <= low
        assert scale.high >= high
        assert 2 <= len(scale.ticks) <= 7


def test_a_picture_recoloured_is_the_picture_drawn_dark() -> None:
    """Pictures of pure colours need not be drawn twice; ones with mixed colours are told apart."""
    for picture, chart in draw_all(shown(launch()), theme="light", width=340).items():
        dark = draw(picture, shown(launch()), theme="dark", width=340)
        assert dark is not None
        assert recoloured(chart.svg, "dark") == dark.svg
    assert recoloured('<rect fill="#123456"/>', "dark") is None


def test_the_same_review_draws_the_same_picture() -> None:
    """Byte for byte."""
    assert one(Picture.GAUGE, shown(launch())) == one(Picture.GAUGE, shown(launch()))
