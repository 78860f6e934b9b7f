"""Rows that come later of people whom a project knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.modalities.interactions.question import read_question
from understudy.studio.collection.gathering import Gathered, gather
from understudy.studio.collection.known_people import known_person
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.facts import one_line_rule
from understudy.studio.examples.popularity import titles_of
from understudy.studio.workspace import Workspace

PEOPLE, ITEMS = 24, 8


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    """People who bought some of a few things, which have titles."""
    with Workspace.open(tmp_path / "w") as opened:
        rows = [(f"p{at % PEOPLE}", f"i{at % ITEMS}" if at % 5 else f"i{at % 3}", 1 + at % 5, at) for at in range(120)]
        table = tmp_path / "items.csv"
        table.write_text("\n".join(["item,title", *(f"i{at},Thing {at}" for at in range(ITEMS))]))
        _add(opened, tmp_path, rows, Reading(items=(table,)))
        yield opened


def _add(workspace: Workspace, folder: Path, rows: list[tuple[str, str, int, int]], reading: Reading) -> Gathered:
    path = folder / "rows.csv"
    path.write_text("\n".join(["user,item,rating,timestamp", *(",".join(map(str, row)) for row in rows)]))
    project = Project("shop", workspace.now()) if not workspace.ledger.projects() else workspace.ledger.project("shop")
    return gather(workspace, project, path, reading=reading, by="test", progress=lambda *_: None)


def test_what_is_new_joins_a_persons_history_on_their_side(shop: Workspace, tmp_path: Path) -> None:
    """Everybody stays on their side, what came next before is history now, and what was added is what comes next."""
    sides = {each.group: each.side for each in shop.ledger.examples("shop")}
    before = {each.group: each.label for each in shop.ledger.arrivals("shop")}
    gathered = _add(shop, tmp_path, [(person, "new", 5, 1000) for person in sides], Reading())
    assert gathered.new == len(sides)
    assert f"{len(sides)} of these people are known already; what is new joins their histories." in gathered.says
    labels = {each.digest: each.label for each in shop.ledger.arrivals("shop")}
    for example in shop.ledger.examples("shop"):
        assert example.side is sides[example.group]
        if labels[example.digest] == "new":
            taken = [event.item for event in read_question(shop.blobs.get(example.digest)).history]
            assert before[example.group] in taken
    assert set(sides.values()) == {Side.TRAIN, Side.SEALED}
    again = _add(shop, tmp_path, [(person, "new", 5, 1000) for person in sides], Reading())
    assert (again.new, again.known) == (0, len(sides))


def test_titles_stay_when_rows_come_without_them(shop: Workspace, tmp_path: Path) -> None:
    """What was known of items is known after more rows, and a table of other items adds to it."""
    _add(shop, tmp_path, [("p1", "new", 5, 1000), ("p2", "i1", 5, 1001)], Reading())
    assert titles_of(shop, "shop")["i1"] == "Thing 1"
    (tmp_path / "more.csv").write_text("item,title\nnew,A novelty\n")
    _add(shop, tmp_path, [("p3", "new", 5, 1000), ("p4", "i2", 4, 1002)], Reading(items=(tmp_path / "more.csv",)))
    assert {"i1": "Thing 1", "new": "A novelty"}.items() <= titles_of(shop, "shop").items()


def test_a_person_counts_once_in_the_popularity_rule(shop: Workspace, tmp_path: Path) -> None:
    """However often rows of somebody came in, what they liked counts once."""
    for at in range(4):
        _add(shop, tmp_path, [("p1", f"odd {at}", 5, 2000 + at)], Reading())
    rule = one_line_rule(shop, "shop", "m")
    assert not any(item.startswith("odd") for item, _ in rule.answers[:2])


def test_what_was_made_up_of_somebody_joins_no_real_history(shop: Workspace, tmp_path: Path) -> None:
    """Made-up rows join what somebody did, and are in no history of what that one does later."""
    train = next(each.group for each in shop.ledger.examples("shop", side=Side.TRAIN))
    _add(shop, tmp_path, [(train, "drawn", 5, 1000)], Reading(synthetic=True))
    _add(shop, tmp_path, [(train, "real", 5, 2000)], Reading())
    by_label = {each.label: each for each in shop.ledger.examples("shop") if each.group == train}
    taken = {
        label: {event.item for event in read_question(shop.blobs.get(each.digest)).history}
        for label, each in by_label.items()
    }
    assert taken["drawn"]
    assert taken["real"]
    assert "drawn" not in taken["real"]
    known = known_person(shop.ledger.examples("shop", called=train), shop.blobs.get, train)
    assert known is not None
    items = {event.item for event in known.question.history}
    assert "real" in items
    assert "drawn" not in items


def test_somebody_who_was_made_up_is_known_where_nothing_real_is(shop: Workspace, tmp_path: Path) -> None:
    """Before there are real histories, made-up people can be asked about."""
    _add(shop, tmp_path, [("drawn", "i1", 5, 1000), ("drawn", "i2", 5, 1001)], Reading(synthetic=True))
    assert known_person(shop.ledger.examples("shop", called="drawn"), shop.blobs.get, "drawn") is not None
