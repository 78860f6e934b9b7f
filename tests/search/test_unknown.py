"""Inputs that belong to none of the labels are told, in arrays and in the graph alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import answer_from
from understudy.domain.task import NONE_OF_THESE
from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Part, View
from understudy.search.folds import make_folds
from understudy.search.strangeness import Limit, Nearness, Strangeness, Sums
from understudy.search.unknown import FEWEST, REFUSED, Examples, learn_strangeness, limit_of

NAMES = ("cards", "loans", "transfers")
WIDTH = 40
RNG = np.random.default_rng(8)
CENTRES = RNG.normal(0, 1, (3, WIDTH)).astype(np.float32)
VIEW = View("meaning", (Part("meaning", WIDTH),))


def drawn(labels: np.ndarray) -> np.ndarray:
    """Features that vary about their label's mean in a few directions only."""
    noise = RNG.normal(0, 0.4, (len(labels), WIDTH)) * (np.arange(WIDTH) < 8)
    return np.asarray(CENTRES[labels] + noise, np.float32)


def learned(rows: np.ndarray, labels: np.ndarray, none: int = -1) -> tuple[Strangeness, Limit] | None:
    folds = make_folds(labels, np.arange(len(labels)), seed=0)
    examples = Examples(labels, np.flatnonzero(labels != none), folds, lambda: None)
    return learn_strangeness(examples, [(VIEW, lambda wanted: rows[wanted]), (VIEW, lambda wanted: rows[wanted])])


def taught(count: int = 300) -> tuple[Nearness, Limit]:
    labels = np.arange(count) % 3
    found = learned(drawn(labels), labels)
    assert found is not None
    return found[0].views[0][1], found[1]


def test_strangers_lie_beyond_the_limit_and_newcomers_of_the_labels_do_not() -> None:
    """About as many new examples of the labels are refused as was meant; what they never varied in, nearly always."""
    nearness, limit = taught()
    newcomers = nearness(drawn(np.arange(900) % 3))
    strangers = nearness(RNG.normal(0, 1, (400, WIDTH)).astype(np.float32))
    assert np.mean(newcomers > limit.distance) == pytest.approx(REFUSED, abs=0.03)
    assert np.mean(strangers > limit.distance) > 0.99


def test_few_examples_refuse_few_newcomers() -> None:
    """With twenty examples hardly any newcomer is refused, and strangers are told all the same."""
    refused, told = [], []
    for _ in range(20):
        nearness, limit = taught(21)
        refused.append(np.mean(nearness(drawn(np.arange(90) % 3)) > limit.distance))
        told.append(np.mean(nearness(RNG.normal(0, 3, (50, WIDTH)).astype(np.float32)) > limit.distance))
    assert np.mean(refused) < 0.05
    assert np.mean(told) > 0.9


def test_the_graph_measures_what_arrays_do() -> None:
    """The strangeness that a graph computes is the mean over views of what was learned from arrays."""
    rows = drawn(np.arange(6) % 3) * np.float32(1.5)
    found = learned(drawn(np.arange(90) % 3), np.arange(90) % 3)
    assert found is not None
    graph = GraphBuilder()
    found[0].add_to(graph, {VIEW.name: graph.input("row", FLOAT, ["n", WIDTH])})
    model = graph.model("strangeness")
    told = Graph(model, rows=6, goal="latency", precision="f32").run({"row": rows})["strangeness"]
    np.testing.assert_allclose(told[:, 0], found[0].views[0][1](rows), rtol=1e-4)


def test_sums_without_some_rows_are_those_of_the_others() -> None:
    """What is left of sums when rows are taken out are the sums of the rest."""
    labels = np.arange(50) % 3
    rows = drawn(labels)
    whole, some, rest = (
        Sums.of(lambda wanted: rows[wanted], indices, labels, 3, lambda: None)
        for indices in (np.arange(50), np.arange(20), np.arange(20, 50))
    )
    left = whole - some
    for name in ("counts", "sums", "squares"):
        np.testing.assert_allclose(getattr(left, name), getattr(rest, name), rtol=1e-6, atol=1e-6)


def test_a_column_that_hardly_varies_does_not_decide_alone() -> None:
    """An input that lies off by little, in the one column in which examples hardly differ, is no stranger."""
    labels = np.arange(300) % 3
    rows = drawn(labels)
    rows[:, 0] = 1e-4 * RNG.normal(size=300)
    found = learned(rows, labels)
    assert found is not None
    off = rows.copy()
    off[:, 0] += 0.05
    nearness = found[0].views[0][1]
    np.testing.assert_allclose(nearness(off), nearness(rows), rtol=0.2)


def test_columns_that_never_vary_keep_distances_finite() -> None:
    """Where all examples are the same, another input is still measured, and its distance is a number."""
    labels = np.array([0] * 10 + [1] * 10)
    found = learned(np.ones((20, WIDTH), np.float32), labels)
    assert found is not None
    assert np.isfinite(found[0].views[0][1](np.full((1, WIDTH), 9, np.float32))).all()


def test_what_people_called_none_of_these_tells_how_often_a_refusal_is_right() -> None:
    """Examples of “none of these” have no mean of their own, and raise the probability that a refusal is right."""
    labels = np.arange(300) % 3
    none = RNG.normal(0, 1, (60, WIDTH)).astype(np.float32)
    found = learned(np.concatenate([drawn(labels), none]), np.concatenate([labels, np.full(60, 3)]), none=3)
    assert found is not None
    assert len(found[0].views[0][1].centres) == 3
    assert found[1].right > 0.7
    assert taught()[1].right == 0.5


def test_too_few_examples_tell_no_limit() -> None:
    """With fewer than eight examples, or none that can be held out, nothing tells where the limit lies."""
    labels = np.arange(FEWEST - 1) % 2
    assert learned(drawn(labels), labels) is None
    alone = np.arange(20) % 2
    folds = make_folds(alone, alone, seed=0)
    rows = drawn(alone)
    examples = Examples(alone, np.arange(20), folds, lambda: None)
    assert learn_strangeness(examples, [(VIEW, lambda wanted: rows[wanted])]) is None


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=200))
def test_the_limit_leaves_at_most_the_wanted_share_beyond_it(far: list[float]) -> None:
    """No more examples than one in thirty lie beyond it, and of few none does."""
    beyond = np.sum(np.array(far) > limit_of(np.array(far)))
    assert beyond <= REFUSED * (len(far) + 1)


def test_a_stranger_is_left_to_a_person() -> None:
    """Beyond the limit a person is asked and the label counts for less, however sure the model seems."""
    limit = Limit(10.0, 0.5)
    plain = answer_from(NAMES, (0.98, 0.01, 0.01), threshold=0.5)
    assert limit.applied(plain, 9.0, 0.5) == plain
    strange = limit.applied(plain, 11.0, 0.5)
    assert (strange.label, strange.unknown, strange.stranger, strange.ask_person) == ("cards", True, True, True)
    assert strange.probability == pytest.approx(0.49)
    assert str(strange).startswith("ask a person: nothing like this is among the examples")


def test_none_of_these_is_the_answer_only_where_people_have_given_it() -> None:
    """Then it is one label among others, with its own probability, and may be answered alone."""
    limit = Limit(10.0, 0.8)
    known = answer_from((*NAMES, NONE_OF_THESE), (0.7, 0.1, 0.1, 0.1), threshold=0.5)
    refused = limit.applied(known, 11.0, 0.5)
    assert (refused.label, refused.runner_up, refused.ask_person, refused.stranger) == (
        NONE_OF_THESE,
        "cards",
        False,
        False,
    )
    assert refused.probability == 0.8
    assert refused.runner_up_probability <= 0.2
    assert limit.applied(known, 11.0, 0.9).ask_person
    said = answer_from((*NAMES, NONE_OF_THESE), (0.1, 0.1, 0.1, 0.7), threshold=0.5)
    assert limit.applied(said, 0.0, 0.5).unknown
    assert limit.applied(said, 99.0, 0.5).probability == said.probability


def test_a_limit_is_kept_as_it_was() -> None:
    """A limit comes back from JSON as it was; none comes back as none."""
    limit = Limit(12.5, 0.75)
    assert Limit.from_json(limit.to_json()) == limit
    assert Limit.from_json(None) is None
