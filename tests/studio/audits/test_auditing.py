"""Auditing a project: what takes part, what is recorded, and who answers for it."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from coloured import coloured, coloured_folder
from recordings import encoded, melody
from trained import PROJECT, Trained
from understudy.domain.example import Label, Side
from understudy.domain.finding import FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.search.assignment import JOURNAL, LESSON
from understudy.search.portion import PORTION
from understudy.studio.audits import auditing
from understudy.studio.audits.auditing import (
    AuditMissing,
    FindingUnknown,
    NoReason,
    NothingToAudit,
    accept,
    audit_project,
    audited,
    standing_findings,
)
from understudy.studio.audits.second_opinion import second_opinion
from understudy.studio.collection.columns import correct
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        yield opened


def taken(workspace: Workspace, photos: Path) -> None:
    gather(workspace, Project("blades", workspace.now()), photos, reading=Reading(), by="ada", progress=unheard)


@pytest.fixture
def told_by_size(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A project whose “amber” photos are larger than its “azure” ones."""
    for label, size in (("amber", (120, 90)), ("azure", (96, 72))):
        (tmp_path / "photos" / label).mkdir(parents=True)
        for number in range(20):
            photo = coloured(label, number, size=size)
            (tmp_path / "photos" / label / f"{number}.jpg").write_bytes(photo)
    taken(workspace, tmp_path / "photos")
    return workspace


def test_a_shortcut_is_recorded(told_by_size: Workspace) -> None:
    """Photos whose size tells their label give a finding of high severity, and the ledger keeps the audit."""
    told: list[str] = []
    made = audit_project(told_by_size, "blades", progress=lambda stage, _done, _total: told.append(stage))
    shortcut = next(each for each in made.findings if each.kind is FindingKind.SHORTCUT)
    assert shortcut.severity is Severity.HIGH
    assert made.findings[0] == shortcut
    assert told_by_size.ledger.latest_data_audit("blades") == made
    assert "Shortcuts" in told


def test_of_very_many_a_part_is_looked_at_and_said(told_by_size: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit of a part finds what shows in it, says how many took part, and is of the data as they are."""
    whole = audit_project(told_by_size, "blades")
    monkeypatch.setattr(auditing, "MOST_AUDITED", 30)
    part = audit_project(told_by_size, "blades")
    assert part.data_version == whole.data_version
    assert FindingKind.SHORTCUT in {each.kind for each in part.findings}
    said = next(each for each in part.findings if each.subject == "part")
    assert (said.kind, said.severity) == (FindingKind.NOT_TESTABLE, Severity.LOW)
    assert said.fact == "This audit looked at 30 photos of 40, drawn by chance."
    assert audited(told_by_size, "blades") == part


def test_no_sealed_label_is_read(told_by_size: Workspace) -> None:
    """An audit spends no look, and says the same whatever the sealed labels are."""
    before = audit_project(told_by_size, "blades").findings
    for example in told_by_size.ledger.examples("blades", side=Side.SEALED):
        told_by_size.ledger.add_label("blades", Label(example.digest, "amber", "eve", told_by_size.now()))
    assert audit_project(told_by_size, "blades").findings == before
    assert told_by_size.ledger.look_count("blades") == 0


def test_an_audit_is_made_once_for_the_same_data(told_by_size: Workspace) -> None:
    """The latest audit holds until an example or a training label changes, or what people said, or the task."""
    first = audited(told_by_size, "blades")
    assert audited(told_by_size, "blades") == first
    example = next(told_by_size.ledger.examples("blades", side=Side.TRAIN))
    told_by_size.ledger.add_label("blades", Label(example.digest, "neither", "eve", told_by_size.now()))
    second = audited(told_by_size, "blades")
    assert second.data_version != first.data_version
    told_by_size.ledger.add_label("blades", Label(example.digest, "neither", "ada", told_by_size.now()))
    third = audited(told_by_size, "blades")
    assert third.data_version != second.data_version
    told_by_size.ledger.set_task("blades", Task(answers=AnswerKind.LABELS))
    assert audited(told_by_size, "blades").data_version != third.data_version


def test_dates_of_which_nobody_says_what_they_tell_are_found_once(workspace: Workspace, tmp_path: Path) -> None:
    """The audit names the column and the command that says it; once it is said, the audit is made anew without it."""
    rows = (f"2026-{1 + at % 12:02}-{1 + at % 28:02},2026-01-01,{at},{'bad' if at % 3 else 'good'}" for at in range(60))
    (tmp_path / "loans.csv").write_text("\n".join(["signed on,asked,sum,label", *rows]))
    project = Project("loans", workspace.now(), task=Task("table"))
    gather(workspace, project, tmp_path / "loans.csv", reading=Reading(), by="ada", progress=unheard)
    told = [each for each in audit_project(workspace, "loans").findings if each.subject == "signed on"]
    assert [each.fact for each in told] == [
        "“signed on” holds dates, and nobody says whether they tell when rows came about."
    ]
    assert told[0].severity is Severity.LOW
    assert "understudy columns loans --set 'signed on=time';" in told[0].remedy
    correct(workspace, "loans", ["signed on=time"], by="ada")
    assert not [each for each in audited(workspace, "loans").findings if each.subject == "signed on"]


def test_somebody_answers_for_a_finding(told_by_size: Workspace) -> None:
    """An accepted finding no longer stands, and stays accepted when the same is seen again."""
    finding = audit_project(told_by_size, "blades").findings[0]
    assert finding in standing_findings(told_by_size, "blades")
    said = accept(told_by_size, "blades", finding.identity[:8], by="ada", reason=" The cameras will stay. ")
    assert said == finding
    audit_project(told_by_size, "blades")
    assert finding not in standing_findings(told_by_size, "blades")
    (acceptance,) = told_by_size.ledger.acceptances("blades")
    assert (acceptance.by, acceptance.reason) == ("ada", "The cameras will stay.")


def test_nobody_answers_without_a_reason(told_by_size: Workspace) -> None:
    """Before an audit, for an unknown finding or without a reason, nothing is accepted, and it is said why."""
    with pytest.raises(AuditMissing):
        accept(told_by_size, "blades", "abcd", by="ada", reason="Because.")
    finding = audit_project(told_by_size, "blades").findings[0]
    with pytest.raises(FindingUnknown):
        accept(told_by_size, "blades", "zzzz", by="ada", reason="Because.")
    with pytest.raises(FindingUnknown):
        accept(told_by_size, "blades", "", by="ada", reason="Because.")
    with pytest.raises(NoReason):
        accept(told_by_size, "blades", finding.identity, by="ada", reason="  ")
    assert told_by_size.ledger.acceptances("blades") == []


def test_what_a_file_tells_of_its_making_may_be_no_date(workspace: Workspace, tmp_path: Path) -> None:
    """A recording whose tag names a year, and one whose clock stood at the year 1, are audited as of no known time."""
    for place, told in enumerate(("2019", "0001-01-01T00:00:00", "May 2019", "2024-05-01T10:00:00Z")):
        (tmp_path / "calls" / "loud").mkdir(parents=True, exist_ok=True)
        sound = encoded(melody(place), "flac", "flac", tags={"date": told})
        (tmp_path / "calls" / "loud" / f"{place}.flac").write_bytes(sound)
        (tmp_path / "calls" / "low").mkdir(exist_ok=True)
        (tmp_path / "calls" / "low" / f"{place}.flac").write_bytes(
            encoded(melody(9 + place, level=0.1), "flac", "flac")
        )
    project = Project("calls", workspace.now(), task=Task("sound"))
    gather(workspace, project, tmp_path / "calls", reading=Reading(), by="ada", progress=unheard)
    assert audit_project(workspace, "calls").findings


def test_people_who_disagree_are_heard(workspace: Workspace, tmp_path: Path) -> None:
    """Where two people label a photo differently, the audit says so."""
    taken(workspace, coloured_folder(tmp_path / "photos", "amber", "azure", each=15))
    for example in list(workspace.ledger.examples("blades", side=Side.TRAIN))[:6]:
        workspace.ledger.add_label("blades", Label(example.digest, "green", "eve", workspace.now()))
    kinds = {each.kind for each in audit_project(workspace, "blades").findings}
    assert FindingKind.DISAGREEMENT in kinds


def test_a_wrong_label_is_suspected(workspace: Workspace, tmp_path: Path) -> None:
    """Without any model, photos of one colour under the other's name are named first among the suspects."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=40)
    for number in (101, 102, 103):
        (photos / "azure" / f"photo {number}.jpg").write_bytes(coloured("amber", number))
    taken(workspace, photos)
    suspect = next(
        each for each in audit_project(workspace, "blades").findings if each.kind is FindingKind.SUSPECT_LABEL
    )
    wrong = {name for name in suspect.evidence if any(str(number) in name for number in (101, 102, 103))}
    sealed = {each.name for each in workspace.ledger.examples("blades", side=Side.SEALED)}
    expected = {f"azure/photo {number}.jpg" for number in (101, 102, 103)} - sealed
    assert wrong == expected


def test_the_model_itself_is_asked(trained: Trained, tmp_path: Path) -> None:
    """Beside its run, the latest model's own held-out answers are read; sealed photos have none."""
    with Workspace.open(trained.copy(tmp_path)) as opened:
        examples = list(opened.ledger.examples(PROJECT))
        told: list[tuple[int, int]] = []
        given = second_opinion(opened, PROJECT, examples, progress=lambda *at: told.append(at))
    assert given is not None
    assert told == []
    asked = np.isfinite(given.probabilities).all(axis=1)
    assert asked.tolist() == [example.side is Side.TRAIN for example in examples]
    assert given.probabilities[asked].sum(axis=1) == pytest.approx(1.0)
    said = given.probabilities.argmax(axis=1)
    taught = [row for row, example in enumerate(examples) if example.side is Side.TRAIN]
    right = [given.labels[said[row]] == examples[row].label for row in taught]
    assert np.mean(right) > 0.9


def test_a_model_that_had_no_time_for_all_photos_is_asked_about_its_own(trained: Trained, tmp_path: Path) -> None:
    """Where a run learned from a portion of its lesson, its held-out answers are read, of that portion."""
    with Workspace.open(trained.copy(tmp_path)) as opened:
        examples, told = list(opened.ledger.examples(PROJECT)), list[tuple[int, int]]()
        before = second_opinion(opened, PROJECT, examples, progress=lambda *at: told.append(at))
        lesson = opened.run_folder(PROJECT) / LESSON
        lines = lesson.read_text(encoding="utf-8").splitlines()
        labels = sorted({json.loads(line)[1] for line in lines})
        later = [json.dumps([f"{at:064x}", label, f"{at:064x}"]) for at, label in enumerate(labels, 16**64 - 9)]
        lesson.write_text("\n".join([*lines, *later]) + "\n", encoding="utf-8")
        (lesson.parent / JOURNAL / PORTION).write_text(str(len(lines)), encoding="utf-8")
        given = second_opinion(opened, PROJECT, examples, progress=lambda *at: told.append(at))
    assert before is not None
    assert given is not None
    assert told == []
    assert np.array_equal(given.probabilities, before.probabilities, equal_nan=True)


def test_where_there_is_nothing_to_audit_it_is_said(workspace: Workspace) -> None:
    """A project without examples is not called well: what to do comes instead of an audit, and none is recorded."""
    workspace.ledger.create_project(Project("empty", workspace.now()))
    with pytest.raises(NothingToAudit, match=r"could teach or judge\..*understudy add empty SOURCE"):
        audit_project(workspace, "empty")
    assert workspace.ledger.latest_data_audit("empty") is None


def test_one_label_is_audited(workspace: Workspace, tmp_path: Path) -> None:
    """Photos that all bear one label give no error and no shortcut."""
    grey = io.BytesIO()
    Image.new("L", (40, 40), 90).save(grey, "PNG")
    photos = coloured_folder(tmp_path / "photos", "amber", each=30)
    (photos / "amber" / "grey.png").write_bytes(grey.getvalue())
    taken(workspace, photos)
    assert FindingKind.SHORTCUT not in {each.kind for each in audit_project(workspace, "blades").findings}


def test_made_up_examples_hide_nothing_from_an_audit(told_by_size: Workspace, tmp_path: Path) -> None:
    """The shortcut of the real photos is found beside ever so many made-up ones, and these are said to be left out."""
    before = audit_project(told_by_size, "blades").findings
    for label, size in (("amber", (96, 72)), ("azure", (120, 90))):
        (tmp_path / "made" / label).mkdir(parents=True)
        for number in range(200, 240):
            (tmp_path / "made" / label / f"{number}.jpg").write_bytes(coloured(label, number, size=size))
    reading, project = Reading(synthetic=True), told_by_size.ledger.project("blades")
    gather(told_by_size, project, tmp_path / "made", reading=reading, by="ada", progress=unheard)
    *found, left_out = audit_project(told_by_size, "blades").findings
    assert [each.fact for each in found] == [each.fact for each in before]
    assert left_out.kind is FindingKind.NOT_TESTABLE
    assert left_out.fact == "80 photos that were made up took no part in this audit."


def test_made_up_examples_are_audited_where_they_stand_in_for_real_ones(workspace: Workspace, tmp_path: Path) -> None:
    """Before there are real photos of two labels, made-up ones take part as they do in a training."""
    photos = coloured_folder(tmp_path / "made", "amber", "azure", each=20)
    project = Project("blades", workspace.now())
    gather(workspace, project, photos, reading=Reading(synthetic=True), by="ada", progress=unheard)
    found = audit_project(workspace, "blades").findings
    assert not any("took no part" in each.fact for each in found)
    assert any(each.fact.startswith("40 photos with a label") for each in found)


@pytest.mark.parametrize("name", ["folder", "provenance"])
def test_a_column_that_is_called_as_a_fact_of_ours_is_audited(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """A leak is found whatever its column is called, and where an example came from is known beside it."""
    chance = np.random.default_rng(0)
    lines = [f"{name},age,paid"]
    for place in range(400):
        paid = place % 2 if place % 80 else 1 - place % 2
        lines.append(f"{'ab'[place % 2]},{chance.uniform(20, 60):.3f},{('yes', 'no')[paid]}")
    (tmp_path / "loans.csv").write_text("\n".join(lines))
    project, reading = Project("loans", workspace.now()), Reading(label_column="paid")
    gather(workspace, project, tmp_path / "loans.csv", reading=reading, by="ada", progress=unheard)
    found = audit_project(workspace, "loans").findings
    assert [each.subject for each in found if each.kind is FindingKind.LEAK] == [name]


def test_what_was_found_grave_before_an_audit_stands_in_it(workspace: Workspace, tmp_path: Path) -> None:
    """Whatever comes in, an audit takes over what is grave of it, anew when more of that comes, until it is over."""
    taken(workspace, coloured_folder(tmp_path / "photos", "amber", "azure", each=12))
    assert not any(each.severity is Severity.HIGH for each in audited(workspace, "blades").findings)
    again = tmp_path / "again" / "azure"
    again.mkdir(parents=True)
    amber = next((tmp_path / "photos" / "amber").iterdir())
    (again / "other.jpg").write_bytes(amber.read_bytes())
    taken(workspace, tmp_path / "again")
    (grave,) = (each for each in audited(workspace, "blades").findings if each.severity is Severity.HIGH)
    assert (grave.kind, grave.subject) == (FindingKind.CONTRADICTORY_LABELS, "azure/other.jpg")
    assert grave in standing_findings(workspace, "blades")
    accept(workspace, "blades", grave.identity[:8], by="ada", reason="The wrong folder.")
    assert grave not in standing_findings(workspace, "blades")
    digest = next(each.digest for each in workspace.ledger.examples("blades") if each.name.endswith(amber.name))
    workspace.ledger.add_label("blades", Label(digest, "amber", "eve", workspace.now()))
    assert not any(each.severity is Severity.HIGH for each in audited(workspace, "blades").findings)
