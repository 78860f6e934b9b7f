"""Inputs that belong to none of the labels are told, in arrays and in the graph alike."""

import numpy as np
import pytest

from understudy.domain.answer import answer_from
from understudy.domain.task import NONE_OF_THESE
from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.search.candidates import Material
from understudy.search.folds import make_folds
from understudy.search.rows import Rows
from understudy.search.strangeness import Distances, Limit
from understudy.search.unknown import LEAST_EXAMPLES, REFUSED, learn_limit

NAMES = ("cards", "loans", "transfers")
RNG = np.random.default_rng(8)
CENTRES = RNG.normal(0, 1, (3, 12)).astype(np.float32)


def drawn(labels: np.ndarray) -> np.ndarray:
    return (CENTRES[labels] + RNG.normal(0, 0.2, (len(labels), 12))).astype(np.float32)


def material(rows: np.ndarray, labels: np.ndarray, classes: int = 3) -> Material:
    folds = make_folds(labels, np.arange(len(labels)), seed=0)
    return Material(Rows(len(rows), rows.shape[1], rows, None), labels, classes, folds, lambda: None)


def taught(count: int = 300) -> tuple[Distances, Limit]:
    labels = np.arange(count) % 3
    learned = learn_limit(material(drawn(labels), labels), NAMES)
    assert learned is not None
    return learned


def test_strangers_lie_beyond_the_limit_and_newcomers_of_the_labels_do_not() -> None:
    """About as many new examples of the labels are refused as was meant; rows between the labels nearly all are."""
    distances, limit = taught()
    newcomers = distances(drawn(np.arange(900) % 3))
    strangers = distances(RNG.normal(0, 1, (400, 12)).astype(np.float32))
    assert np.mean(newcomers > limit.distance) == pytest.approx(REFUSED, abs=0.04)
    assert np.mean(strangers > limit.distance) > 0.9


def test_the_graph_measures_what_arrays_do() -> None:
    """The distance that a graph computes from standardised rows is the one that was learned from turned ones."""
    distances, _ = taught()
    basis = np.linalg.qr(RNG.normal(0, 1, (20, 12)))[0].astype(np.float32)
    standard = RNG.normal(0, 1, (5, 20)).astype(np.float32)
    graph = GraphBuilder()
    row = graph.input("row", FLOAT, ["n", 20])
    graph.output(distances.add_to(graph, row, basis), "far", FLOAT, ["n", 1])
    model = graph.model("distances").SerializeToString()
    told = Graph(model, rows=5, goal="latency", precision="f32").run({"row": standard})["far"]
    np.testing.assert_allclose(told[:, 0], distances(standard @ basis), rtol=1e-3)


def test_what_people_called_none_of_these_tells_how_often_a_refusal_is_right() -> None:
    """Examples of “none of these” have no mean of their own, and raise the probability that a refusal is right."""
    labels = np.arange(300) % 3
    none = RNG.normal(0, 1, (60, 12)).astype(np.float32)
    rows, labels = np.concatenate([drawn(labels), none]), np.concatenate([labels, np.full(60, 3)])
    learned = learn_limit(material(rows, labels, 4), (*NAMES, NONE_OF_THESE))
    assert learned is not None
    distances, limit = learned
    assert len(distances.centres) == 3
    assert limit.right > 0.7
    assert taught()[1].right == 0.5


def test_too_few_examples_tell_no_limit() -> None:
    """With fewer than forty examples nothing is refused, since nothing tells where the limit lies."""
    labels = np.arange(LEAST_EXAMPLES - 4) % 3
    assert learn_limit(material(drawn(labels), labels), NAMES) is None


def test_a_stranger_is_left_to_a_person() -> None:
    """Beyond the limit a person is asked; “none of these” is the answer only where people have given it."""
    limit = Limit(10.0, 0.8)
    plain = answer_from(NAMES, (0.7, 0.2, 0.1), threshold=0.5)
    assert limit.applied(plain, 9.0) == plain
    strange = limit.applied(plain, 11.0)
    assert (strange.label, strange.unknown, strange.ask_person) == ("cards", True, True)
    known = answer_from((*NAMES, NONE_OF_THESE), (0.7, 0.1, 0.1, 0.1), threshold=0.5)
    refused = limit.applied(known, 11.0)
    assert (refused.label, refused.runner_up) == (NONE_OF_THESE, "cards")
    assert refused.probability == 0.8
    assert refused.runner_up_probability <= 0.2
    said = answer_from((*NAMES, NONE_OF_THESE), (0.1, 0.1, 0.1, 0.7), threshold=0.5)
    assert limit.applied(said, 0.0).unknown


def test_a_limit_is_kept_as_it_was() -> None:
    """A limit comes back from JSON as it was; none comes back as none."""
    limit = Limit(12.5, 0.75)
    assert Limit.from_json(limit.to_json()) == limit
    assert Limit.from_json(None) is None
