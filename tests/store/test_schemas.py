"""Schemas of a project's table: versions that are only ever added."""

from understudy.store.ledger import Ledger

from . import nouns

FIRST = {"columns": [{"name": "age", "kind": "number"}, {"name": "city", "kind": "category"}], "target": "price"}


def test_the_schema_that_was_written_last_stands(ledger: Ledger) -> None:
    """A project without a table has none; a correction is a version of its own, and columns keep their order."""
    assert ledger.schema("blades") is None
    assert ledger.record_schema("blades", FIRST, by="me", at=nouns.NOON) == 1
    assert ledger.schema("blades") == FIRST
    second = {**FIRST, "target": "rent"}
    assert ledger.record_schema("blades", second, by="you", at=nouns.later(1)) == 2
    assert ledger.schema("blades") == second


def test_the_same_schema_again_is_no_new_version(ledger: Ledger) -> None:
    """To add the same table twice leaves one version."""
    numbers = [ledger.record_schema("blades", FIRST, by="me", at=nouns.later(at)) for at in range(3)]
    assert numbers == [1, 1, 1]
