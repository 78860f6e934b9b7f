"""The pages about briefs are complete and true."""

from pages import DOCS, anchors

from briefs import BLADES
from understudy.domain.advice import AdviceKind
from understudy.domain.contradictions import ContradictionKind
from understudy.domain.economics import economics_of
from understudy.domain.means import NOTHING, fewest_sealed
from understudy.domain.money import asked, share
from understudy.domain.scores import scores_of
from understudy.studio.brief.questions import QUESTIONS

PAGE = DOCS / "explanation" / "should-it-be-ai.md"
TEXT = " ".join(PAGE.read_text(encoding="utf-8").split())


def test_every_contradiction_and_advice_is_explained() -> None:
    """Each kind of contradiction has its row, each kind of advice its heading."""
    assert [kind.value for kind in ContradictionKind if f"| `{kind.value}` |" not in TEXT] == []
    assert {kind.value for kind in AdviceKind} <= anchors(PAGE)


def test_every_check_of_a_score_is_named() -> None:
    """The table of scores names what each score checks."""
    scores = scores_of(BLADES, economics_of(BLADES), NOTHING)
    checks = [check.name for score in scores.all for check in score.checks]
    shortened = {"enough is sealed to prove it": "enough is sealed"}
    assert [name for name in checks if shortened.get(name, name) not in TEXT] == []


def test_figures_are_those_of_the_code() -> None:
    """The example's break-even and bar, and the fewest sealed examples, are what the code works out."""
    economics = economics_of(BLADES.__class__(person_cost=2.5, person_error=0.03, wrong_cost=40.0))
    assert economics.break_even_error is not None
    assert f"that is {share(economics.break_even_error)}: the bar is {asked(economics.bar or 0)} right" in TEXT
    assert f"{fewest_sealed(0.95)} for 95%, {fewest_sealed(0.99)} for 99%" in TEXT


def test_every_question_is_in_the_manual() -> None:
    """The manual of the brief lists each question with its option."""
    manual = (DOCS / "reference" / "brief.md").read_text(encoding="utf-8")
    assert [each.field for each in QUESTIONS if f"`{each.field}`" not in manual or each.why not in manual] == []
