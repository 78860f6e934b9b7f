"""What is said about many rows at once."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import Finding, FindingKind
from understudy.intake.readers import open_source
from understudy.intake.sift import Sifted, sift

COPY = "my parcel is late and nobody knows where it lies,parcel"
OTHER = "what do you charge for changing euros into pounds,rate"
NEAR = [f"where is my parcel with the number {number} that you sent,parcel" for number in range(7)]
TORN = [f"my card number {number} was declined at the till today,{label}" for number, label in enumerate("abababab")]


def twins(path: Path, lines: list[str]) -> list[Finding]:
    path.write_text("text,label\n" + "\n".join([OTHER, *lines]) + "\n")
    with open_source(path) as source:
        taken = sift(source, (), lambda data: sha256(data).hexdigest(), sealed_share=0.3)
    return [each for each in taken.findings if each.kind is FindingKind.TWIN]


@pytest.mark.parametrize(
    "lines", [[COPY] * 9, NEAR, TORN, [COPY] * 4 + NEAR + TORN], ids=["copies", "near", "torn", "all"]
)
def test_as_many_rows_are_named_as_are_counted(tmp_path: Path, lines: list[str]) -> None:
    """Of rows that are alike, those in the sentence and those left to count make the count it begins with."""
    found = twins(tmp_path / "t.csv", lines)
    assert found
    for each in found:
        count = int(each.fact.split()[0])
        more = re.search(r" and (\d+) more", each.fact)
        assert each.fact.count("“") + int(more[1] if more else 0) == count == len(each.evidence)


def sifted(path: Path, header: str, rows: Sequence[str]) -> Sifted:
    path.write_text(header + "\n" + "\n".join(rows) + "\n")
    with open_source(path) as source:
        return sift(source, (), lambda data: sha256(data).hexdigest(), sealed_share=0.3)


def gone(taken: Sifted) -> int:
    """Rows that came to nothing of their own, as the findings count them."""
    count = 0
    for fact in (each.fact for each in taken.findings):
        if told := re.match(r"([\d,]+) \w+ repeats? another to the letter", fact):
            count += int(told[1].replace(",", ""))
        elif told := re.match(r"([\d,]+) \w+ came several times, ([\d,]+) times together,", fact):
            count += int(told[2].replace(",", "")) - int(told[1].replace(",", ""))
    return count


@pytest.mark.parametrize("kind", ["numbers", "labels", "texts"])
@given(again=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 2)), max_size=30))
def test_all_rows_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, kind: str, again: Sequence[tuple[int, int]]
) -> None:
    """Rows read are rows added, those that repeat another and those that came with another number or label."""
    answers = {"numbers": "{0}.5", "labels": "kind {1}", "texts": "kind {1}"}[kind]
    words = "why does my card number {0} not work at the till in town" if kind == "texts" else "{0}.25,{1}"
    header = "text,label" if kind == "texts" else "a,b,label"
    told = [(at, at, at) for at in range(40)] + [(at, at, at + off) for at, off in again]
    rows = [f"{words.format(a, b)},{answers.format(said, said % 3)}" for a, b, said in told]
    taken = sifted(tmp_path_factory.mktemp("t") / "t.csv", header, rows)
    assert len(taken.examples) + gone(taken) == len(rows)


def test_numbers_that_differ_are_told(tmp_path: Path) -> None:
    """Rows with equal cells and another number are counted, the middle one counts, and exact copies are told apart."""
    rows = [f"{at},{at * 1.5}" for at in range(30)]
    taken = sifted(tmp_path / "t.csv", "a,y", [*rows, *rows[:4], "9,1.25", "9,99.5", "8,1.25"])
    facts = [each.fact for each in taken.findings]
    assert len(taken.examples) == 30
    assert any(fact.startswith("4 rows repeat another to the letter") for fact in facts)
    torn = "2 rows came several times, 5 times together, with different numbers, and the middle one of each counts"
    assert any(fact.startswith(torn) for fact in facts)


def test_a_copy_is_a_copy_where_something_is_nearly_the_same(tmp_path: Path) -> None:
    """Exact copies are counted as such whatever resembles them, and near copies as many as are kept."""
    found = twins(tmp_path / "t.csv", [*NEAR, NEAR[0], NEAR[0]])
    assert [each.fact.split(":")[0] for each in found] == [
        "2 texts repeat another to the letter",
        "7 texts are nearly the same as another",
    ]
