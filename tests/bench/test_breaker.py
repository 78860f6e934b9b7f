"""Claims about the simulations of the circuit breaker."""

import numpy as np
import pytest
from bench.breaker import detection, detectors, doubt, incidents, late
from bench.breaker.__main__ import PARTS, main
from bench.breaker.detectors import BAR, NEVER, OURS, PEERS
from bench.breaker.figures import at_least, at_most, table_of, told

from understudy.stats.bets import Bets
from understudy.stats.restarts import RestartingMixture


def test_our_first_alarm_is_that_of_the_product() -> None:
    """The first alarm of the simulation is the first audit after which the product's evidence reaches 20."""
    wrong = np.random.default_rng(1).random((3, 200)) < 0.3
    for run, first in zip(wrong, OURS.first(wrong), strict=True):
        mixture, audits = RestartingMixture(BAR), 0
        while not mixture.proven():
            mixture, audits = mixture.update(float(run[audits])), audits + 1
        assert first == audits
    assert OURS.first(np.zeros((1, 50), dtype=np.bool_))[0] == NEVER


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer.present], ids=lambda peer: peer.name)
def test_every_peer_notices_a_ruin_and_no_miracle(peer: detectors.Detector) -> None:
    """Each detector raises its alarm some time after everything turns wrong, and none while nothing is."""
    wrong = np.zeros((2, 2_000), dtype=np.bool_)
    wrong[0, 1_000:] = True
    first = peer.first(wrong)
    assert 1_000 < first[0] < 1_400
    assert first[1] == NEVER


def test_the_read_off_boundary_of_mapie_is_its_own() -> None:
    """MAPIE's alarm comes at the audit at which its own bound, reckoned audit by audit, passes the bar."""
    bounds = pytest.importorskip("mapie.exchangeability_testing.bounds")
    wrong = np.random.default_rng(2).random((4, 700)) < 0.2
    for run, first in zip(wrong, detectors.mapie_monitor(wrong), strict=True):
        lower = bounds.conjugate_mixture_empirical_bernstein_bound(
            run.astype(float), v_opt=1, alpha=0.025, bound_side="lower"
        )
        assert abs(int(np.argmax(lower > BAR)) + 1 - first) <= 1


@pytest.mark.parametrize("failure", doubt.FAILURES, ids=lambda failure: f"{failure.error:.0%} {failure.name}")
def test_failures_are_as_large_as_told(failure: doubt.Failure) -> None:
    """Each failure leaves the share wrong that it names, and makes no answer better than it was."""
    known = np.sort(np.random.default_rng(3).beta(0.1, 3.23, 20_000))
    errors = failure.errors(known, failure.error)
    assert errors.mean() == pytest.approx(failure.error, rel=0.01)
    assert np.all(errors >= known - 1e-12)
    assert errors.max() <= 1.0


def test_leaving_answers_out_that_say_nothing_changes_nothing() -> None:
    """A failure is noticed after as many answers whether or not answers that say nothing are passed through."""
    rng = np.random.default_rng(4)
    known = rng.beta(0.1, 3.23, 30_000)
    errors = np.stack([known, np.minimum(1.0, 8 * known)])
    chances = np.where(known > 0.1, 0.4, 0.08)
    found = doubt._noticed(np.random.default_rng(5), known, errors, chances, Bets(BAR, 0.08), 4_000)
    assert len(found) >= doubt.AT_ONCE - 3
    assert 50 < found.mean() < 4_000


def test_the_breaker_does_as_reckoned_under_late_labels() -> None:
    """Event by event it trips in the runs that were reckoned to, whatever pattern labels come in."""
    figures = list(late._as_told(np.random.default_rng(6), 1))
    assert figures[0].ok
    assert len(figures) == 1 + len(late.PATTERNS)


@pytest.mark.parametrize("kind", list(incidents.KINDS))
def test_incidents_lose_what_they_are_said_to(kind: str) -> None:
    """The mean chance of an error is what is allowed plus the excess that is reckoned as lost."""
    rng = np.random.default_rng(7)
    known = rng.beta(incidents.CONCENTRATION, incidents.CONCENTRATION * 0.97 / 0.03, 200_000)
    incident, since = incidents.KINDS[kind](rng), np.full(len(known), 10_000)
    errors = incident.errors(known, since)
    assert errors.mean() == pytest.approx(BAR + incident.excess(since).mean(), abs=0.004)


def test_figures_stand_beside_their_bars() -> None:
    """A figure that misses its bar is shown as such, and each peer has its column."""
    shown = table_of(
        [
            at_most("a", 2.0, 1.0, "{:.0f}", {"peer": "9"}),
            at_least("b", 2.0, 1.0, "{:.0f}", {"other": "8"}),
            told("c", 3.0, "{:.1f}"),
        ]
    )
    assert "MISSED" in shown.splitlines()[2]
    assert "ok" in shown.splitlines()[3]
    assert {"peer", "other"} <= set(shown.splitlines()[0].split())


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m bench.breaker --quick --only late` simulates and prints figures with their bars."""
    assert set(PARTS) == {"detection", "doubt", "late", "promise"}
    monkeypatch.setitem(PARTS, "late", (late.starvation,))
    main(["--quick", "--only", "late"])
    assert "starvation ends autonomy" in capsys.readouterr().out
    assert detection.LONG == 100_000
