"""What fails for one of several leaves the others their turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.serving.apart import for_each
from understudy.store.errors import LedgerUnavailable


@given(st.lists(st.booleans(), max_size=8))
def test_everybody_has_a_turn_and_every_failure_is_raised(well: list[bool]) -> None:
    """However many fail, all are done, in their order; one failure is raised as it is, several together."""
    done: list[int] = []

    def work(place: int) -> None:
        done.append(place)
        if not well[place]:
            raise ValueError(str(place))

    failed = [str(place) for place, each in enumerate(well) if not each]
    raised: list[str] = []
    try:
        for_each(range(len(well)), work)
    except ValueError as error:
        raised = [str(error)]
    except ExceptionGroup as group:
        raised = [str(error) for error in group.exceptions]
    assert done == list(range(len(well)))
    assert raised == failed


def test_a_ledger_that_is_away_is_not_asked_again() -> None:
    """Nobody waits for a ledger once for each project."""
    asked: list[int] = []

    def work(place: int) -> None:
        asked.append(place)
        raise LedgerUnavailable(fact="Away.", reason="Away.", remedy="Wait.")

    with pytest.raises(LedgerUnavailable):
        for_each(range(3), work)
    assert asked == [0]
