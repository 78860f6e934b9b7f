"""Facts of a project's photos and the rule beside a model, as the ledger keeps them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from coloured import coloured, coloured_folder
from understudy.audit.task_rules import plain_answer, rule_of
from understudy.domain.project import Project
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.task import Task
from understudy.modalities.image.facts import KIND, facts_of
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.text.modality import MODALITY as TEXTS
from understudy.store.blobs import BlobMissing
from understudy.store.errors import UnknownProject
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples import facts as module
from understudy.studio.examples.facts import facts_for, measured_meanwhile, one_line_rule, unsaid_facts
from understudy.studio.examples.real_examples import labelled_examples
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
    digests = [example.digest for example in workspace.ledger.examples("blades")][::-1]
    facts = facts_for(workspace, "blades", digests)
    assert list(facts) == [facts_of(workspace.blobs.get(digest)) for digest in digests]


def test_facts_are_measured_once(workspace: Workspace) -> None:
    """What is kept is read again, and only what is new is measured."""
    digests = [example.digest for example in workspace.ledger.examples("blades")]
    kept = {digest: {"width": 7.0} for digest in digests[1:]}
    workspace.ledger.record_facts("blades", KIND, kept)
    told: list[tuple[int, int]] = []
    facts = facts_for(workspace, "blades", digests, progress=lambda done, total: told.append((done, total)))
    assert facts.column("width") == [96.0] + [7.0] * (len(digests) - 1)
    assert told == [(1, 1)]
    assert workspace.ledger.facts(KIND, digests[:1])[digests[0]] == facts[0]


def test_what_no_example_says_is_told_by_the_first(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that one of them says is known, as is none of a project without examples to look at."""
    assert unsaid_facts(workspace, "blades", ("format", "camera", "weather")) == (32, ("camera", "weather"))
    monkeypatch.setattr(module, "LOOKED_AT", 0)
    assert unsaid_facts(workspace, "blades", ("camera",)) == (0, ())


def test_no_such_project(workspace: Workspace) -> None:
    """A project that is not there is said to be so."""
    with pytest.raises(UnknownProject):
        facts_for(workspace, "doors", [])


def test_the_rule_beside_a_model_is_fitted_once(workspace: Workspace) -> None:
    """Colour tells these photos apart, the ledger keeps the rule, and the same model gets the same rule again."""
    rule = one_line_rule(workspace, "blades", "m1")
    assert rule.kind is RuleKind.THRESHOLD
    assert rule.accuracy > 0.9
    assert workspace.ledger.rule_beside("blades", model="m1") == rule
    workspace.ledger.record_rule("blades", rule, model="m2", at=workspace.now())
    assert one_line_rule(workspace, "blades", "m2") == rule


def test_a_rule_is_fitted_on_the_first_of_very_many(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more examples than are needed the first by digest are read, and they tell the same rule apart."""
    measured: list[int] = []
    monkeypatch.setattr(module, "MOST_RULED", 20)

    def counted(task: Task, labels: Sequence[str], *told: Any, **named: Any) -> Rule:
        measured.append(len(labels))
        return rule_of(task, labels, *told, **named)

    monkeypatch.setattr(module, "rule_of", counted)
    rule = one_line_rule(workspace, "blades", "m1")
    assert measured == [20]
    assert rule.kind is RuleKind.THRESHOLD


def test_the_rule_beside_a_model_knows_nothing_that_was_made_up(workspace: Workspace, tmp_path: Path) -> None:
    """Made-up photos that say the contrary change neither the rule nor its share right."""
    rule, plain = one_line_rule(workspace, "blades", "m1"), plain_answer(Task("image"), _labels(workspace))
    made = tmp_path / "made"
    for label, shown in (("amber", "azure"), ("azure", "amber"), ("amber", "amber")):
        (made / label).mkdir(parents=True, exist_ok=True)
        for number in range(100, 140):
            photo = coloured(shown, number + (50 if shown == label else 0))
            (made / label / f"{shown} {number}.jpg").write_bytes(photo)
    project = workspace.ledger.project("blades")
    gather(workspace, project, made, reading=Reading(synthetic=True), by="someone", progress=lambda _done, _all: None)
    assert workspace.ledger.counts("blades").synthetic == 120
    assert one_line_rule(workspace, "blades", "m2") == rule
    assert plain_answer(Task("image"), _labels(workspace)) == plain


def _labels(workspace: Workspace) -> list[str]:
    return [str(each.label) for each in labelled_examples(workspace.ledger, "blades")]


def test_a_photo_that_cannot_be_measured_is_told_and_tried_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of it and nothing kept; all others are measured, and it is once the module can."""
    digests = [example.digest for example in workspace.ledger.examples("blades")]
    data, told = workspace.blobs.get(digests[3]), list[str]()

    def faltering(_self: object, given: bytes) -> dict[str, float | str | None]:
        if given == data:
            raise ValueError("by accident")
        return facts_of(given)

    with monkeypatch.context() as patched:
        patched.setattr(type(MODALITY), "facts", faltering)
        facts = facts_for(workspace, "blades", digests, failed=lambda digest, error: told.append(f"{digest} {error}"))
    assert [place for place, row in enumerate(facts) if row["width"] is None] == [3]
    assert len(told) == 1
    assert told[0].startswith(digests[3])
    assert facts_for(workspace, "blades", digests)[3] == facts_of(data)


def test_texts_are_measured_while_other_work_goes_on(tmp_path: Path) -> None:
    """What a rule and a review ask for is there when the work ends, of sealed texts too."""
    with Workspace.open(tmp_path / "t") as workspace:
        digests = _texts(workspace, tmp_path, 600)
        with measured_meanwhile(workspace, "mails"):
            _wait_for(lambda: len(workspace.ledger.facts(TEXTS.facts_kind, digests)) == len(digests))
        assert workspace.ledger.counts("mails").sealed > 100


def test_measuring_ends_with_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever trained for a moment does not wait for the rest, which is measured when somebody asks."""
    monkeypatch.setattr(module, "CHUNK", 32)
    with Workspace.open(tmp_path / "t") as workspace:
        digests = _texts(workspace, tmp_path, 600)
        with measured_meanwhile(workspace, "mails"):
            _wait_for(lambda: bool(workspace.ledger.facts(TEXTS.facts_kind, digests)))
        kept = len(workspace.ledger.facts(TEXTS.facts_kind, digests))
        assert kept < len(digests)
        assert not [thread for thread in threading.enumerate() if thread.name == module.MEANWHILE]
        assert len(facts_for(workspace, "mails", digests)) == len(digests)


def test_photos_are_left_until_somebody_asks(workspace: Workspace) -> None:
    """Where measuring takes all cores it would be in the way of the work."""
    with measured_meanwhile(workspace, "blades"):
        assert not [thread for thread in threading.enumerate() if thread.name == module.MEANWHILE]


def test_what_cannot_be_measured_does_not_break_the_work(tmp_path: Path) -> None:
    """As where a text was forgotten meanwhile: whoever asks for it hears of it."""
    with Workspace.open(tmp_path / "t") as workspace:
        digests = _texts(workspace, tmp_path, 40)
        workspace.blobs.remove_packed(digests)
        with measured_meanwhile(workspace, "mails"):
            pass
        with pytest.raises(BlobMissing):
            facts_for(workspace, "mails", digests)


def _texts(workspace: Workspace, folder: Path, count: int) -> list[str]:
    """Takes in so many texts of two labels; returns their digests."""
    rows = "".join(f"question number {n} about {'cats' if n % 2 else 'dogs'},{n % 2}\n" for n in range(count))
    (folder / "mails.csv").write_text("text,label\n" + rows)
    reading, project = Reading(modality="text"), Project("mails", workspace.now())
    gather(workspace, project, folder / "mails.csv", reading=reading, by="a", progress=lambda _done, _all: None)
    return [example.digest for example in workspace.ledger.examples("mails")]


def _wait_for(happened: Callable[[], bool]) -> None:
    """Raises an error where it has not happened after a minute."""
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)
