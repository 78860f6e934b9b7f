from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import Answer, Reason
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.opinion import QuestionKind, Resolution
from understudy.domain.task import AnswerKind
from understudy.web.answer_views import answer_view, past_answers
from understudy.web.decisions import decision_json
from understudy.web.disclosure import Disclosure, State
from understudy.web.inputs import InputView

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = Answer("secret", 0.9, "hidden", 0.1, ask_person=False, probabilities=(("secret", 0.9), ("hidden", 0.1)))

ASKED = InputView("photo", "/somewhere")


def decision(answered_by: AnsweredBy, because: Because, answer: Answer | None = SECRET) -> Decision:
    return Decision("d1", "lamp", "ab" * 32, answer, answered_by, "cd" * 32, AT, 0.1, because)


def told(shown: Disclosure) -> str:
    """Everything that any face makes of a decision."""
    view = answer_view(shown, ASKED)
    return f"{decision_json(shown, 'photo')} {view} {past_answers([shown], [ASKED])}"


waiting = st.sets(st.sampled_from(QuestionKind), min_size=1)
resolutions = st.sampled_from([None, Resolution("dark", "Kim", AT), Resolution(None, "Kim", AT)])
reasons = st.sampled_from([each for each in Because if each is not Because.TRIED])


@given(open_kinds=waiting, resolution=resolutions, because=reasons, by=st.sampled_from(AnsweredBy))
def test_nothing_tells_what_a_model_said_while_a_person_is_to_answer(
    open_kinds: set[QuestionKind], resolution: Resolution | None, because: Because, by: AnsweredBy
) -> None:
    """Whatever else is known: not the API, not the page of a decision, not a list."""
    shown = Disclosure(decision(by, because), resolution, open_kinds)
    assert shown.model_said is None
    for word in ("secret", "hidden", "0.9"):
        assert word not in told(shown)


@given(open_kinds=st.sets(st.sampled_from(QuestionKind)), because=reasons)
def test_what_a_model_said_in_vain_is_not_told_before_the_request_has_ended(
    open_kinds: set[QuestionKind], because: Because
) -> None:
    """An answer below the threshold stays hidden until people's answer holds."""
    shown = Disclosure(decision(AnsweredBy.NOBODY_YET, because), None, open_kinds)
    assert "secret" not in told(shown)
    assert shown.state is State.WAITING


@given(resolution=resolutions, because=reasons)
def test_people_s_answer_is_what_a_request_ends_in(resolution: Resolution | None, because: Because) -> None:
    """A model that was asked in vain changes neither label nor who answered, then or later."""
    shown = Disclosure(decision(AnsweredBy.NOBODY_YET, because), resolution)
    assert shown.label == (resolution.value if resolution else None)
    assert shown.answered_by is (AnsweredBy.PERSON if resolution else AnsweredBy.NOBODY_YET)
    assert "secret" not in str(decision_json(shown, "photo"))


def test_whoever_asked_is_told_the_model_s_answer() -> None:
    """A client gets the answer with the response itself, audited or not."""
    shown = Disclosure(decision(AnsweredBy.MODEL, Because.CONFIDENT), None, {QuestionKind.AUDIT}, to_client=True)
    assert (shown.label, shown.state, shown.withheld) == ("secret", State.ANSWERED, False)


def test_an_audited_answer_says_that_it_is_withheld() -> None:
    """Whoever looks it up meanwhile is told that the model answered, and that it is being checked."""
    shown = Disclosure(decision(AnsweredBy.MODEL, Because.CONFIDENT), None, {QuestionKind.AUDIT})
    assert (shown.withheld, shown.label, shown.answered_by) == (True, None, AnsweredBy.MODEL)
    assert "checked blind" in answer_view(shown, ASKED).headline


def test_a_second_person_does_not_read_what_the_first_one_said() -> None:
    """While a double answer is wanted, pages keep the first one to themselves; the client has it."""
    asked = decision(AnsweredBy.NOBODY_YET, Because.WIZARD, None)
    shown = Disclosure(asked, Resolution("dark", "Kim", AT), {QuestionKind.DOUBLE})
    assert decision_json(shown, "photo")["label"] == "dark"
    for text in (str(answer_view(shown, ASKED)), str(past_answers([shown], [ASKED]))):
        assert "dark" not in text
        assert "Kim" not in text


@pytest.mark.parametrize("by", [AnsweredBy.MODEL, AnsweredBy.NOBODY_YET])
def test_what_was_tried_is_shown_at_once(by: AnsweredBy) -> None:
    """Nobody is asked about a photo that was only tried, so nothing has to be kept from anybody."""
    assert Disclosure(decision(by, Because.TRIED)).served == SECRET


def test_all_labels_of_a_set_are_shown_as_the_answer() -> None:
    """Where several labels are answered at once, each of them is drawn as said, and the others as not."""
    chances = (("amber", 0.9), ("azure", 0.2), ("green", 0.7))
    said = Answer("amber; green", 0.6, "", 0.0, False, chances, kind=AnswerKind.LABELS)
    view = answer_view(Disclosure(decision(AnsweredBy.MODEL, Because.CONFIDENT, said)), ASKED)
    assert [(row.label, row.kind) for row in view.first_rows] == [
        ("amber", "first"),
        ("green", "first"),
        ("azure", "part"),
    ]
    assert "probability of “amber; green”" in view.regions


def test_what_moved_a_number_is_told_as_up_or_down() -> None:
    """A number has nothing for or against it: what moved it raises or lowers it."""
    said = Answer("12.5", 0.8, "", 0.0, False, (), kind=AnswerKind.NUMBER, interval=(11.0, 14.0))
    shown = Disclosure(decision(AnsweredBy.MODEL, Because.CONFIDENT, said))
    view = answer_view(shown, ASKED, [Reason("the word “manager”", 3.0), Reason("the word “aide”", -2.0)])
    assert [row.moved for row in view.reasons] == ["raises it", "lowers it"]
    assert "lowers the number" in view.regions
