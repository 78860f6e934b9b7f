"""Tables that are odd, damaged or made to do harm: a finding or a clear error, never a traceback."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import FindingKind
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.sift import Sifted, sift
from understudy.intake.table import Columns


def taken(path: Path, modality: str | None = None, **columns: str) -> Sifted | UnderstudyError:
    """What became of a table: what was sifted, or the error that a person reads."""
    try:
        with open_source(path, columns=Columns(**columns), meant=Meant(modality)) as source:
            return sift(source, (), lambda data: hashlib.sha256(data).hexdigest(), sealed_share=0.3)
    except UnderstudyError as error:
        return error


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    ending=st.sampled_from((".csv", ".tsv", ".jsonl", ".json", ".xlsx", ".parquet", ".csv.gz")),
    modality=st.sampled_from((None, "text", "table", "interactions", "photo")),
)
def test_any_bytes_end_in_findings_or_an_error(tmp_path: Path, data: bytes, ending: str, modality: str | None) -> None:
    """Whatever lies in a file, a person is told in sentences."""
    path = tmp_path / f"odd{ending}"
    path.write_bytes(data)
    found = taken(path, modality)
    said = [found] if isinstance(found, UnderstudyError) else list(found.findings)
    assert all(each.fact and each.reason and each.remedy for each in said)
    assert said or (isinstance(found, Sifted) and found.examples)


@pytest.mark.parametrize(
    "cells",
    [
        "\U0001f600",
        "\0\0",
        "x" * 100_000,
        "\ud83d".encode("utf-16", "surrogatepass").decode("latin-1"),
        "=cmd|' /C'!A0",
    ],
)
def test_odd_texts_are_taken_or_told(tmp_path: Path, cells: str) -> None:
    """One emoji, NULs, very long texts and formulas are texts like others, or a finding says why not."""
    rows = "".join(f'"{cells} number {n}","{"ab"[n % 2]}"\n' for n in range(6))
    (tmp_path / "odd.csv").write_text(f"text,label\n{rows}", encoding="utf-8")
    found = taken(tmp_path / "odd.csv", "text")
    if isinstance(found, Sifted):
        assert len(found.examples) == 6
    else:
        assert "control characters" in str(found)


def test_numbers_that_are_none_count_as_missing(tmp_path: Path) -> None:
    """NaN and infinity are no amounts: in a feature they are missing, in the target there is no label."""
    rows = "".join(f"{n},{n * 1.5}\n" for n in range(40)) + "nan,5.5\ninf,6.5\n107,nan\n108,inf\n"
    (tmp_path / "odd.csv").write_text(f"size,price\n{rows}")
    found = taken(tmp_path / "odd.csv", label="price")
    assert isinstance(found, Sifted)
    assert sum(example.label is None for example in found.examples) == 2
    assert FindingKind.UNLABELLED in {finding.kind for finding in found.findings}


def test_very_many_kinds_are_no_trouble(tmp_path: Path) -> None:
    """A column in which nearly every cell is another word is taken in like any other."""
    rows = "".join(f"word{n},{n % 7},{'ab'[n % 2]}\n" for n in range(5_000))
    (tmp_path / "odd.csv").write_text(f"name,size,label\n{rows}")
    found = taken(tmp_path / "odd.csv")
    assert isinstance(found, Sifted)
    assert len(found.examples) == 5_000


def test_columns_in_any_language_may_say_who_took_what(tmp_path: Path) -> None:
    """Where several columns come again and none is known by its name, the remedy says how to name who and what too."""
    rows = "".join(f"Kunde {at % 7};Stück {at % 5};{at % 3}\n" for at in range(60))
    path = tmp_path / "verkauf.csv"
    path.write_bytes(f"Käufer;Ware;Note\n{rows}".encode("latin-1"))
    with pytest.raises(SourceUnreadable) as refused, open_source(path):
        pass
    assert "--target" in refused.value.remedy
    assert refused.value.remedy.endswith("Or, if it says who took what: --who COLUMN --what COLUMN.")


def test_one_person_is_told_as_one(tmp_path: Path) -> None:
    """What is taken for who and what is counted in the word for one, where it is one."""
    path = tmp_path / "tea.csv"
    path.write_text("who,what\nAnn,tea\nAnn,cake\n", encoding="utf-8")
    with open_source(path, columns=Columns(who="who", what="what")) as source:
        assert source.about is not None
        assert "“what” what: 2 interactions of 1 person with 2 items. To correct:" in source.about.says[0]
