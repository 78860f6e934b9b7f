"""Upper layers learn from examples, the same every time, and a graph computes what they learned."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np
import onnx
import pytest
from threadpoolctl import threadpool_limits

from understudy.engine.inference import Graph, best_precision
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import Input
from understudy.modalities.text import forward, tuning
from understudy.modalities.text.encoder import MOST_TUNED, TextEncoder
from understudy.modalities.text.modality import MODALITY
from understudy.modalities.text.tuning import RATE, VIEW, TextTuner, TunedTexts, start_of
from understudy.modalities.tuning import Tuning
from understudy.search.scorers import Linear

FIRST = ("dog", "cat", "horse", "sparrow", "old friend", "neighbour's child", "whale", "mayor of the town")
SECOND = ("bites", "follows", "knows", "forgets", "admires")
TEXTS = tuple(
    f"the {who} {does} the {whom}" for who in FIRST for does in SECOND for whom in ("baker", "tailor") if who != whom
)
LABELS = np.array([int(text.endswith("tailor")) for text in TEXTS], np.int64)
EVERY = np.arange(len(TEXTS))
LEARNED, REST = EVERY[EVERY % 4 < 2], EVERY[EVERY % 4 > 1]


def inputs(texts: Sequence[str]) -> list[Input]:
    return [Input(sha256(text.encode()).hexdigest(), text.encode) for text in texts]


def quiet(_done: int, _total: int) -> None:
    """Nobody is told."""


def head_of(tuner: TextTuner, indices: np.ndarray) -> Linear:
    """The difference of the labels' means."""
    features = tuner.untuned.features(indices)
    first, second = (features[LABELS[indices] == label].mean(axis=0) for label in (0, 1))
    return Linear(np.stack([first - second, second - first], axis=1), np.zeros(2, np.float32))


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Of linear algebra, as in a training."""
    with threadpool_limits(1, "blas"):
        yield


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return MODALITY.encoder(None)


@pytest.fixture(scope="module")
def tuner(encoder: TextEncoder) -> TextTuner:
    made = encoder.tuner(inputs(TEXTS), timed=False, told=quiet)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def tuned(tuner: TextTuner) -> TunedTexts:
    return tuner.tuned(LEARNED, LABELS, head_of(tuner, LEARNED), seed=1, draws=1, told=quiet)


def test_before_the_first_step_nothing_has_changed(encoder: TextEncoder, tuner: TextTuner) -> None:
    """The layers as they came give the features of the built-in view."""
    builder = GraphBuilder()
    meaning = next(view for view in encoder.views(9, thorough=True) if view.name == "meaning")
    builder.output(encoder.add_to(builder, [meaning])[meaning.name], "meaning", FLOAT, ["n", None])
    preparer = encoder.preparer([meaning])
    batch = preparer.stacked([preparer.arrays(text.encode()) for text in TEXTS[:6]])
    given = Graph(builder.model("meaning"), rows=6, precision="f32").run(batch)["meaning"]
    own = tuner.untuned.features(EVERY[:6])
    cosines = (given / np.linalg.norm(given, axis=1, keepdims=True) * own).sum(axis=1)
    assert cosines.min() > 0.999


def test_examples_bring_what_is_alike_together(tuner: TextTuner, tuned: TunedTexts) -> None:
    """Of texts that were not learned from, labels lie further apart afterwards than they did before."""

    def apart(features: np.ndarray) -> float:
        first, second = (features[LABELS[REST] == label] for label in (0, 1))
        within = np.mean([side.var(axis=0).sum() for side in (first, second)])
        return float(((first.mean(axis=0) - second.mean(axis=0)) ** 2).sum() / within)

    before = tuner.untuned
    assert apart(tuned.features(REST)) > 4 * apart(before.features(REST))


def test_the_same_seed_gives_the_same_arrays(
    tuner: TextTuner, tuned: TunedTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit by bit, with as many threads as there may be; another seed gives others."""
    for module in (forward, tuning):
        monkeypatch.setattr(module, "cores", lambda: 5)
    again = tuner.tuned(LEARNED, LABELS, head_of(tuner, LEARNED), seed=1, draws=1, told=quiet)
    other = tuner.tuned(LEARNED, LABELS, head_of(tuner, LEARNED), seed=2, draws=1, told=quiet)
    for name, array in tuned.arrays.items():
        np.testing.assert_array_equal(array, again.arrays[name])
    assert any(not np.array_equal(array, other.arrays[name]) for name, array in tuned.arrays.items())


def test_several_draws_give_their_means(tuner: TextTuner, tuned: TunedTexts) -> None:
    """The first draw is what one alone gives, the next is another, and steps are told of as of one whole."""
    told: list[tuple[int, int]] = []
    both = tuner.tuned(LEARNED, LABELS, head_of(tuner, LEARNED), seed=1, draws=2, told=lambda *step: told.append(step))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert {total for _, total in told} == {len(told)}
    second = tuner._learned(LEARNED, LABELS, head_of(tuner, LEARNED), np.random.default_rng([1, 1]), quiet)
    for name, array in both.arrays.items():
        assert not np.array_equal(second[name], tuned.arrays[name])
        np.testing.assert_allclose(array, (tuned.arrays[name] + second[name]) / 2, atol=1e-6)


def test_what_it_started_from_stays(encoder: TextEncoder, tuner: TextTuner, tuned: TunedTexts) -> None:
    """Fine-tuning changes copies, each number by a few rates at most."""
    fresh = start_of(encoder.sentences.weights)
    for name, array in tuner.start.items():
        np.testing.assert_array_equal(array, fresh[name])
        assert 0 < np.abs(tuned.arrays[name] - array).max() < RATE * 30


def test_a_graph_computes_what_was_learned(encoder: TextEncoder, tuned: TunedTexts) -> None:
    """The encoder with these arrays gives the same features, and shares the layers below with the built-in views."""
    views = [*encoder.views(9, thorough=True)[:-1], VIEW]
    changed = encoder.with_tuned(tuned.arrays)
    builder = GraphBuilder()
    builder.output(changed.add_to(builder, views)[VIEW.name], "tuned", FLOAT, ["n", None])
    preparer = changed.preparer(views)
    batch = preparer.stacked([preparer.arrays(text.encode()) for text in TEXTS[:7]])
    model = builder.model("tuned")
    given = Graph(model, rows=7, precision="f32").run(batch)["tuned"]
    np.testing.assert_allclose(given, tuned.features(EVERY[:7]), atol=3e-2 if best_precision() == "bf16" else 2e-4)
    gathered = [node for node in onnx.load_model_from_string(model).graph.node if node.op_type == "LayerNormalization"]
    assert len(gathered) == 1 + 2 * 6 + 2 * 2


def test_it_can_be_ended_at_every_step(tuner: TextTuner) -> None:
    """What is told of a step may end the work."""

    class Enough(Exception):
        pass

    def told(done: int, _total: int) -> None:
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        tuner.tuned(EVERY, LABELS, head_of(tuner, EVERY), seed=0, draws=2, told=told)


def test_too_many_tokens_are_not_tuned_on(encoder: TextEncoder) -> None:
    """Texts that would take too long are admitted by nobody's budget or by somebody's alone."""
    long = " ".join(["word"] * 240)
    some = inputs([f"{long} {place}" for place in range(MOST_TUNED // 240)])
    assert isinstance(encoder, Tuning)
    assert encoder.tuner(some, timed=False, told=quiet) is None


def test_nothing_is_added_that_was_not_learned(encoder: TextEncoder) -> None:
    """An encoder as it came has no fine-tuned view."""
    with pytest.raises(ValueError, match="nothing was fine-tuned"):
        encoder.add_to(GraphBuilder(), [VIEW])
