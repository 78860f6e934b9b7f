"""`understudy review`: the verdict, its exit status, its verification and its report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured_folder
from studio.materials import GOOD
from trained import PROJECT, Trained
from understudy.domain.brief import Brief
from understudy.studio.judgement import asking, judging
from understudy.studio.review import reviewing
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Path:
    return trained.copy(tmp_path)


def with_brief(workspace: Path, brief: Brief) -> None:
    with Workspace.open(workspace) as opened:
        opened.ledger.add_brief(PROJECT, brief, by="Ada", reason="", at=opened.now())


def test_not_yet(workspace: Path, give: Give) -> None:
    """Without a brief: not yet, status 3, why, what would change it, and nothing was spent for asking."""
    said = give("review", PROJECT, workspace=workspace)
    assert said.status == 3
    lines = said.out.splitlines()
    assert lines[0] == "It rests on the 1st look at the sealed examples, which was spent already."
    assert lines[2].startswith("Not yet: there is no brief.")
    for part in ("Next: ", "Why:", "Claims (* a launch needs it):", "What would change it:", "█ proven:"):
        assert part in said.out
    assert said.out.split("Why:")[0].rstrip().endswith(f" brief {PROJECT} --ask")
    with Workspace.open(workspace) as opened:
        assert opened.ledger.look_count(PROJECT) == 1


def test_again_spends_a_look_and_says_what_it_costs(workspace: Path, give: Give) -> None:
    """--again looks though nothing has changed; its price is told first, and it is the second look."""
    said = give("review", PROJECT, "--again", workspace=workspace)
    first = said.out.splitlines()[0]
    assert first.startswith("Nothing has changed, but you ask for it: this is the 2nd look")
    assert "may spend 0.75% of the 5% error budget" in first
    with Workspace.open(workspace) as opened:
        assert opened.ledger.look_count(PROJECT) == 2


def test_ctrl_c_says_whether_a_look_was_spent(workspace: Path, give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of the error budget is what the ledger counts: nothing before the sealed set opens, else a look."""

    def interrupted(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    moments = (
        (reviewing, "audited", 1, "No look at the sealed examples was spent by it."),
        (asking, "answers_to", 1, "No look at the sealed examples was spent by it."),
        (judging, "answers_of", 2, "had been opened by then, and that look counts though it was broken off."),
        (reviewing, "review_of", 3, "was spent by then; what it showed is kept"),
    )
    for module, step, looks, words in moments:
        with monkeypatch.context() as patched:
            patched.setattr(module, step, interrupted)
            said = give("review", PROJECT, "--again", workspace=workspace)
        assert (said.status, words in said.err) == (130, True), said.err
        with Workspace.open(workspace) as opened:
            assert opened.ledger.look_count(PROJECT) == looks
        assert f"Looks at the sealed examples: {looks}." in give("status", PROJECT, workspace=workspace).out


def test_stop_has_its_own_status(workspace: Path, give: Give) -> None:
    """A kill criterion that is met ends with status 4."""
    kill = replace(GOOD.kill, labels=5)
    with_brief(workspace, replace(GOOD, kill=kill))
    said = give("review", PROJECT, workspace=workspace)
    assert said.status == 4
    assert "Stop: " in said.out


def test_everything_as_json(workspace: Path, give: Give) -> None:
    """--json says every figure and nothing else, with the same status."""
    said = give("review", PROJECT, "--json", workspace=workspace)
    record = json.loads(said.out)
    assert said.status == 3
    assert record["verdict"] == "not yet"
    assert record["look"] == 1
    assert {claim["kind"] for claim in record["claims"]} >= {"accuracy", "class-recall", "saving-over-rule"}


def test_verify(workspace: Path, give: Give) -> None:
    """A review that was made can be computed again; what cannot be is said, with status 1."""
    none = give("review", PROJECT, "--verify", workspace=workspace)
    assert none.status == 1
    assert "There is no review" in none.err
    give("review", PROJECT, workspace=workspace)
    said = give("review", PROJECT, "--verify", "--deep", workspace=workspace)
    assert said.status == 0, said.out
    assert said.out.splitlines()[0].startswith("Review 1 of blades holds: “not yet”")
    assert "figure by figure" in said.out
    record = json.loads(give("review", PROJECT, "--verify", "--json", workspace=workspace).out)
    assert record["holds"] is True
    with Workspace.open(workspace) as opened:
        blob = opened.ledger.latest_review(PROJECT).answers
    (workspace / "blobs" / blob[:2] / blob[2:4] / blob).write_bytes(b"something else")
    broken = give("review", PROJECT, "--verify", workspace=workspace)
    assert broken.status == 1
    assert "[differs] the answers" in broken.out


@pytest.mark.parametrize(
    "options", [("--deep",), ("--number", "1"), ("--verify", "--again"), ("--verify", "--report", "x")]
)
def test_options_that_clash(options: tuple[str, ...], workspace: Path, give: Give) -> None:
    """Options that do not go together are refused before anything is spent."""
    said = give("review", PROJECT, *options, workspace=workspace)
    assert said.status == 2
    assert len(said.err.strip().splitlines()) == 3


def test_report(workspace: Path, give: Give, tmp_path: Path) -> None:
    """A folder gets all of the report, a name that ends in .pdf that file alone."""
    said = give("review", PROJECT, "--report", tmp_path / "out", workspace=workspace)
    assert said.status == 3
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["report.html", "report.json", "report.pdf"]
    give("review", PROJECT, "--report", tmp_path / "one.pdf", workspace=workspace)
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    nowhere = give("review", PROJECT, "--report", tmp_path / "no" / "where.pdf", workspace=workspace)
    assert "could not be written" in nowhere.err


def test_a_report_of_another_kind_is_refused_before_a_look_is_spent(
    workspace: Path, give: Give, tmp_path: Path
) -> None:
    """No folder is made that is named like a document; one that is there already may be named anyhow."""
    said = give("review", PROJECT, "--again", "--report", tmp_path / "Memo 1.DOCX", workspace=workspace)
    assert said.status == 2
    assert said.out == ""
    assert "files that end in .DOCX" in said.err
    assert f"--report '{tmp_path / 'Memo 1.html'}'" in said.err.replace("\n", " ")
    assert not list(tmp_path.glob("*Memo*"))
    (tmp_path / "reports.txt").mkdir()
    assert give("review", PROJECT, "--report", tmp_path / "reports.txt", workspace=workspace).status == 3


def test_train_without_a_look(give: Give, tmp_path: Path) -> None:
    """--no-look trains and leaves the sealed photos closed; the review then spends the first look."""
    photos, workspace = coloured_folder(tmp_path / "walls", "amber", "azure", each=14), tmp_path / "w"
    said = give("train", photos, "--trials", "1", "--no-look", workspace=workspace)
    assert said.status == 0, said.err
    assert "The sealed photos were not opened: understudy --workspace" in said.out
    assert "The first look at the sealed photos may spend 3.5% of the 5% error budget." in said.out
    assert "sealed photos right" not in said.out
    with Workspace.open(workspace) as opened:
        assert opened.ledger.look_count("walls") == 0
    told = give("review", "walls", workspace=workspace)
    assert told.out.splitlines()[0] == (
        "This is the 1st look at the sealed examples; it may spend 3.5% of the 5% error budget."
    )
    with Workspace.open(workspace) as opened:
        assert opened.ledger.look_count("walls") == 1
    assert give("status", workspace=workspace).out.startswith("walls: Not yet: ")


def test_no_model(give: Give, tmp_path: Path) -> None:
    """A project without a model is told how to get one."""
    give("new", "young", workspace=tmp_path / "w")
    said = give("review", "young", workspace=tmp_path / "w")
    assert said.status == 1
    assert "train" in said.err
