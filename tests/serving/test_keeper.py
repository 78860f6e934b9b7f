import logging
import threading
import time

import pytest

from understudy.serving.keeper import Chore, Keeper


def until(done: threading.Event) -> None:
    assert done.wait(10)


def test_chores_are_done_again_and_again_until_they_are_stopped() -> None:
    """Each goes on at its own pace, and none begins after the end."""
    done, count = threading.Event(), [0]

    def work() -> None:
        count[0] += 1
        if count[0] == 5:
            done.set()

    keeper = Keeper([Chore("count", 0.001, work)])
    keeper.start()
    until(done)
    keeper.stop()
    after = count[0]
    time.sleep(0.02)
    assert count[0] == after


def test_it_survives_whatever_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    """A chore that raises is logged once for the same trouble, and done again."""
    done, count = threading.Event(), [0]

    def work() -> None:
        count[0] += 1
        if count[0] == 6:
            done.set()
        raise OSError("gone") if count[0] % 2 else KeyError("odd")

    keeper = Keeper([Chore("break", 0.001, work)])
    with caplog.at_level(logging.ERROR, "understudy.serving.keeper"):
        keeper.start()
        until(done)
        keeper.stop()
    told = [record for record in caplog.records if "break failed and goes on" in record.getMessage()]
    assert len(told) == 2
    assert keeper.ages()["break"] < 5


def test_one_that_hangs_holds_up_no_other_and_grows_old() -> None:
    """The age of a chore that hangs tells that it is dead; the others stay young; stopping does not wait for it."""
    gate, done, count = threading.Event(), threading.Event(), [0]
    clock = [0.0]

    def beside() -> None:
        count[0] += 1
        if count[0] >= 3 and clock[0]:
            done.set()

    keeper = Keeper([Chore("hang", 0.001, lambda: gate.wait(30)), Chore("go", 0.001, beside)], clock=lambda: clock[0])
    keeper.start()
    time.sleep(0.02)
    clock[0] = 60.0
    until(done)
    time.sleep(0.02)
    ages = keeper.ages()
    assert ages["hang"] == pytest.approx(60.0)
    assert ages["go"] == pytest.approx(0.0)
    started = time.monotonic()
    keeper.stop(patience=0.1)
    assert time.monotonic() - started < 15
    gate.set()
