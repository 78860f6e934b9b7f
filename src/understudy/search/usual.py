"""What is usual of inputs that heads learn from: what the model sees of them in directions drawn by chance, and facts.

The directions are drawn, not learned: along directions in which training examples spread most, later inputs would look
different though nothing has changed. Which facts are watched is the modality's to say.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.rule import Fact
from understudy.engine.inference import cores
from understudy.launch.usual import MISSING, MOST_WORDS, Trait, TraitKind, Usual, one_a_group, word_place
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.measuring import facts_of
from understudy.modalities.protocol import Input, Modality, ReadRows, Unreadable, View
from understudy.search.rows import Turning

DIRECTIONS: Final = 16
MOST: Final = 128
"""Inputs that are kept, for their facts are measured anew."""
FURTHEST: Final = 4.0
"""Typical deviations of a feature beyond which it counts as so far out."""
OUTPUT: Final = "traits"

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Directions:
    """In which directions features are looked at.

    Attributes:
        view: Which features.
        turning: How they are standardised.
        drawn: (width, `DIRECTIONS`).
    """

    view: View
    turning: Turning
    drawn: Matrix

    @classmethod
    def over(cls, view: View, turning: Turning, *, seed: int) -> "Directions":
        """Draws them."""
        drawn = np.random.default_rng(seed).normal(size=(view.width, DIRECTIONS))
        return cls(view, turning, drawn.astype(np.float32))

    @property
    def furthest(self) -> np.float32:
        """Standardised features are cut there, so that a rare one decides nothing; a row's mean squared length is 1."""
        return np.float32(FURTHEST / np.sqrt(self.view.width))

    def __call__(self, features: Matrix) -> Matrix:
        """What they come to, (n, `DIRECTIONS`)."""
        standard = (features - self.turning.mean) * self.turning.scale
        return np.asarray(np.clip(standard, -self.furthest, self.furthest) @ self.drawn, np.float32)

    def add_to(self, graph: GraphBuilder, standard: str) -> None:
        """Appends the output `traits`, float (n, `DIRECTIONS`), to a graph.

        Args:
            graph: Receives the nodes.
            standard: Name of the standardised features.
        """
        limits = [graph.constant("nearest feature", -self.furthest), graph.constant("furthest feature", self.furthest)]
        near = graph.node("Clip", [standard, *limits])
        seen = graph.node("MatMul", [near, graph.constant("directions", self.drawn)])
        graph.output(seen, OUTPUT, FLOAT, ["n", DIRECTIONS])


def usual_of(
    inputs: Sequence[Input], groups: Sequence[str], features: ReadRows, directions: Directions, modality: Modality
) -> Usual:
    """Traits of some of the inputs that are learned from, one of each group.

    Args:
        inputs: All of them.
        groups: Group of each.
        features: How the features of the directions' view are read.
        directions: In which they are looked at.
        modality: What the inputs are.
    """
    places = one_a_group(groups, [each.digest for each in inputs], MOST)
    seen = directions(features(np.array(places, np.int64)))
    facts = _measured([inputs[place] for place in places], modality)
    named = [_trait(name, facts) for name in sorted(modality.watched_facts)]
    values = np.array([_numbers(each, named) for each in facts], np.float32).reshape(len(places), len(named))
    traits = (*(Trait("", TraitKind.FEATURE) for _ in range(DIRECTIONS)), *named)
    return Usual(traits, np.concatenate([seen, values], axis=1))


def traits_of(seen: Matrix, data: bytes, modality: Modality, usual: Usual) -> tuple[float, ...]:
    """The traits of one input, in the order of `usual`.

    Args:
        seen: What it comes to in each direction, (1, `DIRECTIONS`).
        data: Its bytes.
        modality: What it is.
        usual: Names the facts.
    """
    named = usual.traits[DIRECTIONS:]
    return (*seen[0].tolist(), *_numbers(facts_of(modality, data) if named else {}, named))


def _measured(inputs: Sequence[Input], modality: Modality) -> list[Mapping[str, Fact]]:
    """The facts of each input; none where none are watched, and of an input that cannot be measured."""
    if not modality.watched_facts:
        return []

    def measured(each: Input) -> Mapping[str, Fact]:
        data = each.read()
        try:
            return facts_of(modality, data)
        except Unreadable:
            return {}  # the audit names it

    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(measured, inputs))


def _trait(name: str, facts: Sequence[Mapping[str, Fact]]) -> Trait:
    said = [each[name] for each in facts if isinstance(each.get(name), str)]
    if not said:
        return Trait(name, TraitKind.NUMBER)
    counts = {str(word): said.count(word) for word in said}
    common = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
    return Trait(name, TraitKind.WORD, tuple(common))


def _numbers(facts: Mapping[str, Fact], traits: Sequence[Trait]) -> list[float]:
    return [_number(facts.get(trait.name)) for trait in traits]


def _number(fact: Fact) -> float:
    if fact is None:
        return MISSING
    return word_place(fact) if isinstance(fact, str) else float(fact)
