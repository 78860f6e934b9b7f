"""Where a brief contradicts itself, its examples or the calendar."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from briefs import BLADES, COSTS_BY_KIND, briefs
from understudy.domain.brief import Brief, KillCriteria, WrongCost
from understudy.domain.contradictions import ContradictionKind as Kind
from understudy.domain.economics import economics_of
from understudy.domain.means import Means
from understudy.domain.review import Measured

MEANS = Means(labels=(("crack", 40), ("sound", 60)), sealed=30, today=date(2026, 3, 2))


def kinds(brief: Brief, means: Means = MEANS) -> list[Kind]:
    return [one.kind for one in economics_of(brief, means).contradictions]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"person_cost": 50.0}, Kind.NOBODY_SHOULD_ANSWER),
        ({"wrong_cost": 0.0, "loss_budget": None}, Kind.NOBODY_SHOULD_ANSWER),
        ({"model_cost": 9.0}, Kind.PEOPLE_ARE_CHEAPER),
        ({"asked_bar": 1.0}, Kind.IMPOSSIBLE_BAR),
        ({"class_bars": (("crack", 1.0),)}, Kind.IMPOSSIBLE_BAR),
        ({"class_bars": (("ghost", 0.9),)}, Kind.UNKNOWN_LABEL),
        ({"wrong_costs": (replace(COSTS_BY_KIND[0], truth="ghost"),)}, Kind.UNKNOWN_KIND),
        ({"loss_budget": 39.0}, Kind.BUDGET_BELOW_ONE_MISTAKE),
        ({"kill": KillCriteria(by=date(2026, 3, 1))}, Kind.KILL_DATE_PASSED),
        ({"kill": KillCriteria(labels=50), "asked_bar": 0.95}, Kind.KILL_LABELS_TOO_FEW),
        ({"person_error": 0.5, "asked_bar": None}, Kind.PEOPLE_WORSE_THAN_GUESSING),
        ({"decisions_a_month": 0.0}, Kind.NO_DECISIONS),
    ],
)
def test_each_contradiction_is_found_alone(changes: dict[str, object], kind: Kind) -> None:
    """One change to a sound brief yields that contradiction and no other, in three sentences."""
    brief = replace(BLADES, **changes)
    assert kinds(brief) == [kind]
    (one,) = economics_of(brief, MEANS).contradictions
    assert all(
        (text.endswith(".") and text[0].isupper()) or text[0] == "“" for text in (one.fact, one.reason, one.remedy)
    )
    assert one.fields


def test_a_sound_brief_has_none() -> None:
    """A brief whose figures fit raises no contradiction."""
    assert kinds(BLADES) == []


def test_each_is_told_though_others_are_too() -> None:
    """Figures that are absurd in several ways are told so in each, with one label as with two."""
    absurd = Brief(
        asked_bar=0.999,
        model_cost=999_999_999.0,
        decisions_a_month=0.0,
        person_cost=50.0,
        wrong_cost=20.0,
        class_bars=(("crackk", 0.9),),
        wrong_costs=(WrongCost("crackk", "sound", 5.0),),
        kill=KillCriteria(labels=5),
    )
    for labels in ((("crack", 40),), (("crack", 40), ("sound", 60))):
        found = kinds(absurd, replace(MEANS, labels=labels))
        assert found == [
            Kind.NOBODY_SHOULD_ANSWER,
            Kind.PEOPLE_ARE_CHEAPER,
            Kind.NO_DECISIONS,
            Kind.UNKNOWN_LABEL,
            Kind.UNKNOWN_KIND,
            Kind.KILL_LABELS_TOO_FEW,
        ]


def test_a_second_label_may_still_come() -> None:
    """With one label so far, a cost for taking it for another is no contradiction."""
    brief = replace(BLADES, wrong_costs=COSTS_BY_KIND[:1], loss_budget=None)
    assert kinds(brief, replace(MEANS, labels=(("crack", 40),))) == []


def test_people_said_to_be_worse_than_measured() -> None:
    """Overstating people's error would soften the bar, so it does not pass unnoticed."""
    measured = replace(MEANS, people_error=Measured(0.01, 0.003, 0.02, 200, 200, 0.95, "from double answers"))
    assert kinds(BLADES, measured) == [Kind.PEOPLE_MEASURED_OTHERWISE]
    assert kinds(replace(BLADES, person_error=0.015), measured) == []


def test_nothing_is_said_of_labels_that_nobody_knows() -> None:
    """Before there are examples, no label is unknown."""
    brief = replace(BLADES, class_bars=(("ghost", 0.9),), wrong_costs=COSTS_BY_KIND, loss_budget=None)
    assert kinds(brief, Means()) == []


@given(briefs)
def test_impossible_money_always_shows(brief: Brief) -> None:
    """Whenever the break-even error lies outside 0..1, a contradiction says so."""
    economics = economics_of(brief, MEANS)
    found = {one.kind for one in economics.contradictions}
    outside = economics.break_even_error is not None and not 0 < economics.break_even_error < 1
    assert (not outside) or found & {Kind.NOBODY_SHOULD_ANSWER, Kind.PEOPLE_ARE_CHEAPER}
