"""Judging: what a look counts, and what counts as wrong."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from coloured import coloured
from studio.launches import change, tripped
from studio.materials import answers
from trained import PROJECT, Trained
from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.review import Verdict
from understudy.domain.stage import Cause, Stage
from understudy.modalities.reading import InputFailed
from understudy.search.model import Model
from understudy.studio.judgement import judging
from understudy.studio.judgement.judging import NothingSealed, judgement_of, look, looked
from understudy.studio.judgement.look_answers import Described
from understudy.studio.review.reviewing import review
from understudy.studio.training.shelf import load_recorded
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(trained: Trained, tmp_path: Path) -> Workspace:
    return Workspace.open(trained.copy(tmp_path))


@pytest.fixture(scope="module")
def model(trained: Trained) -> Model:
    with trained.open() as opened:
        return load_recorded(opened, opened.ledger.latest_model(PROJECT).blob)


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


def sealed(workspace: Workspace, *photos: tuple[str, int]) -> list[Example]:
    """Examples of these photos in the sealed set."""
    examples = []
    for label, number in photos:
        digest = workspace.blobs.put(coloured(label, number))
        examples.append(
            Example(digest, f"{number}.jpg", Provenance.UPLOAD, digest, Side.SEALED, label, 96, 72, "0" * 64)
        )
    return examples


def test_the_file_that_was_recorded(workspace: Workspace, model: Model) -> None:
    """The look answers with the recorded file for every sealed photo, and what it saw is in the ledger."""
    told: list[tuple[int, int]] = []
    judgement = look(workspace, PROJECT, model, progress=lambda done, total: told.append((done, total)), anew=True)
    record = workspace.ledger.latest_model(PROJECT)
    assert judgement.model == record.version == model.version
    assert judgement.look == 2
    assert workspace.ledger.latest_judgement(PROJECT) == judgement
    count = workspace.ledger.counts(PROJECT).sealed
    assert judgement.accuracy.trials == count
    assert told[-1] == (count, count)
    first = workspace.ledger.open_sealed(PROJECT, model=model.version, at=workspace.now())
    right = sum(model.predict(workspace.blobs.get(one.digest)).label == one.label for one in first.examples)
    assert judgement.accuracy.successes == right


def test_a_label_that_was_never_learned(workspace: Workspace, model: Model) -> None:
    """Sealed photos of a label that the model never learned are wrong answers, whatever it says."""
    before = look(workspace, PROJECT, model, progress=unheard)
    added = sealed(workspace, ("green", 1), ("green", 2), ("green", 3))
    workspace.ledger.add_examples(PROJECT, added, by="someone", at=workspace.now())
    after = look(workspace, PROJECT, model, progress=unheard)
    assert after.labels == (*before.labels, "green")
    assert after.accuracy.trials == before.accuracy.trials + 3
    assert after.accuracy.successes == before.accuracy.successes
    assert after.recalls[-1].recall.successes == 0
    assert {mistake[1] for mistake in after.mistakes} >= {"green"}


def test_nothing_sealed(workspace: Workspace, model: Model) -> None:
    """Without sealed photos no look is spent: the first one that shows something keeps most of the budget."""
    workspace.ledger.create_project(Project("open", workspace.now()))
    with pytest.raises(
        NothingSealed, match=r"Nothing is proven yet: no photo is sealed\. .* about 25% of new ones .* on its side"
    ):
        look(workspace, "open", model, progress=unheard)
    assert workspace.ledger.look_count("open") == 0
    workspace.ledger.create_project(Project("all", workspace.now(), sealed_share=0))
    with pytest.raises(NothingSealed, match="understudy new NAME --sealed-share"):
        look(workspace, "all", model, progress=unheard, anew=True)
    workspace.ledger.add_examples("open", sealed(workspace, ("amber", 1)), by="someone", at=workspace.now())
    judgement = look(workspace, "open", model, progress=unheard)
    assert (judgement.look, judgement.accuracy.trials) == (1, 1)


def test_the_rule_of_one_line(workspace: Workspace, model: Model) -> None:
    """The majority is that of the photos the model learned from, not of those it is judged by."""
    workspace.ledger.create_project(Project("other", workspace.now()))
    added = sealed(workspace, *(("azure", number) for number in range(40, 45)), ("amber", 40))
    workspace.ledger.add_examples("other", added, by="someone", at=workspace.now())
    judgement = look(workspace, "other", model, progress=unheard)
    learned = dict(zip(model.labels, model.description.examples, strict=True))
    commonest = max(sorted(learned), key=learned.__getitem__)
    assert judgement.majority == {"azure": 5, "amber": 1}[commonest]


def test_what_is_broken_off_before_the_labels_can_be_read_spends_no_look(workspace: Workspace, model: Model) -> None:
    """The model answers first, and only then are labels opened."""

    def break_off(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(workspace, PROJECT, model, progress=break_off, anew=True)
    assert workspace.ledger.look_count(PROJECT) == 1
    assert look(workspace, PROJECT, model, progress=unheard, anew=True).look == 2


def test_a_broken_off_look_counts(workspace: Workspace, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look counts from the moment the labels can be read."""

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(judging, "answers_of", break_off)
        with pytest.raises(KeyboardInterrupt):
            look(workspace, PROJECT, model, progress=unheard, anew=True)
    assert workspace.ledger.look_count(PROJECT) == 2
    assert look(workspace, PROJECT, model, progress=unheard, anew=True).look == 3


def test_a_sealed_photo_on_which_the_module_fails_is_named_and_no_look_is_spent(
    workspace: Workspace, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads it can forget that one, and look then."""
    examples = sealed(workspace, ("amber", 81), ("azure", 82), ("amber", 83))
    workspace.ledger.add_examples(PROJECT, examples, by="ada", at=workspace.now())
    broken, arrays = workspace.blobs.get(examples[1].digest), model.file.preparer.arrays

    def faltering(_self: object, data: bytes) -> object:
        if data == broken:
            raise ValueError("by accident")
        return arrays(data)

    monkeypatch.setattr(type(model.file.preparer), "arrays", faltering)
    with pytest.raises(InputFailed) as failed:
        look(workspace, PROJECT, model, progress=unheard)
    assert "“82.jpg”" in failed.value.fact
    assert f"understudy forget {PROJECT} --digest {examples[1].digest}" in failed.value.remedy
    assert workspace.ledger.look_count(PROJECT) == 1


def test_what_is_sealed_while_the_model_answers_is_answered_too(workspace: Workspace, model: Model) -> None:
    """A look is over the sealed photos as they are when it opens their labels."""
    late = sealed(workspace, ("amber", 91), ("azure", 92))

    def meanwhile(_done: int, _total: int) -> None:
        if late:
            workspace.ledger.add_examples(PROJECT, late, by="ada", at=workspace.now())
            late.clear()

    digests = {example.digest for example in late}
    answers = looked(workspace, PROJECT, model, progress=meanwhile, anew=True).answers
    assert digests <= set(answers.digests)
    assert len(answers.truth) == len(answers.probabilities) == workspace.ledger.counts(PROJECT).sealed
    assert workspace.ledger.look_count(PROJECT) == 2


def test_the_same_question_is_not_paid_twice(workspace: Workspace, model: Model) -> None:
    """The same model over the same sealed photos is judged from the answers that are stored; nothing is opened."""
    told: list[int] = []
    again = looked(workspace, PROJECT, model, progress=lambda done, _total: told.append(done))
    assert not again.fresh
    assert told == []
    assert again.judgement == workspace.ledger.latest_judgement(PROJECT)
    assert workspace.ledger.look_count(PROJECT) == 1
    assert workspace.ledger.answers_of(PROJECT, look=1) == again.blob


def test_reviews_at_the_same_moment_share_one_look(workspace: Workspace, model: Model) -> None:
    """Whoever asks while a look is being spent waits for it and is told what it showed."""
    labelled = sealed(workspace, ("amber", 71))
    workspace.ledger.add_examples(PROJECT, labelled, by="ada", at=workspace.now())
    before = workspace.ledger.look_count(PROJECT)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(looked, workspace, PROJECT, model, progress=unheard) for _ in range(2)]
        found = [each.result() for each in asked]
    assert workspace.ledger.look_count(PROJECT) == before + 1
    assert sorted(each.fresh for each in found) == [False, True]
    assert found[0].judgement == found[1].judgement


def test_whatever_changes_the_sealed_photos_takes_a_new_look(workspace: Workspace, model: Model) -> None:
    """A photo that was added, or a label that was corrected, makes the stored answers those of other data."""
    workspace.ledger.add_examples(PROJECT, sealed(workspace, ("amber", 70)), by="someone", at=workspace.now())
    added = looked(workspace, PROJECT, model, progress=unheard)
    assert (added.fresh, added.judgement.look) == (True, 2)
    digest = added.answers.digests[0]
    other = next(label for label in model.labels if label != added.answers.true_labels[0])
    workspace.ledger.add_label(PROJECT, Label(digest, other, "someone", workspace.now()))
    corrected = looked(workspace, PROJECT, model, progress=unheard)
    assert (corrected.fresh, corrected.judgement.look) == (True, 3)
    assert corrected.answers.data != added.answers.data


def test_each_look_is_judged_by_its_part_of_the_budget(workspace: Workspace, model: Model) -> None:
    """Bounds of the first look hold at 96.5%, of the second at 99.25%, so that both together keep 95%."""
    first = looked(workspace, PROJECT, model, progress=unheard).judgement
    second = looked(workspace, PROJECT, model, progress=unheard, anew=True).judgement
    assert first.accuracy.confidence == pytest.approx(0.965)
    assert second.accuracy.confidence == pytest.approx(0.9925)
    assert second.accuracy.lower < first.accuracy.lower


def test_what_stands_beside_the_model(workspace: Workspace, model: Model) -> None:
    """A look keeps the one-line rule, what is known of each photo, and how sure the model was of held-out photos."""
    answers = looked(workspace, PROJECT, model, progress=unheard, anew=True).answers
    assert answers.rule is not None
    assert len(answers.rule_answers) == answers.count
    assert {known["provenance"] for known in answers.facts} == {"upload"}
    assert len(answers.stated) == sum(model.description.examples)
    assert answers.champion is None


@dataclass(frozen=True)
class Challenger:
    """A model of another version that answers like this one."""

    like: Model
    version: str = "cd" * 32
    threshold: float = 0.5

    @property
    def labels(self) -> tuple[str, ...]:
        return self.like.labels

    @property
    def description(self) -> Described:
        return self.like.description

    def predict_all(self, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        return self.like.predict_all(inputs)


def test_a_look_asks_the_model_that_answers_too(workspace: Workspace, model: Model) -> None:
    """A model that is live is asked about the same photos, though no review of it said “launch”."""
    workspace.ledger.change_stage(PROJECT, change(1, Stage.LIVE, model.version, cause=Cause.OVERRIDDEN))
    rival = looked(workspace, PROJECT, Challenger(model), progress=unheard).answers.champion
    assert rival is not None
    assert rival.model == model.version
    assert looked(workspace, PROJECT, model, progress=unheard, anew=True).answers.champion is None


def test_a_model_that_answers_nobody_is_not_asked(workspace: Workspace, model: Model) -> None:
    """What a review once said about a model makes no champion of it; neither does a time when it answered."""
    said = replace(review(workspace, PROJECT, progress=unheard), verdict=Verdict.LAUNCH)
    workspace.ledger.record_review(PROJECT, said)
    assert looked(workspace, PROJECT, Challenger(model), progress=unheard).answers.champion is None
    workspace.ledger.change_stage(PROJECT, change(1, Stage.LIVE, model.version))
    workspace.ledger.change_stage(PROJECT, tripped(2, model.version))
    assert looked(workspace, PROJECT, Challenger(model), progress=unheard, anew=True).answers.champion is None


def test_probabilities_are_the_models(workspace: Workspace, model: Model) -> None:
    """What the judgement calls a mistake bears the probability that the model gives."""
    workspace.ledger.create_project(Project("wrong", workspace.now()))
    (example,) = sealed(workspace, ("amber", 50))
    workspace.ledger.add_examples("wrong", [replace(example, label="azure")], by="someone", at=workspace.now())
    judgement = look(workspace, "wrong", model, progress=unheard)
    answer = model.predict(coloured("amber", 50))
    assert answer.label == "amber"
    assert judgement.mistakes == ((example.digest, "azure", "amber", pytest.approx(answer.probability, abs=1e-4)),)


def test_a_model_as_sure_as_its_threshold_asks_nobody() -> None:
    """A person is asked about what it is less sure of; a stranger is one that it is never sure of."""
    given = answers(38, 40)
    fourth = float(np.sort(given.sure)[3])
    assert judgement_of(replace(given, threshold=fourth)).asked == 3
    strangers = given.sure == given.sure.max()
    assert judgement_of(replace(given, threshold=fourth, strangers=strangers)).asked == 4
