"""Which examples to label next."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coloured import coloured
from trained import PROJECT, Trained
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.modalities.image.encoder import PhotoPreparer
from understudy.modalities.reading import InputFailed
from understudy.serving.model import NotTrainedYet
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.training import next_labels as module
from understudy.studio.training.next_labels import LabelNotLearned, NothingToLabel, next_labels, spread_out, unsureness
from understudy.studio.training.training import Order, train
from understudy.studio.workspace import Workspace


def silent(_done: int, _total: int) -> None:
    """Reports to nobody."""


@pytest.fixture(scope="module")
def waiting(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A trained project to which twelve photos without a label were added."""
    place = tmp_path_factory.mktemp("next")
    loose = place / "loose"
    loose.mkdir()
    for label in ("amber", "azure", "green"):
        for number in range(100, 104):
            (loose / f"{label} {number}.jpg").write_bytes(coloured(label, number))
    with Workspace.open(trained.copy(place)) as opened:
        gather(opened, opened.ledger.project(PROJECT), loose, reading=Reading(), by="ada", progress=silent)
        yield opened


def test_unsure_photos_come_first(waiting: Workspace) -> None:
    """The photo that the model is least sure of is named first, each only once, with what it is taken for."""
    found = next_labels(waiting, PROJECT, count=6, progress=silent)
    assert found.unlabelled == found.asked == 12
    assert len({each.example.digest for each in found.chosen}) == 6
    margins = [each.probability - each.instead_probability for each in found.chosen]
    everyone = next_labels(waiting, PROJECT, count=12, progress=silent).chosen
    assert margins[0] == min(each.probability - each.instead_probability for each in everyone)
    assert all(each.suspected in {"amber", "azure"} and each.suspected != each.instead for each in found.chosen)
    assert all(each.example.label is None and each.example.side is Side.TRAIN for each in found.chosen)


def test_the_choice_is_the_same_each_time(waiting: Workspace) -> None:
    """Asking twice names the same photos in the same order."""
    first, second = (next_labels(waiting, PROJECT, count=5, progress=silent) for _ in range(2))
    assert first == second


def test_one_label_can_be_asked_for(waiting: Workspace) -> None:
    """Only photos that the model takes for a label are named, if it is asked for."""
    found = next_labels(waiting, PROJECT, count=12, label="azure", progress=silent)
    assert {each.suspected for each in found.chosen} <= {"azure"}
    assert found.chosen
    with pytest.raises(LabelNotLearned, match="does not know"):
        next_labels(waiting, PROJECT, count=3, label="purple", progress=silent)


def test_a_bounded_number_is_asked_about(waiting: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many photos the model is asked about some, and the rest are counted."""
    monkeypatch.setattr(module, "MOST_ASKED", 7)
    found = next_labels(waiting, PROJECT, count=3, progress=silent)
    assert (found.asked, found.unlabelled) == (7, 12)


def test_without_photos_or_model_it_says_so(trained: Trained, tmp_path: Path) -> None:
    """Where every photo has a label, or there is no model, the words say what to do."""
    with trained.open() as opened, pytest.raises(NothingToLabel, match="waits for a label"):
        next_labels(opened, PROJECT, count=3, progress=silent)
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "a.jpg").write_bytes(coloured("amber", 1))
    with Workspace.open(tmp_path / "w") as own:
        gather(own, Project("doors", own.now(), 0.0), loose, reading=Reading(), by="ada", progress=silent)
        with pytest.raises(NotTrainedYet):
            next_labels(own, "doors", count=3, progress=silent)


def test_rows_in_other_capitals_are_as_far_apart_as_their_cells(tmp_path: Path) -> None:
    """Of two rows that say the same, one in the capitals of a request, one is chosen early and the other last."""
    lines = "".join(f"{n},{'pqr'[n % 3]},{'yes' if n > 30 else 'no'}\n" for n in range(60))
    (tmp_path / "rows.csv").write_text(f"age,kind,label\n{lines}", encoding="utf-8")
    with Workspace.open(tmp_path / "w") as own:
        project = project_for(own, tmp_path / "rows.csv", None, sealed_share=None)
        gather(own, project, tmp_path / "rows.csv", reading=Reading(label_column="label"), by="ada", progress=silent)
        train(own, "rows", Order(Budget(trials=1)), LocalExecutor(), on_progress=lambda _: None)
        rows = [{"age": 30.5, "kind": "p"}, {"Age": 30.5, "KIND": "p"}, {"age": 2.5, "kind": "q"}]
        digests = [own.blobs.put(json.dumps(row).encode()) for row in rows]
        loose = [Example(each, each, Provenance.PERSON, each, Side.TRAIN, None, 0, 0, "") for each in digests]
        own.ledger.add_examples("rows", loose, by="ada", at=own.now())
        chosen = next_labels(own, "rows", count=3, progress=silent).chosen
    assert chosen[-1].example.digest in digests[:2]
    assert [each.distance > 0 for each in chosen] == [False, True, False]


def test_twins_do_not_take_two_places() -> None:
    """Of two equal rows one is chosen early and the other last, however unsure both are."""
    rows = np.array([[0, 0], [0, 0], [5, 0], [0, 4], [3, 3]], np.float32)
    chosen, distances = spread_out(rows, np.array([1.0, 0.99, 0.3, 0.3, 0.3]), 5)
    assert chosen[0] == 0
    assert chosen[-1] == 1
    assert distances[0] == distances[-1] == 0.0


@given(st.integers(1, 30), st.integers(1, 40), st.integers(0, 5))
def test_as_many_are_chosen_as_there_are(rows: int, count: int, seed: int) -> None:
    """Each row is chosen at most once, and distances never rise but for the first."""
    rng = np.random.default_rng(seed)
    chosen, distances = spread_out(rng.normal(size=(rows, 3)).astype(np.float32), np.ones(rows), count)
    assert len(chosen) == len(set(chosen)) == min(rows, count)
    assert distances[1:] == sorted(distances[1:], reverse=True)


def test_unsureness_is_the_margin() -> None:
    """A tie is as unsure as can be, certainty not at all."""
    assert unsureness(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.6, 0.3, 0.1]])) == pytest.approx([1.0, 0.0, 0.7])


def test_histories_wait_for_nobody(tmp_path: Path) -> None:
    """What came next is a history's label, so none is ever named, and the words say what to do instead."""
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("films", opened.now(), task=Task("interactions", AnswerKind.RANKING)))
        with pytest.raises(NothingToLabel, match="comes by itself"):
            next_labels(opened, "films", count=3, progress=silent)


def test_a_photo_on_which_the_module_fails_is_named(waiting: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that forgets it."""
    digest = next(each.digest for each in waiting.ledger.examples(PROJECT) if each.label is None)
    broken, plain = waiting.blobs.get(digest), PhotoPreparer.arrays

    def faltering(preparer: PhotoPreparer, data: bytes) -> object:
        if data == broken:
            raise ValueError("by accident")
        return plain(preparer, data)

    monkeypatch.setattr(PhotoPreparer, "arrays", faltering)
    with pytest.raises(InputFailed) as failed:
        next_labels(waiting, PROJECT, count=3, progress=silent)
    assert f"“{min(waiting.ledger.names_of(PROJECT, [digest]))}”" in failed.value.fact
    assert f"understudy forget {PROJECT} --digest {digest}" in failed.value.remedy
