"""Lessons of drawn interactions, for tests."""

from hashlib import sha256

from drawn_histories import drawn_interactions
from understudy.modalities.interactions.reading import Interactions, read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.table.frame import read_frame
from understudy.search.recommend.job import about_of
from understudy.search.recommend.lesson import Lesson, Taught, lesson_of


def drawn(people: int = 60, items: int = 24, *, seed: int = 1, timed: bool = True) -> Interactions:
    """Drawn interactions as they are read, without times if asked."""
    tables = drawn_interactions(people, items, seed=seed, each=8)
    data = tables.interactions
    if not timed:
        data = b"\n".join(line.rsplit(b",", 1)[0] for line in data.splitlines())
    return read_interactions("drawn", Sheet.of(read_frame("drawn", data)), content={"items": tables.items})


def taught(found: Interactions) -> list[Taught]:
    """Its examples as a run is told of them."""
    return [
        Taught(sha256(each.data).hexdigest(), each.data, each.label, each.group)
        for each in sorted(found.examples(), key=lambda one: sha256(one.data).digest())
    ]


def lesson(found: Interactions) -> Lesson:
    """What a run learns from."""
    return lesson_of(taught(found), found.content, about_of(found.about()))
