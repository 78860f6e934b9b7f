"""What is due and known of: who may be tried next, and when to look again."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from understudy.serving.due import AHEAD, AT_ONCE, EACH, Known
from understudy.store.deliveries import Delivery


def due_to(*receivers: str) -> list[Delivery]:
    """What is due to webhooks of these projects, in this order."""
    at = datetime.now(UTC)
    return [Delivery(number, each, "webhook", "x", {}, at, 0) for number, each in enumerate(receivers)]


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.lists(st.sampled_from("abcd"), max_size=40))
def test_a_receiver_is_sent_its_own_in_order_and_never_waits_for_others(line: list[str], busy: list[str]) -> None:
    """Whatever is under way: each has its next ones begun, up to its number, and nothing is left out or doubled."""
    due = due_to(*line)
    known = Known.of(due, trying=set())
    begun = known.taken(due_to(*busy))
    assert sorted([*begun, *known.left], key=lambda each: each.id) == due
    for receiver in set(line):
        own = [each for each in due if each.project == receiver]
        free = max(0, EACH - busy.count(receiver))
        assert [each for each in begun if each.project == receiver] == own[:free]


def test_who_waits_for_nothing_is_begun_however_many_are_under_way() -> None:
    """Slow receivers may hold every place, and a new one is reached all the same, with one at a time."""
    slow = due_to(*(f"slow {number % (AT_ONCE // EACH)}" for number in range(AT_ONCE)))
    known = Known.of(due_to("new", "new"), trying=set())
    assert len(known.taken(slow)) == 1


def test_it_is_looked_again_when_a_stretch_has_run_dry() -> None:
    """Only where the last look may not have told of all, and a receiver could be sent more at once."""
    stretch = due_to(*["a"] * (AHEAD * EACH), "b")
    known = Known.of(stretch, trying=set())
    assert not known.dry([])
    for _ in range(AHEAD):
        assert not known.dry([])
        under_way = known.taken([])
    assert not known.dry(under_way)
    assert known.dry(under_way[1:])
    whole = Known.of(stretch[1:], trying=set())
    whole.left = []
    assert not whole.dry([])


def test_so_many_receivers_that_one_look_cannot_tell_of_all_cost_no_look_each() -> None:
    """A full look is repeated early only for those of whom it told as many as may be tried at once."""
    crowd = [f"{number}" for number in range(AHEAD * AT_ONCE - EACH)]
    known = Known.of(due_to(*crowd, *["busy"] * EACH), trying=set())
    assert known.more == {"busy"}
