"""The way of a request past models whose breakers tripped."""

from hypothesis import given
from hypothesis import strategies as st

from studio.launches import FIRST, SECOND, TERMS, change
from understudy.domain.stage import Stage
from understudy.serving.identity import Mint
from understudy.serving.signpost import Signpost
from understudy.serving.standings import Standing

LIVE = Standing("blades", change(3, Stage.LIVE, fallback=SECOND, fallback_terms=TERMS))


def asked(signpost: Signpost, standing: Standing = LIVE) -> str | None:
    return signpost.way(standing, "a key").model


def test_a_model_that_tripped_is_not_asked_again_when_its_fallback_trips_too() -> None:
    """All trips of one stage count together: after both, people answer."""
    signpost = Signpost(Mint())
    assert asked(signpost) == FIRST
    signpost.trip("blades", FIRST, 3)
    assert asked(signpost) == SECOND
    signpost.trip("blades", SECOND, 3)
    assert asked(signpost) is None


def test_trips_end_with_their_stage() -> None:
    """What tripped in an earlier stage stands in nobody's way."""
    signpost = Signpost(Mint())
    signpost.trip("blades", FIRST, 2)
    assert asked(signpost) == FIRST
    signpost.trip("blades", FIRST, 3)
    assert asked(signpost) == SECOND
    assert asked(signpost, Standing("blades", change(4, Stage.LIVE))) == FIRST


TRIPS = [(project, version, stage) for project in ("blades", "lamp") for version in (FIRST, SECOND) for stage in (2, 3)]


@given(st.lists(st.sampled_from(TRIPS)))
def test_a_trip_holds_in_whatever_order_trips_are_told(told: list[tuple[str, str, int]]) -> None:
    """Whatever tripped before or since, of this stage or another, a model that tripped in this one is not asked."""
    signpost = Signpost(Mint())
    for trip in told:
        signpost.trip(*trip)
    left = [version for version in (FIRST, SECOND) if ("blades", version, 3) not in told]
    assert asked(signpost) == (left[0] if left else None)
