"""Fine-tuning is a candidate like any other: judged by what was held out, ended by the clock, one file in the end."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.engine.inference import Graph
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.protocol import Input
from understudy.modalities.text.modality import MODALITY
from understudy.modalities.text.tuning import VIEW
from understudy.search import fine_tuning
from understudy.search.fine_tuning import (
    ENOUGH,
    FEW,
    FEW_FOLDS,
    FEWEST,
    MOST_FOLDS,
    PENALTIES,
    STAGE,
    FineTuning,
    admits,
)
from understudy.search.folds import Fold, Folds, make_folds
from understudy.search.loading import load_bytes
from understudy.search.model_file import read_model
from understudy.search.plan import Clock
from understudy.search.scorers import Linear
from understudy.search.speech import PROBABILITIES
from understudy.search.trained import Trained
from understudy.search.training import Lesson, Settings, Training

WHO = ("dog", "cat", "horse", "sparrow", "friend", "child", "whale", "mayor")
DOES = ("bites", "follows", "knows", "forgets", "admires", "helps", "draws")
FOUND = {"praise": ("lovely", "kind", "honest"), "blame": ("awful", "cruel", "false")}
EVERYTHING = Budget(trials=1_000)


def lesson(labelled: Callable[[str, str], str] = lambda label, _: label) -> Lesson:
    rows = sorted(
        (sha256(text.encode()).hexdigest(), text, labelled(label, text))
        for label, words in FOUND.items()
        for place, (who, does) in enumerate((who, does) for who in WHO for does in DOES)
        for text in [f"the {who} {does} the {words[place % 3]} one"]
    )
    inputs = [Input(digest, text.encode) for digest, text, _ in rows]
    return Lesson(inputs, [label for *_, label in rows], [digest for digest, *_ in rows])


def by_chance(_label: str, text: str) -> str:
    """A label that nothing in the text tells."""
    return "heads" if int(sha256(text.encode()).hexdigest()[:8], 16) % 2 else "tails"


def training(
    folder: Path,
    *,
    given: Lesson | None = None,
    budget: Budget = EVERYTHING,
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Training:
    settings = Settings(MODALITY, MODALITY.encoder(None), 3, budget)
    return Training(given or lesson(), settings, folder, folder.parent / "cache", report=report, stop_requested=stop)


def tuned_trials(trained: Trained) -> list[str]:
    return [trial.name for trial in trained.trials if trial.name.endswith(VIEW.name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fine-tuning") / "run"


@pytest.fixture(scope="module")
def trained(folder: Path) -> Trained:
    return training(folder).run()


def test_it_is_tried_with_every_penalty(trained: Trained) -> None:
    """The last trials of a run are those on what a fine-tuned encoder sees."""
    assert len(tuned_trials(trained)) == len(PENALTIES)
    assert trained.trials[-1].name == "logistic regression, penalty 0.1: meaning, fine-tuned"
    assert trained.complete


def test_a_run_that_goes_on_does_not_tune_again(trained: Trained, folder: Path) -> None:
    """What the journal holds is not tried anew, and the same bytes come of it."""
    stages: list[str] = []
    again = training(folder, report=lambda progress: stages.append(progress.stage)).run()
    before_finishing = stages[: stages.index("Building the model")]
    assert STAGE not in before_finishing
    assert again.model == trained.model


def test_what_is_held_out_was_not_seen() -> None:
    """Of labels by chance nothing is known of held-out examples, though much is of those that were learned from."""
    given = lesson(by_chance)
    labels = np.array([int(label == "heads") for label in given.labels], np.int64)
    folds = Folds(make_folds(labels, np.arange(len(labels)), seed=0).folds[:2])
    tuner = MODALITY.encoder(None).tuner(given.inputs, timed=False, told=lambda *_: None)
    assert tuner is not None
    tuning = FineTuning(tuner, labels, folds, 0, Clock(None, lambda: False, lambda _: None))
    with one_thread():
        scored, (tuned, heads) = tuning.held_out_scores(), tuning.fitted()
    for scores in scored:
        assert float(np.mean(scores.argmax(axis=1) == labels[folds.rows])) < 0.7
    known = heads[-1](tuned.features(np.arange(len(labels)))).argmax(axis=1)
    assert float(np.mean(known == labels)) > 0.7


def test_folds_side_by_side_score_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit by bit, however many threads there are; progress rises all the way."""
    given = lesson().some(range(0, 112, 7))
    labels = np.array([int(label == "praise") for label in given.labels], np.int64)
    folds = make_folds(labels, np.arange(len(labels)), seed=0)
    tuner = MODALITY.encoder(None).tuner(given.inputs, timed=False, told=lambda *_: None)
    assert tuner is not None
    scored, told = [], []
    for threads in (1, 3):
        done: list[int] = []
        clock = Clock(None, lambda: False, lambda progress, done=done: done.append(progress.done))
        monkeypatch.setattr(fine_tuning, "cores", lambda threads=threads: threads)
        with one_thread():
            scored.append(FineTuning(tuner, labels, folds, 0, clock).held_out_scores())
        told.append(done)
    for one, other in zip(*scored, strict=True):
        np.testing.assert_array_equal(one, other)
    assert told[0] == told[1] == list(range(1, len(told[0]) + 1))


class Counting:
    """Keeps which examples it was fine-tuned on."""

    view = VIEW

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    @property
    def untuned(self) -> "Counting":
        return self

    def tuned(self, indices: np.ndarray, labels: np.ndarray, head: Linear, **_: object) -> "Counting":
        assert head.weights.shape == (2, labels.max() + 1)
        self.seen.append(indices)
        return self

    def features(self, indices: np.ndarray) -> np.ndarray:
        return np.stack([indices % 2, indices / 1000], axis=1).astype(np.float32)

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        return {}


def counted(labels: np.ndarray, folds: Folds) -> tuple[np.ndarray, list[np.ndarray]]:
    """Scores for the first penalty, and what each fine-tuning learned from, as threads come to it."""
    tuner = Counting()
    scores = FineTuning(tuner, labels, folds, 0, Clock(None, lambda: False, lambda _: None)).held_out_scores()
    return scores[0], tuner.seen


@pytest.mark.parametrize(("count", "most"), [(48, FEW_FOLDS), (FEW, MOST_FOLDS)])
def test_each_example_is_scored_once_however_often_it_is_drawn(count: int, most: int) -> None:
    """Of several draws of folds the first is fine-tuned on, in few parts; all rows of an example get that score."""
    labels = np.tile([0, 1], count // 2)
    draws = [make_folds(labels, np.arange(count), seed=seed).folds for seed in (1, 2)]
    folds = Folds((*draws[0], *draws[1]))
    scores, seen = counted(labels, folds)
    assert len(seen) == most
    assert sum(count - len(train) for train in seen) == count
    assert scores.shape == (len(folds.rows), 2)
    for place in range(count):
        assert len({tuple(row) for row in scores[folds.rows == place]}) == 1


def test_many_folds_are_put_together_unless_a_label_would_be_lost() -> None:
    """What any of them holds out is held out, and every label is learned from by every fine-tuning."""
    labels, every = np.tile([0, 1], 7), np.arange(14)
    held_out = [np.array([2 * place, 2 * place + 1]) for place in range(7)]
    folds = Folds(tuple(Fold(np.setdiff1d(every, some), some) for some in held_out))
    assert sorted(len(train) for train in counted(labels, folds)[1]) == [6, 8]
    rare = labels.copy()
    rare[[0, 4]] = 2
    seen = counted(rare, folds)[1]
    assert [len(train) for train in seen] == [12] * 7
    assert all(len(np.unique(rare[train])) == 3 for train in seen)


@pytest.mark.usefixtures("trained")
def test_a_model_of_nothing_else_answers_and_knows_strangers(folder: Path) -> None:
    """Where only the fine-tuned encoder was chosen, the file answers the same everywhere and still tells strangers."""
    run = training(folder)
    run.try_all()
    run._walked[:] = [entry for entry in run._walked if entry.view == VIEW.name]
    data = run.finish()
    model = load_bytes(data)
    texts = [b"the cat admires the kind one", b"the whale bites the cruel one"]
    assert [getattr(answer, "label", "") for answer in model.predict_all(texts)] == ["praise", "blame"]
    file = read_model(data)
    assert {trial.name.partition(": ")[2] for trial, _ in file.description.members} == {VIEW.name}
    assert file.description.unknown is not None
    assert file.description.usual is not None
    arrays = file.preparer.arrays(texts[0])
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    elsewhere = session.run([PROBABILITIES], {each.name: arrays[each.name] for each in session.get_inputs()})[0]
    here = Graph(data, rows=1, precision="f32").run(arrays)[PROBABILITIES]
    np.testing.assert_allclose(elsewhere, here, atol=1e-3)


def test_a_stop_while_it_tunes_keeps_what_was_tried(tmp_path: Path) -> None:
    """Whoever stops it gets the model of all other candidates."""
    stages: list[str] = []
    run = training(
        tmp_path / "run", report=lambda progress: stages.append(progress.stage), stop=lambda: stages[-1:] == [STAGE]
    )
    stopped = run.run()
    assert stopped.stopped
    assert not tuned_trials(stopped)
    assert stopped.trials
    assert load_bytes(stopped.model).labels == ("blame", "praise")


def test_it_is_spared_where_there_is_little_to_gain(tmp_path: Path) -> None:
    """Without a budget, a task that is as good as solved is not fine-tuned for."""
    quick = training(tmp_path / "run", budget=Budget()).run()
    assert max(trial.accuracy for trial in quick.trials) >= ENOUGH
    assert not tuned_trials(quick)
    assert quick.complete


def test_what_it_is_not_for() -> None:
    """Few examples, several labels at once, numbers, and labels that come from one group alone are left out."""
    encoder, apart = MODALITY.encoder(None), Folds((Fold(np.arange(9), np.arange(9)),))
    assert admits(encoder, Task("text"), FEWEST, apart)
    assert not admits(encoder, Task("text"), FEWEST - 1, apart)
    assert not admits(encoder, Task("text", AnswerKind.LABELS), FEWEST, apart)
    assert not admits(encoder, Task("text", AnswerKind.NUMBER), FEWEST, apart)
    assert not admits(encoder, Task("text"), FEWEST, Folds(apart.folds, apart=False))
