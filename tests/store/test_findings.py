"""Findings: each kept once."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Label
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
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


@settings(max_examples=15)
@given(st.lists(st.sampled_from("abc"), max_size=4), st.sampled_from(["add_label", "add_labels", "erase"]))
def test_a_finding_is_over_with_the_last_label_that_it_waits_for(
    places: Places, labelled: Sequence[str], how: str
) -> None:
    """In whatever order and by whatever way labels come, it stands until each example has one or is forgotten."""
    waiting = replace(TORN, awaits=(nouns.digest("a"), nouns.digest("b")))
    with ledger_in(places) as ledger:
        ledger.add_examples("blades", [nouns.example(each, label=None) for each in "abc"], by="", at=nouns.NOON)
        ledger.record_findings("blades", [waiting, replace(TORN, fact="It is empty.")], at=nouns.NOON)
        for place, each in enumerate(labelled):
            label = Label(nouns.digest(each), "crack", "me", nouns.later(place))
            if how == "erase":
                ledger.erase("blades", [label.digest], by="me", reason="asked to", at=label.at)
            elif how == "add_labels":
                ledger.add_labels("blades", [label])
            else:
                ledger.add_label("blades", label)
        left = [each.fact for each in ledger.findings("blades")]
    over = {"a", "b"} <= set(labelled)
    assert left == ([] if over else [TORN.fact]) + ["It is empty."]


def test_a_label_that_comes_with_an_example_again_is_waited_for_too(ledger: Ledger) -> None:
    """What was known without a label gets one by arriving under it; what is new ends nothing."""
    ledger.add_examples("blades", [nouns.example("a", label=None)], by="", at=nouns.NOON)
    ledger.record_findings("blades", [replace(TORN, awaits=(nouns.digest("a"),))], at=nouns.NOON)
    ledger.add_examples("blades", [nouns.example("b", label="crack")], by="me", at=nouns.NOON)
    assert ledger.findings("blades") == [TORN]
    ledger.add_examples("blades", [nouns.example("a", label="crack")], by="me", at=nouns.NOON)
    assert ledger.findings("blades") == []


def test_what_findings_wait_for_is_known(ledger: Ledger) -> None:
    """Each example once, of this project alone, until it has its label."""
    ledger.create_project(Project("walls", nouns.NOON))
    a, b = nouns.digest("a"), nouns.digest("b")
    for project, waits in (("blades", (a, b)), ("walls", (b,))):
        ledger.add_examples(project, [nouns.example(each, label=None) for each in "ab"], by="", at=nouns.NOON)
        ledger.record_findings(project, [replace(TORN, fact=each, awaits=waits) for each in "xy"], at=nouns.NOON)
    ledger.add_label("blades", Label(b, "crack", "me", nouns.NOON))
    assert [ledger.awaited(project) for project in ("blades", "walls")] == [{a}, {b}]


def test_another_project_ends_no_finding(ledger: Ledger) -> None:
    """The same input may be labelled there; here it still waits."""
    ledger.create_project(Project("walls", nouns.NOON))
    for project in ("blades", "walls"):
        ledger.add_examples(project, [nouns.example("a", label=None)], by="", at=nouns.NOON)
        ledger.record_findings(project, [replace(TORN, awaits=(nouns.digest("a"),))], at=nouns.NOON)
    ledger.add_label("walls", Label(nouns.digest("a"), "crack", "me", nouns.NOON))
    assert (ledger.findings("blades"), ledger.findings("walls")) == ([TORN], [])
