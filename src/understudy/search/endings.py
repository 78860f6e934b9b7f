"""Endings: how what the members say becomes the answer's figures at the end of a graph, by the kind of answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import View
from understudy.search.odds import Slopes
from understudy.search.scorers import Linear, Matrix
from understudy.search.speech import DEVIATIONS, HARDNESS, PROBABILITIES

_TINIEST: Final = np.float32(1e-9)
_LEAST: Final = np.float32(1e-6)


class Ending(Protocol):
    """How what members say becomes an answer's figures."""

    @property
    def width(self) -> int:
        """Scores that each member gives."""
        ...

    def shares(self, graph: GraphBuilder, scores: str) -> str:
        """From members' calibrated scores to what can be mixed, both (n, members, k)."""
        ...

    def add_to(self, graph: GraphBuilder, mixture: str, standard: Mapping[View, str]) -> None:
        """Appends the outputs.

        Args:
            graph: Receives the nodes.
            mixture: Name of what the members say together, (n, k).
            standard: By view, the name of its standardised rows.
        """
        ...


@dataclass(frozen=True)
class LabelEnding:
    """One of several labels: `probabilities`, float (n, k), each row summing to 1.

    Attributes:
        width: k.
        sharpness: Of the mixture: the final calibration.
    """

    width: int
    sharpness: float

    def shares(self, graph: GraphBuilder, scores: str) -> str:
        """See `Ending`."""
        return graph.node("Softmax", [scores], axis=2)

    def add_to(self, graph: GraphBuilder, mixture: str, standard: Mapping[View, str]) -> None:
        """See `Ending`."""
        del standard
        logarithm = graph.node("Log", [graph.node("Max", [mixture, graph.constant("tiniest", _TINIEST)])])
        sharpened = graph.node("Mul", [logarithm, graph.constant("sharpness", np.float32(self.sharpness))])
        graph.output(graph.node("Softmax", [sharpened], axis=1), PROBABILITIES, FLOAT, ["n", self.width])


@dataclass(frozen=True)
class SetEnding:
    """Several labels at once: `probabilities`, float (n, k), each of one label alone.

    Attributes:
        slopes: Of the mixture's log odds: the final calibration of each label.
    """

    slopes: Slopes

    @property
    def width(self) -> int:
        """See `Ending`."""
        return len(self.slopes.slope)

    def shares(self, graph: GraphBuilder, scores: str) -> str:
        """See `Ending`."""
        return graph.node("Sigmoid", [scores])

    def add_to(self, graph: GraphBuilder, mixture: str, standard: Mapping[View, str]) -> None:
        """See `Ending`."""
        del standard
        there = graph.node("Max", [mixture, graph.constant("least", _LEAST)])
        missing = graph.node("Sub", [graph.constant("one", np.float32(1)), mixture])
        missing = graph.node("Max", [missing, graph.constant("least", _LEAST)])
        odds = graph.node("Sub", [graph.node("Log", [there]), graph.node("Log", [missing])])
        sloped = graph.node("Mul", [odds, graph.constant("slopes", self.slopes.slope.astype(np.float32))])
        shifted = graph.node("Add", [sloped, graph.constant("shifts", self.slopes.shift.astype(np.float32))])
        graph.output(graph.node("Sigmoid", [shifted]), PROBABILITIES, FLOAT, ["n", self.width])


@dataclass(frozen=True)
class Hardness:
    """How far off a number is likely to be.

    Attributes:
        view: By which that is told; None where all inputs count as equally hard.
        basis: By which the view's standardised rows are turned, (w, r).
        scorer: Gives the logarithm, in the numbers' deviations.
        least: The least logarithm that was met.
        most: The largest.
    """

    view: View | None = None
    basis: Matrix | None = None
    scorer: Linear | None = None
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class NumberEnding:
    """A number: `deviations` and `hardness`, float (n, 1) each; in the number's own unit 32 bits could be too few.

    Attributes:
        hardness: How far off each is likely to be.
    """

    hardness: Hardness

    @property
    def width(self) -> int:
        """See `Ending`."""
        return 1

    def shares(self, graph: GraphBuilder, scores: str) -> str:
        """See `Ending`."""
        del graph
        return scores

    def add_to(self, graph: GraphBuilder, mixture: str, standard: Mapping[View, str]) -> None:
        """See `Ending`."""
        graph.output(mixture, DEVIATIONS, FLOAT, ["n", 1])
        graph.output(self._hard(graph, mixture, standard), HARDNESS, FLOAT, ["n", 1])

    def _hard(self, graph: GraphBuilder, mixture: str, standard: Mapping[View, str]) -> str:
        told = self.hardness
        if told.view is None or told.basis is None or told.scorer is None:
            # As many ones as there are inputs.
            nothing = graph.node("Mul", [mixture, graph.constant("zero", np.float32(0))])
            return graph.node("Add", [nothing, graph.constant("one", np.float32(1))])
        weights = graph.constant("hardness.weights", told.basis @ told.scorer.weights)
        logs = graph.node("Gemm", [standard[told.view], weights, graph.constant("hardness.bias", told.scorer.bias)])
        ends = [graph.constant("easiest", np.float32(told.least)), graph.constant("hardest", np.float32(told.most))]
        return graph.node("Exp", [graph.node("Clip", [logs, *ends])])


def stacked(slopes: Sequence[Slopes]) -> tuple[Matrix, Matrix]:
    """Slopes and shifts of several members, (members, k) each."""
    return (
        np.stack([each.slope for each in slopes]).astype(np.float32),
        np.stack([each.shift for each in slopes]).astype(np.float32),
    )
