"""Assembly: encoder, heads and calibration become one graph, from an input's arrays to an answer's figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from understudy.modalities.graph import GraphBuilder
from understudy.modalities.protocol import Encoder, View
from understudy.search.endings import Ending, stacked
from understudy.search.odds import Slopes
from understudy.search.rows import Turning
from understudy.search.scorers import Linear, Matrix, Radial, Scorer
from understudy.search.strangeness import Strangeness
from understudy.search.usual import Directions


@dataclass(frozen=True)
class Member:
    """A fitted head in the ensemble.

    Attributes:
        view: What it sees.
        turning: How that was standardised and turned.
        scorer: What it learned.
        slopes: By which its scores are calibrated before they are mixed.
        weight: Its share in the mixture.
    """

    view: View
    turning: Turning
    scorer: Scorer
    slopes: Slopes
    weight: float


def assemble(
    encoder: Encoder,
    members: Sequence[Member],
    ending: Ending,
    *,
    strangeness: Strangeness | None = None,
    directions: Directions | None = None,
) -> GraphBuilder:
    """Builds the whole graph, each maker's constants under a name of its own.

    Inputs are the encoder's; the outputs are the ending's; where it is to be told how strange an input is, so
    is `strangeness`, float (n, 1); where inputs are to be watched, so is `traits`, float (n, d).

    Args:
        encoder: Computes the features.
        members: At least one; their weights sum to 1.
        ending: How what they say becomes an answer's figures.
        strangeness: By which strange inputs are told.
        directions: In which inputs are watched.
    """
    graph = GraphBuilder()
    turnings = {member.view: member.turning for member in members}
    if directions is not None:
        turnings.setdefault(directions.view, directions.turning)
    seen = encoder.add_to(graph.part("encoder"), views_of(members, strangeness, directions))
    heads = graph.part("heads")
    standard = {view: _standardised(heads, seen[view.name], view, turning) for view, turning in turnings.items()}
    desk = _Scoring(heads)
    scores = [desk.scores(standard[member.view], member, f"member_{place}") for place, member in enumerate(members)]
    ending.add_to(graph.part("ending"), _mixture(heads, scores, members, ending), standard)
    if strangeness is not None:
        strangeness.add_to(graph.part("strangeness"), seen)
    if directions is not None:
        directions.add_to(graph.part("traits"), standard[directions.view])
    return graph


def views_of(
    members: Sequence[Member], strangeness: Strangeness | None = None, directions: Directions | None = None
) -> tuple[View, ...]:
    """All views that any part of a model looks at, each once, members' first and in their order."""
    strange = [view for view, _ in strangeness.views] if strangeness else []
    watched = [directions.view] if directions else []
    return tuple(dict.fromkeys([*(member.view for member in members), *strange, *watched]))


def _mixture(graph: GraphBuilder, scores: Sequence[str], members: Sequence[Member], ending: Ending) -> str:
    """Every member's scores become what can be mixed, whose weighted sum is the mixture, (n, k).

    All members go through it at once, as (n, members, k).
    """
    beside = graph.node("Concat", list(scores), axis=1) if len(scores) > 1 else scores[0]
    shape = graph.constant("members by labels", np.array([-1, len(members), ending.width], np.int64))
    slopes, shifts = stacked([member.slopes for member in members])
    sharp = graph.node("Mul", [graph.node("Reshape", [beside, shape]), graph.constant("members' slopes", slopes)])
    if shifts.any():
        sharp = graph.node("Add", [sharp, graph.constant("members' shifts", shifts)])
    weights = np.array([member.weight for member in members], np.float32)[:, None]
    weighted = graph.node("Mul", [ending.shares(graph, sharp), graph.constant("members' weights", weights)])
    return graph.node("ReduceSum", [weighted, graph.constant("axis", np.array([1], np.int64))], keepdims=0)


def _standardised(graph: GraphBuilder, row: str, view: View, turning: Turning) -> str:
    """Centres before scaling: in low precision the difference of two large products would lose the small rest."""
    centred = graph.node("Sub", [row, graph.constant(f"mean of {view.name}", turning.mean)])
    return graph.node("Mul", [centred, graph.constant(f"scale of {view.name}", turning.scale)])


@dataclass
class _Scoring:
    """Appends heads; rows that several of them measure by are kept once, and so are the distances to these."""

    graph: GraphBuilder
    _far: dict[tuple[str, int], str] = field(default_factory=dict)
    _centres: list[Matrix] = field(default_factory=list)

    def scores(self, row: str, member: Member, name: str) -> str:
        """Appends one head; returns the name of its scores, (n, k)."""
        graph, scorer = self.graph, member.scorer
        if isinstance(scorer, Linear):
            # The turning is linear too, so both collapse into one small matrix.
            weights = graph.constant(f"{name}.weights", member.turning.basis @ scorer.weights)
            return graph.node("Gemm", [row, weights, graph.constant(f"{name}.bias", scorer.bias)])
        if not isinstance(scorer, Radial):
            raise TypeError(f"{type(scorer).__name__} has no form as a graph")
        known = next((at for at, each in enumerate(self._centres) if each is scorer.centres), len(self._centres))
        if known == len(self._centres):
            self._centres.append(scorer.centres)
        if (row, known) not in self._far:
            basis = graph.constant(f"basis of {member.view.name}", member.turning.basis)
            self._far[row, known] = self._distances(graph.node("MatMul", [row, basis]), scorer.centres, name)
        scaled = graph.node("Mul", [self._far[row, known], graph.constant(f"{name}.gamma", np.float32(-scorer.gamma))])
        weighed = [graph.constant(f"{name}.weights", scorer.weights), graph.constant(f"{name}.bias", scorer.bias)]
        return graph.node("Gemm", [graph.node("Exp", [scaled]), *weighed])

    def _distances(self, turned: str, centres: Matrix, name: str) -> str:
        """Squared distances of turned rows to the centres, (n, m)."""
        graph = self.graph
        axis = graph.constant("axis", np.array([1], np.int64))
        own = graph.node("ReduceSum", [graph.node("Mul", [turned, turned]), axis], keepdims=1)
        products = graph.node("MatMul", [turned, graph.constant(f"{name}.centres", centres.T * np.float32(2))])
        far = graph.node("Add", [own, graph.constant(f"{name}.lengths", (centres**2).sum(axis=1))])
        return graph.node("Sub", [far, products])
