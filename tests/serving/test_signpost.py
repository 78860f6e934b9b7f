"""The way of a request past models whose breakers tripped."""

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
    """What tripped in an earlier stage stands in nobody's way, nor does what was taken back."""
    signpost = Signpost(Mint())
    signpost.trip("blades", SECOND, 2)
    signpost.trip("blades", FIRST, 3)
    assert asked(signpost) == SECOND
    signpost.forget("blades")
    assert asked(signpost) == FIRST
