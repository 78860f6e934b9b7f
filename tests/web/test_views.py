"""What pages say of a project, put into words."""

from types import SimpleNamespace
from typing import Any

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.store.examples import Counts
from understudy.studio.words.phrases import Noun
from understudy.web.inputs import WHOSE, InputView
from understudy.web.views import examples_view, findings_view, mistakes_of


def test_examples_of_several_labels_are_counted_by_each_label() -> None:
    """A photo that shows two things counts for both; numbers are not counted one by one."""
    counts = Counts({"amber": 2, "amber; azure": 3, "none of these": 1}, 0, 2, 0)
    things = Noun("photo", "photos")
    several = examples_view(counts, things, Task("photo", AnswerKind.LABELS))
    assert (several.title, several.rows) == ("8 photos", [("amber", 5), ("azure", 3)])
    assert examples_view(counts, things).rows == list(counts.train.items())
    assert examples_view(counts, things, Task("photo", AnswerKind.NUMBER, 1.0)).rows == []


def test_wrong_lists_are_told_by_titles() -> None:
    """What was chosen, what was listed and what somebody had stand by their titles; whose it is stays a name."""
    view = InputView("interactions", "/x", cells=[(WHOSE, "1"), ("Last", "2"), ("1 before", "9")])
    judgement: Any = SimpleNamespace(mistakes=[("d", "1", "2; 9", 0.3)])
    task = Task("interactions", AnswerKind.RANKING)
    (told,) = mistakes_of(judgement, lambda _: view, task, {"1": "Heat", "2": "Alien"})
    assert (told.truth, told.said) == ("Heat", "Alien; 9")
    assert list(told.input.cells) == [(WHOSE, "1"), ("Last", "Alien"), ("1 before", "9")]


def test_what_an_audit_found_is_amiss_too() -> None:
    """A page says that nothing is amiss only where neither came up anything on the way in nor a finding stands."""
    rows = Noun("row", "rows")
    assert findings_view([], rows).title == "Nothing found amiss in the rows"
    assert findings_view([], rows, noted=8).title == "8 findings of the audit"
    seen = Finding(FindingKind.TWIN, Severity.LOW, "a", "Two are alike.", "Same bytes.", "Nothing to do.")
    assert findings_view([seen], rows, noted=8).title == "1 finding in the rows"
