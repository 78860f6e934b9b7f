"""Desirable, viable, feasible, and what to do."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs import BLADES, briefs
from understudy.domain.advice import Advice, AdviceKind, advice_of
from understudy.domain.brief import Brief, Demand
from understudy.domain.economics import economics_of
from understudy.domain.learning import Behaviour, CurvePoint, LabelsNeeded, LearningCurve
from understudy.domain.means import NOTHING, Means
from understudy.domain.review import Measured, RuleResult
from understudy.domain.scores import Holds, Scores, scores_of
from understudy.studio.brief.words import bar_words

PLENTY = Means(labels=(("crack", 200), ("sound", 220)), sealed=140, today=date(2026, 3, 2))
RULE = RuleResult(
    "brightness above 93 means crack", Measured(0.98, 0.96, 0.99, 140, 140, 0.95, "exact"), meets_bar=True
)


def scored(brief: Brief, means: Means = PLENTY) -> Scores:
    return scores_of(brief, economics_of(brief, means), means)


def advised(brief: Brief, means: Means = PLENTY, needed: int | None = None) -> tuple[Advice, ...]:
    return advice_of(brief, economics_of(brief, means), means, examples_needed=needed)


def test_a_good_idea() -> None:
    """Where somebody hurts, the money is there and examples abound, all three are met and it is worth building."""
    assert [score.word for score in scored(BLADES).all] == ["yes", "yes", "yes"]
    (only,) = advised(BLADES)
    assert only.kind is AdviceKind.WORTH_BUILDING
    assert "€10,000 a month" in only.reason


def test_an_empty_brief() -> None:
    """Of an empty brief nothing is known, and the advice is to fake it first, for every reason there is."""
    assert [score.word for score in scored(Brief(), NOTHING).all] == ["not known yet"] * 3
    fields = [one.field for one in advised(Brief(), NOTHING)]
    assert fields == ["problem", "decisions_a_month", "wrong_cost"]
    assert {one.kind for one in advised(Brief(), NOTHING)} == {AdviceKind.FAKE_IT_FIRST}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"problem": None, "who": " "}, "problem"),
        ({"decisions_a_month": None}, "decisions_a_month"),
        ({"wrong_cost": None}, "wrong_cost"),
        ({"person_cost": None}, "person_cost"),
        ({"minimum_viable": True, "demand": Demand.SAID}, "demand"),
        ({"demand": Demand.NONE}, "demand"),
    ],
)
def test_fake_it_first(changes: dict[str, object], field: str) -> None:
    """No pain point, no volume, no bar, a first version without demand: each alone says to let people answer first."""
    (only,) = advised(replace(BLADES, **changes))
    assert only.kind is AdviceKind.FAKE_IT_FIRST
    assert only.field == field
    assert "people answer" in only.remedy


def test_a_first_version_with_demand_may_be_built() -> None:
    """A first version that people waited for is not told to fake it."""
    assert advised(replace(BLADES, minimum_viable=True))[0].kind is AdviceKind.WORTH_BUILDING


def test_ship_the_rule() -> None:
    """A rule that meets the bar is to be shipped, and the idea is then not feasible as a model."""
    means = replace(PLENTY, rule=RULE)
    first = advised(BLADES, means)[0]
    assert first.kind is AdviceKind.SHIP_THE_RULE
    assert "brightness above 93 means crack" in first.fact
    assert scored(BLADES, means).feasible.holds is Holds.NOT_MET
    for stands in (replace(RULE, meets_bar=False), replace(RULE, given_away=True)):
        beside = replace(PLENTY, rule=stands)
        assert advised(BLADES, beside)[0].kind is AdviceKind.WORTH_BUILDING
        assert scored(BLADES, beside).feasible.holds is Holds.MET


def test_too_few_examples() -> None:
    """Too few examples: how many it takes, and what labelling them costs."""
    means = Means(labels=(("crack", 6), ("sound", 8)), sealed=4)
    (only,) = advised(BLADES, means)
    assert only.kind is AdviceKind.TOO_FEW_EXAMPLES
    assert "18 examples" in only.fact
    assert "takes at the least 140" in only.fact
    assert "costs about €300" in only.remedy
    (only,) = advised(BLADES, means, needed=1018)
    assert "takes probably 1,018" in only.fact
    assert "about 1,000 more (labelling them costs about €2,500)" in only.remedy


def test_contradictions_come_first() -> None:
    """What contradicts itself has to be settled before anything is built."""
    assert advised(replace(BLADES, person_cost=50.0))[0].kind is AdviceKind.SETTLE_FIRST


def test_a_curve_that_does_not_reach() -> None:
    """A learning curve that stays below the bar speaks against; one that reaches it speaks for."""
    points = (CurvePoint(100, 0.7, 0.02), CurvePoint(200, 0.71, 0.02))
    flat = LearningCurve(points, Behaviour.FLAT, (), LabelsNeeded(0.9, None, 500, None), ())
    assert scored(BLADES, replace(PLENTY, curve=flat)).feasible.holds is Holds.NOT_MET
    well = replace(flat, behaviour=Behaviour.WELL, needed=LabelsNeeded(0.9, 700, 600, 900))
    assert scored(BLADES, replace(PLENTY, curve=well)).feasible.holds is Holds.MET
    for unclear in (Behaviour.ILL, Behaviour.TOO_SHORT):
        checks = scored(BLADES, replace(PLENTY, curve=replace(flat, behaviour=unclear))).feasible.checks
        assert next(check for check in checks if "lead there" in check.name).holds is Holds.UNKNOWN


def test_a_bar_that_was_asked_for_is_the_one_told() -> None:
    """Where no share right would pay, the checks speak of the bar that was asked for and not of 100%."""
    hopeless = replace(BLADES, model_cost=999_999_999.0, asked_bar=0.999)
    scores, words = scored(hopeless), bar_words(economics_of(hopeless, PLENTY))
    reasons = " ".join(check.reason for score in scores.all for check in score.checks)
    assert "the bar allows 0.1%" in reasons
    assert "To show 99.9% takes at least 3,351 sealed examples" in reasons
    assert "100%" not in reasons
    assert "You ask for 99.9% right" in words
    assert "No share right is enough" in words
    unasked = scored(replace(hopeless, asked_bar=None)).feasible.checks
    assert any("no bar to prove" in check.reason for check in unasked)


def test_what_is_missing_is_only_told_where_something_is() -> None:
    """With enough labels none is missing, a curve is offered by its command, and where nothing is saved none pays."""
    checks = {check.name: check for score in scored(BLADES).all for check in score.checks}
    assert (
        checks["its labels come back within a year"].reason == "No label is missing for a proof, were no answer wrong."
    )
    assert "once there are examples" not in checks["more examples lead there"].change
    without = scored(replace(BLADES, model_cost=3.0)).viable.checks
    assert "no label ever comes back" in next(check.reason for check in without if "come back" in check.name)


@given(briefs)
def test_every_check_says_why_and_what_would_change_it(brief: Brief) -> None:
    """Whatever the brief, each check has its reason, and one that is not met says what would change it."""
    for means in (NOTHING, PLENTY):
        scores = scored(brief, means)
        for check in (check for score in scores.all for check in score.checks):
            assert check.reason.endswith(".")
            assert check.change.endswith(".") or (check.holds is Holds.MET and not check.change)
        advice = advised(brief, means)
        assert advice
        worth = [one for one in advice if one.kind is AdviceKind.WORTH_BUILDING]
        assert not worth or len(advice) == 1


def test_made_up_examples_are_no_evidence() -> None:
    """Where made-up examples stand beside them, the real ones that count are called so."""
    means = replace(PLENTY, labels=(("crack", 1), ("sound", 220)), made_up=40)
    check = next(each for each in scored(BLADES, means).feasible.checks if "every answer" in each.name)
    assert check.holds is Holds.NOT_MET
    assert check.reason == "361 real examples; the rarest label, “crack”, has 1 to learn from."
    (advice,) = advised(BLADES, replace(means, labels=(("crack", 1),), sealed=0))
    assert advice.fact.startswith("There is 1 real example;")


@given(briefs, st.integers(0, 60))
def test_worth_building_needs_every_weighty_check(brief: Brief, sealed: int) -> None:
    """Nothing is called worth building unless all three scores say yes, so a headline never contradicts a check."""
    means = replace(PLENTY, sealed=sealed)
    if advised(brief, means)[0].kind is AdviceKind.WORTH_BUILDING:
        assert brief.decisions_a_month
        assert economics_of(brief, means).bar is not None
        assert brief.problem
        assert brief.who
        assert [score.word for score in scored(brief, means).all] == ["yes", "yes", "yes"]


@pytest.mark.parametrize(
    ("changes", "means", "kind", "fact", "field"),
    [
        ({"who": None}, PLENTY, AdviceKind.FIND_OUT_FIRST, "“someone hurts” is not known yet.", "who"),
        ({"demand": Demand.SAID}, PLENTY, AdviceKind.FIND_OUT_FIRST, "“people want it” is not known yet.", "demand"),
        (
            {},
            replace(PLENTY, sealed=20),
            AdviceKind.NOT_AS_IT_STANDS,
            "To show 90.78% takes at least 35 sealed examples, all answered rightly; 20 are sealed.",
            "",
        ),
    ],
)
def test_what_is_open_is_named_first(
    changes: dict[str, object], means: Means, kind: AdviceKind, fact: str, field: str
) -> None:
    """A weighty check that fails or that nobody knows of takes the headline's place, with what would change it."""
    (only,) = advised(replace(BLADES, **changes), means)
    assert (only.kind, only.fact, only.field) == (kind, fact, field)
    checks = (check for score in scored(replace(BLADES, **changes), means).all for check in score.checks)
    assert only.remedy in {check.change for check in checks}


def test_what_is_open_holds_no_launch_up_that_a_review_allows() -> None:
    """Brief and review name one way: what is unknown is found out on the way, and what fails is told all the same."""
    allowed = replace(PLENTY, trained=True, reviewed=True, may_launch=True)
    (only,) = advised(replace(BLADES, demand=Demand.SAID), allowed)
    assert (only.kind, only.fact) == (AdviceKind.FIND_OUT_MEANWHILE, "“people want it” is not known yet.")
    assert only.remedy.startswith("The review allows a launch")
    assert advised(replace(BLADES, demand=Demand.SAID), replace(allowed, sealed=20))[0].kind is (
        AdviceKind.NOT_AS_IT_STANDS
    )


def test_what_fails_stands_before_what_is_unknown() -> None:
    """Of several open checks those that fail come first."""
    kinds = [one.kind for one in advised(replace(BLADES, who=None), replace(PLENTY, sealed=20))]
    assert kinds == [AdviceKind.NOT_AS_IT_STANDS, AdviceKind.FIND_OUT_FIRST]


def test_what_comes_next_depends_on_how_far_the_project_is() -> None:
    """A trained project is not told to train, nor a reviewed one to review."""
    trained = replace(PLENTY, trained=True)
    assert advised(BLADES)[0].remedy.startswith("Train one on the 560 examples")
    assert "review it" in advised(BLADES, trained)[0].remedy
    assert "read what its review says" in advised(BLADES, replace(trained, reviewed=True))[0].remedy
    assert any(check.change == "Review the model." for check in scored(BLADES, trained).feasible.checks)
