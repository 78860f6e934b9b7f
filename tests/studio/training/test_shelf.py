"""The shelf: models that are ready to answer, each loaded once."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trained import PROJECT, Trained
from understudy.domain.answer import Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.modalities.contained import ModuleFailed
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.modalities.protocol import Unreadable
from understudy.serving.model import NotExplained, NotTrainedYet, ServedModel, UnknownModel
from understudy.store.errors import UnknownProject
from understudy.studio.training.shelf import Served, Shelf, load_recorded
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Workspace:
    return Workspace.open(trained.copy(tmp_path))


def newer(workspace: Workspace, version: str) -> str:
    """Records another model of the same answers, and returns its version."""
    blob = workspace.blobs.put(workspace.blobs.get(version) + b"\xba\x3e\x00")  # an unknown, empty field
    workspace.ledger.record_model(PROJECT, version=blob, blob=blob, trials=[], data_version="d", at=workspace.now())
    return blob


def test_the_model_answers(workspace: Workspace, trained: Trained) -> None:
    """A recorded model answers; a photo that cannot be read gets its error in its place."""
    shelf = Shelf(workspace)
    served = shelf.load(PROJECT, shelf.latest(PROJECT))
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
    """Many who ask for the same model at the same moment get the same one."""
    shelf, found = Shelf(workspace), list[ServedModel]()
    version = shelf.latest(PROJECT)
    threads = [threading.Thread(target=lambda: found.append(shelf.load(PROJECT, version))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({id(model) for model in found}) == 1
    assert len(found) == 4


def test_an_older_model_can_still_be_loaded(workspace: Workspace) -> None:
    """The model before the latest is there for its fallback; only so many stay loaded as were asked for."""
    shelf = Shelf(workspace, kept=1)
    before = shelf.latest(PROJECT)
    after = newer(workspace, before)
    assert shelf.latest(PROJECT) == after
    first = shelf.load(PROJECT, before)
    assert shelf.load(PROJECT, after).version == after
    assert shelf.load(PROJECT, before) is not first


def test_none_yet(workspace: Workspace) -> None:
    """A project without a model, a name without a project and a version that never was are three errors."""
    workspace.ledger.create_project(Project("aaa", workspace.now()))
    shelf = Shelf(workspace)
    with pytest.raises(NotTrainedYet, match="aaa"):
        shelf.latest("aaa")
    with pytest.raises(UnknownProject):
        shelf.latest("bbb")
    with pytest.raises(UnknownModel, match="ffffffffffff"):
        shelf.load(PROJECT, "f" * 64)


def test_a_model_of_another_project_is_none_of_this_one(workspace: Workspace) -> None:
    """Also where it is loaded already; a project that has the same model by itself is served by it."""
    for name in ("aaa", "bbb"):
        workspace.ledger.create_project(Project(name, workspace.now()))
    shelf = Shelf(workspace)
    version = shelf.latest(PROJECT)
    served = shelf.load(PROJECT, version)
    with pytest.raises(UnknownModel, match="aaa"):
        shelf.load("aaa", version)
    with pytest.raises(UnknownProject):
        shelf.load("ccc", version)
    blob = workspace.ledger.latest_model(PROJECT).blob
    workspace.ledger.record_model("bbb", version=version, blob=blob, trials=[], data_version="d", at=workspace.now())
    assert shelf.load("bbb", version).version == version
    assert shelf.load(PROJECT, version) is served


def test_nothing_is_kept_of_what_could_not_be_loaded(workspace: Workspace) -> None:
    """However many versions are asked for that never were."""
    shelf = Shelf(workspace)
    for number in range(20):
        with pytest.raises(UnknownModel):
            shelf.load(PROJECT, f"{number:064x}")
    assert "0" * 60 not in repr({name: dict(kept) for name, kept in vars(shelf).items() if isinstance(kept, Mapping)})


def test_people_are_asked_what_a_module_fails_on(workspace: Workspace, offering: Callable[..., None]) -> None:
    """A person may see what a module could not read; what it says is no input of its kind is refused as ever."""
    offering("levels")
    workspace.ledger.create_project(Project("runs", workspace.now(), task=Task("level")))
    shelf = Shelf(workspace)
    shelf.check("runs", b"far")
    with pytest.raises(Unreadable, match="is no number"):
        shelf.check("runs", b"x")


def test_a_model_that_fails_when_asked_about_its_answer_says_so_in_words(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What moved an answer, and what its input is like, cannot be told then, and whoever asks hears why."""
    model = load_recorded(workspace, workspace.ledger.latest_model(PROJECT).blob)

    def fail(data: bytes) -> tuple[Reason, ...]:
        raise IndexError(len(data))

    for what, error in (("explain", NotExplained), ("regions", NotExplained), ("traits", ModuleFailed)):
        monkeypatch.setattr(model, what, fail)
        with pytest.raises(error, match="IndexError: 3"):
            getattr(Served(model), what)(b"abc")


def test_a_damaged_blob(workspace: Workspace) -> None:
    """A model whose bytes were changed is not served."""
    record = workspace.ledger.latest_model(PROJECT)
    path = workspace.folder / "blobs" / record.blob[:2] / record.blob[2:4] / record.blob
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(UnderstudyError, match="damaged"):
        Shelf(workspace).load(PROJECT, record.version)


def test_what_a_person_could_not_be_shown(workspace: Workspace, trained: Trained) -> None:
    """A photo that was cut off is refused as no model would be needed to; a whole one and the test card are not."""
    shelf, whole = Shelf(workspace), trained.photo.read_bytes()
    shelf.check(PROJECT, whole)
    shelf.check(PROJECT, shelf.card(PROJECT))
    for bad in (b"no photo", whole[: len(whole) // 2]):
        with pytest.raises(PhotoUnreadable):
            shelf.check(PROJECT, bad)
    assert shelf.card(PROJECT) in MODALITY.golden()
