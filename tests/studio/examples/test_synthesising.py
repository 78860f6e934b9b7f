"""Examples that were made up, and what they bring."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from understudy.cli.telling import held
from understudy.domain.example import Label, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.synthetic import SyntheticWorth
from understudy.domain.task import AnswerKind
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.modalities.table import synthesis
from understudy.modalities.text.synthesis import BadTemplates
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.labelling import ExampleMadeUp, give_label
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.synthesising import NothingToMake, Recipe, is_remade, rows_like, synthesise
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.synthetic_worth import known_worth, measure_worth
from understudy.studio.training.training import Order, TrainingFailed, train
from understudy.studio.words.phrases import Noun
from understudy.studio.workspace import Workspace
from understudy.web.views import examples_view

ROWS = Noun("row", "rows")


def _told(done: int, total: int) -> None:
    assert done <= total


@pytest.fixture
def houses(tmp_path: Path) -> Workspace:
    """A workspace with a table of houses."""
    rng = np.random.default_rng(0)
    with (tmp_path / "houses.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["size", "rooms", "kind", "label"])
        for _ in range(110):
            size = float(rng.normal(100, 20))
            dear = size + 10 * rng.normal() > 105
            table.writerow([round(size, 2), int(rng.integers(1, 6)), rng.choice(["flat", "house"]), dear])
    workspace = Workspace.open(tmp_path / "workspace")
    project = project_for(workspace, tmp_path / "houses.csv", None, sealed_share=None)
    gather(workspace, project, tmp_path / "houses.csv", reading=Reading(label_column="label"), by="ann", progress=_told)
    return workspace


def test_made_up_rows_are_marked_and_never_sealed(houses: Workspace) -> None:
    """Rows like the real training ones are added as synthetic, with their labels, on the training side."""
    sealed = houses.ledger.counts("houses").sealed
    made = synthesise(houses, "houses", Recipe(50), by="ann", progress=_told)
    found = [each for each in houses.ledger.examples("houses") if each.provenance is Provenance.SYNTHETIC]
    assert made.made == 50
    assert len(found) == made.new > 40
    assert {each.side for each in found} == {Side.TRAIN}
    assert all(each.label for each in found)
    assert houses.ledger.counts("houses").sealed == sealed
    assert synthesise(houses, "houses", Recipe(50), by="ann", progress=_told).new <= 50


def test_no_more_rows_are_read_than_are_looked_at(houses: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many real rows there are, those that were drawn to be learned from are fetched, and no others."""
    read, get = set(), houses.blobs.get

    def fetched(digest: str) -> bytes:
        read.add(digest)
        return get(digest)

    monkeypatch.setattr(synthesis, "MOST", 30)
    monkeypatch.setattr(houses.blobs, "get", fetched)
    assert len(rows_like(houses, houses.ledger.project("houses"), count=50, seed=0)) == 50
    assert len(read) == 30


def test_a_model_is_judged_by_real_rows_alone(houses: Workspace) -> None:
    """Training learns from made-up rows too, and holds out real ones only."""
    synthesise(houses, "houses", Recipe(200), by="ann", progress=_told)
    fitted = train(houses, "houses", Order(Budget(trials=1)), LocalExecutor(), on_progress=lambda _: None)
    assert fitted.there_are == sum(houses.ledger.counts("houses").train.values())
    real = [
        each
        for each in houses.ledger.examples("houses", side=Side.TRAIN)
        if each.provenance is not Provenance.SYNTHETIC
    ]
    assert fitted.record.synthetic == houses.ledger.counts("houses").synthetic > 0
    model = load_recorded(houses, fitted.record.blob)
    assert len(model.description.out_of_fold.right) == len(real)


def test_what_they_bring_is_measured_on_real_examples(houses: Workspace) -> None:
    """Two trainings are asked about the same real examples; the gain lies in its interval, and is kept."""
    synthesise(houses, "houses", Recipe(60), by="ann", progress=_told)
    worth = measure_worth(
        houses, "houses", seed=0, budget=Budget(trials=1), executor=LocalExecutor(), on_progress=lambda _: None
    )
    real = [
        each
        for each in houses.ledger.examples("houses", side=Side.TRAIN)
        if each.provenance is not Provenance.SYNTHETIC
    ]
    assert worth.asked + worth.real == len(real)
    assert worth.asked >= 20
    assert 40 < worth.synthetic <= 60
    assert -1 <= worth.lower <= worth.gained <= worth.upper <= 1
    assert known_worth(houses, "houses") == worth


def test_what_is_asked_about_is_learned_from_by_neither(tmp_path: Path) -> None:
    """Labels of pure chance stay that to both models, though rows made up of every real one repeat it in its group."""
    rng = np.random.default_rng(1)
    rows = [[f"h{at}", *rng.normal(size=6).round(4).tolist(), str(rng.choice(["yes", "no"]))] for at in range(160)]
    head = ["house", *"abcdef", "label"]
    for name, some in (("houses", rows), ("again", [[row[0], row[1] + 1e-4, *row[2:]] for row in rows])):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([head, *some])
    with Workspace.open(tmp_path / "workspace") as workspace:
        project = project_for(workspace, tmp_path / "houses.csv", None, sealed_share=0.0)
        for name in ("houses", "again"):
            reading = Reading(label_column="label", group="column:house", synthetic=name == "again")
            project = workspace.ledger.project("houses") if name == "again" else project
            gather(workspace, project, tmp_path / f"{name}.csv", reading=reading, by="ann", progress=_told)
        worth = measure_worth(
            workspace, "houses", seed=0, budget=Budget(trials=1), executor=LocalExecutor(), on_progress=lambda _: None
        )
    assert worth.synthetic == worth.real == 160 - worth.asked
    assert worth.without < 0.7
    assert worth.without + worth.gained < 0.7


def test_where_none_may_be_learned_from_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that were made up belong with real ones that are asked about: that is said, and nothing is trained for it."""
    rng = np.random.default_rng(1)
    rows = [[f"h{at}", *rng.normal(size=3).round(4).tolist(), "yes" if at % 2 else "no"] for at in range(120)]
    made = [["h0", *rng.normal(size=3).round(4).tolist(), "yes"] for _ in range(22)]
    for name, some in (("houses", rows), ("made", made)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["house", *"abc", "label"], *some])

    def trained(*_given: object) -> None:
        raise AssertionError("it was trained")

    monkeypatch.setattr("understudy.studio.training.synthetic_worth._trained", trained)
    said = set()
    with Workspace.open(tmp_path / "workspace") as workspace:
        project = project_for(workspace, tmp_path / "houses.csv", None, sealed_share=0.0)
        for name in ("houses", "made"):
            reading = Reading(label_column="label", group="column:house", synthetic=name == "made")
            project = workspace.ledger.project("houses") if name == "made" else project
            gather(workspace, project, tmp_path / f"{name}.csv", reading=reading, by="ann", progress=_told)
        for seed in range(12):
            with pytest.raises((NothingToMake, AssertionError)) as caught:
                measure_worth(
                    workspace,
                    "houses",
                    seed=seed,
                    budget=Budget(trials=1),
                    executor=LocalExecutor(),
                    on_progress=lambda _: None,
                )
            said.add(str(caught.value).partition(" Give")[0])
    reason = "All 22 of them belong with real examples that are asked about, of which they would tell."
    assert said == {"it was trained", f"What synthetic examples bring to “houses” cannot be measured. {reason}"}


def test_a_worth_is_said_in_points() -> None:
    """The gain and its interval are said in points, with what they rest on."""
    worth = SyntheticWorth(0.012, -0.004, 0.028, 0.8, 200, 500, 100)
    assert str(worth) == (
        "+1.2 points, interval −0.4 to 2.8: with 100 synthetic examples beside 500 real ones, "
        "asked about 200 other real ones"
    )


def test_rows_are_not_made_from_templates(houses: Workspace, tmp_path: Path) -> None:
    """A file of templates is not left unread without a word."""
    with pytest.raises(NothingToMake, match="Leave --templates out"):
        synthesise(houses, "houses", Recipe(5, templates=tmp_path / "none.txt"), by="ann", progress=_told)
    assert not [each for each in houses.ledger.examples("houses") if each.provenance is Provenance.SYNTHETIC]


def test_a_file_of_made_up_rows_is_learned_from_whatever_its_name(houses: Workspace, tmp_path: Path) -> None:
    """Rows that somebody made up are no rows that trainings make anew, though the file is called “made up …”."""
    (tmp_path / "made up by hand.csv").write_text("size,rooms,label\n" + "".join(f"{n}.5,3,dear\n" for n in range(9)))
    path, project = tmp_path / "made up by hand.csv", houses.ledger.project("houses")
    gather(houses, project, path, reading=Reading(synthetic=True), by="ann", progress=_told)
    own = [each for each in houses.ledger.examples("houses") if each.name.startswith("made up by hand")]
    assert own
    assert not any(is_remade(each, project) for each in own)


def test_a_row_that_trainings_make_anew_gets_no_label(houses: Workspace) -> None:
    """It would be said that the next training learns from it, and it would not."""
    synthesise(houses, "houses", Recipe(20), by="ann", progress=_told)
    name = next(each.name for each in houses.ledger.examples("houses") if each.provenance is Provenance.SYNTHETIC)
    with pytest.raises(ExampleMadeUp, match="gets no label"):
        give_label(houses, "houses", Path(name), "True", by="ann")


def test_without_synthetic_examples_there_is_nothing_to_measure(houses: Workspace) -> None:
    """What is not there brings nothing, and that is said with the command that makes some."""
    assert known_worth(houses, "houses") is None
    with pytest.raises(NothingToMake, match="understudy synthesise houses"):
        measure_worth(houses, "houses", seed=0, budget=Budget(), executor=LocalExecutor(), on_progress=lambda _: None)


def test_texts_are_made_from_templates(tmp_path: Path) -> None:
    """A project of texts takes what templates make, and says what is wrong with them."""
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join(f"mail {at},{at % 2}\n" for at in range(20)))
    workspace = Workspace.open(tmp_path / "workspace")
    project = project_for(workspace, tmp_path / "mails.csv", None, sealed_share=None)
    gather(workspace, project, tmp_path / "mails.csv", reading=Reading(modality="text"), by="ann", progress=_told)
    templates = tmp_path / "templates.txt"
    templates.write_text("1: I want my {money|cash} back {today|now}\n0: thank {you|them}\n")
    made = synthesise(workspace, "mails", Recipe(10, templates=templates), by="ann", progress=_told)
    assert made.new == made.made == 6
    templates.write_text("1: I want my {money|cash} back\n00: thank {you|them}\n")
    with pytest.raises(BadTemplates, match=r"“00” is no label of “mails”\. Its labels are “0”, “1”;") as slip:
        synthesise(workspace, "mails", Recipe(10, templates=templates), by="ann", progress=_told)
    assert "write +00." in slip.value.remedy
    templates.write_text("+00: thank {you|them} again\n")
    assert (
        synthesise(workspace, "mails", Recipe(2, templates=templates), by="ann", progress=_told).counts.train["00"] == 2
    )
    with pytest.raises(NothingToMake, match="--templates"):
        synthesise(workspace, "mails", Recipe(10), by="ann", progress=_told)
    with pytest.raises(NothingToMake, match="cannot be read"):
        synthesise(workspace, "mails", Recipe(10, templates=tmp_path / "none"), by="ann", progress=_told)
    templates.write_text("no template")
    with pytest.raises(BadTemplates):
        synthesise(workspace, "mails", Recipe(10, templates=templates), by="ann", progress=_told)


def test_what_is_made_up_says_nothing_of_real_examples(tmp_path: Path) -> None:
    """A real text waits for a person though a template makes the same with a label, and keeps the label it has."""
    workspace = _texts(tmp_path, ("refund", "other"), AnswerKind.LABEL)
    (tmp_path / "more.csv").write_text("text,label\nI want my cash back,\nhello friend,refund\n")
    project = workspace.ledger.project("mails")
    gather(workspace, project, tmp_path / "more.csv", reading=Reading(), by="ann", progress=_told)
    before = {each.digest: each for each in workspace.ledger.examples("mails")}
    found = len(workspace.ledger.findings("mails"))
    (tmp_path / "templates.txt").write_text("refund: I want my {money|cash} back\nother: hello {friend|enemy}")
    made = synthesise(workspace, "mails", Recipe(4, templates=tmp_path / "templates.txt"), by="ann", progress=_told)
    assert (made.made, made.new) == (4, 2)
    after = {each.digest: each for each in workspace.ledger.examples("mails")}
    assert {digest: after[digest] for digest in before} == before
    assert len(workspace.ledger.findings("mails")) == found


def test_what_was_made_up_gives_way_to_the_same_from_somewhere(tmp_path: Path) -> None:
    """Real texts that read as made-up ones are real from then on, by their own label, never sealed, and told of."""
    workspace = _texts(tmp_path, ("refund", "other"), AnswerKind.LABEL)
    (tmp_path / "templates.txt").write_text("refund: I want my {money|cash} back\nother: hello {friend|enemy}")
    synthesise(workspace, "mails", Recipe(4, templates=tmp_path / "templates.txt"), by="ann", progress=_told)
    (tmp_path / "real.csv").write_text("text,label\nI want my cash back,other\nhello friend,other\nhello enemy,\n")
    found = len(workspace.ledger.findings("mails"))
    project = workspace.ledger.project("mails")
    came = gather(workspace, project, tmp_path / "real.csv", reading=Reading(), by="bob", progress=_told)
    assert (came.new, came.known, came.labelled, came.counts.synthetic) == (0, 3, 0, 2)
    assert "2 texts were made up before and are real now, with what is said here." in came.says
    assert len(workspace.ledger.findings("mails")) == found
    real = {each.name: each for each in workspace.ledger.examples("mails") if each.name.startswith("real.csv")}
    assert {each.label for each in real.values()} == {"other"}
    assert {(each.provenance, each.side) for each in real.values()} == {(Provenance.UPLOAD, Side.TRAIN)}
    assert len(real) == 2
    again = gather(workspace, project, tmp_path / "real.csv", reading=Reading(), by="bob", progress=_told)
    assert (again.new, again.known, again.labelled) == (0, 3, 0)
    assert not [each for each in again.says if "made up" in each]


def test_what_is_like_made_up_texts_alone_is_told_that_it_cannot_be_sealed(tmp_path: Path) -> None:
    """A model may have learned from it; what is like real texts, too, is not told of."""
    workspace = _texts(tmp_path, ("refund", "other"), AnswerKind.LABEL)
    lines = "refund: I want my {money|cash} back for {the lamp|my order|a chair} that never came to my new house"
    (tmp_path / "templates.txt").write_text(lines)
    synthesise(workspace, "mails", Recipe(6, templates=tmp_path / "templates.txt"), by="ann", progress=_told)
    told = "I want my money back for the lamp that never came to my new house"
    (tmp_path / "real.csv").write_text("text,label\n" + "".join(f"{told}{end},refund\n" for end in ("!", "!!", "?")))
    project = workspace.ledger.project("mails")
    came = gather(workspace, project, tmp_path / "real.csv", reading=Reading(), by="bob", progress=_told)
    (fact,) = (each.fact for each in came.findings if "made up before" in each.fact)
    assert came.new == 3
    assert fact.startswith("3 texts look much like what was made up before, and cannot be sealed for that: “real.csv,")


def _texts(tmp_path: Path, labels: Sequence[str], answers: AnswerKind) -> Workspace:
    """A workspace with forty texts for each label, in the project “mails”."""
    rows = (f"{at * 7919} {label} {at**3} came {at},{label}\n" for label in labels for at in range(40))
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join(rows))
    workspace = Workspace.open(tmp_path / "workspace")
    reading = Reading(modality="text", answers=answers.value)
    project = project_for(workspace, tmp_path / "mails.csv", None, sealed_share=None)
    gather(workspace, project, tmp_path / "mails.csv", reading=reading, by="ann", progress=_told)
    return workspace


def _made_up(workspace: Workspace, tmp_path: Path, lines: str) -> set[str | None]:
    """The labels of what a file of templates makes."""
    (tmp_path / "templates.txt").write_text(lines)
    synthesise(workspace, "mails", Recipe(4, templates=tmp_path / "templates.txt"), by="ann", progress=_told)
    examples = workspace.ledger.examples("mails")
    return {each.label for each in examples if each.provenance is Provenance.SYNTHETIC}


def test_templates_of_numbers_begin_with_numbers(tmp_path: Path) -> None:
    """Where an answer is a number, so is what stands before a template's colon; else no training could use it."""
    workspace = _texts(tmp_path, ["1.5", "20", "300"], AnswerKind.NUMBER)
    with pytest.raises(BadTemplates, match=r"“soon” is no answer here\. An answer is a number") as refused:
        _made_up(workspace, tmp_path, "20: it is {late|slow}\nsoon: it comes {late|slow}\n")
    assert "cannot tell" not in refused.value.remedy
    assert _made_up(workspace, tmp_path, "20: it is {late|slow}\n7,5: it comes {late|slow}\n") == {"20", "7.5"}


def test_each_label_of_several_in_a_template_is_known_or_said_to_be_new(tmp_path: Path) -> None:
    """Of several labels at once, an unknown one is a slip, and the plus sign of a new one is no part of it."""
    workspace = _texts(tmp_path, ["card;lost", "card", "loan"], AnswerKind.LABELS)
    with pytest.raises(
        BadTemplates, match=r"“zap” is no label of “mails”\. Its labels are “card”, “loan”, “lost”"
    ) as slip:
        _made_up(workspace, tmp_path, "card;zap: it is {late|slow}\n")
    assert "write +zap." in slip.value.remedy
    assert _made_up(workspace, tmp_path, "lost;+zap;card: it is {late|slow}\n") == {"card; lost; zap"}


def test_why_a_training_failed_is_said_where_worth_is_measured(tmp_path: Path) -> None:
    """A training that cannot be done says why, and is not told to take more time."""
    workspace = _texts(tmp_path, ["late", "lost", "torn"], AnswerKind.LABEL)
    real = list(workspace.ledger.examples("mails"))
    _made_up(workspace, tmp_path, "lost: it is {gone|away}\nlate: it is {slow|overdue}\n")
    for each in real:
        workspace.ledger.add_label("mails", Label(each.digest, "late", "ann", workspace.now()))
    with pytest.raises(TrainingFailed, match="at least two labels") as error:
        measure_worth(
            workspace, "mails", seed=0, budget=Budget(trials=1), executor=LocalExecutor(), on_progress=lambda _: None
        )
    assert "--minutes" not in error.value.remedy


def test_a_project_of_which_nothing_is_known_is_told_how_one_of_texts_begins(tmp_path: Path) -> None:
    """Without examples and without --as a project takes photos, and that is said where texts are to be made up."""
    with Workspace.open(tmp_path / "workspace") as workspace:
        workspace.ledger.create_project(Project("mails", workspace.now()))
        with pytest.raises(NothingToMake, match="understudy new NAME --as text") as error:
            synthesise(workspace, "mails", Recipe(10), by="ann", progress=_told)
    assert error.value.reason.startswith("It takes photos so far")


def test_what_is_synthetic_is_counted_apart(houses: Workspace) -> None:
    """Whoever reads how many examples there are to learn from reads how many of them were made up."""
    made = synthesise(houses, "houses", Recipe(50), by="ann", progress=_told)
    task = houses.ledger.project("houses").task
    assert f"Synthetic, of those to learn from: {made.new}." in held(made.counts, task)
    assert f"{made.new} of those to learn from are synthetic." in examples_view(made.counts, ROWS, task).sealed
