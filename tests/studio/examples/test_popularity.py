"""The popularity rule of a project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.domain.rule import RuleKind
from understudy.domain.task import BETWEEN_LABELS
from understudy.modalities.interactions.question import read_question
from understudy.studio.claims.rule_text import rule_text
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.facts import one_line_rule
from understudy.studio.examples.popularity import popular_lists, titles_of
from understudy.studio.workspace import Workspace

FIRST, SECOND = "hit 1", "hit 2"


@pytest.fixture
def films(tmp_path: Path) -> Iterator[Workspace]:
    """Forty people who liked two hits long ago, and each a rare film of their own last."""
    rows = ["user,item,rating,timestamp"]
    for person in range(40):
        rows += [f"u{person},{FIRST},5,1", f"u{person},rare {person},5,9", f"u{person},dull,1,3"]
        rows += [f"u{person},{SECOND},5,2"] if person % 2 else []
    (tmp_path / "films.csv").write_text("\n".join(rows))
    (tmp_path / "items.csv").write_text(f"item,title\n{FIRST},The First\n")
    reading = Reading(items=(tmp_path / "items.csv",))
    with Workspace.open(tmp_path / "w") as opened:
        project = Project("films", opened.now())
        gather(opened, project, tmp_path / "films.csv", reading=reading, by="test", progress=lambda *_: None)
        yield opened


def test_the_rule_counts_whole_histories(films: Workspace) -> None:
    """What most people liked comes first though it was nobody's last, in its title; low ratings count for little."""
    rule = one_line_rule(films, "films", "m")
    assert rule.kind is RuleKind.POPULAR
    assert tuple(rule.otherwise.split(BETWEEN_LABELS)[:2]) == (FIRST, SECOND)
    assert "dull" not in rule.otherwise.split(BETWEEN_LABELS)
    assert rule_text(rule).startswith(f"always the most popular: “The First”, “{SECOND}”, “rare ")
    assert films.ledger.rule_beside("films", model="m") == rule
    assert titles_of(films, "films") == {FIRST: "The First"}


def test_nobody_is_listed_what_they_have(films: Workspace) -> None:
    """For sealed people the rule lists the most popular of what they do not have."""
    sealed = list(films.ledger.examples("films", side=Side.SEALED))
    lists = popular_lists(films, "films", [each.digest for each in sealed])
    for example, said in zip(sealed, lists, strict=True):
        had = {event.item for event in read_question(films.blobs.get(example.digest)).history}
        assert not had & set(said.split(BETWEEN_LABELS))
        assert (SECOND in had) or said.split(BETWEEN_LABELS)[0] == SECOND


def test_what_was_made_up_is_not_popular(films: Workspace, tmp_path: Path) -> None:
    """However many made-up people like a film, the rule lists what real ones liked."""
    before = one_line_rule(films, "films", "m1")
    rows = [f"made {at},{item},5,{when}" for at in range(200) for item, when in (("dull", 4), (f"rare {at % 9}", 9))]
    (tmp_path / "made.csv").write_text("\n".join(["user,item,rating,timestamp", *rows]))
    reading, project = Reading(synthetic=True), films.ledger.project("films")
    gather(films, project, tmp_path / "made.csv", reading=reading, by="test", progress=lambda *_: None)
    assert films.ledger.counts("films").synthetic == 200
    assert one_line_rule(films, "films", "m2") == before
