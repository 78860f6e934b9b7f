"""Assembly: encoder, heads and calibration become one graph, from an input's arrays to probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Encoder, View
from understudy.search.rows import Turning
from understudy.search.scorers import Linear, Radial, Scorer
from understudy.search.strangeness import OUTPUT as STRANGENESS
from understudy.search.strangeness import Distances

OUTPUT = "probabilities"
_TINIEST = np.float32(1e-9)


@dataclass(frozen=True)
class Member:
    """A fitted head in the ensemble.

    Attributes:
        view: What it sees.
        turning: How that was standardised and turned.
        scorer: What it learned.
        sharpness: Factor on its scores before the softmax.
        weight: Its share in the mixture.
    """

    view: View
    turning: Turning
    scorer: Scorer
    sharpness: float
    weight: float


def assemble(
    encoder: Encoder,
    members: Sequence[Member],
    *,
    sharpness: float,
    classes: int,
    distances: tuple[View, Distances] | None = None,
) -> GraphBuilder:
    """Builds the whole graph.

    Inputs are the encoder's; the output is `probabilities`, float (n, k); where distances are given, so is
    `strangeness`, float (n, 1).

    Args:
        encoder: Computes the features.
        members: At least one; their weights sum to 1.
        sharpness: Of the mixture: the final calibration.
        classes: k.
        distances: By which strange inputs are told, and which member's view they look at.
    """
    graph = GraphBuilder()
    turnings = {member.view: member.turning for member in members}
    seen = encoder.add_to(graph, tuple(turnings))
    standard = {view: _standardised(graph, seen[view.name], view, turning) for view, turning in turnings.items()}
    scores = [_scores(graph, standard[member.view], member, f"member_{place}") for place, member in enumerate(members)]
    mixture = _mixture(graph, scores, members, classes)
    logarithm = graph.node("Log", [graph.node("Max", [mixture, graph.constant("tiniest", _TINIEST)])])
    sharpened = graph.node("Mul", [logarithm, graph.constant("sharpness", np.float32(sharpness))])
    graph.output(graph.node("Softmax", [sharpened], axis=1), OUTPUT, FLOAT, ["n", classes])
    if distances is not None:
        view, measured = distances
        strangeness = measured.add_to(graph, standard[view], turnings[view].basis)
        graph.output(strangeness, STRANGENESS, FLOAT, ["n", 1])
    return graph


def _mixture(graph: GraphBuilder, scores: Sequence[str], members: Sequence[Member], classes: int) -> str:
    """Every member's scores become probabilities, whose weighted sum is the mixture, (n, k).

    All members go through one softmax, as (n, members, k).
    """
    beside = graph.node("Concat", list(scores), axis=1) if len(scores) > 1 else scores[0]
    shape = graph.constant("members by labels", np.array([-1, len(members), classes], np.int64))
    stacked = graph.node("Reshape", [beside, shape])
    sharpness = np.array([member.sharpness for member in members], np.float32)[:, None]
    weights = np.array([member.weight for member in members], np.float32)[:, None]
    sharp = graph.node("Mul", [stacked, graph.constant("members' sharpness", sharpness)])
    shares = graph.node("Softmax", [sharp], axis=2)
    weighted = graph.node("Mul", [shares, graph.constant("members' weights", weights)])
    return graph.node("ReduceSum", [weighted, graph.constant("axis", np.array([1], np.int64))], keepdims=0)


def _standardised(graph: GraphBuilder, row: str, view: View, turning: Turning) -> str:
    """Centres before scaling: in low precision the difference of two large products would lose the small rest."""
    centred = graph.node("Sub", [row, graph.constant(f"mean of {view.name}", turning.mean)])
    return graph.node("Mul", [centred, graph.constant(f"scale of {view.name}", turning.scale)])


def _scores(graph: GraphBuilder, row: str, member: Member, name: str) -> str:
    scorer = member.scorer
    if isinstance(scorer, Linear):
        # The turning is linear too, so both collapse into one small matrix.
        weights = graph.constant(f"{name}.weights", member.turning.basis @ scorer.weights)
        return graph.node("Gemm", [row, weights, graph.constant(f"{name}.bias", scorer.bias)])
    if isinstance(scorer, Radial):
        basis = graph.constant(f"basis of {member.view.name}", member.turning.basis)
        return _radial_scores(graph, graph.node("MatMul", [row, basis]), scorer, name)
    raise TypeError(f"{type(scorer).__name__} has no form as a graph")


def _radial_scores(graph: GraphBuilder, turned: str, scorer: Radial, name: str) -> str:
    lengths = (scorer.centres**2).sum(axis=1)
    axis = graph.constant("axis", np.array([1], np.int64))
    own = graph.node("ReduceSum", [graph.node("Mul", [turned, turned]), axis], keepdims=1)
    products = graph.node("MatMul", [turned, graph.constant(f"{name}.centres", scorer.centres.T * np.float32(2))])
    far = graph.node("Add", [own, graph.constant(f"{name}.lengths", lengths)])
    distances = graph.node("Sub", [far, products])
    scaled = graph.node("Mul", [distances, graph.constant(f"{name}.gamma", np.float32(-scorer.gamma))])
    weights = [graph.constant(f"{name}.weights", scorer.weights), graph.constant(f"{name}.bias", scorer.bias)]
    return graph.node("Gemm", [graph.node("Exp", [scaled]), *weights])
