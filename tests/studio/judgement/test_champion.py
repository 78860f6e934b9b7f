"""The champion is the model that answers requests now, and never the one under review."""

import pytest

from studio.launches import FIRST, SECOND, TERMS, change, tripped
from understudy.domain.stage import Cause, Stage, StageChange
from understudy.studio.judgement.champion import champion_in

CHALLENGER = "c3" * 32
BEHIND = {"fallback": SECOND, "fallback_terms": TERMS}


@pytest.mark.parametrize(
    ("standing", "champion"),
    [
        (None, ""),
        (change(1, Stage.WIZARD, None), ""),
        (change(1, Stage.SHADOW), ""),
        (change(1, Stage.SHADOW, **BEHIND), SECOND),
        (change(1, Stage.CANARY), FIRST),
        (change(1, Stage.CANARY, **BEHIND), SECOND),
        (change(1, Stage.LIVE), FIRST),
        (change(1, Stage.LIVE, **BEHIND), FIRST),
        (change(1, Stage.LIVE, cause=Cause.OVERRIDDEN), FIRST),
        (change(3, Stage.LIVE, SECOND, cause=Cause.ROLLED_BACK), SECOND),
        (change(3, Stage.WIZARD, None, cause=Cause.ROLLED_BACK), ""),
        (tripped(2), ""),
        (tripped(2, **BEHIND), SECOND),
    ],
)
def test_it_is_who_answers(standing: StageChange | None, champion: str) -> None:
    """Whatever reviews said: who is live; else who answers beside the model on trial; nobody where people do."""
    assert champion_in(standing, beside=CHALLENGER) == champion


@pytest.mark.parametrize(
    ("standing", "champion"),
    [
        (change(1, Stage.LIVE), ""),
        (change(1, Stage.LIVE, **BEHIND), ""),
        (change(1, Stage.CANARY), ""),
        (change(1, Stage.CANARY, **BEHIND), SECOND),
        (change(1, Stage.SHADOW, **BEHIND), SECOND),
        (change(2, Stage.CANARY, SECOND, fallback=FIRST, fallback_terms=TERMS), SECOND),
    ],
)
def test_a_model_is_no_champion_of_itself(standing: StageChange, champion: str) -> None:
    """The model under review is held against another that answers, never against itself or one that answers nobody."""
    assert champion_in(standing, beside=FIRST) == champion
