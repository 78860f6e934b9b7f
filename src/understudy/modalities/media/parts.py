"""What encoders of things that go by in time share: views made of parts, each a tensor of one graph."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.media.extraction import Extraction, read_rows
from understudy.modalities.protocol import Input, Part, Preparer, ReadRows, Told, View

P = TypeVar("P", bound=Preparer)


class PartsEncoder(ABC, Generic[P]):
    """An `Encoder`, from its parts."""

    @property
    @abstractmethod
    def key(self) -> str:
        """See `Encoder`."""

    @abstractmethod
    def add_parts(self, graph: GraphBuilder, parts: Sequence[Part]) -> dict[str, str]:
        """Appends what parts need to a graph, its inputs included.

        Returns:
            Names of the parts' tensors, (n, width), by the parts' names.
        """

    @abstractmethod
    def preparer_of(self, parts: Sequence[Part]) -> P:
        """What makes the inputs that parts need."""

    def features(self, inputs: Sequence[Input], view: View, plan: Sequence[View], cache: Path, told: Told) -> ReadRows:
        """See `Encoder`."""
        return read_rows(Extraction(self.key, self._graph, self.preparer_of), inputs, view, plan, cache, told)

    def add_to(self, graph: GraphBuilder, views: Sequence[View]) -> dict[str, str]:
        """See `Encoder`."""
        made = self.add_parts(graph, [part for view in views for part in view.parts])
        names = {view.name: [made[part.name] for part in view.parts] for view in views}
        return {
            name: graph.node("Concat", parts, axis=1) if len(parts) > 1 else parts[0] for name, parts in names.items()
        }

    def preparer(self, views: Sequence[View]) -> P:
        """See `Encoder`."""
        return self.preparer_of([part for view in views for part in view.parts])

    def _graph(self, parts: Sequence[Part]) -> bytes:
        """A graph whose outputs are the parts, as ONNX bytes."""
        graph = GraphBuilder()
        made = self.add_parts(graph, parts)
        for part in parts:
            graph.output(made[part.name], part.name, FLOAT, ["n", part.width])
        return graph.model("features")
