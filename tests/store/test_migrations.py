"""The migrations make what the schema says, and guard what is append-only."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from understudy.domain.brief import Brief
from understudy.domain.decision import AnsweredBy, Because
from understudy.domain.example import Label
from understudy.domain.finding import Acceptance
from understudy.domain.opinion import Outcome, QuestionKind, Resolution
from understudy.domain.task import AnswerKind, Task
from understudy.store.columns import metadata
from understudy.store.ledger import Ledger
from understudy.store.migrations import HEAD, REVISIONS, upgrade
from understudy.store.records import answer_record, json_text
from understudy.store.schema import APPEND_ONLY

from . import nouns


def test_an_empty_database_is_migrated_to_the_schema(empty_url: str) -> None:
    """Tables, columns, types, keys and indexes are those the code believes in."""
    Ledger.open(empty_url).close()
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_keys_and_references_are_made_as_the_schema_says(ledger: Ledger, ledger_url: str, tmp_path: Path) -> None:
    """Primary and foreign keys match too, which the comparison above does not look at everywhere."""
    ledger.close()
    migrated = create_engine(ledger_url)
    if migrated.dialect.name != "sqlite":
        pytest.skip("compared once, in SQLite")
    created = create_engine(f"sqlite:///{tmp_path / 'created.db'}")
    metadata.create_all(created)
    for table in metadata.tables:
        for part in ("get_pk_constraint", "get_foreign_keys", "get_indexes", "get_table_options"):
            assert _parts(migrated, part, table) == _parts(created, part, table)
    migrated.dispose()
    created.dispose()


def _parts(engine: Engine, part: str, table: str) -> object:
    """What the database says about a table; lists in the order of names, conditions as text."""
    found = getattr(inspect(engine), part)(table)
    if not isinstance(found, list):
        return found
    for each in found:
        options = each.get("dialect_options", {})
        each["dialect_options"] = {name: str(option) for name, option in options.items()}
    return sorted(found, key=lambda each: str(each["name"]))


def test_the_list_of_revisions_is_that_of_the_migration_files(ledger: Ledger, ledger_url: str) -> None:
    """A new migration that is left out of the list would never be applied."""
    ledger.close()
    engine = create_engine(ledger_url)
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(upgrade.configuration(connection))
        assert MigrationContext.configure(connection).get_current_revision() == HEAD
    engine.dispose()
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_said_and_done_cannot_be_changed(ledger: Ledger, ledger_url: str, table: str) -> None:
    """The database itself refuses to update labels, looks, decisions, briefs, reviews and their like, whoever asks."""
    ledger.add_examples("blades", [nouns.example("a", label=None)], by="me", at=nouns.NOON)
    ledger.add_label("blades", Label(nouns.digest("a"), "crack", "me", nouns.NOON))
    ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    ledger.record_judgement("blades", nouns.judgement(), at=nouns.NOON)
    _review(ledger)
    _serve(ledger)
    engine = create_engine(ledger_url)
    column = next(iter(metadata.tables[table].columns)).name
    with pytest.raises(DBAPIError, match=f"{table} are never updated"), engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {column}"))
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
    engine.dispose()


def test_decisions_of_an_older_ledger_are_read_as_they_were_meant(empty_url: str) -> None:
    """Before reasons were kept, a model answered what it was sure enough of, and people were to answer the rest."""
    made = [nouns.decision(1), replace(nouns.decision(2), answered_by=AnsweredBy.NOBODY_YET)]
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        command.upgrade(upgrade.configuration(connection), "0002")
        row = {"name": "blades", "created_at": "2026-05-04 12:00:00+00:00", "sealed_share": 0.25, "drawn": False}
        connection.execute(text(f"INSERT INTO projects VALUES ({', '.join(f':{name}' for name in row)})"), row)
        for each in made:
            old = {
                "id": each.id,
                "project": each.project,
                "input_digest": each.input_digest,
                "answer": json_text(answer_record(nouns.ANSWER)),
                "answered_by": each.answered_by.value,
                "model": each.model,
                "at": each.at.strftime("%Y-%m-%d %H:%M:%S.%f"),
                "seconds": each.seconds,
            }
            names = ", ".join(f":{name}" for name in old)
            connection.execute(text(f"INSERT INTO decisions VALUES ({names})"), old)
    engine.dispose()
    with Ledger.open(empty_url) as ledger:
        assert ledger.decision("00000001") == made[0]
        assert ledger.decision("00000002") == replace(made[1], because=Because.BELOW_THRESHOLD)
        assert ledger.resolution("00000001", nouns.NOON) == Resolution("crack", "model", made[0].at)
        assert ledger.resolution("00000002", nouns.later(1e9)) is None
        ledger.record_decisions([nouns.decision(3)])
        assert ledger.decision_count("blades") == 3


def test_a_project_of_an_older_ledger_sorts_photos(empty_url: str) -> None:
    """Before there were other modalities, every project gave one of several labels to a photo."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        command.upgrade(upgrade.configuration(connection), "0003")
        row = {"name": "blades", "created_at": "2026-05-04 12:00:00+00:00", "sealed_share": 0.25, "drawn": False}
        connection.execute(text(f"INSERT INTO projects VALUES ({', '.join(f':{name}' for name in row)})"), row)
    engine.dispose()
    with Ledger.open(empty_url) as ledger:
        assert ledger.project("blades").task == Task("photo", AnswerKind.LABEL)


def test_rows_can_be_deleted_for_privacy(ledger: Ledger, ledger_url: str) -> None:
    """Append-only does not stand in the way of a person's right to be forgotten."""
    ledger.record_decisions([nouns.decision(1)])
    engine = create_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM decisions"))
    engine.dispose()
    assert ledger.decision_count("blades") == 0


def _review(ledger: Ledger) -> None:
    """One row in each table that a review rests on or is kept in."""
    ledger.add_brief("blades", Brief(problem="Cracks are found late."), by="me", reason="", at=nouns.NOON)
    ledger.record_answers("blades", look=1, blob=nouns.digest("answers"), at=nouns.NOON)
    ledger.record_data_audit("blades", [nouns.finding()], data_version="d1", at=nouns.NOON)
    ledger.accept_finding("blades", Acceptance(nouns.finding().identity, "me", "It is meant so.", nouns.NOON))
    ledger.record_rule("blades", nouns.RULE, model="m1", at=nouns.NOON)
    ledger.record_curve("blades", nouns.CURVE, data_version="d1", at=nouns.NOON)
    ledger.record_review("blades", nouns.review())
    ledger.record_schema("blades", {"columns": []}, by="me", at=nouns.NOON)


def _serve(ledger: Ledger) -> None:
    """One row in each table that a model in service and the people beside it leave."""
    ledger.record_served([nouns.audited(1)])
    ledger.change_stage("blades", nouns.change(1), events=[nouns.event()])
    ledger.set_setting("blades", "claim-minutes", 3.0, by="me", at=nouns.NOON)
    ledger.record_shadow_answers("blades", "m2", [(nouns.decision(1).id, nouns.ANSWER)], nouns.NOON)
    said = nouns.opinion("o1", nouns.decision(1).id, kind=QuestionKind.AUDIT)
    ledger.answer(said, cannot_tell_limit=2)
    ledger.undo("o1", "me", nouns.NOON)
    ledger.record_outcomes([Outcome(nouns.decision(1).id, "sound", "me", "api", nouns.NOON)])
    number = ledger.add_delivery("blades", "mail", "tripped", {"project": "blades"}, nouns.NOON)
    ledger.record_attempt(number, at=nouns.NOON, ok=True, detail="250 OK")
    ledger.erase("blades", [nouns.digest("gone")], by="me", reason="They asked.", at=nouns.NOON)
