"""What the encoder sees without a graph is what its graph gives, in any order and beside any neighbours."""

import numpy as np
import pytest

from understudy.engine.inference import Graph, batched
from understudy.modalities.text.encoder import TextEncoder
from understudy.modalities.text.features import FEATURES, IDS, MASK, MiniLM, feature_graph
from understudy.modalities.text.forward import TOGETHER, Ids, by_length
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
    """Texts of about one length are worked on together, however they come, and progress ends with all of them."""
    rng = np.random.default_rng(0)
    ids = [list(range(length)) for length in rng.integers(1, 40, 3 * TOGETHER + 1)]
    together: list[list[int]] = []
    told: list[tuple[int, int]] = []

    def work(some: Ids) -> list[np.ndarray]:
        together.append([len(one) for one in some])
        return [np.array([len(one)], np.float32) for one in some]

    given = by_length(ids, work, lambda done, total: told.append((done, total)))
    assert [int(each[0]) for each in given] == [len(one) for one in ids]
    longest_first = sorted((len(one) for one in ids), reverse=True)
    assert sorted(together, reverse=True) == list(batched(longest_first, TOGETHER))
    assert told[-1] == (len(ids), len(ids))
    assert by_length([], work, lambda *_: None) == []


def test_it_ends_when_it_is_told_to() -> None:
    """What progress raises ends the work after the texts that are under way."""
    worked: list[int] = []

    def work(some: Ids) -> list[np.ndarray]:
        worked.append(len(some))
        return [np.zeros(1, np.float32) for _ in some]

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        by_length([[1]] * 1000, work, stop)
    assert sum(worked) < 500
