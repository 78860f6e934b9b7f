"""Answers as typed, and briefs as answers."""

import tomllib
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefs import BLADES, COSTS_BY_KIND, briefs
from understudy.domain.brief import BadBrief, Brief, KillCriteria, WrongCost
from understudy.studio.brief.answers import answer_text, answered, shown, value_of, with_entries
from understudy.studio.brief.file import answers_from, example_file
from understudy.studio.brief.questions import BY_FIELD, QUESTIONS, STEPS, questions_of


def test_every_figure_of_a_brief_has_its_question() -> None:
    """Each attribute of a brief is asked for once, and each question is about one."""
    kill = {f"kill_{one.name}" for one in fields(KillCriteria)}
    assert {one.name for one in fields(Brief)} - {"kill"} | kill == set(BY_FIELD)
    assert len(QUESTIONS) == len(BY_FIELD) == len({question.option for question in QUESTIONS})
    assert [question for step in STEPS for question in questions_of(step)] == list(QUESTIONS)
    assert all(question.why.endswith(".") and question.ask.endswith(("?", ".")) for question in QUESTIONS)


@given(briefs.filter(lambda brief: brief.asked_bar != 1), st.data())
def test_a_brief_reads_back_from_its_own_answers(brief: Brief, data: st.DataObject) -> None:
    """Sending a form back as it was filled changes nothing, whatever the brief."""
    texts = data.draw(st.fixed_dictionaries({name: st.none() | st.just("a problem") for name in ("problem", "who")}))
    kept = replace(brief, **texts)
    answers = {field: answer_text(kept, field) for field in BY_FIELD}
    assert answered(Brief(), answers) == kept
    assert answered(kept, {}) == kept
    assert all(shown(kept, field) for field in BY_FIELD)


def test_figures_are_taken_back() -> None:
    """“unknown”, or nothing, takes a figure back and leaves the others."""
    changed = answered(BLADES, {"person_cost": "unknown", "kill_by": "", "wrong_costs": "?"})
    assert changed.person_cost is None
    assert changed.kill == replace(BLADES.kill, by=None)
    assert changed.wrong_cost == BLADES.wrong_cost


def test_one_currency() -> None:
    """The first currency that is named is the brief's; another beside older figures is refused."""
    assert answered(Brief(), {"wrong_cost": "$40"}).currency == "USD"
    assert answered(Brief(), {"wrong_cost": "$40", "person_cost": "2"}).currency == "USD"
    with pytest.raises(BadBrief, match="EUR and USD"):
        answered(BLADES, {"wrong_cost": "$40"})
    with pytest.raises(BadBrief, match="EUR and USD"):
        answered(Brief(), {"wrong_cost": "$40", "person_cost": "€2"})
    with pytest.raises(BadBrief, match="is no currency"):
        answered(BLADES, {"currency": ""})
    assert answered(BLADES, {"currency": "chf"}).currency == "CHF"


def test_several_entries() -> None:
    """Each line is an entry; a further one is added, and one of the same kind replaces the older."""
    brief = answered(BLADES, {"wrong_costs": "crack=sound:€400\r\nsound=crack:5", "class_bars": "crack=98%"})
    assert brief.wrong_costs == COSTS_BY_KIND
    assert brief.class_bars == (("crack", 0.98),)
    text = with_entries(brief, "wrong_costs", ["crack=sound:300", "crack=dirt:1"])
    assert text.splitlines() == ["crack=sound:300", "sound=crack:5", "crack=dirt:1"]
    assert with_entries(brief, "class_bars", ["crack=90%"]) == "crack=90%"
    assert with_entries(replace(brief, slices=("camera",)), "slices", ["site", "camera"]) == "camera\nsite"


LABELS = st.text(st.characters(exclude_characters='"', exclude_categories=("C", "Z")), min_size=1, max_size=8)


@given(LABELS, LABELS, st.integers(1, 999))
def test_any_two_labels_can_be_given_a_cost(truth: str, answer: str, cost: int) -> None:
    """In quotation marks any label is read as it is, also one that holds “=” or “:”, and is written as it is read."""
    assume(truth != answer)
    brief = answered(BLADES, {"wrong_costs": f'"{truth}"="{answer}":{cost}'})
    assert brief.wrong_costs == (WrongCost(truth, answer, cost),)
    assert answered(BLADES, {"wrong_costs": answer_text(brief, "wrong_costs")}) == brief


def test_labels_with_an_equals_sign_are_never_cut_in_two() -> None:
    """Without quotation marks it could be meant in several ways, so it is refused, and the error shows the way."""
    with pytest.raises(BadBrief, match="in quotation marks") as caught:
        answered(BLADES, {"wrong_costs": "<=50K=>50K:10"})
    assert '"<=50K"=">50K":10' in caught.value.remedy


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("wrong_costs", "crack:400"),
        ("class_bars", "98%"),
        ("demand", "lots"),
        ("kill_labels", "1.5"),
        ("kill_labels", "9" * 400),
        ("asked_bar", "100%"),
        ("person_error", "130%"),
        ("colour", "red"),
        ("person_costs", "2"),
    ],
)
def test_what_cannot_be_answered(field: str, text: str) -> None:
    """What is no answer is refused, and the error names the question."""
    with pytest.raises(BadBrief) as caught:
        answered(BLADES, {field: text})
    assert caught.value.field == field


def test_the_example_file_is_a_whole_brief() -> None:
    """The printed example reads, and answers every question."""
    brief = answered(Brief(), answers_from(tomllib.loads(example_file())))
    assert all(value_of(brief, field) not in {None, ()} for field in BY_FIELD)


def test_values_of_a_file() -> None:
    """A file may hold numbers, dates and truths as TOML writes them."""
    told = tomllib.loads("decisions_a_month = 4000\nperson_error = 0.03\nkill_by = 2027-06-30\nminimum_viable = true")
    brief = answered(Brief(), answers_from(told))
    assert (brief.decisions_a_month, brief.person_error, brief.minimum_viable) == (4000, 0.03, True)
    assert str(brief.kill.by) == "2027-06-30"
    with pytest.raises(BadBrief, match="cannot be read"):
        answers_from({"problem": {"nested": 1}})
