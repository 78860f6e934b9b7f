"""Several labels that stand in columns of their own become one answer."""

from pathlib import Path

import pytest

from understudy.domain.task import AnswerKind
from understudy.intake.incoming import Incoming, SourceUnreadable
from understudy.intake.marks import labels_of
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.table import Columns


def table(folder: Path, *lines: str) -> Path:
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("a_yes", "b_yes", "c_yes"), ("a", "b", "c")),
        (("topic_rent", "topic_heating"), ("rent", "heating")),
        (("is: red", "is: tall"), ("red", "tall")),
        (("red", "reddish"), ("red", "reddish")),
        (("t_", "t_a"), ("t_", "t_a")),
    ],
)
def test_labels_are_what_tells_the_columns_apart(names: tuple[str, ...], labels: tuple[str, ...]) -> None:
    """What all names share, up to a joint, is left out, unless nothing would be left."""
    assert labels_of(names) == labels


@pytest.mark.parametrize("words", [("1", "0"), ("yes", "no"), ("True", "False"), ("x", "")])
def test_columns_of_marks_are_one_answer(tmp_path: Path, words: tuple[str, str]) -> None:
    """Each row's labels are those that are marked; none marked is an answer too, and nothing at all is none."""
    yes, no = words
    rows = [f"{place},{yes},{no if place % 2 else yes},{no}" for place in range(30)]
    path = table(tmp_path, "size,a_yes,b_yes,c_yes", *rows, f"7,{no},{no},{no or yes}", "8,,,")
    with open_source(path, columns=Columns(label="a_yes,b_yes, c_yes")) as source:
        items = [each for each in source.items if isinstance(each, Incoming)]
        assert source.task.answers is AnswerKind.LABELS
    assert [each.label for each in items[:2]] == ["a; b", "a"]
    assert items[-1].label is None
    assert b"a_yes" not in items[0].read()
    if no:
        assert items[-2].label == "none of these"


def test_texts_have_them_too(tmp_path: Path) -> None:
    """A table of texts is read the same way."""
    rows = [f"please mend the heating number {place} soon,{place % 2},1" for place in range(30)]
    path = table(tmp_path, "text,rent,heating", *rows)
    with open_source(path, columns=Columns(label="rent,heating"), meant=Meant(modality="text")) as source:
        first, second = list(source.items)[:2]
    assert isinstance(first, Incoming)
    assert isinstance(second, Incoming)
    assert (first.label, second.label) == ("heating", "heating; rent")


@pytest.mark.parametrize("named", ["heat,heat", "heat, rent ,heat"])
def test_each_column_is_named_once(tmp_path: Path, named: str) -> None:
    """One label that is asked for twice is a slip: another column is meant, or none."""
    path = table(tmp_path, "size,rent,heat", *(f"{place},{place % 2},1" for place in range(30)))
    with (
        pytest.raises(SourceUnreadable, match="The column “heat” is named more than once"),
        open_source(path, columns=Columns(label=named)),
    ):
        pass


def test_what_is_neither_yes_nor_no_is_said(tmp_path: Path) -> None:
    """Its row is left out and named; a column that is not there is an error that names the one that is meant."""
    rows = [f"{place},{place % 2},1" for place in range(30)]
    path = table(tmp_path, "size,rent,heating", *rows, "5,perhaps,1")
    with open_source(path, columns=Columns(label="rent,heating")) as source:
        findings = [each for each in source.items if not isinstance(each, Incoming)]
    assert any("“perhaps” where 0 or 1" in each.fact for each in findings)
    with (
        pytest.raises(SourceUnreadable, match="no column “heatin”") as refused,
        open_source(path, columns=Columns(label="rent,heatin")),
    ):
        pass
    assert "heating" in refused.value.remedy
