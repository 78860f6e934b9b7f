"""Whether a model's graph sees inputs as its heads saw them: those features may be of another version of a module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.cache import LARGEST
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Encoder, Input, Modality, View
from understudy.search.rows import Indices, Matrix, Read, Turning

LOOKED_AT: Final = 8
"""Inputs that are looked at again."""
AGREEING: Final = 0.5
"""How far they may be off, as a share of how far inputs are off their mean: 0.19 was met of photos nearly alike."""
NOISIEST: Final = 0.03
"""Share of what numbers usually are that arithmetic in 16 bits may be off: 2% was met."""
NOISE_REACHES: Final = 6
"""Times as far off a single number may be by that."""


class FeaturesOutdated(UnderstudyError):
    """Features on disk are not those that the installed module gives."""


@dataclass(frozen=True)
class Fitted:
    """What heads were fitted on.

    Attributes:
        view: What they saw.
        turning: How it was standardised.
        features: How they are read, as they are kept.
    """

    view: View
    turning: Turning
    features: Read


def check_familiar(modality: Modality, encoder: Encoder, fitted: Sequence[Fitted], inputs: Sequence[Input]) -> None:
    """Prepares and sees a few inputs again, as a model will.

    Args:
        modality: What they are.
        encoder: As it came.
        fitted: What heads were fitted on, of each view that a model looks at.
        inputs: Those that heads were fitted on, in the order of the features.

    Raises:
        FeaturesOutdated: The encoder's graph gives other features than those that are kept.
    """
    places = np.unique(np.linspace(0, len(inputs) - 1, LOOKED_AT).astype(np.int64))
    seen = _seen(encoder, [each.view for each in fitted], [inputs[place] for place in places])
    for each, rows in zip(fitted, seen, strict=True):
        if rows.shape[1] != each.view.width or not _off(each, rows, places) <= AGREEING:
            raise _outdated(modality, each.view)


def _seen(encoder: Encoder, views: Sequence[View], inputs: Sequence[Input]) -> list[Matrix]:
    """What the encoder's graph gives of inputs, each alone, as it would be kept: (n, width) of each view."""
    graph = GraphBuilder()
    names = encoder.add_to(graph.part("encoder"), views)
    for place, view in enumerate(views):
        graph.output(names[view.name], f"view {place}", FLOAT, ["n", view.width])
    plain = Graph(graph.model("features", checked=False), rows=1, goal="latency", precision="f32")
    preparer = encoder.preparer(views)
    given = [plain.run(preparer.arrays(each.read())) for each in inputs]
    rows = (np.concatenate([each[f"view {place}"] for each in given]) for place in range(len(views)))
    return [np.clip(each, -LARGEST, LARGEST).astype(np.float16).astype(np.float32) for each in rows]


def _off(fitted: Fitted, rows: Matrix, places: Indices) -> float:
    """How far rows are off those that are kept, where these are 1 off their mean, on average.

    What most numbers are off is the arithmetic's, up to a limit: it does not count, nor does any column's spread that
    is no larger, as where inputs are nearly alike.
    """
    kept = fitted.features(places)
    apart = np.abs(kept - rows)
    usual = float(np.median(np.sqrt(np.square(kept).mean(axis=0))))
    noise = NOISE_REACHES * min(float(np.median(apart)), NOISIEST * usual)
    largest = 1 / max(noise * np.sqrt(fitted.view.width), float(np.finfo(np.float32).tiny))
    beyond = np.maximum(apart - noise, 0) * np.minimum(fitted.turning.scale, largest)
    return float(np.sqrt(np.square(beyond).sum(axis=1).mean()))


def _outdated(modality: Modality, view: View) -> FeaturesOutdated:
    return FeaturesOutdated(
        fact=f"No model was made: features on disk were made by another version of the module “{modality.name}”.",
        reason=f"The installed one gives others for “{view.name}”, of which a model would have learned nothing.",
        remedy="Whoever changed it raises the key of its encoder, so that they are made anew; then train again.",
    )
