"""Verifying a review after deletions: what was forgotten as it may be is told, what is missing is a fault."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from coloured import coloured
from studio.altered import altering
from trained import PROJECT, Trained
from understudy.domain.example import Example, Label, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.studio.audits.auditing import audited
from understudy.studio.collection.forgetting import forget
from understudy.studio.judgement.judging import answers_in
from understudy.studio.judgement.looking import price_of
from understudy.studio.review.reviewing import review
from understudy.studio.review.verifying import Verification, verify
from understudy.studio.workspace import Workspace

BY = {"by": "Ada", "reason": "Ann asked for it."}
SEALED = "the sealed examples"


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(trained.copy(tmp_path)) as opened:
        yield opened


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


def examples(workspace: Workspace, side: Side) -> list[Example]:
    return list(workspace.ledger.examples(PROJECT, side=side))


def said(found: Verification, name: str) -> str:
    return next(check.says for check in found.checks if check.name == name)


def test_a_review_holds_when_somebody_was_forgotten(workspace: Workspace) -> None:
    """How many were forgotten and when is told, and the model is asked about all others again."""
    review(workspace, PROJECT, progress=unheard)
    sealed = examples(workspace, Side.SEALED)
    forget(workspace, PROJECT, digests=[sealed[0].digest], **BY)
    found = verify(workspace, PROJECT, deep=True)
    assert found.holds, found.checks
    assert said(found, SEALED) == (
        f"1 of the {len(sealed)} photos that were answered was forgotten on {workspace.now():%Y-%m-%d}; what was "
        "answered still counts. All others are there with their labels, and no more came."
    )
    assert f"about {len(sealed) - 1} photos that were not forgotten" in said(found, "the model's answers")
    forget(workspace, PROJECT, digests=[each.digest for each in sealed], **BY)
    assert verify(workspace, PROJECT, deep=True).holds


def test_a_review_holds_and_names_nobody_who_was_forgotten(workspace: Workspace) -> None:
    """What a look was answered tells groups apart by number, so no file holds whose the forgotten photos were."""
    one = examples(workspace, Side.SEALED)[0]
    photos = [coloured("amber", number) for number in (901, 902)]
    hers = [replace(one, digest=workspace.blobs.put(photo), group="Zebulon Kraw", label="amber") for photo in photos]
    workspace.ledger.add_examples(PROJECT, hers, by="Ada", at=workspace.now())
    made = review(workspace, PROJECT, progress=unheard, anew=True)
    groups = answers_in(workspace, made.answers).groups
    assert len(set(groups)) == len(groups) - 1
    forget(workspace, PROJECT, subject="Zebulon Kraw", **BY)
    assert verify(workspace, PROJECT).holds
    for blob in (made.answers, made.material):
        assert b"Zebulon Kraw" not in gzip.decompress(workspace.blobs.get(blob))


def test_what_is_gone_and_was_not_forgotten_is_a_fault(workspace: Workspace) -> None:
    """A file that somebody removed is missing, also beside one that was forgotten."""
    review(workspace, PROJECT, progress=unheard)
    forgotten, lost, *rest = examples(workspace, Side.SEALED)
    forget(workspace, PROJECT, digests=[forgotten.digest], **BY)
    workspace.blobs.remove(lost.digest)
    found = verify(workspace, PROJECT)
    assert [check.name for check in found.checks if not check.holds] == [SEALED]
    count = len(rest) + 2
    assert f"1 of the {count} photos that were answered is gone, and nobody deleted it" in said(found, SEALED)


def test_what_was_forgotten_before_a_look_is_no_news_after_it(workspace: Workspace) -> None:
    """A look at the rest stays the one that was spent: to ask again opens nothing, and the review holds as it was."""
    forget(workspace, PROJECT, digests=[examples(workspace, Side.SEALED)[0].digest], **BY)
    assert review(workspace, PROJECT, progress=unheard, anew=True).look == 2
    price = price_of(workspace, PROJECT)
    assert (price.look, price.opens) == (2, False)
    assert said(verify(workspace, PROJECT), SEALED) == (
        "Examples and labels are those that were answered, and no others."
    )


def test_what_was_forgotten_is_no_reason_for_another_look(workspace: Workspace) -> None:
    """A photo that is forgotten and then labelled otherwise asks for no new look."""
    sealed = examples(workspace, Side.SEALED)[0]
    forget(workspace, PROJECT, digests=[sealed.digest], **BY)
    workspace.ledger.add_label(PROJECT, Label(sealed.digest, "lime", "Ben", workspace.now()))
    assert not price_of(workspace, PROJECT).opens


def test_findings_without_the_names_of_what_was_forgotten_are_those_that_were_read(workspace: Workspace) -> None:
    """Names leave the findings on record, and findings about one forgotten photo go; no others may."""
    one, other = examples(workspace, Side.TRAIN)[:2]
    alone = Finding(FindingKind.UNUSUAL, Severity.LOW, one.name, f"“{one.name}” is like no other.", "So.", "Look.")
    fact = f"“{one.name}” and “{other.name}” are alike."
    among = Finding(FindingKind.SUSPECT_LABEL, Severity.LOW, other.name, fact, "So.", "Look.")
    version, ledger, at = audited(workspace, PROJECT).data_version, workspace.ledger, workspace.now()
    ledger.record_data_audit(PROJECT, [alone, among], data_version=version, at=at)
    review(workspace, PROJECT, progress=unheard)
    assert said(verify(workspace, PROJECT), "the findings") == "2 stood then, as on record."
    forget(workspace, PROJECT, digests=[one.digest], **BY)
    found = verify(workspace, PROJECT)
    assert found.holds, found.checks
    assert said(found, "the findings") == "1 is on record, without the names of what was forgotten since."
    stored = ledger.latest_data_audit(PROJECT)
    assert stored is not None
    forged = replace(stored.findings[0], fact="Nothing was seen.")
    ledger.record_data_audit(PROJECT, [forged], data_version=version, at=at)
    assert not verify(workspace, PROJECT).holds


def test_findings_are_held_against_the_audit_that_was_read(workspace: Workspace) -> None:
    """A later audit that sees nothing is no fault of a review, and hides none."""
    ledger, seen = workspace.ledger, Finding(FindingKind.DRIFT, Severity.LOW, "day", "It drifts.", "So.", "Look.")
    version, at = audited(workspace, PROJECT).data_version, workspace.now()
    ledger.record_data_audit(PROJECT, [seen], data_version=version, at=at)
    made = review(workspace, PROJECT, progress=unheard)
    ledger.record_data_audit(PROJECT, [], data_version="later", at=made.at + timedelta(days=1))
    assert said(verify(workspace, PROJECT), "the findings") == "1 stood then, as on record."
    ledger.record_data_audit(PROJECT, [], data_version=version, at=at)
    assert not verify(workspace, PROJECT).holds


def test_no_review_names_what_was_forgotten(workspace: Workspace) -> None:
    """Neither what it quotes of findings nor what it was computed from does; it still holds, figure by figure."""
    one, other = examples(workspace, Side.TRAIN)[:2]
    fact = f"“{one.name}” and “{other.name}” are alike."
    grave = Finding(FindingKind.LEAK, Severity.HIGH, one.name, f"“{one.name}” is all.", "So.", f"Drop “{one.name}”.")
    both = (one.name, other.name)
    noted = Finding(FindingKind.SUSPECT_LABEL, Severity.MEDIUM, other.name, fact, "So.", "Look.", both)
    version, ledger = audited(workspace, PROJECT).data_version, workspace.ledger
    ledger.record_data_audit(PROJECT, [grave, noted], data_version=version, at=workspace.now())
    before = review(workspace, PROJECT, progress=unheard)
    assert one.name in str(before.reasons)
    forget(workspace, PROJECT, digests=[one.digest], **BY)
    after = ledger.latest_review(PROJECT)
    assert after is not None
    assert one.name not in str(after)
    assert {each.kind for each in after.reasons} == {each.kind for each in before.reasons}
    assert not workspace.blobs.has(before.material)
    assert one.name.encode() not in gzip.decompress(workspace.blobs.get(after.material))
    found = verify(workspace, PROJECT)
    assert found.holds, found.checks


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda each: each - 0.1, "no probability is off by more than 0.1; "),
        (lambda _: float("nan"), "and 1 of its answers is another."),
        (lambda _: float("inf"), "and 1 of its answers is another."),
    ],
)
def test_a_model_that_gives_other_probabilities_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, change: Callable[[float], float], told: str
) -> None:
    """Also where no label changes, and where a probability is no number at all."""
    review(workspace, PROJECT, progress=unheard)
    altering(monkeypatch, change)
    found = verify(workspace, PROJECT, deep=True)
    assert [check.name for check in found.checks if not check.holds] == ["the model's answers"]
    assert told in said(found, "the model's answers")


def nameless(count: int) -> list[Finding]:
    """Findings about inputs that are not there, as `forget` would take them out."""
    return [
        Finding(FindingKind.UNUSUAL, Severity.LOW, f"gone {each}", f"“gone {each}” is like no other.", "So.", "Look.")
        for each in range(count)
    ]


@pytest.mark.parametrize(
    ("before", "after", "taken", "holds"), [(1, 0, 1, False), (0, 1, 1, True), (0, 1, 2, False), (1, 1, 2, False)]
)
def test_no_more_findings_go_than_inputs_were_forgotten_since_the_review(
    workspace: Workspace, before: int, after: int, taken: int, holds: bool
) -> None:
    """What was forgotten before a review excuses nothing after it, and one that went since excuses one finding."""
    first, second = examples(workspace, Side.TRAIN)[:2]
    forgotten = [first.digest] * before, [second.digest] * after
    if forgotten[0]:
        forget(workspace, PROJECT, digests=forgotten[0], **BY)
    version, ledger, at = audited(workspace, PROJECT).data_version, workspace.ledger, workspace.now()
    found = nameless(3)
    ledger.record_data_audit(PROJECT, found, data_version=version, at=at)
    review(workspace, PROJECT, progress=unheard, anew=True)
    if forgotten[1]:
        forget(workspace, PROJECT, digests=forgotten[1], **BY)
    ledger.record_data_audit(PROJECT, found[taken:], data_version=version, at=at)
    checks = {check.name: check.holds for check in verify(workspace, PROJECT).checks}
    assert checks["the findings"] == holds
