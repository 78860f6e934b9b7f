"""Findings: each kept once."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in

TORN = Finding(FindingKind.TRUNCATED, Severity.LOW, "a.jpg", "It is cut off.", "The copy broke off.", "Copy it again.")


@settings(max_examples=15)
@given(st.lists(nouns.findings, max_size=5))
def test_every_finding_reads_back_exactly_and_once(places: Places, seen: Sequence[Finding]) -> None:
    """Findings come back in the order first seen, however often they were seen."""
    once: dict[tuple[str, str, str], Finding] = {}
    for finding in seen:
        once.setdefault((finding.kind, finding.subject, finding.fact), finding)
    with ledger_in(places) as ledger:
        for seconds in range(2):
            ledger.record_findings("blades", seen, at=nouns.later(seconds))
            assert ledger.findings("blades") == list(once.values())


def test_a_different_fact_is_another_finding(ledger: Ledger) -> None:
    """The same file may be found wanting in more than one way."""
    other = replace(TORN, fact="It is empty.")
    ledger.record_findings("blades", [TORN, other, replace(TORN, remedy="Ask for it again.")], at=nouns.NOON)
    assert ledger.findings("blades") == [TORN, other]


def test_subject_and_fact_do_not_run_together(ledger: Ledger) -> None:
    """Two findings whose texts join to the same whole stay two."""
    pair = [replace(TORN, subject="ab", fact="c"), replace(TORN, subject="a", fact="bc")]
    ledger.record_findings("blades", pair, at=nouns.NOON)
    assert ledger.findings("blades") == pair


def test_thousands_of_findings_are_kept(ledger: Ledger) -> None:
    """A folder full of bad files leaves one finding for each."""
    many = [replace(TORN, subject=f"{number}.jpg") for number in range(2500)]
    ledger.record_findings("blades", many, at=nouns.NOON)
    assert ledger.findings("blades") == many


def test_a_finding_is_taken_back_alone(ledger: Ledger) -> None:
    """What no longer holds is gone, other findings stay, and taking it back again changes nothing."""
    other = replace(TORN, fact="It is empty.")
    ledger.record_findings("blades", [TORN, other], at=nouns.NOON)
    for _ in range(2):
        ledger.withdraw_finding("blades", TORN)
        assert ledger.findings("blades") == [other]
