"""Figures that cannot be."""

import math
from dataclasses import replace

import pytest
from hypothesis import given

from briefs import BLADES, COSTS_BY_KIND, briefs
from understudy.domain.brief import BadBrief, Brief, KillCriteria, checked_brief


@given(briefs)
def test_what_can_be_passes_unchanged(brief: Brief) -> None:
    """Every possible figure passes, contradictory or not, a bar of 100% apart."""
    if brief.asked_bar == 1:
        with pytest.raises(BadBrief, match="No number of examples proves"):
            checked_brief(brief)
    else:
        assert checked_brief(brief) is brief


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person_cost": -1.0}, "person_cost"),
        ({"wrong_cost": math.inf}, "wrong_cost"),
        ({"wrong_cost": math.nan}, "wrong_cost"),
        ({"model_cost": -math.inf}, "model_cost"),
        ({"decisions_a_month": 1e13}, "decisions_a_month"),
        ({"person_error": 3.0}, "person_error"),
        ({"person_error": math.nan}, "person_error"),
        ({"asked_bar": 1.0}, "asked_bar"),
        ({"asked_bar": -0.1}, "asked_bar"),
        ({"class_bars": (("crack", 95.0),)}, "class_bars"),
        ({"class_bars": (("crack", 0.9), ("crack", 0.8))}, "class_bars"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "€"}, "currency"),
        ({"wrong_costs": (replace(COSTS_BY_KIND[0], cost=-1.0),)}, "wrong_costs"),
        ({"wrong_costs": (replace(COSTS_BY_KIND[0], answer="crack"),)}, "wrong_costs"),
        ({"wrong_costs": COSTS_BY_KIND[:1] * 2}, "wrong_costs"),
        ({"kill": KillCriteria(labels=-1)}, "kill_labels"),
        ({"kill": KillCriteria(labels=10**400)}, "kill_labels"),
        ({"kill": KillCriteria(labels=-(10**400))}, "kill_labels"),
        ({"kill": KillCriteria(money=float("nan"))}, "kill_money"),
        ({"kill": KillCriteria(money=math.inf)}, "kill_money"),
        ({"problem": "x" * 5000}, "problem"),
        ({"problem": "\ud800x"}, "problem"),
        ({"today": "a\0b"}, "today"),
        ({"currency": "\ud800"}, "currency"),
        ({"slices": ("\udfff",)}, "slices"),
        ({"class_bars": (("\0", 0.9),)}, "class_bars"),
        ({"wrong_costs": (replace(COSTS_BY_KIND[0], truth="\ud800"),)}, "wrong_costs"),
        ({"slices": ("",)}, "slices"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], field: str) -> None:
    """An impossible figure is refused with what was said, why it cannot be and what can, and names its field."""
    with pytest.raises(BadBrief) as caught:
        checked_brief(replace(BLADES, **changes))
    assert caught.value.field == field
    assert caught.value.fact.endswith(".")
    assert caught.value.remedy.endswith(".")
