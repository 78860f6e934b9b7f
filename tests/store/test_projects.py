"""Projects and their names."""

import pytest
from hypothesis import given, settings

from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.errors import NaiveTime, ProjectExists, UnknownProject
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places


@settings(max_examples=15)
@given(nouns.projects)
def test_every_project_reads_back_exactly(places: Places, project: Project) -> None:
    """All that is said of a project and its task is kept, in another process’s ledger too."""
    with places() as url:
        with Ledger.open(url) as ledger:
            ledger.create_project(project)
        with Ledger.open(url) as ledger:
            assert ledger.project(project.name) == project


def test_a_name_stands_for_one_project(ledger: Ledger) -> None:
    """A second project of the same name is refused, and the first one stays."""
    with pytest.raises(ProjectExists, match="“blades”"):
        ledger.create_project(Project("blades", nouns.later(9), drawn=True))
    assert ledger.project("blades") == Project("blades", nouns.NOON)


def test_projects_are_listed_by_name(ledger: Ledger) -> None:
    """The order does not depend on which came first."""
    ledger.create_project(Project("axles", nouns.later(1)))
    assert [project.name for project in ledger.projects()] == ["axles", "blades"]


def test_a_task_can_be_corrected(ledger: Ledger) -> None:
    """What a project decides about is what was said last; nothing else about it changes."""
    task = Task("table", AnswerKind.NUMBER, 2.5, "€")
    ledger.set_task("blades", task)
    assert ledger.project("blades") == Project("blades", nouns.NOON, task=task)


def test_by_what_examples_are_grouped_is_kept(ledger: Ledger) -> None:
    """It is what was said last, also that each stands by itself; nothing else about the project changes."""
    for rule in (r"name:^(\d+)_", ""):
        ledger.set_group_rule("blades", rule)
        assert ledger.project("blades") == Project("blades", nouns.NOON, group_rule=rule)


def test_how_its_latest_table_was_read_is_kept(ledger: Ledger) -> None:
    """It is what was said last; nothing else about the project changes."""
    for columns, separator in (({"text": "review", "label": "stars"}, ","), ({"path": "lies at"}, None)):
        ledger.set_columns("blades", columns, separator)
        assert ledger.project("blades") == Project("blades", nouns.NOON, columns=columns, separator=separator)


def test_groups_that_came_into_other_families_are_kept(ledger: Ledger) -> None:
    """Each once, however often it is said."""
    for groups in ([("w2", "w1"), ("w3", "w1")], [("w3", "w1"), ("w3", "w0")], []):
        ledger.add_groups("blades", groups)
    assert ledger.other_groups("blades") == (("w2", "w1"), ("w3", "w0"), ("w3", "w1"))


def test_a_mistyped_name_brings_up_the_close_ones(ledger: Ledger) -> None:
    """The error names what was probably meant."""
    ledger.create_project(Project("german", nouns.NOON))
    for typed, meant in {"blade": "blades", "gernam": "german", "germn": "german"}.items():
        with pytest.raises(UnknownProject, match=f"may be meant for “{meant}”"):
            ledger.project(typed)
    with pytest.raises(UnknownProject, match="No project's name comes close"):
        ledger.project("doors")


def test_an_unknown_project_is_an_error_everywhere(ledger: Ledger) -> None:
    """No method answers for a project that is not there as if it were empty."""
    asked = [
        lambda: ledger.examples("x"),
        lambda: ledger.arrivals("x"),
        lambda: ledger.counts("x"),
        lambda: ledger.findings("x"),
        lambda: ledger.models("x"),
        lambda: ledger.latest_model("x"),
        lambda: ledger.latest_judgement("x"),
        lambda: ledger.look_count("x"),
        lambda: ledger.decisions("x", 5),
        lambda: ledger.decision_count("x"),
        lambda: ledger.labels_of("x", nouns.digest("a")),
        lambda: ledger.add_examples("x", [], by="me", at=nouns.NOON),
        lambda: ledger.add_examples("x", [nouns.example("a")], by="me", at=nouns.NOON),
        lambda: ledger.set_group_rule("x", "folder"),
        lambda: ledger.set_columns("x", {"text": "review"}, ","),
        lambda: ledger.add_groups("x", [("w2", "w1")]),
        lambda: ledger.other_groups("x"),
        lambda: ledger.add_own_groups("x", [(nouns.digest("a"), "w2")]),
        lambda: ledger.record_findings("x", [], at=nouns.NOON),
        lambda: ledger.open_sealed("x", model="m", at=nouns.NOON),
        lambda: ledger.record_decisions([nouns.decision(1, project="x")]),
    ]
    for ask in asked:
        with pytest.raises(UnknownProject):
            ask()


def test_a_time_without_a_zone_is_refused(ledger: Ledger) -> None:
    """A moment that could be any of 24 is no moment."""
    with pytest.raises(NaiveTime):
        ledger.create_project(Project("axles", nouns.NOON.replace(tzinfo=None)))
