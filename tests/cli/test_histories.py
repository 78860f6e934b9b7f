"""`understudy predict` with histories: tables with any header, people whom the project knows, and what is typed."""

import csv
import json
from pathlib import Path

import pytest

from cli.conftest import Give
from drawn_histories import drawn_interactions
from understudy.cli.histories import Named, titled
from understudy.modalities.interactions.columns import Columns
from understudy.modalities.interactions.question import read_question

HEADER = ["customer", "bought", "day"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A table of who bought what, under names of columns that tell nothing by themselves."""
    drawn = drawn_interactions(40, 12, seed=3, each=6).interactions.decode().splitlines()
    rows = [[user, item, when] for user, item, _, when in csv.reader(drawn[1:])]
    return _written(tmp_path / "shop.csv", [HEADER, *rows])


def _written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_whoever_is_asked_about(give: Give, shop: Path, tmp_path: Path) -> None:
    """Columns named at training are known later; a few rows, a person or JSON are enough, and all else is told."""
    words = ["train", shop, "--who", "customer", "--what", "bought", "--time", "day", "--trials", "1", "--no-look"]
    assert give(*words, workspace=tmp_path / "w").status == 0
    person, item, _ = next(csv.reader(shop.read_text().splitlines()[1:]))

    def predict(*inputs: str | Path) -> tuple[int, str, str]:
        said = give("predict", "shop", *inputs, workspace=tmp_path / "w")
        return said.status, said.out, said.err

    few = _written(tmp_path / "few.csv", [HEADER[:2], ["new", item], ["newer", "never seen"]])
    status, out, err = predict(few)
    assert (status, [line.partition(":")[0] for line in out.splitlines()]) == (0, [f"{few}, new", f"{few}, newer"])
    assert "“never seen” is unknown, so it counts for nothing" in err
    other = _written(tmp_path / "other.csv", [["a", "b"], ["new", item]])
    assert "No column of the table says" in predict(other)[2]
    assert predict(other, "--who", "a", "--what", "b")[0] == 0
    status, out, err = predict(person)
    assert (status, out.startswith(f"{person}: "), f"that “shop” knows of “{person}”" in err) == (0, True, True)
    assert '{"who": "Ann", "history": [' in predict("nobody at all")[2]
    assert f"Perhaps “{person}” is meant." in predict(person.upper())[2]
    assert predict("", few)[2].startswith("an empty word: Nothing is named. ")
    assert predict('{"who": "Ann", "history": ["' + item + '"]}')[0] == 0
    named = json.dumps({"who": person})
    told, by_name = (json.loads(predict(each, "--json")[1]) for each in (named, person))
    assert {**told, "input": ""} == {**by_name, "input": ""}
    assert f"that “shop” knows of “{person}”" in predict(named)[2]
    assert "Nothing is known of what “Nobody” had" in predict('{"who": "Nobody"}')[2]
    mistyped = predict(json.dumps({"who": person.upper()}))[2]
    assert f"Perhaps “{person}” is meant." in mistyped
    assert f"Nothing is known of what “{person.upper()}” had" in mistyped
    torn = _written(tmp_path / "torn.csv", [HEADER[:2], ["new", item], ["", item]])
    assert "1 row does not say who took what. It begins with line 3." in predict(torn)[2]
    assert ": 1 list; by what the model says of itself, it holds" in predict(person, "--to", tmp_path / "known.csv")[1]
    (row,) = csv.DictReader((tmp_path / "known.csv").open(encoding="utf-8-sig"))
    assert (row["input"], row["problem"]) == (person, "")
    assert f"that “shop” knows of “{person}”" in row["remark"]
    told = predict(few, "--to", tmp_path / "out.csv")[1]
    assert "2 lists; by what the model says of itself, about " in told
    assert predict("nobody at all", "--to", tmp_path / "none.csv")[0] == 1
    assert not (tmp_path / "none.csv").exists()


def test_a_title_alone_is_what_somebody_had() -> None:
    """Typed by itself, the title of one item stands for a history of it; that of several for none."""
    names = {"1": "Heat (1995)", "3": "Emma", "4": "Emma"}
    found = titled(names, "heat (1995)")
    assert found is not None
    assert [event.item for event in read_question(found.read()).history] == ["1"]
    assert titled(names, "Emma") is None


def test_what_is_named_now_counts_before_what_was_learned() -> None:
    """A learned column counts where the table has it and nobody named it for something else."""
    named = Named(Columns(what="b"), {"who": "a", "what": "c", "when": "gone", "rating": "b"})
    assert named.among(["a", "b", "c"]) == Columns(who="a", what="b")
