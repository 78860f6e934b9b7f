"""What is said about many rows at once."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from understudy.domain.finding import Finding, FindingKind
from understudy.intake.readers import open_source
from understudy.intake.sift import sift

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
