"""Labels that seem to be several with commas between them."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from understudy.domain.finding import FindingKind
from understudy.domain.task import AnswerKind, Task
from understudy.intake.comma_labels import on_commas
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.sift import sift

LISTS = ["defect, billing", "billing, defect", "defect", "billing", "defect, billing"]


def test_lists_with_commas_are_told_with_what_makes_several_labels_of_them() -> None:
    """One finding names the commonest, and the option and the separator that work."""
    (finding,) = on_commas(Counter(LISTS), Counter(()), Task("text"))
    assert finding.fact == "2 labels seem to be several with commas between them, such as “defect, billing” (2)."
    assert "begin another project with --answers labels" in finding.remedy
    assert "put semicolons between" in finding.remedy


@pytest.mark.parametrize(
    "labels",
    [
        ["Washington, DC", "Seattle, WA", "Spokane, WA"],
        ["Home, Kitchen", "Home, Garden", "Toys"],
        ["1,5", "2,7"],
        ["defect", "billing"],
    ],
)
def test_a_comma_in_a_name_is_no_list(labels: list[str]) -> None:
    """Most parts of such names stand in no other label."""
    assert not list(on_commas(Counter(labels), Counter(()), Task("text")))


def test_lists_are_told_where_their_parts_are_known_and_of_numbers_never() -> None:
    """What arrives is held against what is there; an amount with a comma is none of it."""
    assert list(on_commas(Counter(["defect, billing"]), Counter(["defect", "billing"]), Task("text")))
    assert not list(on_commas(Counter([]), Counter(LISTS), Task("text")))
    assert not list(on_commas(Counter(LISTS), Counter(()), Task("text", AnswerKind.NUMBER, 1.0)))


@pytest.mark.parametrize(("answers", "told"), [(None, 1), (AnswerKind.LABELS, 0)])
def test_lists_are_told_on_arrival_unless_they_are_split(tmp_path: Path, answers: AnswerKind | None, told: int) -> None:
    """A table of them brings the finding with it, and none where a person says that there are several labels."""
    rows = [f'mail number {at} came in,"{label}"' for at, label in enumerate(LISTS)]
    (tmp_path / "mails.csv").write_text("\n".join(["text,label", *rows]))
    with open_source(tmp_path / "mails.csv", meant=Meant(answers=answers)) as source:
        found = sift(source, (), lambda data: sha256(data).hexdigest(), sealed_share=0.25).findings
    assert [each.kind for each in found].count(FindingKind.DIRTY_VALUES) == told
