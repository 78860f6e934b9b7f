"""Rounds of trying never know what comes later."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.recommend.log import Log, People
from understudy.search.recommend.rounds import rounds_of

_people = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 50)), min_size=1, max_size=8),
    min_size=4,
    max_size=20,
)


def _log(people: list[list[tuple[int, bool, int]]]) -> Log:
    """Each person's events in order; the last one is the label and so liked."""
    ordered = [sorted(events, key=lambda event: event[2]) for events in people]
    flat = [
        (item, liked or at == len(events) - 1, when)
        for events in ordered
        for at, (item, liked, when) in enumerate(events)
    ]
    starts = np.concatenate([[0], np.cumsum([len(events) for events in ordered])])
    item, liked, when = (np.array(column) for column in zip(*flat, strict=True))
    return Log(starts, item.astype(np.int64), liked.astype(bool), when.astype(np.float64), 10)


@settings(max_examples=60)
@given(_people)
def test_nothing_later_informs_an_answer(people: list[list[tuple[int, bool, int]]]) -> None:
    """With times, what is learned from lies before every question of the round, and is of others."""
    log = _log(people)
    timed = len({when for events in people for *_, when in events}) > 1
    for each in rounds_of(log, People.real(len(log)), timed=timed, rng=np.random.default_rng(0)):
        asked = set(each.person.tolist())
        learned = set(each.learned.person.tolist())
        assert not asked & learned
        for at in range(len(each.truth)):
            cut = slice(each.asked.starts[at], each.asked.starts[at + 1])
            history = each.asked.when[cut]
            own = slice(log.starts[each.person[at]], log.starts[each.person[at] + 1])
            moments = log.when[own][log.item[own] == each.truth[at]]
            assert len(moments)
            assert not len(history) or history.max() <= log.when[own].max()


@settings(max_examples=40)
@given(_people)
def test_without_times_the_held_out_event_is_the_only_one_left_out(people: list[list[tuple[int, bool, int]]]) -> None:
    """Each question's history and truth together are all that the person did."""
    log = _log(people)
    for each in rounds_of(log, People.real(len(log)), timed=False, rng=np.random.default_rng(0)):
        for at, person in enumerate(each.person):
            cut = slice(each.asked.starts[at], each.asked.starts[at + 1])
            whole = [*each.asked.item[cut].tolist(), int(each.truth[at])]
            assert sorted(whole) == sorted(log.item[log.starts[person] : log.starts[person + 1]].tolist())
        weights = np.bincount(each.person, weights=each.weight)
        np.testing.assert_allclose(weights[weights > 0], 1.0)


def test_blocks_are_learned_before_they_are_asked() -> None:
    """Where everybody's times differ, all that is learned of a round lies before its first label."""
    people = [[(item, True, 10 * person + item) for item in range(4)] for person in range(20)]
    log = _log(people)
    rounds = list(rounds_of(log, People.real(len(log)), timed=True, rng=np.random.default_rng(0)))
    assert len(rounds) == 3
    for each in rounds:
        labels = log.when[log.starts[1:] - 1][np.unique(each.person)]
        assert each.learned.when.max() < labels.min()


@settings(max_examples=60)
@given(_people, st.data(), st.booleans())
def test_who_was_made_up_is_learned_from_and_never_asked(
    people: list[list[tuple[int, bool, int]]], data: st.DataObject, timed: bool
) -> None:
    """Questions are of real people, and what was made up of one of them is not known where that one is asked."""
    made = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    names = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=len(people), max_size=len(people)))
    named = list(dict.fromkeys(zip(names, made, strict=True)))
    log = _log(people[: len(named)])
    rounds = list(rounds_of(log, People.of(named), timed=timed, rng=np.random.default_rng(0)))
    for each in rounds:
        asked = {named[person] for person in each.person.tolist()}
        assert not any(made for _, made in asked)
        learned = {named[person][0] for person in each.learned.person.tolist()}
        assert not learned & {name for name, _ in asked}
