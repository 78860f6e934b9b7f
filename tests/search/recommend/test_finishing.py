"""Finishing: what a mixture is judged by was no part of it."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.search.recommend.finishing import Finished, finish
from understudy.search.recommend.finishing import _mixed as mixed
from understudy.search.recommend.job import about_of
from understudy.search.recommend.journal import Journal
from understudy.search.recommend.lesson import lesson_of
from understudy.search.recommend.trying import Ground, families, try_one

from .drawn_lessons import drawn, lesson, taught


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ground, Journal]:
    """Histories without times, and each family's start tried on them."""
    ground = Ground.of(lesson(drawn(200, 60, seed=2, timed=False)), 0)
    journal = Journal(tmp_path_factory.mktemp("journal"), {"data": "drawn"})
    for family in families(ground):
        try_one(ground, journal, family, family.start(ground.whole.traits))
    return ground, journal


def _finished(ground: Ground, journal: Journal) -> Finished:
    return finish(ground, journal, journal.entries)


def test_lists_are_as_often_right_as_they_say(tried: tuple[Ground, Journal]) -> None:
    """What a list holds in chances is a tenth too little here; what is stated is right on the whole."""
    worth = _finished(*tried).worth
    assert abs(float(worth.stated.mean()) - float(worth.right.mean())) < 0.03


def test_a_rounds_own_answers_do_not_change_its_lists(tried: tuple[Ground, Journal]) -> None:
    """However what came next in one round is dealt out, its lists and their chances stay as they were."""
    ground, journal = tried
    first, *rest = ground.rounds
    dealt = replace(first, truth=np.random.default_rng(0).permutation(first.truth))
    before, after = (
        mixed(each, journal, tuple(journal.entries)).lists for each in (ground, replace(ground, rounds=(dealt, *rest)))
    )
    own = len(first.truth)
    np.testing.assert_array_equal(before.items[:own], after.items[:own])
    np.testing.assert_array_equal(before.chances[:own], after.chances[:own])
    assert not np.array_equal(before.chances[own:], after.chances[own:])


def test_who_was_made_up_takes_nothing_from_the_novelty_of_lists(tried: tuple[Ground, Journal]) -> None:
    """How new a list is counts real people who took its items, however many were made up beside them."""
    ground, journal = tried
    found = drawn(200, 60, seed=2, timed=False)
    made = [
        each._replace(digest=f"{at:064x}", group=f"made up {at}", made=True)
        for at, each in enumerate(taught(found)[:50])
    ]
    beside = lesson_of([*taught(found), *made], found.content, about_of(found.about()))
    assert len(beside.log) == len(beside.real) + 50
    alone, other = (_finished(each, journal).worth for each in (ground, replace(ground, lesson=beside)))
    assert other.ours.novelty == alone.ours.novelty
    assert other.rule.coverage == alone.rule.coverage
