"""Claims about who answers a request."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.decision import AnsweredBy, Because
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.launch.policy import PEOPLE, Mishap, answered_by, in_canary, route

NEW, OLD = "new", "old"
TERMS = Terms(threshold=0.8, most_error=0.05, audit_share=0.1)


def standing(stage: Stage = Stage.LIVE, *, fallback: bool = False, share: float = 1.0) -> StageChange:
    model = None if stage is Stage.WIZARD else NEW
    return StageChange(
        number=1,
        stage=stage,
        model=model,
        terms=TERMS if model else None,
        fallback=OLD if fallback else None,
        fallback_terms=TERMS if fallback else None,
        share=share,
        cause=Cause.ASKED,
        by="ada",
        reason="because",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


standings = st.builds(standing, st.sampled_from(Stage), fallback=st.booleans(), share=st.floats(0.0, 1.0))
trips = st.sets(st.sampled_from([NEW, OLD]))
sayings = st.one_of(st.none(), st.sampled_from(Mishap), st.floats(0.0, 1.0), st.just(float("nan")))


@given(st.one_of(st.none(), standings), st.text(), trips, sayings)
def test_every_request_is_answered_by_exactly_one(
    stands: StageChange | None, key: str, tripped: set[str], said: float | Mishap | None
) -> None:
    """Whatever stands and whatever is said, either one model or a person answers, and there is one reason."""
    turn = answered_by(route(stands, key, tripped=tripped), said)
    assert (turn.answered_by is AnsweredBy.MODEL) == (turn.model is not None)
    assert turn.answered_by in {AnsweredBy.MODEL, AnsweredBy.NOBODY_YET}
    assert (turn.because is Because.CONFIDENT) == (turn.model is not None)


@given(standings, st.text(), trips, sayings)
def test_a_tripped_breaker_never_lets_its_model_answer(
    stands: StageChange, key: str, tripped: set[str], said: float | Mishap | None
) -> None:
    """A model whose breaker is not closed answers nothing, neither as model nor as fallback."""
    assert answered_by(route(stands, key, tripped=tripped), said).model not in tripped


@given(standings, st.text(), trips, st.floats(0.0, 1.0))
def test_a_stranger_is_never_answered_by_a_model(stands: StageChange, key: str, tripped: set[str], said: float) -> None:
    """What a model takes for something unlike all its examples goes to a person, however sure it is."""
    way = route(stands, key, tripped=tripped)
    turn = answered_by(way, said, stranger=True)
    assert turn.answered_by is AnsweredBy.NOBODY_YET
    assert (turn.because is Because.UNLIKE) == (way.model is not None and way.terms is not None)


@given(st.booleans(), st.floats(0.0, 1.0), st.text(), trips, sayings)
def test_shadow_never_answers(
    fallback: bool, share: float, key: str, tripped: set[str], said: float | Mishap | None
) -> None:
    """In the shadow stage the model is asked in the dark, and a person or the fallback answers."""
    way = route(standing(Stage.SHADOW, fallback=fallback, share=share), key, tripped=tripped)
    assert way.dark == NEW
    assert way.model != NEW
    assert answered_by(way, said).model != NEW


@given(st.text(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_key_stays_in_a_growing_canary(key: str, one: float, other: float) -> None:
    """The same key goes the same way each time, and whoever is in a small share is in every larger one."""
    small, large = sorted((one, other))
    assert in_canary(NEW, small, key) <= in_canary(NEW, large, key)
    assert not in_canary(NEW, 0.0, key)
    assert in_canary(NEW, 1.0, key)
    assert route(standing(Stage.CANARY, share=one), key) == route(standing(Stage.CANARY, share=one), key)


def test_a_canary_has_its_share() -> None:
    """Of 20,000 keys, a tenth goes to the model in canary, and another model's tenth is another one."""
    keys = [str(number) for number in range(20_000)]
    mine = {key for key in keys if in_canary(NEW, 0.1, key)}
    assert 0.093 < len(mine) / len(keys) < 0.107
    both = {key for key in mine if in_canary(OLD, 0.1, key)}
    assert len(both) < 0.02 * len(keys)


def test_reasons_are_those_of_the_case() -> None:
    """Each way of not being answered by the model has its own reason."""
    assert answered_by(route(standing(), "k"), 0.9).because is Because.CONFIDENT
    assert answered_by(route(standing(), "k"), 0.7).because is Because.BELOW_THRESHOLD
    assert answered_by(route(standing(), "k"), Mishap.OVERLOADED).because is Because.OVERLOADED
    assert answered_by(route(standing(), "k"), Mishap.FAULT).because is Because.FAULT
    assert answered_by(route(standing(), "k", tripped=[NEW]), 0.9).because is Because.TRIPPED
    assert answered_by(route(standing(Stage.SHADOW), "k"), 0.9).because is Because.SHADOW
    assert answered_by(route(standing(Stage.CANARY, share=0.0), "k"), 0.9).because is Because.NOT_IN_CANARY
    assert answered_by(route(standing(Stage.WIZARD), "k"), 0.9).because is Because.WIZARD
    assert answered_by(route(None, "k"), 0.9).because is Because.WIZARD
    assert route(None, "k") == PEOPLE


def test_the_fallback_takes_what_the_model_may_not() -> None:
    """Outside the canary, in shadow and after a trip the fallback answers under its own terms, or people do."""
    for stage, share, tripped in ((Stage.CANARY, 0.0, []), (Stage.SHADOW, 0.0, []), (Stage.LIVE, 1.0, [NEW])):
        way = route(standing(stage, fallback=True, share=share), "k", tripped=tripped)
        assert answered_by(way, 0.9).model == OLD
        assert answered_by(way, 0.7).because is Because.BELOW_THRESHOLD
        away = route(standing(stage, fallback=True, share=share), "k", tripped=[*tripped, OLD])
        assert answered_by(away, 0.9).model is None
