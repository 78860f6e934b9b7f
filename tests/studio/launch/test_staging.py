"""Moving between stages in a real workspace: what is allowed, what is refused with its evidence, what takes over."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.materials import GOOD
from studio.reviews import finding, launch
from studio.served import label_anew
from trained import PROJECT, Trained
from understudy.domain.finding import Acceptance, Severity
from understudy.domain.project import Project
from understudy.domain.stage import Cause, EventKind, Stage
from understudy.search.model_file import ModelUnreadable
from understudy.serving.model import NotTrainedYet
from understudy.store.blobs import BlobCorrupt, BlobMissing
from understudy.store.errors import StageMoved, UnknownProject
from understudy.studio.launch.gate import First, LaunchRefused, RestsOn
from understudy.studio.launch.staging import (
    BadStage,
    NothingToChange,
    ReasonMissing,
    UnknownModel,
    promote,
    proposals,
    propose,
    roll_back,
)
from understudy.studio.workspace import Workspace

WHY = {"by": "Ada", "reason": "The pilot begins."}


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(trained.copy(tmp_path)) as opened:
        yield opened


def version(workspace: Workspace) -> str:
    record = workspace.ledger.latest_model(PROJECT)
    assert record is not None
    return record.version


def with_launch(workspace: Workspace) -> None:
    """A brief, and a review of the model by it that says launch."""
    brief = workspace.ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=workspace.now())
    said = launch(project=PROJECT, model=version(workspace), brief=brief.number, at=workspace.now())
    workspace.ledger.record_review(PROJECT, said)


def another(workspace: Workspace) -> str:
    """Records the same model once more under another version, as a second training would."""
    data = workspace.blobs.get(version(workspace))
    other = workspace.blobs.put(data + b"\x1a\x00")
    record = workspace.ledger.latest_model(PROJECT)
    assert record is not None
    workspace.ledger.record_model(
        PROJECT, version=other, blob=other, trials=record.trials, data_version=record.data_version, at=workspace.now()
    )
    return other


def test_shadow_needs_no_more_than_a_model(workspace: Workspace) -> None:
    """A model works in the dark without brief or review; people go on answering."""
    done = promote(workspace, PROJECT, Stage.SHADOW, **WHY)
    assert (done.number, done.stage, done.model, done.share) == (1, Stage.SHADOW, version(workspace), 0.0)
    assert (done.fallback, done.cause, done.by, done.reason) == (None, Cause.ASKED, "Ada", "The pilot begins.")
    assert not done.answers_alone
    assert workspace.ledger.stage(PROJECT) == done


def test_a_launch_without_evidence_is_refused_and_kept(workspace: Workspace) -> None:
    """The refusal carries its figures, is an event for ever, is posted, and changes nothing."""
    workspace.ledger.set_setting(PROJECT, "webhook-url", "https://example.com/x", "Ada", workspace.now())
    with pytest.raises(LaunchRefused) as caught:
        promote(workspace, PROJECT, Stage.LIVE, **WHY)
    assert "There is no brief" in caught.value.fact
    assert caught.value.evidence["rests_on"] == "override"
    assert workspace.ledger.stage(PROJECT) is None
    (event,) = workspace.ledger.events(PROJECT)
    assert event.kind is EventKind.REFUSED
    assert event.model == version(workspace)
    assert event.fact == f"“live” was asked for and refused: {caught.value.fact}"
    assert event.evidence["fact"] == caught.value.fact
    (due,) = workspace.ledger.due_deliveries(workspace.now(), 10)
    assert (due.event, due.payload["fact"]) == ("launch.refused", event.fact)


def test_an_override_is_marked_for_ever(workspace: Workspace) -> None:
    """By name and with a reason it may be done; the change says so and what stood against it."""
    done = promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    assert done.cause is Cause.OVERRIDDEN
    assert "There is no brief" in done.evidence["fact"]
    assert workspace.ledger.stages(PROJECT) == [done]


def test_a_review_that_says_launch_lets_through(workspace: Workspace) -> None:
    """Canary and live rest on the review, under the terms that it promised."""
    with_launch(workspace)
    canary = promote(workspace, PROJECT, Stage.CANARY, share=0.2, **WHY)
    assert (canary.stage, canary.share, canary.cause) == (Stage.CANARY, 0.2, Cause.ASKED)
    assert canary.evidence["rests_on"] == "review"
    assert canary.terms is not None
    assert canary.terms.threshold == launch().promise.threshold  # type: ignore[union-attr]
    assert canary.terms.most_lost == GOOD.loss_budget
    live = promote(workspace, PROJECT, Stage.LIVE, **WHY)
    assert (live.number, live.share, live.fallback) == (2, 1.0, None)
    with pytest.raises(NothingToChange):
        promote(workspace, PROJECT, Stage.LIVE, **WHY)


def test_an_outdated_review_is_to_be_made_again_first(workspace: Workspace) -> None:
    """A label that came since the review leaves the stage open, but another review comes first."""
    with_launch(workspace)
    assert propose(workspace, PROJECT, Stage.CANARY).allowance.first is None
    label_anew(workspace, PROJECT)
    found = propose(workspace, PROJECT, Stage.CANARY).allowance
    assert (found.allowed, found.first) == (True, First.REVIEW)
    assert found.caution.startswith("The photos changed since the last review.")


def test_an_override_that_is_not_needed_is_none(workspace: Workspace) -> None:
    """Where the evidence allows it, nothing is overridden, whatever was asked for."""
    with_launch(workspace)
    assert promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY).cause is Cause.ASKED


def test_the_model_that_answers_becomes_the_rollback_target(workspace: Workspace) -> None:
    """Behind a newer model stands the one before it, in every stage; rolled back, that one answers again."""
    first = promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    second = another(workspace)
    for stage in (Stage.SHADOW, Stage.CANARY, Stage.LIVE):
        done = promote(workspace, PROJECT, stage, override=True, **WHY)
        assert (done.model, done.fallback, done.fallback_terms) == (second, first.model, first.terms), stage
    back = roll_back(workspace, PROJECT, by="Ben", reason="Odd answers.")
    assert (back.stage, back.model, back.terms, back.share) == (Stage.LIVE, first.model, first.terms, 1.0)
    assert (back.fallback, back.cause, back.by) == (None, Cause.ROLLED_BACK, "Ben")
    assert roll_back(workspace, PROJECT, by="Ben", reason="Still odd.").stage is Stage.WIZARD
    with pytest.raises(NothingToChange):
        roll_back(workspace, PROJECT, by="Ben", reason="Once more.")


def test_rolling_back_a_shadow_takes_away_who_answers(workspace: Workspace) -> None:
    """Behind a shadow the model that answers is taken away first; the shadow goes on, and then ends."""
    promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    second = another(workspace)
    promote(workspace, PROJECT, Stage.SHADOW, **WHY)
    people = roll_back(workspace, PROJECT, **WHY)
    assert (people.stage, people.model, people.fallback) == (Stage.SHADOW, second, None)
    assert not people.answers_alone
    assert roll_back(workspace, PROJECT, **WHY).stage is Stage.WIZARD


def test_back_to_people_at_once(workspace: Workspace) -> None:
    """Whatever stands behind a model, people can be given everything in one step."""
    promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    another(workspace)
    promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    back = roll_back(workspace, PROJECT, to_people=True, **WHY)
    assert (back.stage, back.model, back.fallback, back.share) == (Stage.WIZARD, None, None, 0.0)


def test_a_model_that_is_on_trial_is_meant(workspace: Workspace) -> None:
    """Unless another is named, the model in shadow is promoted, though a newer one is there; once it tripped, not."""
    promote(workspace, PROJECT, Stage.SHADOW, **WHY)
    first, second = version(workspace), another(workspace)
    assert propose(workspace, PROJECT, Stage.CANARY).model.version == first
    assert propose(workspace, PROJECT, Stage.CANARY, model=second[:12].upper()).model.version == second
    live = promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    assert live.model == first
    trip = replace(live, number=3, stage=Stage.SHADOW, share=0.0, cause=Cause.TRIPPED, by="breaker", reason="Wrong.")
    workspace.ledger.change_stage(PROJECT, trip)
    assert propose(workspace, PROJECT, Stage.LIVE).model.version == second
    refused = propose(workspace, PROJECT, Stage.LIVE, model=first).allowance
    assert not refused.allowed
    assert "tripped" in refused.fact or "no brief" in refused.fact


def test_a_model_that_cannot_answer_never_takes_over(workspace: Workspace) -> None:
    """A file that is damaged, gone, or no model refuses before anything changes, override or not."""
    whole = version(workspace)
    place = workspace.folder / "blobs" / whole[:2] / whole[2:4] / whole
    data = place.read_bytes()
    place.write_bytes(data[:-1] + b"\x00")
    with pytest.raises(BlobCorrupt):
        promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    place.unlink()
    with pytest.raises(BlobMissing):
        promote(workspace, PROJECT, Stage.SHADOW, **WHY)
    none = workspace.blobs.put(b"no model")
    workspace.ledger.record_model(PROJECT, version=none, blob=none, trials=(), data_version="", at=workspace.now())
    with pytest.raises(ModelUnreadable):
        promote(workspace, PROJECT, Stage.LIVE, override=True, **WHY)
    assert workspace.ledger.stages(PROJECT) == []


def test_what_cannot_be_asked_for(workspace: Workspace) -> None:
    """No reason, no name, no such model, a share that is none, a stage that is none, a project without a model."""
    with pytest.raises(ReasonMissing):
        promote(workspace, PROJECT, Stage.SHADOW, by="Ada", reason="  ")
    with pytest.raises(ReasonMissing):
        roll_back(workspace, PROJECT, by="", reason="Odd.")
    with pytest.raises(UnknownModel):
        propose(workspace, PROJECT, Stage.SHADOW, model="0" * 12)
    for stage, share in ((Stage.CANARY, 0.0), (Stage.CANARY, 1.0), (Stage.LIVE, 0.5), (Stage.SHADOW, 0.1)):
        with pytest.raises(BadStage):
            propose(workspace, PROJECT, stage, share=share)
    with pytest.raises(BadStage):
        propose(workspace, PROJECT, Stage.WIZARD)
    workspace.ledger.create_project(Project("empty", workspace.now()))
    with pytest.raises(NotTrainedYet):
        propose(workspace, "empty", Stage.SHADOW)
    with pytest.raises(UnknownProject):
        roll_back(workspace, "nowhere", **WHY)


def test_two_who_ask_at_once_do_not_both_succeed(workspace: Workspace) -> None:
    """A change that was worked out on a stage that has passed is refused by the ledger."""
    done = promote(workspace, PROJECT, Stage.SHADOW, **WHY)
    with pytest.raises(StageMoved):
        workspace.ledger.change_stage(PROJECT, replace(done, stage=Stage.LIVE))


def test_a_proposal_says_all_that_would_hold(workspace: Workspace) -> None:
    """Before anything changes: terms, the greatest loss, the rollback target, and whether it is allowed."""
    with_launch(workspace)
    proposal = propose(workspace, PROJECT, Stage.CANARY)
    assert proposal.present is None
    assert (proposal.share, proposal.fallback) == (0.1, None)
    assert proposal.terms.most_lost == GOOD.loss_budget
    assert proposal.allowance.rests_on is RestsOn.REVIEW
    assert workspace.ledger.stages(PROJECT) == []


def test_all_proposals_from_one_reading(workspace: Workspace) -> None:
    """Shadow, canary and live are proposed as each would be alone."""
    with_launch(workspace)
    every = proposals(workspace, PROJECT)
    assert list(every) == [Stage.SHADOW, Stage.CANARY, Stage.LIVE]
    assert all(proposal == propose(workspace, PROJECT, stage) for stage, proposal in every.items())


def test_a_grave_finding_since_the_review_stands_in_the_way(workspace: Workspace) -> None:
    """What the review had not seen forbids the launch until somebody answers for it; slighter findings do not."""
    with_launch(workspace)
    slight, grave = finding("hue"), finding("day", severity=Severity.HIGH)
    workspace.ledger.record_data_audit(PROJECT, [slight], data_version="1", at=workspace.now())
    assert propose(workspace, PROJECT, Stage.LIVE).allowance.allowed
    workspace.ledger.record_data_audit(PROJECT, [slight, grave], data_version="2", at=workspace.now())
    with pytest.raises(LaunchRefused, match="day is answered worse"):
        promote(workspace, PROJECT, Stage.LIVE, **WHY)
    workspace.ledger.accept_finding(PROJECT, Acceptance(grave.identity, "Ada", "It was one shift.", workspace.now()))
    assert promote(workspace, PROJECT, Stage.LIVE, **WHY).stage is Stage.LIVE
