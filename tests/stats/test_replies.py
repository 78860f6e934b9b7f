"""Claims about looks whose answers are numbers, sets of labels, rankings, or none of the labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.evidence import Judgement
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, number_text
from understudy.stats.intervals import lower_bound
from understudy.stats.judgement import judge
from understudy.stats.replies import Replies, judge_replies

MINUTES = Task("table", AnswerKind.NUMBER, 5.0, "minutes")
TAGS = Task("text", AnswerKind.LABELS)
FILMS = Task("interactions", AnswerKind.RANKING)
LABELS = Task("text")


def look(task: Task, said: list[str], truth: list[str], *, labels: tuple[str, ...] = (), plain: str = "") -> Judgement:
    count = len(said)
    sure = np.linspace(0.95, 0.55, count) if count else np.empty(0)
    return judge_replies(
        model="m",
        task=task,
        labels=labels,
        replies=Replies(tuple(said), tuple(truth), sure),
        plain=[plain] * count,
        groups=[str(place) for place in range(count)],
        digests=[f"{place:04}" for place in range(count)],
        threshold=0.6,
        look=1,
    )


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-20, 20)), max_size=40), st.floats(0, 15))
def test_numbers_within_the_tolerance_are_right(pairs: list[tuple[float, float]], tolerance: float) -> None:
    """Accuracy counts what is no further off than the tolerance, with the exact bound; mistakes are all the others."""
    task = Task("table", AnswerKind.NUMBER, tolerance)
    truth, said = [number_text(true) for true, _ in pairs], [number_text(true + off) for true, off in pairs]
    found = look(task, said, truth, plain="0")
    near = sum(abs(float(one) - float(other)) <= tolerance * (1 + 1e-9) for one, other in zip(said, truth, strict=True))
    assert (found.accuracy.successes, found.accuracy.trials) == (near, len(pairs))
    assert found.accuracy.lower == pytest.approx(lower_bound(near, len(pairs)) if pairs else 0.0)
    assert len(found.mistakes) == len(pairs) - near
    assert (found.recalls, found.confusion) == ((), ())
    assert (found.numbers is None) == (not pairs)


def test_the_same_number_every_time_is_the_rival() -> None:
    """How often the training median would have been right, and how far off it would be, stand beside the model."""
    found = look(MINUTES, ["11", "22", "29"], ["10", "20", "30"], plain="20")
    assert (found.accuracy.successes, found.majority) == (3, 1)
    assert found.numbers is not None
    assert (found.numbers.median, found.numbers.usual) == (1.0, 10.0)
    assert found.numbers.median_upper is None  # three errors bound nothing from above at 95%


def test_a_set_is_right_as_a_whole_and_each_label_by_itself() -> None:
    """Order makes no difference, one label too few is wrong; a label's recall counts the sets that hold it."""
    said, truth = ["tall; red", "red", NONE_OF_THESE, "red"], ["red; tall", "red; tall", NONE_OF_THESE, "red"]
    found = look(TAGS, said, truth, labels=("red", "tall"), plain="red")
    assert (found.accuracy.successes, found.majority) == (3, 1)
    recalls = {each.label: (each.recall.successes, each.recall.trials) for each in found.recalls}
    assert recalls == {"red": (3, 3), "tall": (1, 2)}
    assert found.confusion == ()


def test_a_ranking_is_right_when_it_holds_what_was_chosen() -> None:
    """The hit rate is the accuracy, beside that of the most popular items."""
    found = look(FILMS, ["Alien; Heat", "Heat; Jaws", "Jaws; Heat"], ["Heat", "Alien", "Jaws"], plain="Heat; Alien")
    assert (found.accuracy.successes, found.majority) == (2, 2)
    assert found.mistakes[0][:3] == ("0001", "Alien", "Heat; Jaws")


def test_a_refusal_is_a_label_like_any_other() -> None:
    """What belongs to no label and is refused counts as right, and the confusion has its row and column."""
    labels = ("bill", "card", NONE_OF_THESE)
    said, truth = ["bill", NONE_OF_THESE, "card", NONE_OF_THESE], ["bill", NONE_OF_THESE, NONE_OF_THESE, "card"]
    found = look(LABELS, said, truth, labels=labels, plain="bill")
    assert found.confusion == ((1, 0, 0), (0, 0, 1), (0, 1, 1))
    assert {each.label: each.recall.successes for each in found.recalls}[NONE_OF_THESE] == 1


@given(st.integers(0, 30), st.integers(0, 1000))
def test_labels_told_as_texts_are_judged_as_by_probabilities(count: int, seed: int) -> None:
    """For one of several labels both ways of telling the same answers give the same judgement."""
    chance = np.random.default_rng(seed)
    labels = ("crack", "dirt", "sound")
    rows, truth = chance.dirichlet(np.ones(3), count), chance.integers(0, 3, count)
    groups, digests = [f"g{place // 2}" for place in range(count)], [f"{place:04}" for place in range(count)]
    by_rows = judge(
        model="m", labels=labels, truth=truth, probabilities=rows, groups=groups, digests=digests, threshold=0.6,
        majority_label="sound", look=1,
    )  # fmt: skip
    said = tuple(labels[place] for place in rows.argmax(axis=1)) if count else ()
    sure = rows.max(axis=1) if count else np.empty(0)
    told = Replies(said, tuple(labels[place] for place in truth), sure)
    by_texts = judge_replies(
        model="m", task=by_rows.task, labels=labels, replies=told, plain=["sound"] * count, groups=groups,
        digests=digests, threshold=0.6, look=1,
    )  # fmt: skip
    assert by_texts == by_rows


def test_contradicting_arguments_are_refused() -> None:
    """Columns of different length are no look."""
    with pytest.raises(ValueError, match="one entry"):
        Replies(("1",), (), np.ones(1))
    with pytest.raises(ValueError, match="two ends"):
        Replies(("1",), ("1",), np.ones(1), np.ones((1, 3)))
