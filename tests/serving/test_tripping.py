"""What a trip is called."""

from dataclasses import replace
from datetime import UTC, datetime

from understudy.domain.stage import Terms, TripCause
from understudy.launch.trip import Trip
from understudy.serving.tripping import event_of
from understudy.serving.watch import Run

AT = datetime(2026, 5, 4, tzinfo=UTC)
RUN = Run("blades", "a1" * 32, Terms(threshold=0.7, most_error=0.1, audit_share=0.1, currency="GBP"), 1, AT)
SPENT = Trip(
    TripCause.LOSS, 1.0, audits=35, wrong=13, overdue=0, waiting=0, evidence=3.0, needed=20.0, most_error=0.1,
    lost=400.0, excess=150.0, budget=300.0, faults=0, starved=None,
)  # fmt: skip


def test_a_loss_that_trips_below_the_budget_is_no_contradiction() -> None:
    """It says from when on it counts, and why it opens before all is lost that may be."""
    assert event_of(RUN, SPENT, AT).fact == (
        "Since the moment from which it looks worst, wrong answers have cost about £150 more than is allowed for; "
        "audits tell that only roughly, so it opens well before the £300 that may be lost."
    )
    assert event_of(RUN, replace(SPENT, budget=None), AT).fact.endswith("about £150 more than is allowed for.")
