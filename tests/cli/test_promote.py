"""`understudy promote`, `rollback` and `history`: what is said before a stage changes, and what was live when."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured
from studio.launches import TERMS, change, pairs
from studio.materials import GOOD
from studio.reviews import launch
from studio.served import asked, label_anew
from trained import PROJECT, Trained
from understudy.cli import standing
from understudy.domain.stage import Cause, Stage
from understudy.studio.launch import staging
from understudy.studio.launch.shadow_evidence import evidence_from
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Path:
    return trained.copy(tmp_path)


def with_launch(workspace: Path) -> None:
    with Workspace.open(workspace) as opened:
        brief = opened.ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=opened.now())
        record = opened.ledger.latest_model(PROJECT)
        assert record is not None
        said = launch(project=PROJECT, model=record.version, brief=brief.number, at=opened.now())
        opened.ledger.record_review(PROJECT, said)


def test_the_whole_way_and_back(give: Give, workspace: Path) -> None:
    """Shadow, canary, live and back: each says who answers; the history has them all without a gap."""
    with_launch(workspace)
    shadow = give("promote", PROJECT, "shadow", "--reason", "Let us see.", workspace=workspace)
    assert shadow.status == 0
    assert "In shadow the model answers nobody" in shadow.out
    assert "blades is in stage shadow now. People answer every request." in shadow.out
    canary = give("promote", PROJECT, "canary", "--share", "5%", "--reason", "A start.", workspace=workspace)
    assert "Review 1 says “launch”." in canary.out
    beyond = "At most €20,000 is lost to errors beyond those allowed before others take over"
    assert f"{beyond}, in 95 of 100 cases; you allow €20,000." in canary.out
    assert "Its breaker trips when more than" in canary.out
    assert "Then people take over." in canary.out
    assert "is asked for 5% of the requests" in canary.out
    give("promote", PROJECT, "live", "--reason", "It went well.", "--by", "Ben", workspace=workspace)
    back = give("rollback", PROJECT, "--reason", "Odd answers.", workspace=workspace)
    assert back.status == 0
    assert "blades is in stage wizard now. People answer every request." in back.out
    told = give("history", PROJECT, workspace=workspace)
    stages = [line.split(" to ")[1].split(": ")[1].split(".")[0] for line in told.out.splitlines() if " to " in line][
        :5
    ]
    assert stages == ["wizard", "shadow", "canary", "live", "wizard"]
    assert "Ben asked for it: “It went well.” It rests on review 1, which says “launch”." in told.out
    record = json.loads(give("history", PROJECT, "--json", workspace=workspace).out)
    ends = [period["ended"] for period in record["periods"]]
    assert ends[:-1] == [period["began"] for period in record["periods"][1:]]
    assert ends[-1] is None


def test_a_refusal_has_its_own_status_and_its_evidence(give: Give, workspace: Path) -> None:
    """Without a brief a launch ends with 3, says why and what would change it, and is in the history."""
    refused = give("promote", PROJECT, "live", workspace=workspace)
    assert refused.status == 3
    assert refused.err.splitlines()[0] == "There is no brief, so nothing says how good is good enough."
    assert "understudy brief blades --ask" in refused.err
    assert (refused.out, refused.err.splitlines()[-1]) == ("", "Nothing changed.")
    plain = give("promote", PROJECT, "canary", "--json", workspace=workspace)
    assert plain.status == 3
    assert json.loads(plain.out)["refused"]["rests_on"] == "override"
    assert "refused: There is no brief" in give("history", PROJECT, workspace=workspace).out


def test_an_override_says_what_stands_against_it(give: Give, workspace: Path) -> None:
    """It needs a reason, is told as an override at once, and stays one in the history."""
    silent = give("promote", PROJECT, "live", "--override", workspace=workspace)
    assert silent.status == 1
    assert "It was not said why." in silent.err
    nobody = give("promote", PROJECT, "live", "--override", "--reason", "x", "--by", "", workspace=workspace)
    assert nobody.status == 1
    assert "It was not said who wants this, or why." in nobody.err
    done = give("promote", PROJECT, "live", "--override", "--reason", "A demo.", "--by", "Ada", workspace=workspace)
    assert done.status == 0
    assert "Against it stands: There is no brief" in done.out
    assert "At most 200 of its audits may wait for a person at once" in done.out
    assert "This was overridden by Ada, and is shown as that for ever." in done.out
    assert "Ada overrode the evidence: “A demo.”" in give("history", PROJECT, workspace=workspace).out
    with Workspace.open(workspace) as opened:
        (change,) = opened.ledger.stages(PROJECT)
    assert (change.cause, change.stage) == (Cause.OVERRIDDEN, Stage.LIVE)
    people = give("rollback", PROJECT, "--to-people", "--reason", "Done.", workspace=workspace)
    assert "in stage wizard now" in people.out


def test_what_holds_as_json(give: Give, workspace: Path) -> None:
    """--json says the change and nothing else."""
    done = give("promote", PROJECT, "shadow", "--reason", "x", "--json", workspace=workspace)
    record = json.loads(done.out)
    assert (record["stage"], record["number"], record["reason"]) == ("shadow", 1, "x")


def test_status_says_who_answers_and_what_comes_next(give: Give, workspace: Path) -> None:
    """Before any stage, in shadow and live: who answers, why, what waits, and the next step."""
    before = give("status", PROJECT, workspace=workspace)
    assert "Stage wizard. People answer every request." in before.out
    assert "It may work in shadow, answering nobody: understudy --workspace" in before.out
    assert "promote blades shadow" in before.out
    give("promote", PROJECT, "shadow", "--reason", "Let us see.", workspace=workspace)
    with Workspace.open(workspace) as opened:
        asked(opened, coloured("amber", 77), project=PROJECT)
    shadow = give("status", PROJECT, workspace=workspace)
    assert "asked for it: “Let us see.”" in shadow.out
    assert "In shadow: No answer that it would have given alone is known yet" in shadow.out
    assert "Waiting for people: 1 request, the oldest since" in shadow.out
    assert "answer blades" in shadow.out
    give("promote", PROJECT, "live", "--override", "--reason", "A demo.", workspace=workspace)
    live = give("status", PROJECT, workspace=workspace)
    assert "overrode the evidence: “A demo.”" in live.out
    assert "What may be lost is unknown" in live.out
    assert (
        ": closed, after no audits; so far they speak 1.0 to 1 for too many errors, and it trips at 20 to 1."
        in live.out
    )
    listed = give("status", workspace=workspace)
    assert listed.out.startswith("blades: Model ")


def test_status_recommends_one_step_where_the_review_is_outdated(give: Give, workspace: Path) -> None:
    """Where examples changed since a review that says launch, another review is the step and a launch is possible."""
    with_launch(workspace)
    fresh = give("status", PROJECT, workspace=workspace).out
    assert "The evidence allows the next stage: " in fresh
    assert "Requests so far: 0." in fresh
    with Workspace.open(workspace) as opened:
        label_anew(opened, PROJECT)
    told = give("status", PROJECT, workspace=workspace).out
    assert "The evidence allows" not in told
    assert "Review the model again first (understudy review blades). It may go on all the same: " in told
    assert "Review again: " in told


def test_a_project_in_service_is_not_told_to_launch(give: Give, workspace: Path) -> None:
    """Once the reviewed model works in a stage, status names what is to be done there."""
    with_launch(workspace)
    assert "promote blades canary" in give("status", PROJECT, workspace=workspace).out
    with Workspace.open(workspace) as opened:
        model = opened.ledger.latest_model(PROJECT)
        opened.ledger.change_stage(PROJECT, replace(change(1, Stage.LIVE), model=model.version))
    told = give("status", PROJECT, workspace=workspace).out
    assert "Next: Nothing has to be done now. Checks of its answers will be asked for as they are drawn." in told
    assert "promote" not in told


def test_a_model_is_asked_under_the_threshold_that_holds(
    give: Give, workspace: Path, trained: Trained, tmp_path: Path
) -> None:
    """By its training, then by its review, then by its stage: in words, in JSON and in a file of answers."""
    alone = json.loads(give("predict", PROJECT, trained.photo, "--json", workspace=workspace).out)
    assert alone["ask_person"] is False
    with Workspace.open(workspace) as opened:
        model = opened.ledger.latest_model(PROJECT)
        strict = replace(change(1, Stage.LIVE), model=model.version, terms=replace(TERMS, threshold=1.0 - 1e-9))
        opened.ledger.change_stage(PROJECT, strict)
    assert alone["probability"] < 1.0 - 1e-9
    told = give("predict", PROJECT, trained.photo, "--json", workspace=workspace).out
    assert json.loads(told)["ask_person"] is True
    words = give("predict", PROJECT, trained.photo, workspace=workspace).out
    assert ": ask a person: perhaps " in words
    assert words.endswith(", by its stage\n")
    give("predict", PROJECT, trained.photo, "--to", tmp_path / "answers.csv", workspace=workspace)
    (row,) = csv.DictReader((tmp_path / "answers.csv").read_text(encoding="utf-8-sig").splitlines())
    assert row["ask a person"] == "yes"


def test_status_recommends_no_launch_that_the_shadow_speaks_against(
    give: Give, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the shadow showed the model to be wrong, no line recommends its launch, though a review allows it."""
    with_launch(workspace)
    poor = evidence_from(pairs([False] * 2), change(1, Stage.SHADOW), 1)
    monkeypatch.setattr(standing, "shadow_evidence", lambda *_: poor)
    monkeypatch.setattr(staging, "evidence_among", lambda *_: poor)
    told = give("status", PROJECT, workspace=workspace).out
    assert "The evidence allows" not in told
    assert "Next: The shadow speaks against it: 0 of 2 answers" in told
    assert "train a better model. It may go on all the same: " in told


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["promote", PROJECT, "wizard"], 2, "wizard"),
        (["promote", PROJECT, "canary", "--share", "lots"], 2, "share"),
        (["promote", PROJECT, "canary", "--share", "100%"], 1, "That share cannot be."),
        (["promote", PROJECT, "live", "--share", "10%"], 1, "That share cannot be."),
        (["promote", PROJECT, "shadow", "--model", "ffff"], 1, "has no model “ffff”"),
        (["promote", "nowhere", "shadow"], 1, "There is no project “nowhere”."),
        (["rollback", PROJECT, "--reason", "x"], 1, "There is nothing to roll back"),
        (["history", "nowhere"], 1, "There is no project “nowhere”."),
    ],
)
def test_what_cannot_be_asked_for(give: Give, workspace: Path, words: list[str], status: int, says: str) -> None:
    """Each misuse has its status and a sentence."""
    said = give(*words, workspace=workspace)
    assert said.status == status
    assert says in said.err
