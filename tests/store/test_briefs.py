"""Briefs in the ledger."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.brief import Brief
from understudy.domain.project import Project
from understudy.store.codec import as_json, from_json
from understudy.store.ledger import Ledger

from . import nouns

st.register_type_strategy(float, nouns.finite)

FIRST = Brief(problem="Cracks are found late.", person_cost=2.0, class_bars=(("crack", 0.95),))


def test_a_project_begins_without_a_brief(ledger: Ledger) -> None:
    """Nothing is made up for a project whose brief nobody wrote."""
    assert ledger.latest_brief("blades") is None
    assert ledger.briefs("blades") == []


def test_each_change_is_a_version_with_its_author_and_reason(ledger: Ledger) -> None:
    """Who changed what, when and why stays on record, and the last version stands."""
    first = ledger.add_brief("blades", FIRST, by="ada", reason="", at=nouns.NOON)
    dearer = replace(FIRST, person_cost=3.0)
    second = ledger.add_brief("blades", dearer, by="bob", reason="wages rose", at=nouns.later(60))
    assert (first.number, second.number) == (1, 2)
    assert ledger.briefs("blades") == [first, second]
    assert ledger.latest_brief("blades") == second
    assert (second.brief, second.by, second.reason) == (dearer, "bob", "wages rose")


def test_a_brief_that_says_the_same_adds_nothing(ledger: Ledger) -> None:
    """Saving a form twice makes no second version; the first author stays."""
    first = ledger.add_brief("blades", FIRST, by="ada", reason="", at=nouns.NOON)
    assert ledger.add_brief("blades", FIRST, by="bob", reason="again", at=nouns.later(60)) == first
    assert len(ledger.briefs("blades")) == 1


def test_projects_have_their_own_briefs(ledger: Ledger) -> None:
    """Versions are counted by project."""
    ledger.create_project(Project("axles", nouns.NOON))
    ledger.add_brief("blades", FIRST, by="ada", reason="", at=nouns.NOON)
    assert ledger.add_brief("axles", FIRST, by="ada", reason="", at=nouns.NOON).number == 1


@settings(max_examples=60)
@given(st.from_type(Brief))
def test_every_brief_reads_back_exactly(brief: Brief) -> None:
    """Dates, unknown figures and costs by kind survive being written as JSON."""
    assert from_json(Brief, as_json(Brief, brief)) == brief
