"""Texts become features and graph inputs, kept by content and the same however they are batched."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from understudy.engine.inference import Graph
from understudy.modalities.abilities import Hiding
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Input, Modality
from understudy.modalities.text.encoder import MANY_TEXTS, TextEncoder, TextPreparer
from understudy.modalities.text.golden import golden_texts
from understudy.modalities.text.modality import MODALITY, Texts
from understudy.modalities.text.words import WIDTH

TEXTS = ["Where is my card?", "ok", "I was charged twice for the same transfer last week. " * 3]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return MODALITY.encoder(None)


def inputs(texts: list[str]) -> list[Input]:
    return [Input(sha256(text.encode()).hexdigest(), text.encode) for text in texts]


@pytest.fixture(scope="module")
def cache(encoder: TextEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("features")
    views = encoder.views(len(TEXTS), thorough=False)
    encoder.features(inputs(TEXTS), views[0], views, folder, lambda *_: None)
    return folder


def test_features_are_kept_by_content(encoder: TextEncoder, cache: Path) -> None:
    """Features come in the order of the texts, are not computed again, and shorter rows begin the longer ones."""
    told: list[tuple[int, int]] = []
    views = encoder.views(len(TEXTS), thorough=False)
    read = encoder.features(inputs(TEXTS), views[0], views, cache, lambda *done: told.append(done))
    turned = encoder.features(inputs(TEXTS[::-1]), views[0], views, cache, lambda *done: told.append(done))
    last = encoder.features(inputs(TEXTS), views[-2], views, cache, lambda *done: told.append(done))
    every = np.arange(3)
    assert told == []
    np.testing.assert_array_equal(read(every), turned(every)[::-1])
    np.testing.assert_array_equal(last(every), read(every)[:, : views[-2].width])


def test_the_graph_of_a_model_gives_the_features_that_heads_learned_from(encoder: TextEncoder, cache: Path) -> None:
    """What the preparer makes of texts, padded side by side, gives each view's features in one graph."""
    views = encoder.views(len(TEXTS), thorough=False)
    graph = GraphBuilder()
    for view, name in encoder.add_to(graph, views).items():
        graph.output(name, view, FLOAT, ["n", None])
    preparer = encoder.preparer(views)
    batch = preparer.stacked([preparer.arrays(text.encode()) for text in TEXTS])
    model = graph.model("views")
    given = Graph(model, rows=3, goal="latency", precision="f32").run(batch)
    for view in views:
        kept = encoder.features(inputs(TEXTS), view, views, cache, lambda *_: None)(np.arange(3))
        assert given[view.name].shape == kept.shape == (3, view.width)
        np.testing.assert_allclose(given[view.name], kept, atol=0.06)


def test_a_preparer_comes_back_from_what_it_said(encoder: TextEncoder) -> None:
    """From its description and its assets a preparer is made again that gives the same arrays."""
    first = encoder.preparer(encoder.views(3, thorough=True))
    second = MODALITY.preparer(first.described(), first.assets())
    for golden in golden_texts():
        one, other = first.arrays(golden), second.arrays(golden)
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)
    by_words = TextPreparer(None, by_words=True)
    assert MODALITY.preparer(by_words.described(), {}).arrays(b"ok")["words"].shape == (1, WIDTH)


def test_a_preparer_of_another_kind_is_refused() -> None:
    """A description of words hashed in another way, or without its tokenizer, is refused."""
    with pytest.raises(ValueError, match="words/0"):
        MODALITY.preparer({"longest": 0, "words": "words/0"}, {})
    with pytest.raises(KeyError):
        MODALITY.preparer({"longest": 256, "words": ""}, {})


def test_words_are_hidden_one_by_one(encoder: TextEncoder) -> None:
    """Each word of a short text is hidden in turn, wherever it stands; stretches of a long one; a lone word is not."""
    preparer: Hiding = encoder.preparer(encoder.views(3, thorough=True))
    assert isinstance(preparer, Hiding)
    assert [each.what for each in preparer.hidden(b"Where is my card?")] == [
        f"the word “{word}”" for word in ("Where", "is", "my", "card")
    ]
    twice = ["the word “My”, both times", "the word “card”", "the word “and”", "the word “app”"]
    assert [each.what for each in preparer.hidden(b"My card, and my app")] == twice
    stretches = preparer.hidden(" ".join(f"word{at}" for at in range(500)).encode())
    assert 2 <= len(stretches) <= 32
    assert stretches[0].what.startswith("the words “word0 word1")
    assert preparer.hidden(b"ok") == preparer.hidden(b"no no no") == []


def test_many_texts_are_seen_one_way_unless_there_is_a_budget(encoder: TextEncoder) -> None:
    """Above some thousand texts one view is tried; whoever gives a budget has them all."""
    assert len(encoder.views(MANY_TEXTS + 1, thorough=False)) == 1
    assert encoder.views(MANY_TEXTS + 1, thorough=True) == encoder.views(10, thorough=False)


def test_texts_fulfil_what_a_modality_is() -> None:
    """Texts are inspected, measured and paired by the protocol that all modalities fulfil."""
    texts: Modality = Texts()
    measured = texts.inspect(b"Where is\0my card?")
    assert measured.remark.startswith("1 control character, read as spaces")
    prints = [texts.inspect(text).fingerprint for text in (b"Where is my card?", b"WHERE  IS MY CARD", b"Pay me")]
    assert [(pair.first, pair.second, pair.sure) for pair in texts.pairs(prints, newcomers=3)] == [(0, 1, True)]
    assert "words" in texts.inspect(b"word " * 400).remark
    assert texts.facts(b"Where is my card?").keys() >= texts.look_facts | texts.origin_facts
    assert texts.media_type(b"ok") == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("card_arrival", b"card arrival"),
        ("ham", b"ham"),
        ("none of these", None),
        ("0", None),
        ("A1-7", None),
        ("überfällig", "überfällig".encode()),
    ],
)
def test_the_name_of_a_label_is_a_text_where_it_says_something(label: str, words: bytes | None) -> None:
    """Names of words become texts; numbers, codes and “none of these” do not."""
    assert Texts().from_label(label) == words
