"""How much more data, as a use case."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coloured import coloured_folder
from trained import PROJECT, Trained
from understudy.domain.brief import Brief
from understudy.domain.example import Label
from understudy.domain.learning import Behaviour
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.engine.executor import Job, Outcome
from understudy.engine.local import LocalExecutor
from understudy.modalities.registry import modality_named
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.synthesising import Recipe, synthesise
from understudy.studio.training import learning
from understudy.studio.training.learning import (
    BadTarget,
    CurveBusy,
    CurveFailed,
    CurveStopped,
    bar_to_plan_by,
    learn_curve,
    situation_of,
)
from understudy.studio.training.learning_words import learning_words
from understudy.studio.workspace import Workspace


class Counting:
    """An executor that counts what it is given; the work is real."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.jobs, self.stop = 0, stop

    def run(self, job: Job, **how: Any) -> Outcome:
        self.jobs += 1
        return LocalExecutor().run(job, **{**how, "stop": self.stop})


@pytest.fixture(scope="module")
def workspace(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a trained project, which may be changed."""
    folder = trained.copy(tmp_path_factory.mktemp("learning"))
    with Workspace.open(folder) as opened:
        yield opened


def silent(_progress: object) -> None:
    """Reports to nobody."""


def test_a_curve_is_measured_once(workspace: Workspace) -> None:
    """The same examples and model are measured once; another target takes no job, and all is in the ledger."""
    executor = Counting()
    first = learn_curve(workspace, PROJECT, executor, target=0.9, on_progress=silent)
    assert executor.jobs == 1
    assert first.points
    assert first.behaviour in {Behaviour.FLAT, Behaviour.WELL}
    assert learn_curve(workspace, PROJECT, executor, target=0.9, on_progress=silent) == first
    other = learn_curve(workspace, PROJECT, executor, target=0.8, on_progress=silent)
    assert executor.jobs == 1
    assert other.points == first.points
    assert other.needed is not None
    assert other.needed.target == 0.8
    assert workspace.ledger.latest_curve(PROJECT) == other
    record = workspace.ledger.latest_model(PROJECT)
    assert record is not None
    assert workspace.ledger.latest_curve(PROJECT, data_version=record.data_version) == other


def test_the_brief_names_the_target(workspace: Workspace) -> None:
    """Without a target the brief's bar is aimed at, and without a brief nothing is."""
    assert bar_to_plan_by(workspace, PROJECT) is None
    brief = Brief(asked_bar=0.93, wrong_cost=10.0, person_cost=1.0)
    workspace.ledger.add_brief(PROJECT, brief, by="ada", reason="", at=workspace.now())
    assert bar_to_plan_by(workspace, PROJECT) == 0.93
    curve = learn_curve(workspace, PROJECT, Counting(), on_progress=silent)
    assert curve.needed is not None
    assert curve.needed.target == 0.93


def test_a_new_label_is_measured_anew(trained: Trained, tmp_path: Path) -> None:
    """Once a label has changed, what was measured before no longer counts."""
    with Workspace.open(trained.copy(tmp_path)) as own:
        executor = Counting()
        learn_curve(own, PROJECT, executor, on_progress=silent)
        example = next(each for each in own.ledger.examples(PROJECT) if each.label == "amber")
        own.ledger.add_label(PROJECT, Label(example.digest, "azure", "ada", own.now()))
        learn_curve(own, PROJECT, executor, on_progress=silent)
        assert executor.jobs == 2


def test_too_few_photos_take_no_job(tmp_path: Path) -> None:
    """One label alone has no curve, and nothing is run to find that out."""
    coloured_folder(tmp_path / "photos", "amber", each=4)
    with Workspace.open(tmp_path / "w") as own:
        project = Project("doors", own.now(), 0.0)
        gather(own, project, tmp_path / "photos", reading=Reading(), by="ada", progress=lambda _done, _total: None)
        executor = Counting()
        curve = learn_curve(own, "doors", executor, on_progress=silent)
    assert curve.behaviour is Behaviour.TOO_SHORT
    assert executor.jobs == 0


def test_stopping_leaves_nothing(trained: Trained, tmp_path: Path) -> None:
    """A person who stops the measuring is told so, and no half-measured curve is recorded."""
    stop = threading.Event()
    stop.set()
    with Workspace.open(trained.copy(tmp_path)) as own:
        with pytest.raises(CurveStopped):
            learn_curve(own, PROJECT, Counting(stop), on_progress=silent)
        assert own.ledger.latest_curve(PROJECT) is None


def test_two_at_once_are_kept_apart(workspace: Workspace) -> None:
    """While one command measures a project's curve, another is told to wait."""

    class Nested:
        def run(self, job: Job, **how: Any) -> Outcome:
            with pytest.raises(CurveBusy):
                learn_curve(workspace, PROJECT, Counting(), on_progress=silent)
            return LocalExecutor().run(job, **how)

    learn_curve(workspace, PROJECT, Nested(), extractor=None, target=0.5, on_progress=silent)


@pytest.mark.parametrize("target", [0.0, 1.0, 1.5, -0.1])
def test_an_impossible_target_is_refused(workspace: Workspace, target: float) -> None:
    """Everything right cannot be aimed at, nor nothing."""
    with pytest.raises(BadTarget, match="cannot be aimed at"):
        learn_curve(workspace, PROJECT, Counting(), target=target, on_progress=silent)


def gathered(own: Workspace, name: str, path: Path, **reading: Any) -> None:
    """A project of what a file holds."""
    project = Project(name, own.now())
    gather(own, project, path, reading=Reading(**reading), by="ada", progress=lambda _done, _total: None)


def rows_of(data: Path, table: str, most: int, target: Path) -> Path:
    """The first rows of a real table."""
    lines = (data / table / "train.csv").read_text(encoding="utf-8").splitlines()[: most + 1]
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


def test_real_rows_are_measured_in_a_job(shared_data: Path, tmp_path: Path) -> None:
    """A table has its curve, each label its own recall, and the column that gives the answer away plays no part."""
    path = rows_of(shared_data, "titanic", 120, tmp_path / "passengers.csv")
    with Workspace.open(tmp_path / "w") as own:
        gathered(own, "passengers", path, label_column="survived")
        executor = Counting()
        curve = learn_curve(own, "passengers", executor, target=0.85, on_progress=silent)
        assert learn_curve(own, "passengers", executor, target=0.85, on_progress=silent) == curve
        situation = situation_of(own.ledger, "passengers", target=0.85)
    assert executor.jobs == 1
    assert len(curve.points) >= 5
    assert 0.6 < curve.points[-1].accuracy < 0.95
    assert {label for label, _, _ in curve.by_label} <= {"0", "1"}
    assert situation.things.many == "rows"


def test_a_label_with_few_real_examples_is_known_to_be_so(tmp_path: Path) -> None:
    """What was made up of a label does not make it one that a curve tells of."""
    path = tmp_path / "mails.csv"
    rows = [f"{label} letter {turn * 31} of day {turn * 7},{label}" for label in ("ham", "spam") for turn in range(20)]
    path.write_text("\n".join(["text,label", *rows, "my card is gone,card", ""]), encoding="utf-8")
    with Workspace.open(tmp_path / "w") as own:
        project = Project("mails", own.now(), task=Task("text"))
        gather(own, project, path, reading=Reading(), by="ada", progress=lambda _done, _total: None)
        assert situation_of(own.ledger, "mails").few == ("card",)
        templates = tmp_path / "made.txt"
        templates.write_text("card: my {old|new|blue|red} card {fell|sank|broke|burnt}\n", encoding="utf-8")
        recipe = Recipe(16, templates=templates)
        synthesise(own, "mails", recipe, by="ada", progress=lambda _done, _total: None)
        assert own.ledger.counts("mails").train["card"] > 10
        assert situation_of(own.ledger, "mails").few == ("card",)


def test_numbers_are_right_within_their_tolerance(shared_data: Path, tmp_path: Path) -> None:
    """A wider tolerance is measured anew and makes more answers right; the target is the share right within it."""
    path = rows_of(shared_data, "auto_imports", 70, tmp_path / "cars.csv")
    with Workspace.open(tmp_path / "w") as own:
        gathered(own, "cars", path, label_column="price", answers="number", tolerance=1_000.0)
        executor = Counting()
        strict = learn_curve(own, "cars", executor, on_progress=silent)
        own.ledger.set_task("cars", replace(own.ledger.project("cars").task, tolerance=4_000.0))
        wide = learn_curve(own, "cars", executor, on_progress=silent)
        words = learning_words(wide, situation_of(own.ledger, "cars"))
    assert executor.jobs == 2
    assert wide.points[-1].accuracy > strict.points[-1].accuracy + 0.1
    assert not wide.by_label
    assert any("at most 4,000 off" in said for said in words.says) or wide.behaviour is Behaviour.ILL


def test_histories_are_measured_in_a_job(shared_data: Path, tmp_path: Path) -> None:
    """Restaurants: the share of people whose list holds what they took besides, by how many were learned from."""
    path = shared_data / "restaurant_ratings" / "train.csv"
    with Workspace.open(tmp_path / "w") as own:
        gathered(own, "dinners", path)
        curve = learn_curve(own, "dinners", Counting(), target=0.7, on_progress=silent)
        words = learning_words(curve, situation_of(own.ledger, "dinners", target=0.7))
    assert curve.behaviour is Behaviour.WELL
    assert curve.points[-1].accuracy > curve.points[0].accuracy + 0.1
    assert words.headline.startswith("Gather about ")
    assert "A list is right when what came next stands in it." in words.says


def test_a_search_of_its_own_without_a_curve_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A modality of another package that names a search and no way to measure a curve gets words, not a traceback."""

    class Foreign(type(modality_named("table"))):  # type: ignore[misc]
        name, plural, search = "series", "series", "series.job:run"
        curve = property()

    monkeypatch.setattr(learning, "modality_named", lambda _name: Foreign())
    with Workspace.open(tmp_path / "w") as own:
        own.ledger.create_project(Project("pulse", own.now(), task=Task("series")))
        with pytest.raises(CurveFailed, match="No curve can be drawn of series"):
            learn_curve(own, "pulse", Counting(), on_progress=silent)
