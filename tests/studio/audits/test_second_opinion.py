"""The second opinion on rows of tables: what cells have written in them is read; where nothing tells, it is silent."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.example import Side
from understudy.domain.finding import Finding, FindingKind
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.studio.audits.auditing import audit_project
from understudy.studio.audits.second_opinion import second_opinion
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace

SAID = {
    "billing": ("was charged twice for", "got no invoice for", "paid too much for"),
    "defect": ("found a crack in", "see smoke rise from", "hear strange noises of"),
    "delivery": ("still wait for", "cannot track the parcel with", "was promised last week"),
}


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        yield opened


def mails(path: Path, *, wrong: frozenset[int] = frozenset(), told: bool = True) -> Path:
    """200 messages in a table, with a language and an amount that say nothing of the topic; some topics are wrong."""
    drawn, lines = random.Random(0), ["message,language,amount,topic"]
    for number in range(200):
        topic = drawn.choice(sorted(SAID))
        said = drawn.choice(SAID[topic] if told else [each for some in SAID.values() for each in some])
        named = drawn.choice([each for each in sorted(SAID) if each != topic]) if number in wrong else topic
        thing = drawn.choice(("kettle", "lamp", "café machine", "toaster"))
        lines.append(
            f"I {said} the {thing} of order {number},{drawn.choice(('en', 'uk', 'us'))},{drawn.random():.3f},{named}"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def taken(workspace: Workspace, table: Path) -> None:
    project = Project("mails", workspace.now(), task=Task("table"))
    gather(workspace, project, table, reading=Reading(label_column="topic"), by="ada", progress=unheard)


def suspected(workspace: Workspace) -> list[Finding]:
    return [each for each in audit_project(workspace, "mails").findings if each.kind is FindingKind.SUSPECT_LABEL]


def test_what_is_written_in_cells_is_read(workspace: Workspace, tmp_path: Path) -> None:
    """Where a message alone says the topic, the second opinion knows nearly all topics, and suspects hardly any."""
    taken(workspace, mails(tmp_path / "mails.csv"))
    examples = list(workspace.ledger.examples("mails", side=Side.TRAIN))
    said = second_opinion(workspace, "mails", examples, progress=unheard)
    assert said is not None
    right = [
        said.labels[row.argmax()] == example.label for row, example in zip(said.probabilities, examples, strict=True)
    ]
    assert sum(right) > 0.95 * len(right)
    assert sum(len(each.evidence) for each in suspected(workspace)) <= 0.02 * len(examples)


def test_a_wrong_topic_of_a_message_is_suspected(workspace: Workspace, tmp_path: Path) -> None:
    """Messages under another topic than they tell of are named, and few others."""
    wrong = frozenset(range(0, 200, 16))
    taken(workspace, mails(tmp_path / "mails.csv", wrong=wrong))
    (suspect,) = suspected(workspace)
    planted = {f"mails.csv, row {number + 2}" for number in wrong} & {
        each.name for each in workspace.ledger.examples("mails", side=Side.TRAIN)
    }
    assert len(planted & set(suspect.evidence)) >= 0.8 * len(planted)
    assert len(set(suspect.evidence) - planted) <= 0.25 * len(suspect.evidence)


def test_where_nothing_tells_the_labels_apart_none_is_called_wrong(workspace: Workspace, tmp_path: Path) -> None:
    """Of topics that no cell tells, the audit says that it cannot tell them, and advises against correcting them."""
    taken(workspace, mails(tmp_path / "mails.csv", told=False))
    findings = suspected(workspace)
    assert findings
    assert not any("labelled wrongly" in each.fact for each in findings)
    assert all("Do not correct them for that." in each.remedy for each in findings)
