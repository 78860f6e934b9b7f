"""What the encoder sees without a graph is what its graph gives, in any order and beside any neighbours."""

import numpy as np
import pytest

from understudy.engine.inference import Graph
from understudy.modalities.text.encoder import TextEncoder
from understudy.modalities.text.features import FEATURES, IDS, MASK, MiniLM, feature_graph
from understudy.modalities.text.forward import TOGETHER, Ids, in_parts
from understudy.modalities.text.modality import MODALITY
from understudy.modalities.text.transformer import LAYERS, WIDTH

TEXTS = ["Where is my card?", "ok", "I was charged twice for the same transfer last week. " * 30, "", "🌬 風車"]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return MODALITY.encoder(None)


@pytest.mark.parametrize("depth", [WIDTH, (LAYERS + 1) * WIDTH])
def test_it_is_the_graph(encoder: TextEncoder, depth: int) -> None:
    """Texts of a word, of none and of more tokens than are looked at have the features that the graph gives them."""
    sentences = encoder.sentences
    assert isinstance(sentences, MiniLM)
    ids = encoder.tokens.ids(TEXTS)
    assert {len(one) for one in ids} >= {2, encoder.tokens.longest}
    numbers, mask = encoder.tokens.padded(ids)
    graph = Graph(feature_graph(sentences, depth), rows=len(ids), precision="f32")
    given = graph.run({IDS: numbers, MASK: mask})[FEATURES]
    np.testing.assert_allclose(sentences.rows(ids, depth), given, atol=2e-5)


def test_what_comes_of_texts_keeps_their_order() -> None:
    """A few texts at a time are worked on, and progress ends with all of them."""
    ids = [[place] * (place % 5) for place in range(3 * TOGETHER + 1)]
    told: list[tuple[int, int]] = []

    def work(some: Ids) -> list[np.ndarray]:
        assert len(some) <= TOGETHER
        return [np.array([sum(one)], np.float32) for one in some]

    given = in_parts(ids, work, lambda done, total: told.append((done, total)))
    assert [int(each[0]) for each in given] == [sum(one) for one in ids]
    assert told[-1] == (len(ids), len(ids))
    assert in_parts([], work, lambda *_: None) == []


def test_it_ends_when_it_is_told_to() -> None:
    """What progress raises ends the work after the texts that are under way."""
    worked: list[int] = []

    def work(some: Ids) -> list[np.ndarray]:
        worked.append(len(some))
        return [np.zeros(1, np.float32) for _ in some]

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_parts([[1]] * 1000, work, stop)
    assert sum(worked) < 500
