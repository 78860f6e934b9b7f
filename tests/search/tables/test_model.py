"""A model of tables answers any JSON object, tells why, and is refused where its file is damaged."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.search.tables.rows import LABEL, NUMBER, Row, drawn, lesson_of, model_of, schema_of, train

from understudy.domain.answer import Answer
from understudy.domain.trial import Budget
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.modalities.table.unreadable import RowUnreadable
from understudy.search.loading import load_bytes
from understudy.search.model_file import ModelBroken, ModelUnreadable
from understudy.search.parts import read_parts, write_parts
from understudy.search.ready import ReadyModel
from understudy.search.tables.lesson import read_lesson
from understudy.search.tables.model import TableModel
from understudy.search.trained import Trained


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(lesson_of(drawn(200), "dear"), LABEL, tmp_path_factory.mktemp("labels"))


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(lesson_of(drawn(200), "price"), NUMBER, tmp_path_factory.mktemp("numbers"))


def test_it_fulfils_the_protocol_and_is_found_by_loading(labels: Trained) -> None:
    """The file's bytes are loaded like any model's; its version is their digest, its figures are told."""
    model: ReadyModel = load_bytes(labels.model)
    assert len(model.version) == 64
    assert model.description.task == LABEL
    assert sum(weight for _, weight in model.description.members) == pytest.approx(1)
    assert model.description.examples[0] + model.description.examples[1] == 200
    assert len(model.description.out_of_fold.stated) == 200
    assert 0 < model.threshold <= 1


def test_missing_and_unknown_columns_do_no_harm(labels: Trained) -> None:
    """A missing column is a missing value, an unknown one is passed over, a number may be written as text."""
    model = model_of(labels)
    whole = model.predict({"size": 14.5, "kind": "oak", "day": "2024-03-05", "noise": 0.5})
    other = model.predict({"size": "14.5", "kind": " oak ", "day": "2024-03-05", "noise": "0.5", "x": "y"})
    assert replace(other, remarks=()) == whole
    assert other.remarks == ("“x” is no column that is known, so it is passed over.",)
    assert model.predict({"kind": "never seen", "size": None}).label in model.labels
    assert "“oa?”" in model.predict({"kind": "oa\ud83d", "size": 14.5}).remarks[-1]


def test_a_word_that_counts_as_not_known_is_explained_as_such(labels: Trained) -> None:
    """What the answer's remark calls not known is no reason by its name: the model saw nothing there."""
    model = model_of(labels)
    row = b'{"size": 18, "kind": "maybe", "noise": 0.5, "day": "2024-03-05"}'
    assert "“kind” holds “maybe”, which no example had, so it counts as not known." in model.predict(row).remarks
    told = [each.what for each in model.explain(row) if each.what.startswith("kind:")]
    assert told in ([], ["kind: not known"])
    known = [each.what for each in model.explain(row.replace(b"maybe", b"oak"))]
    assert "kind: oak" in known


def test_rows_unlike_the_examples_are_left_to_people(labels: Trained) -> None:
    """One that says nothing, or mostly what no example said, is a stranger; a column or two that differ are not."""
    model = model_of(labels)
    assert not model.predict({"size": 14.5, "kind": "never seen", "day": "2031-03-05", "noise": 0.5}).unknown
    for row in ({"size": None}, {"size": 1e9, "kind": "never seen", "noise": -1e9}, {"kind": "never seen"}):
        answer = model.predict(row)
        assert (answer.stranger, answer.ask_person) == (True, True)
        assert answer.probability <= 0.5


def test_a_row_of_another_table_is_refused(labels: Trained) -> None:
    """A row without any of the columns gets no answer, alone or among others."""
    model = model_of(labels)
    for row in (b"{}", b'{"colour": "red"}'):
        with pytest.raises(RowUnreadable, match="none of the columns"):
            model.predict(row)
    told, refused = model.predict_all([b'{"size": 12}', b"{}"])
    assert isinstance(told, Answer)
    assert told.remarks[0].startswith("It lacks")
    assert isinstance(refused, RowUnreadable)


def test_wrong_rows_among_right_ones_get_their_error(labels: Trained) -> None:
    """What is no row has its error in its place, and the others are answered as alone."""
    model = model_of(labels)
    good = json.dumps({"size": 20, "kind": "oak"}).encode()
    answers = model.predict_all([good, b"nonsense", b'{"size": [1]}', good])
    assert isinstance(answers[1], RowUnreadable)
    assert isinstance(answers[2], RowUnreadable)
    assert answers[0] == answers[3]
    assert isinstance(answers[0], Answer)
    assert answers[0].probability == pytest.approx(model.predict(good).probability, abs=1e-5)
    assert model.predict_all([]) == []


def test_reasons_name_the_columns_that_matter(labels: Trained, numbers: Trained) -> None:
    """A large size pushes the price up and a small one down, more than noise does; of labels likewise."""
    model = model_of(numbers)
    large = model.explain(b'{"size": 18, "kind": "ash", "noise": 0.5, "day": "2024-03-05"}')
    assert large[0].what == "size: 18"
    assert large[0].push > 0
    small = model.explain(b'{"size": 3, "kind": "ash"}')
    assert next(reason.push for reason in small if reason.what == "size: 3") < 0
    said = model_of(labels).explain(b'{"size": 3, "kind": "pine", "noise": 0.1}')
    assert said[0].push > 0
    assert {reason.what.split(":")[0] for reason in said[:2]} == {"size", "kind"}


def test_costs_move_the_answer(tmp_path: Path) -> None:
    """Where missing a “yes” is dear, “yes” is answered earlier, and the probability stays that of the answer."""
    rows = drawn(200)
    schema = schema_of(rows, "dear")
    plain = model_of(train(lesson_of(rows, "dear", schema), LABEL, tmp_path / "plain", budget=Budget(trials=2)))
    dear = replace(schema, costs=(("yes", "no", 1000.0),))
    bold = model_of(train(lesson_of(rows, "dear", dear), LABEL, tmp_path / "dear", budget=Budget(trials=2)))
    later = drawn(80, seed=3)
    count = [sum(model.predict(row).label == "yes" for row in later) for model in (plain, bold)]
    assert count[1] > count[0]
    answer = bold.predict({"size": 11, "kind": "ash"})
    assert answer.probability == dict(answer.probabilities)[answer.label]


def test_reasons_speak_for_the_label_that_is_answered(tmp_path: Path) -> None:
    """Where costs move the answer, below the middle a number speaks for “good” exactly where “good” is answered."""
    schema = TableSchema(
        (Column("x", Kind.NUMBER), Column("y", Kind.CATEGORY, Role.TARGET)), costs=(("bad", "good", 4.0),)
    )
    chance = np.random.default_rng(0)
    drawn_rows = [(x, "bad" if chance.random() < 1 / (1 + np.exp(-2 * x)) else "good") for x in chance.normal(size=400)]
    rows: list[Row] = [{"x": float(x), "y": y} for x, y in drawn_rows]
    model = model_of(train(lesson_of(rows, "y", schema), LABEL, tmp_path, budget=Budget(trials=2)))
    speech, answers = replace(model.inside.speech, sharpness=1.5), set()
    model = TableModel(replace(model.inside, speech=speech, golden=()), "")
    for x in np.linspace(-1.5, -0.25, 100):
        answer = model.predict({"x": float(x)}).label
        answers.add(answer)
        assert (model.explain(b'{"x": %f}' % x)[0].push > 0) == (answer == "good")
    assert answers == {"good", "bad"}


def test_weights_of_labels_leave_probabilities_honest(tmp_path: Path) -> None:
    """A label that counts ten times in learning is learned otherwise, and is told as often as it comes all the same."""
    chance = np.random.default_rng(0)
    rows: list[Row] = [
        {"x": float(x), "y": "bad" if chance.random() < 1 / (1 + np.exp(2 - x)) else "good"}
        for x in chance.normal(size=1_200)
    ]
    plain = TableSchema((Column("x", Kind.NUMBER), Column("y", Kind.CATEGORY, Role.TARGET)))
    heavy = replace(plain, class_weights=(("bad", 10.0),))
    models = [
        model_of(train(lesson_of(rows, "y", each), LABEL, tmp_path / str(place), budget=Budget(trials=2)))
        for place, each in enumerate((plain, heavy))
    ]
    new = [1 / (1 + np.exp(2 - x)) for x in np.linspace(-2, 3, 50)]
    told = [
        [dict(model.predict({"x": float(x)}).probabilities)["bad"] for x in np.linspace(-2, 3, 50)] for model in models
    ]
    assert told[0] != told[1]
    assert abs(np.mean(told[1]) - np.mean(new)) < 0.05


def test_a_damaged_file_is_refused(labels: Trained) -> None:
    """A file cut off, with a part changed or taken out, is refused in words, never run."""
    with pytest.raises(ModelUnreadable):
        load_bytes(labels.model[: len(labels.model) // 2])
    parts = read_parts(labels.model)
    without = {name: data for name, data in parts.files.items() if name != "member-0-0.npz"}
    with pytest.raises(ModelUnreadable):
        load_bytes(write_parts(parts.manifest, without))
    golden = [{**each, "answer": {"label": "no", "probability": 0.123}} for each in parts.manifest["golden"]]
    with pytest.raises(ModelBroken):
        load_bytes(write_parts(parts.manifest | {"golden": golden}, parts.files))


@pytest.mark.parametrize("names", [("a", "b"), ("0", "1")])
def test_a_swapped_answer_is_refused_unless_it_is_as_likely(tmp_path: Path, names: list[str]) -> None:
    """Also of labels that look like numbers; where another machine's last digit decides, the file is read."""
    rows = [{**row, "dear": names[row["dear"] == "yes"]} for row in drawn(60)]
    parts = read_parts(train(lesson_of(rows, "dear"), LABEL, tmp_path, budget=Budget(trials=1)).model)
    turned = {names[0]: names[1], names[1]: names[0]}

    def file(speech: dict[str, float], **kept: float) -> bytes:
        speech = {**parts.manifest["speech"], **speech}
        told = [(each, each["answer"]) for each in parts.manifest["golden"]]
        golden = [{**each, "answer": {**answer, "label": turned[answer["label"]], **kept}} for each, answer in told]
        return write_parts(parts.manifest | {"golden": golden, "speech": speech}, parts.files)

    as_likely = {"sharpness": 0.0}
    load_bytes(file(as_likely, probability=0.5))
    with pytest.raises(ModelBroken):
        load_bytes(file(as_likely, probability=0.52))
    with pytest.raises(ModelBroken):
        load_bytes(file({}))


def test_a_number_that_is_further_off_is_refused(numbers: Trained) -> None:
    """A golden number may differ by what processors differ in, and by no more, however likely it is to be right."""
    parts = read_parts(numbers.model)

    def golden(times: float) -> list[dict[str, Any]]:
        told = [(each, each["answer"]) for each in parts.manifest["golden"]]
        return [{**each, "answer": {**answer, "label": str(float(answer["label"]) * times)}} for each, answer in told]

    load_bytes(write_parts(parts.manifest | {"golden": golden(1.0001)}, parts.files))
    with pytest.raises(ModelBroken):
        load_bytes(write_parts(parts.manifest | {"golden": golden(1.1)}, parts.files))


def test_a_file_holds_no_code(labels: Trained, numbers: Trained) -> None:
    """Every part is a zip of plain arrays; none is a pickle."""
    for trained in (labels, numbers):
        parts = read_parts(trained.model)
        assert all(name.endswith(".npz") and data.startswith(b"PK") for name, data in parts.files.items())
        assert not any(b"cnumpy" in data or b"sklearn" in data for data in parts.files.values())


def test_answers_do_not_depend_on_company(numbers: Trained) -> None:
    """A row is answered the same alone as among others."""
    model = model_of(numbers)
    rows = [json.dumps({"size": place, "kind": "elm"}).encode() for place in range(5)]
    together = model.predict_all(rows)
    for row, answer in zip(rows, together, strict=True):
        assert isinstance(answer, Answer)
        assert model.predict(row).label == answer.label


@pytest.mark.parametrize(
    "cell",
    [10**400, -(10**400), float("nan"), float("inf"), "9999-12-31T23:59:59-14:00"],
    ids=["vast", "vast below zero", "none", "endless", "the last evening"],
)
@pytest.mark.parametrize("column", ["size", "kind", "day", "noise"])
def test_a_cell_beyond_all_reckoning_is_answered_and_explained(labels: Trained, column: str, cell: object) -> None:
    """A number of 400 digits counts as not known, and the last evening of the calendar is a day like others."""
    model = model_of(labels)
    row = json.dumps({"size": 14.5, "kind": "oak", "day": "2024-03-05", "noise": 0.5, column: cell}).encode()
    (answer,) = model.predict_all([row])
    assert isinstance(answer, Answer)
    assert any(f"“{column}”" in remark for remark in answer.remarks) or column == "day"
    assert model.explain(row)
    assert model.traits(row)


def test_rows_are_learned_under_the_names_that_are_known() -> None:
    """Columns in other capitals, as a request may have them, are what they are in a row to be answered."""
    rows = drawn(30)
    schema = schema_of(rows, "dear")
    plain = lesson_of(rows, "dear", schema).cells
    told = [json.dumps({column.name.upper(): row[column.name] for column in schema.seen}).encode() for row in rows]
    loud = read_lesson((("", row, "yes", "") for row in told), schema).cells
    np.testing.assert_equal(dict(loud.numbers), dict(plain.numbers))
    assert [each.levels for each in loud.words.values()] == [each.levels for each in plain.words.values()]
