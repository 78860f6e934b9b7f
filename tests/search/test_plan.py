"""The clock ends the trying in time to finish."""

import pytest

from understudy.domain.trial import Progress
from understudy.search.plan import FINISHING_SECONDS, Clock, TimeToFinish


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


def clock(time: Time, seconds: float | None, told: list[Progress] | None = None) -> Clock:
    seen = [] if told is None else told
    return Clock(seconds, lambda: False, seen.append, 10, now=time)


def test_the_trying_ends_while_there_is_time_to_finish(time: Time) -> None:
    """What finishing needs is kept back, and it grows with what trials take."""
    watched = clock(time, 20)
    watched.begin_trying()
    time.seconds = 6
    watched.tried(1)
    time.seconds = 20 - FINISHING_SECONDS - 6 - 0.1
    watched.pulse()
    time.seconds += 0.2
    with pytest.raises(TimeToFinish) as caught:
        watched.pulse()
    assert not caught.value.stopped


def test_what_is_kept_back_grows_with_what_is_fitted_anew_and_read_once_more(time: Time) -> None:
    """The slowest of what was tried count, by their share, and what making rows took; quicker ones change nothing."""
    watched = Clock(100, lambda: False, lambda _: None, 10, now=time, refitted=2, refit=0.5)
    watched.begin_trying()
    for seconds, expected in ((4, 2.0), (10, 7.0), (6, 8.0), (1, 8.0)):
        time.seconds += seconds
        watched.tried(3)
        assert watched.finishing == pytest.approx(FINISHING_SECONDS + expected)
    watched.repeated(1.5)
    assert watched.finishing == pytest.approx(FINISHING_SECONDS + 9.5)


def test_no_budget_never_ends_it_but_a_stop_does(time: Time) -> None:
    """Without a limit only a person ends the trying."""
    wish = [False]
    watched = Clock(None, lambda: wish[0], lambda _: None, 10, now=time)
    time.seconds = 1e9
    watched.pulse()
    wish[0] = True
    with pytest.raises(TimeToFinish) as caught:
        watched.pulse()
    assert caught.value.stopped
    watched.open_end()
    watched.pulse()


def test_estimates_follow_the_pace_and_never_exceed_the_budget(time: Time) -> None:
    """Ten trials of which two took four seconds leave sixteen, unless the budget ends earlier."""
    told: list[Progress] = []
    for seconds, expected in ((None, 16.0), (100.0, 16.0), (12.0, 8.0)):
        time.seconds = 0
        watched = clock(time, seconds, told)
        watched.begin_trying()
        time.seconds = 4
        watched.tried(2)
        assert told[-1].seconds_left == pytest.approx(expected)
        assert (told[-1].done, told[-1].total) == (2, 10)


def test_a_look_at_photos_that_cannot_end_in_time_is_not_begun_in_vain(time: Time) -> None:
    """Once there are trials to build on, photos that would take far too long are left alone early."""
    watched = clock(time, 60)
    watched.tried(1, known=True)
    report = watched.seeing("photos at 448 px")
    time.seconds = 4
    with pytest.raises(TimeToFinish):
        report(64, 10_000)
    fresh = clock(time, 60)
    time.seconds += 4
    fresh.seeing("photos at 448 px")(64, 10_000)


def test_a_look_is_not_estimated_by_its_first_moment(time: Time) -> None:
    """What is made ready first makes the first input take long, so how long the others take is told a little later."""
    told: list[Progress] = []
    report = clock(time, None, told).seeing("texts")
    time.seconds = 0.5
    report(10, 1_000)
    assert told[-1].seconds_left is None
    time.seconds = 2
    report(100, 1_000)
    assert told[-1].seconds_left == pytest.approx(18)
