"""Training as a use case: orders that cannot be, and one run at a time."""

import math
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from coloured import coloured
from trained import PROJECT, Trained
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.engine.local import LocalExecutor
from understudy.search.assignment import LESSON, read_lesson
from understudy.store.errors import UnknownProject
from understudy.studio.collection.forgetting import forget
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.training.training import BadOrder, Fitted, Order, TrainingFailed, train
from understudy.studio.workspace import Workspace


@pytest.mark.parametrize(
    "budget", [Budget(seconds=0), Budget(seconds=math.nan), Budget(trials=0), Budget(memory_bytes=0)]
)
def test_budgets_that_allow_nothing(budget: Budget) -> None:
    """A budget that allows nothing is refused before anything begins."""
    with pytest.raises(BadOrder, match="could not try anything"):
        Order(budget)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_seeds(seed: int) -> None:
    """A seed is not negative and fits 31 bits."""
    with pytest.raises(BadOrder, match="cannot be a seed"):
        Order(seed=seed)


def test_what_is_recorded(trained: Trained) -> None:
    """The ledger's model is the run's file, with its trials and the data it learned from."""
    with trained.open() as workspace:
        (record,) = workspace.ledger.models(PROJECT)
        assert record.version == record.blob
        assert len(record.trials) == 5
        assert (workspace.run_folder(PROJECT) / "model.onnx").read_bytes() == workspace.blobs.get(record.blob)


def test_unknown(tmp_path: Path) -> None:
    """Nothing is begun for a project that is not there."""
    with Workspace.open(tmp_path) as workspace, pytest.raises(UnknownProject):
        train(workspace, "doors", Order(), LocalExecutor(), on_progress=lambda _: None)
    assert not (tmp_path / "runs").exists()


def test_a_refusal_keeps_its_words(trained: Trained, tmp_path: Path) -> None:
    """What the search refuses reaches the caller as fact, reason and remedy."""
    with Workspace.open(trained.copy(tmp_path)) as workspace, pytest.raises(TrainingFailed) as caught:
        train(workspace, PROJECT, Order(extractor="gone.onnx"), LocalExecutor(), on_progress=lambda _: None)
    assert "gone.onnx" in caught.value.fact
    assert caught.value.reason
    assert caught.value.remedy


def test_progress(trained: Trained, tmp_path: Path) -> None:
    """Progress names its stages in order and ends at the end."""
    seen = []
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        fitted = train(workspace, PROJECT, Order(Budget(trials=1)), LocalExecutor(), on_progress=seen.append)
        assert fitted.record.version == workspace.ledger.latest_model(PROJECT).version
    assert fitted.complete
    assert not fitted.stopped
    assert len(fitted.record.trials) == 1
    stages = [progress.stage for progress in seen]
    assert stages[-1] == "Building the model"
    assert "Trying candidates" in stages
    assert all(0 <= progress.done <= progress.total for progress in seen)


def test_what_is_forgotten_before_it_is_read_ends_a_training(trained: Trained, tmp_path: Path) -> None:
    """It says so, and not that a file is missing; the next training does without it."""
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        learned = [each.digest for each in workspace.ledger.examples(PROJECT, side=Side.TRAIN)]

        def meanwhile(_: Progress) -> None:
            if not workspace.ledger.erased(PROJECT, learned):
                forget(workspace, PROJECT, by="ada", reason="asked to", digests=learned[:1])

        def fitted() -> Fitted:
            return train(workspace, PROJECT, Order(Budget(trials=1)), LocalExecutor(), on_progress=meanwhile)

        with pytest.raises(TrainingFailed, match="1 photo to learn from was forgotten meanwhile"):
            fitted()
        again = fitted()
    assert (again.there_are, again.forgotten) == (len(learned) - 1, 0)


def test_what_was_learned_and_is_forgotten_meanwhile_is_told(tmp_path: Path) -> None:
    """Rows are read at once, so a model still learns from one that is forgotten then; its training says so."""
    (tmp_path / "rows.csv").write_text(
        "size,label\n" + "".join(f"{n * n % 97 / 7},{'ab'[n % 3 > 1]}\n" for n in range(90))
    )
    with Workspace.open(tmp_path / "w") as workspace:
        shop = Project("shop", workspace.now())
        reading = Reading(label_column="label")
        gather(workspace, shop, tmp_path / "rows.csv", reading=reading, by="ada", progress=lambda _done, _total: None)
        learned = [each.digest for each in workspace.ledger.examples("shop", side=Side.TRAIN)]

        def meanwhile(progress: Progress) -> None:
            if progress.stage == "Building the model" and not workspace.ledger.erased("shop", learned):
                forget(workspace, "shop", by="ada", reason="asked to", digests=learned[:2])

        fitted = train(workspace, "shop", Order(Budget(trials=1)), LocalExecutor(), on_progress=meanwhile)
    assert (fitted.there_are, fitted.forgotten) == (len(learned), 2)


def test_nothing_stays_of_what_is_forgotten_while_it_is_looked_at(tmp_path: Path) -> None:
    """Features that are computed after a text was forgotten are wiped when the training ends; those of others stay."""
    rows = "".join(f"number {n} is about {'cats' if n % 2 else 'dogs'} and {n * n},{n % 2}\n" for n in range(300))
    (tmp_path / "mails.csv").write_text("text,label\n" + rows)
    with Workspace.open(tmp_path / "w") as workspace:
        mails = Project("mails", workspace.now())
        reading = Reading(modality="text")
        gather(workspace, mails, tmp_path / "mails.csv", reading=reading, by="ada", progress=lambda _done, _total: None)
        learned = [each.digest for each in workspace.ledger.examples("mails", side=Side.TRAIN)]
        # Those that are looked at last are the shortest: all others are there by then.
        gone = min(learned, key=lambda digest: (len(workspace.blobs.get(digest)), digest))

        def meanwhile(progress: Progress) -> None:
            if progress.stage.startswith("Looking at") and not workspace.ledger.erased("mails", [gone]):
                forget(workspace, "mails", by="ada", reason="asked to", digests=[gone])

        with suppress(TrainingFailed):
            train(workspace, "mails", Order(Budget(trials=1)), LocalExecutor(), on_progress=meanwhile)
        kept = [path.read_bytes() for path in (workspace.cache / "features").glob("*.digests")]
    assert not any(bytes.fromhex(gone) in digests for digests in kept)
    assert any(bytes.fromhex(learned[0]) in digests for digests in kept)


@pytest.mark.parametrize(
    ("modality", "answers", "said"),
    [
        ("photo", AnswerKind.LABEL, "It holds no examples, and the first ones say what it decides about."),
        ("table", AnswerKind.LABEL, "It has no row with a label."),
        ("interactions", AnswerKind.RANKING, "It has no history with what came next."),
        ("video", AnswerKind.NUMBER, "It has no clip with a number."),
    ],
)
def test_a_project_without_examples_is_not_trained(
    tmp_path: Path, modality: str, answers: AnswerKind, said: str
) -> None:
    """Before anything came, whatever it decides about, training says that there is nothing and what to do."""
    with Workspace.open(tmp_path) as workspace:
        workspace.ledger.create_project(Project("begun", workspace.now(), task=Task(modality, answers)))
        with pytest.raises(TrainingFailed, match="nothing to learn from yet") as caught:
            train(workspace, "begun", Order(), LocalExecutor(), on_progress=lambda _: None)
    assert caught.value.reason == said


def test_examples_without_a_label_are_not_trained_on(tmp_path: Path) -> None:
    """How many wait for an answer is said."""
    with Workspace.open(tmp_path) as workspace:
        workspace.ledger.create_project(Project("mails", workspace.now(), task=Task("text")))
        examples = [
            Example(f"{n:064x}", f"{n}.txt", Provenance.UPLOAD, f"{n}", Side.TRAIN, None, 0, 0, "") for n in range(3)
        ]
        workspace.ledger.add_examples("mails", examples, by="Ada", at=workspace.now())
        with pytest.raises(TrainingFailed) as caught:
            train(workspace, "mails", Order(), LocalExecutor(), on_progress=lambda _: None)
    assert caught.value.reason == "None of its 3 texts has a label."


def test_a_label_that_is_sealed_whole_is_said_to_be(tmp_path: Path) -> None:
    """Where all of a label belongs with what is sealed, training says so, how many groups that is, and the way out."""
    with Workspace.open(tmp_path) as workspace:
        now = workspace.now()
        workspace.ledger.create_project(Project("mails", now, task=Task("text")))
        given = [("card", Side.TRAIN, "g1"), ("parcel", Side.SEALED, "g2"), ("parcel", Side.SEALED, "g2")]
        examples = [
            Example(f"{n:064x}", f"mails.csv, row {n}", Provenance.UPLOAD, group, side, label, 0, 0, "")
            for n, (label, side, group) in enumerate(given)
        ]
        workspace.ledger.add_examples("mails", examples, by="Ada", at=now)
        with pytest.raises(TrainingFailed, match="all that bear it are sealed") as caught:
            train(workspace, "mails", Order(), LocalExecutor(), on_progress=lambda _: None)
    assert "2 texts, alike or said to belong together, make 1 group;" in caught.value.reason
    assert caught.value.remedy.startswith("Add texts of “parcel” that are not like these")


@pytest.mark.parametrize("extractor", [None, "gone.onnx"])
def test_what_a_run_leaves_names_nobody(trained: Trained, tmp_path: Path, extractor: str | None) -> None:
    """Names of groups are in the run's folder only as long as the run needs them, whatever comes of it."""
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        one = next(each for each in workspace.ledger.examples(PROJECT, side=Side.TRAIN) if each.label == "amber")
        photos = [workspace.blobs.put(coloured("amber", number)) for number in (901, 902)]
        hers = [replace(one, digest=digest, group="Zebulon Kraw") for digest in photos]
        workspace.ledger.add_examples(PROJECT, hers, by="Ada", at=workspace.now())
        order = Order(Budget(trials=1), extractor=extractor)
        with nullcontext() if extractor is None else pytest.raises(TrainingFailed):
            train(workspace, PROJECT, order, LocalExecutor(), on_progress=lambda _: None)
        assert set(photos) <= {digest for digest, *_ in read_lesson(workspace.run_folder(PROJECT))}
        assert "Zebulon" not in (workspace.run_folder(PROJECT) / LESSON).read_text(encoding="utf-8")
