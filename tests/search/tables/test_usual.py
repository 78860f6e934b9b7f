"""Claims about what is kept of a table's rows, and how later rows are compared with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.search.tables.rows import LABEL, drawn, lesson_of, model_of, train

from understudy.launch.inflow import InflowWatch
from understudy.launch.usual import TraitKind, Usual, word_place
from understudy.modalities.table.schema import Column, Kind
from understudy.search.tables.columns import cells_of
from understudy.search.tables.usual import WORDINGS, traits_of, usual_of

COLUMNS = (
    Column("size", Kind.NUMBER),
    Column("kind", Kind.CATEGORY),
    Column("day", Kind.DATE),
    Column("note", Kind.TEXT),
)
ENGLISH = "the blade was found to be worn at the leading edge and should be seen to before the next winter"
GERMAN = "das Blatt ist an der Vorderkante abgenutzt und sollte vor dem naechsten Winter instand gesetzt werden"


def rows(count: int, words: str = ENGLISH, *, seed: int = 0, size: float = 10.0) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    return [
        {
            "size": float(rng.normal(size, 2)),
            "kind": ("oak", "elm", "ash")[rng.integers(3)],
            "day": f"2026-01-{1 + place % 28:02}",
            "note": " ".join(rng.permutation(words.split())[: 10 + place % 5].tolist()),
        }
        for place in range(count)
    ]


def usual(count: int = 120) -> Usual:
    return usual_of(cells_of(rows(count), COLUMNS), COLUMNS, np.arange(count), seed=3)


def watched(given: list[dict[str, object]]) -> InflowWatch:
    watch = InflowWatch(usual())
    for row in given:
        watch = watch.update(traits_of(cells_of([row], COLUMNS), COLUMNS)[0].tolist())
    return watch


def test_every_column_but_dates_has_traits() -> None:
    """Numbers as they are, words by their place, texts by length and wording; one row of each group."""
    found = usual()
    assert [trait.name for trait in found.traits] == ["size", "kind", "length of note", *["note"] * WORDINGS]
    assert found.traits[1].kind is TraitKind.WORD
    assert set(found.traits[1].words) == {"oak", "elm", "ash"}
    assert set(found.values[:, 1].tolist()) == {word_place(word) for word in ("oak", "elm", "ash")}
    grouped = usual_of(cells_of(rows(60), COLUMNS), COLUMNS, np.arange(60) // 3, seed=3)
    assert len(grouped.values) == 20


def test_missing_values_have_their_place() -> None:
    """A row without anything has every trait missing."""
    assert np.isneginf(traits_of(cells_of([{}], COLUMNS), COLUMNS)).all()


def test_a_column_that_moved_is_named() -> None:
    """And nothing is said of rows as usual."""
    assert watched(rows(100, seed=5)).says == ""
    assert watched(rows(100, seed=5, size=20.0)).says.startswith("“size” from ")


def test_texts_in_another_language_are_told() -> None:
    """By their wording, though they are about as long."""
    assert "“note” in its wording" in watched(rows(100, GERMAN, seed=5)).says


def test_a_model_carries_it(tmp_path: Path) -> None:
    """In its file, with as many traits for a row as are kept of each; the same training gives the same."""
    trained = train(lesson_of(drawn(60), "dear"), LABEL, tmp_path / "one")
    model = model_of(trained)
    assert model.usual is not None
    assert model.usual.tells
    row = json.dumps({"size": 14.5, "kind": "oak"}).encode()
    assert len(model.traits(row)) == len(model.usual.traits)
    assert model.traits(row)[[trait.name for trait in model.usual.traits].index("size")] == pytest.approx(14.5)
