"""Finishing: what a mixture is judged by was no part of it."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.search.recommend.finishing import Finished, finish
from understudy.search.recommend.finishing import _mixed as mixed
from understudy.search.recommend.job import about_of
from understudy.search.recommend.journal import Journal, best_among
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


def test_somebody_new_is_told_the_share_of_those_whose_history_was_hidden(tried: tuple[Ground, Journal]) -> None:
    """Nothing of what the list of the popular is judged on was counted in it, and no question with a history is."""
    ground, journal = tried
    popular = best_among(journal.entries, "popular")
    assert popular is not None
    share = []
    for each in ground.rounds:
        liked = np.bincount(each.learned.item, weights=each.learned.liked, minlength=each.learned.width)
        listed = np.argsort(-liked, kind="stable")[: ground.lesson.about.length]
        share.append(float(np.isin(each.truth, listed) @ each.weight) / float(each.weight.sum()))
    told = _finished(ground, journal).sureness
    assert told.new == pytest.approx(float(np.mean(share)), abs=0.05)
    assert told.told(np.array([0.9]), np.array([0])) == pytest.approx([told.new])


@pytest.mark.parametrize("timed", [True, False])
def test_what_came_later_is_told_by_stretches_where_times_are_known(
    tmp_path_factory: pytest.TempPathFactory, timed: bool
) -> None:
    """Each person's own question lies in one stretch, judged by a part of the events; without times there are none."""
    ground = Ground.of(lesson(drawn(200, 60, seed=2, timed=timed)), 0)
    journal = Journal(tmp_path_factory.mktemp("journal"), {"data": "drawn"})
    family = families(ground)[0]
    try_one(ground, journal, family, family.start(ground.whole.traits))
    worth = _finished(ground, journal).worth
    assert bool(worth.stretches) == timed
    if timed:
        assert sorted(np.concatenate([part for _, part in worth.stretches])) == list(range(len(worth.right)))
        shares = [share for share, _ in worth.stretches]
        assert 0 < shares[0] <= shares[-1] < 1
        assert shares == sorted(shares)


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
