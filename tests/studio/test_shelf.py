"""The shelf: which model answers, and when a newer one is met."""

from pathlib import Path

import pytest

from trained import PROJECT, Trained
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.serving.model import NotTrainedYet
from understudy.store.errors import UnknownProject
from understudy.studio.shelf import FRESH_SECONDS, Shelf
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Workspace:
    return Workspace.open(trained.copy(tmp_path))


def test_the_model_answers(workspace: Workspace, trained: Trained) -> None:
    """The recorded model answers; a photo that cannot be read gets its error in its place."""
    served = Shelf(workspace).model_for(PROJECT)
    assert served.version == workspace.ledger.latest_model(PROJECT).version
    assert served.labels == ("amber", "azure")
    assert 0 < served.threshold <= 1
    first, broken, last = served.predict([trained.photo.read_bytes(), b"no photo", trained.photo.read_bytes()])
    assert not isinstance(first, UnderstudyError)
    assert first.label == "amber"
    assert isinstance(broken, UnderstudyError)
    assert last == first
    assert served.regions(trained.photo.read_bytes()).ndim == 2


def test_loaded_once(workspace: Workspace) -> None:
    """The same model is loaded once, however often it is asked for."""
    now = [0.0]
    shelf = Shelf(workspace, clock=lambda: now[0])
    shelf.warm()
    first = shelf.model_for(PROJECT)
    now[0] = FRESH_SECONDS * 5
    assert shelf.model_for(PROJECT) is first


def test_a_newer_model(workspace: Workspace) -> None:
    """A newer model is met once the moment of freshness is over, and not before."""
    now = [0.0]
    shelf = Shelf(workspace, clock=lambda: now[0])
    first = shelf.model_for(PROJECT)
    newer = workspace.blobs.get(first.version) + b"\xba\x3e\x00"  # an unknown, empty field: another file, same graph
    blob = workspace.blobs.put(newer)
    workspace.ledger.record_model(PROJECT, version=blob, blob=blob, trials=[], data_version="d", at=workspace.now())
    assert shelf.model_for(PROJECT) is first
    now[0] = FRESH_SECONDS
    assert shelf.model_for(PROJECT).version == blob


def test_none_yet(workspace: Workspace) -> None:
    """A project without a model, and a name without a project, are two errors; neither stops the warming."""
    workspace.ledger.create_project(Project("aaa", workspace.now()))
    shelf = Shelf(workspace)
    shelf.warm()
    with pytest.raises(NotTrainedYet, match="aaa"):
        shelf.model_for("aaa")
    with pytest.raises(UnknownProject):
        shelf.model_for("bbb")
    assert shelf.model_for(PROJECT).labels


def test_a_damaged_blob(workspace: Workspace) -> None:
    """A model whose bytes were changed is not served."""
    record = workspace.ledger.latest_model(PROJECT)
    path = workspace.folder / "blobs" / record.blob[:2] / record.blob[2:4] / record.blob
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(UnderstudyError, match="damaged"):
        Shelf(workspace).model_for(PROJECT)
