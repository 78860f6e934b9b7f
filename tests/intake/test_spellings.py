"""Labels that differ only in how they are written."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from understudy.domain.finding import FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.incoming import Incoming
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.sift import sift
from understudy.intake.spellings import on_spellings

TEXTS = Task("text")


@pytest.mark.parametrize(
    ("labels", "fact"),
    [
        (["Card", "card", "Card"], "“Card” (2) and “card” (1) differ only in capitals."),
        (["e mail", "email"], "“e mail” (1) and “email” (1) differ only in blanks."),
        (["E mail", "email", "email"], "“email” (2) and “E mail” (1) differ only in capitals or blanks."),
    ],
)
def test_spellings_of_one_label_are_told(labels: list[str], fact: str) -> None:
    """What differs only in capitals or blanks is one finding, which names the commonest first."""
    (finding,) = on_spellings(Counter(labels), Counter(()), TEXTS)
    assert (finding.kind, finding.fact) == (FindingKind.DIRTY_VALUES, fact)
    assert "understudy label PROJECT TEXT" in finding.remedy


@pytest.mark.parametrize("slip", ["yelow", "yelllow", "yallow", "eyllow", "Yelow"])
def test_likely_slips_are_told(slip: str) -> None:
    """One letter less, more, another or elsewhere, in a label that is rare beside the common one."""
    (finding,) = on_spellings(Counter([*["yellow"] * 20, *["green"] * 9, slip]), Counter(()), TEXTS)
    assert finding.fact == f"“{slip}” (1) differs from “yellow” (20) in one letter and may be a slip."
    assert (finding.subject, finding.severity) == (slip, Severity.LOW)
    assert "understudy label PROJECT TEXT 'yellow'" in finding.remedy


@pytest.mark.parametrize(
    "labels",
    [
        [*["yellow"] * 20, *["yelow"] * 3],
        [*["class 1"] * 20, "class 2"],
        [*["card"] * 20, "cart"],
        [*["yellow"] * 20, "mellows"],
        [*["C++"] * 20, "C"],
    ],
)
def test_what_may_well_be_meant_is_no_slip(labels: list[str]) -> None:
    """What comes often, differs in a number or a sign, in more than a letter, or is short."""
    assert not list(on_spellings(Counter(labels), Counter(()), TEXTS))


def test_blanks_around_a_folder_make_no_label_of_their_own(tmp_path: Path) -> None:
    """They cannot be seen, so “blue ” is “blue”."""
    for at, folder in enumerate(["blue", "blue ", " red"]):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"text number {at}")
    with open_source(tmp_path) as source:
        labels = {one.label for one in source.items if isinstance(one, Incoming)}
    assert labels == {"blue", "red"}


def test_other_labels_are_no_spellings() -> None:
    """Signs make a difference, and what was told when it came is not told again."""
    assert not list(on_spellings(Counter(["C", "C++", "C#", "1", "-1"]), Counter(()), TEXTS))
    assert not list(on_spellings(Counter(["parcel"]), Counter(["Card", "card"]), TEXTS))
    assert len(list(on_spellings(Counter(["card"]), Counter(["Card"]), TEXTS))) == 1


@pytest.mark.parametrize("answers", [AnswerKind.LABEL, AnswerKind.LABELS])
def test_spellings_are_told_on_arrival(tmp_path: Path, answers: AnswerKind) -> None:
    """A table in which a label stands in two spellings brings the finding with it, among several labels too."""
    rows = ["my card is lost,Card", "who took my card,card", "where is the parcel,parcel", "it never arrived,parcel"]
    said = [f"{row};urgent" if answers is AnswerKind.LABELS else row for row in rows]
    (tmp_path / "mails.csv").write_text("\n".join(["text,label", *said]))
    with open_source(tmp_path / "mails.csv", meant=Meant(answers=answers)) as source:
        found = sift(source, (), lambda data: sha256(data).hexdigest(), sealed_share=0.25).findings
    (one,) = [each for each in found if each.kind is FindingKind.DIRTY_VALUES]
    assert one.fact == "“Card” (1) and “card” (1) differ only in capitals."
