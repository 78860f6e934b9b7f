"""How a mixture answers."""

import numpy as np

from understudy.domain.answer import Answer
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.search.recommend.lesson import About
from understudy.search.recommend.log import Catalogue
from understudy.search.recommend.mixture import Sureness
from understudy.search.recommend.rankers import Popular
from understudy.search.recommend.speech import Speech, Spoken

NAMES = {"1": "Heat (1995)", "2": "Hamlet; a film", "3": "Emma", "4": "Emma"}


def answered(*history: str) -> Answer:
    popular = Spoken(Popular(np.arange(5, 0, -1).astype(np.float32)), 1.0, 1.0)
    speech = Speech(Catalogue.of("12345"), NAMES, About(length=5), (popular,), Sureness(1.0, 0.0))
    (answer,) = speech.answers([question_bytes(Question("Ann", tuple(map(Event, history))))])
    assert isinstance(answer, Answer)
    return answer


def test_a_title_that_names_one_item_is_that_item() -> None:
    """Whatever its capitals, it counts as the item and is left out of the list."""
    assert answered("heat (1995)", "Hamlet, a film").label == answered("1", "2").label == "3; 4; 5"
    assert answered("heat (1995)").remarks == ()


def test_of_whom_nothing_is_known_it_is_said() -> None:
    """A list that fits everybody does not pass for one of theirs."""
    assert answered().remarks == ("Nothing is known of what “Ann” had, so the list is that for somebody new.",)
    assert answered("1").remarks == ()


def test_a_list_has_the_titles_of_its_items() -> None:
    """In their order, an item without one by its name; where none has one there are none."""
    assert answered("3", "4").titles == ("Heat (1995)", "Hamlet; a film", "5")
    assert answered("1", "2", "3", "4").titles == ()


def test_a_title_of_several_items_is_asked_back() -> None:
    """It counts for nothing, and which items bear it is said."""
    assert answered("Emma").remarks == ("“Emma” is the title of 2 items, so it counts for nothing: say which, 3 or 4.",)


def test_somebody_new_gets_the_chance_that_was_measured_of_new_ones() -> None:
    """So does who had nothing but unknown items, and a history that is far too short is told no more."""
    popular = Spoken(Popular(np.arange(5, 0, -1).astype(np.float32)), 1.0, 1.0)
    speech = Speech(Catalogue.of("12345"), NAMES, About(length=3), (popular,), Sureness(1.0, 0.0, 0.17, 5))
    histories = ([], ["unknown"], ["1", "2"], ["1", "2", "3"])
    answers = speech.answers([question_bytes(Question("", tuple(map(Event, each)))) for each in histories])
    none, strange, short, long = (each.probability for each in answers if isinstance(each, Answer))
    assert none == strange == short == 0.17
    assert long > 0.17
