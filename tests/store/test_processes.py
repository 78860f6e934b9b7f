"""Processes: who serves, and who has what only one may do at a time."""

import threading
from datetime import timedelta

from understudy.store.ledger import Ledger
from understudy.store.processes import Worker

from . import nouns

FIRST = Worker("w1", 101, "box", nouns.NOON)
SECOND = Worker("w2", 102, "box", nouns.later(1))


def test_a_lease_has_one_holder(ledger: Ledger) -> None:
    """Until it runs out; its holder may prolong it."""
    assert ledger.take_lease("mail", "w1", nouns.NOON, nouns.later(10))
    assert not ledger.take_lease("mail", "w2", nouns.later(9), nouns.later(19))
    assert ledger.take_lease("mail", "w1", nouns.later(9), nouns.later(19))
    assert not ledger.take_lease("mail", "w2", nouns.later(18), nouns.later(28))
    assert ledger.take_lease("mail", "w2", nouns.later(19), nouns.later(29))
    assert ledger.take_lease("drift", "w1", nouns.later(19), nouns.later(29))


def test_of_those_who_want_a_lease_at_once_one_gets_it(ledger_url: str) -> None:
    """Never two of them, never none, in each of twenty rounds."""
    got: list[tuple[int, str]] = []
    ready = threading.Barrier(4)

    def want(holder: str) -> None:
        with Ledger.open(ledger_url) as own:
            for number in range(20):
                ready.wait()
                at = nouns.later(100 * number)
                if own.take_lease("mail", holder, at, at + timedelta(seconds=50)):
                    got.append((number, holder))

    wanting = [threading.Thread(target=want, args=(f"w{number}",)) for number in range(4)]
    for thread in wanting:
        thread.start()
    for thread in wanting:
        thread.join()
    assert sorted(number for number, _ in got) == list(range(20))


def test_who_was_heard_of_lives(ledger: Ledger) -> None:
    """The oldest first; one that was not heard of since then is missing."""
    assert ledger.workers(nouns.NOON) == []
    ledger.beat(SECOND, nouns.later(2))
    ledger.beat(FIRST, nouns.later(1))
    ledger.beat(FIRST, nouns.later(3))
    assert [(each.id, each.beat_at) for each in ledger.workers(nouns.NOON)] == [
        ("w1", nouns.later(3)),
        ("w2", nouns.later(2)),
    ]
    assert [each.pid for each in ledger.workers(nouns.later(3))] == [101]


def test_who_ends_leaves_nothing_held(ledger: Ledger) -> None:
    """Another takes over at once."""
    ledger.beat(FIRST, nouns.NOON)
    assert ledger.take_lease("mail", FIRST.id, nouns.NOON, nouns.later(99))
    ledger.part(FIRST)
    assert ledger.workers(nouns.NOON) == []
    assert ledger.take_lease("mail", SECOND.id, nouns.later(1), nouns.later(9))
