"""Facts of a project's photos and the rule beside a model, as the ledger keeps them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coloured import coloured_folder
from understudy.domain.project import Project
from understudy.domain.rule import RuleKind
from understudy.modalities.image.facts import KIND, facts_of
from understudy.store.errors import UnknownProject
from understudy.studio.facts import facts_for, rule_for
from understudy.studio.gathering import Reading, gather
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with 40 photos of two colours in “blades”, some of them sealed."""
    with Workspace.open(tmp_path / "w") as opened:
        photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=20)
        project = Project("blades", opened.now())
        gather(opened, project, photos, reading=Reading(), by="someone", progress=lambda _done, _all: None)
        yield opened


def test_facts_are_those_of_the_photos_in_order(workspace: Workspace) -> None:
    """Each example gets what its own bytes say, sealed ones too."""
    examples = list(workspace.ledger.examples("blades"))[::-1]
    facts = facts_for(workspace, "blades", examples)
    assert facts == [facts_of(workspace.blobs.get(example.digest)) for example in examples]


def test_facts_are_measured_once(workspace: Workspace) -> None:
    """What is kept is read again, and only what is new is measured."""
    examples = list(workspace.ledger.examples("blades"))
    kept = {example.digest: {"width": 7.0} for example in examples[1:]}
    workspace.ledger.record_facts(KIND, kept)
    told: list[tuple[int, int]] = []
    facts = facts_for(workspace, "blades", examples, progress=lambda done, total: told.append((done, total)))
    assert facts[1:] == [{"width": 7.0}] * (len(examples) - 1)
    assert facts[0]["width"] == 96.0
    assert told == [(1, 1)]
    assert workspace.ledger.facts(KIND, [examples[0].digest])[examples[0].digest] == facts[0]


def test_no_such_project(workspace: Workspace) -> None:
    """A project that is not there is said to be so."""
    with pytest.raises(UnknownProject):
        facts_for(workspace, "doors", [])


def test_the_rule_beside_a_model_is_fitted_once(workspace: Workspace) -> None:
    """Colour tells these photos apart, the ledger keeps the rule, and the same model gets the same rule again."""
    rule = rule_for(workspace, "blades", "m1")
    assert rule.kind is RuleKind.THRESHOLD
    assert rule.accuracy > 0.9
    assert workspace.ledger.rule_beside("blades", model="m1") == rule
    workspace.ledger.record_rule("blades", rule, model="m2", at=workspace.now())
    assert rule_for(workspace, "blades", "m2") == rule
