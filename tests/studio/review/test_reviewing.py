"""Reviewing and verifying a real project, from its ledger and blobs."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coloured import coloured
from studio.launches import SECOND, change
from studio.materials import GOOD
from trained import PROJECT, Trained
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.review import Claim, ClaimKind, Outcome, ReasonKind, RuleResult, Verdict
from understudy.domain.stage import Stage
from understudy.serving.model import NotTrainedYet
from understudy.studio.audits.auditing import audited
from understudy.studio.brief.briefing import means_of
from understudy.studio.claims.review_material import unpacked_grounds
from understudy.studio.desk import Desk
from understudy.studio.judgement.looking import next_look, price_of
from understudy.studio.review.changes import Change
from understudy.studio.review.reviewing import changes_of, present_review, review
from understudy.studio.review.verifying import NoReview, verify
from understudy.studio.workspace import Workspace

EASY = replace(GOOD, asked_bar=None, wrong_cost=4.0, person_error=0.05, loss_budget=None)
"""Its break-even error is 55%, so a handful of photos can show it."""


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(trained.copy(tmp_path)) as opened:
        yield opened


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


def more_sealed(workspace: Workspace, *, each: int) -> None:
    """Adds sealed photos of both colours."""
    examples = []
    for label in ("amber", "azure"):
        for number in range(100, 100 + each):
            digest = workspace.blobs.put(coloured(label, number))
            name = f"{label} {number}.jpg"
            examples.append(Example(digest, name, Provenance.UPLOAD, digest, Side.SEALED, label, 96, 72, "0" * 64))
    workspace.ledger.add_examples(PROJECT, examples, by="Ada", at=workspace.now())


def test_without_a_brief_it_is_not_yet(workspace: Workspace) -> None:
    """A model that was judged already is reviewed without another look; without a brief nothing is launched."""
    assert not price_of(workspace, PROJECT).opens
    said = review(workspace, PROJECT, progress=unheard)
    assert said.verdict is Verdict.NOT_YET
    assert said.reasons[0].kind is ReasonKind.NO_BRIEF
    assert workspace.ledger.look_count(PROJECT) == 1
    assert present_review(workspace, PROJECT) == said


def test_asking_again_adds_nothing(workspace: Workspace) -> None:
    """The same question has the same answer, and stands in the ledger once; a new brief makes a new review."""
    steps: list[tuple[str, int, int]] = []
    first = review(workspace, PROJECT, progress=unheard, auditing=lambda *step: steps.append(step))
    assert steps, "the audit before it is told step by step"
    steps.clear()
    assert review(workspace, PROJECT, progress=unheard, auditing=lambda *step: steps.append(step)) == first
    assert not steps
    assert len(workspace.ledger.reviews(PROJECT)) == 1
    workspace.ledger.add_brief(PROJECT, EASY, by="Ada", reason="", at=workspace.now())
    second = review(workspace, PROJECT, progress=unheard)
    assert second.brief == 1
    assert len(workspace.ledger.reviews(PROJECT)) == 2
    assert workspace.ledger.look_count(PROJECT) == 1


def test_what_to_do_about_a_finding_names_the_project(workspace: Workspace) -> None:
    """A command that a review passes on from an audit can be typed as it stands."""
    version, remedy = audited(workspace, PROJECT).data_version, "Hide it: understudy columns PROJECT --set bin=held-out"
    leak = Finding(FindingKind.LEAK, Severity.HIGH, "bin", "The column “bin” tells.", "So it proves little.", remedy)
    workspace.ledger.record_data_audit(PROJECT, (leak,), data_version=version, at=workspace.now())
    said = next(
        each for each in review(workspace, PROJECT, progress=unheard).reasons if each.kind is ReasonKind.SERIOUS_FINDING
    )
    assert said.remedy.startswith(f"Hide it: understudy columns {PROJECT} --set bin=held-out. Or take")


def test_a_rule_counts_under_the_brief_that_it_was_held_against(workspace: Workspace) -> None:
    """What a review without a brief, or with an older one, says of a rule is no word on the brief that stands."""

    def rule() -> RuleResult | None:
        return means_of(workspace.ledger, PROJECT, today=workspace.now().date()).rule

    without = review(workspace, PROJECT, progress=unheard)
    assert without.rule is not None
    assert rule() == without.rule
    workspace.ledger.add_brief(PROJECT, EASY, by="Ada", reason="", at=workspace.now())
    assert rule() is None
    held = review(workspace, PROJECT, progress=unheard).rule
    assert held is not None
    assert rule() == held


def test_a_review_goes_by_what_its_model_learned_from(workspace: Workspace) -> None:
    """What was made up after a training is no part of the review of that model, which learned from none of it."""
    digest = workspace.blobs.put(coloured("amber", 999))
    made_up = Example(digest, "drawn.jpg", Provenance.SYNTHETIC, digest, Side.TRAIN, "amber", 96, 72, "0" * 64)
    workspace.ledger.add_examples(PROJECT, [made_up], by="Ada", at=workspace.now())
    assert review(workspace, PROJECT, progress=unheard).synthetic_count == 0
    record = workspace.ledger.latest_model(PROJECT)
    assert record is not None
    later = {"version": record.version, "blob": record.blob, "trials": record.trials, "at": workspace.now()}
    workspace.ledger.record_model(PROJECT, **later, data_version=record.data_version, synthetic=1)
    assert review(workspace, PROJECT, progress=unheard).synthetic_count == 1


def test_to_ask_for_another_look_is_possible_and_has_its_price(workspace: Workspace) -> None:
    """Looking anew though nothing has changed spends the second look, whose bounds are stricter."""
    first = review(workspace, PROJECT, progress=unheard)
    price = price_of(workspace, PROJECT, anew=True)
    assert (price.look, price.opens, price.alpha) == (2, True, pytest.approx(0.0075))
    again = review(workspace, PROJECT, progress=unheard, anew=True)
    assert again.look == 2
    assert again.data == first.data
    seen = [unpacked_grounds(workspace.blobs.get(each.material)).times_seen for each in (first, again)]
    assert seen == [0, 1]
    assert next_look(workspace, PROJECT).look == 3


def test_the_whole_way_to_a_launch_and_a_year_later(workspace: Workspace) -> None:
    """Colours that are told apart with ease, a brief and enough sealed photos: launch; and it can be computed again."""
    workspace.ledger.add_brief(PROJECT, EASY, by="Ada", reason="", at=workspace.now())
    more_sealed(workspace, each=15)
    said = review(workspace, PROJECT, progress=unheard)
    against = [each for each in said.reasons if each.verdict is not Verdict.LAUNCH]
    ruled = {each.kind for each in against} <= {ReasonKind.SHIP_THE_RULE, ReasonKind.SERIOUS_FINDING}
    assert said.verdict is Verdict.LAUNCH or ruled, against
    automation = next(each for each in said.claims if each.kind is ClaimKind.AUTOMATION)
    assert automation.outcome.value == "proven"
    assert said.look == 2
    found = verify(workspace, PROJECT, deep=True)
    assert found.holds, found.checks
    assert {check.name for check in found.checks} >= {"the answers", "the model", "the figures", "the model's answers"}
    assert verify(workspace, PROJECT, 1).number == 1


def test_a_review_speaks_of_the_model_that_answers_as_it_is_made(workspace: Workspace) -> None:
    """One that came to answer after the look was not asked, which is said; once people answer, nothing is compared."""

    def compared() -> list[Claim]:
        claims = review(workspace, PROJECT, progress=unheard).claims
        return [each for each in claims if each.kind is ClaimKind.SAVING_OVER_CHAMPION]

    assert compared() == []
    workspace.ledger.change_stage(PROJECT, change(1, Stage.LIVE, SECOND))
    (claim,) = compared()
    assert (claim.subject, claim.measured, claim.outcome) == (SECOND, None, Outcome.NOT_APPLICABLE)
    assert "the next look asks it too" in claim.why_not
    assert verify(workspace, PROJECT).holds
    workspace.ledger.change_stage(PROJECT, change(2, Stage.WIZARD, None))
    assert compared() == []
    record = workspace.ledger.latest_model(PROJECT)
    assert record is not None
    workspace.ledger.change_stage(PROJECT, change(3, Stage.LIVE, record.version))
    assert compared() == []
    assert workspace.ledger.look_count(PROJECT) == 1


def test_another_model_that_answers_makes_a_review_old(workspace: Workspace) -> None:
    """Until it is made again, which costs nothing; that the reviewed model itself goes up the stages does not."""
    said = review(workspace, PROJECT, progress=unheard)
    own = said.model
    assert changes_of(workspace, said) == ()
    workspace.ledger.change_stage(PROJECT, change(1, Stage.LIVE, SECOND))
    assert changes_of(workspace, said) == (Change.CHAMPION,)
    again = review(workspace, PROJECT, progress=unheard)
    assert again != said
    for number, stage in enumerate((Stage.SHADOW, Stage.CANARY, Stage.LIVE), 2):
        workspace.ledger.change_stage(PROJECT, change(number, stage, own, fallback=SECOND))
        assert changes_of(workspace, again) == ()
    workspace.ledger.change_stage(PROJECT, change(5, Stage.LIVE, SECOND))
    assert changes_of(workspace, again) == ()
    workspace.ledger.change_stage(PROJECT, change(6, Stage.WIZARD, None))
    assert changes_of(workspace, again) == (Change.CHAMPION,)
    assert workspace.ledger.look_count(PROJECT) == 1


def test_photos_that_came_later_are_told_and_are_no_fault(workspace: Workspace) -> None:
    """A review speaks about the photos of its time; it still holds when others have come."""
    review(workspace, PROJECT, progress=unheard)
    more_sealed(workspace, each=2)
    found = verify(workspace, PROJECT)
    assert found.holds
    assert "4 photos came to them" in next(check.says for check in found.checks if check.name == "the sealed examples")


def test_labels_of_the_very_instant_of_a_review_are_compared(workspace: Workspace) -> None:
    """Which of the two came first no clock tells: what is sealed now is held against what the review was about."""
    said = review(workspace, PROJECT, progress=unheard)
    before = workspace.ledger.labelled_at(PROJECT)
    assert before is not None
    assert changes_of(workspace, replace(said, at=before)) == ()
    more_sealed(workspace, each=1)
    last = workspace.ledger.labelled_at(PROJECT)
    assert last is not None
    assert changes_of(workspace, replace(said, at=last)) == (Change.EXAMPLES,)


def test_what_was_tampered_with_does_not_hold(workspace: Workspace) -> None:
    """A blob that was changed, a review on record that says something else: each is found and named."""
    said = review(workspace, PROJECT, progress=unheard)
    place = workspace.folder / "blobs" / said.answers[:2] / said.answers[2:4] / said.answers
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    broken = verify(workspace, PROJECT)
    assert [check.name for check in broken.checks if not check.holds] == ["the answers"]
    place.write_bytes(whole)
    assert verify(workspace, PROJECT).holds
    with sqlite3.connect(workspace.folder / "ledger.sqlite") as ledger:
        for (trigger,) in ledger.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            ledger.execute(f'drop trigger "{trigger}"')
        ledger.execute("""update reviews set review = replace(review, '"not yet"', '"launch"')""")
    forged = verify(workspace, PROJECT)
    (check,) = [check for check in forged.checks if not check.holds]
    assert check.name == "the figures"
    assert "verdict" in check.says


def test_what_is_not_there_is_said(workspace: Workspace) -> None:
    """No review, no model: each is said in a sentence."""
    with pytest.raises(NoReview):
        verify(workspace, PROJECT)
    workspace.ledger.create_project(Project("empty", workspace.now()))
    with pytest.raises(NotTrainedYet):
        review(workspace, "empty", progress=unheard)


def test_the_desk_writes_a_report_once(workspace: Workspace) -> None:
    """A report is written when it is first asked for, and then kept; one that there is not is said."""
    desk = Desk(workspace)
    desk.review(PROJECT)
    page = desk.report(PROJECT, 1, "html")
    assert page[:15].lower() == b"<!doctype html>"
    assert desk.report(PROJECT, 1, "pdf").startswith(b"%PDF")
    assert desk.report(PROJECT, 1, "html") == page
    with pytest.raises(NoReview):
        desk.report(PROJECT, 2, "html")
