"""Photos, texts, recordings and clips as worlds: the product's features of them, and one head."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.curve_worlds import Truth, chance_of, held_by, true_course, truth_of
from bench.splits import DATA
from understudy.modalities.protocol import Input, Modality, Unreadable
from understudy.modalities.registry import modality_named
from understudy.search.heads import Head, Taught
from understudy.search.learning_points import learn, measure
from understudy.search.rows import Matrix, Rows, learn_turning
from understudy.stats.scores import Indices, Scores

HEADS = (Head("ridge", 1), Head("linear discriminant", 1))
MOST_TEXTS = 600
"""As many as there are photos in the larger sets."""


@dataclass(frozen=True)
class HeadPlan:
    """Which worlds are made of a set.

    Attributes:
        name: Its folder.
        modality: What it holds.
        labels: Those that are taken; all where none is named.
        parts: Sizes of the sets of labels that are told apart besides all of them.
        drawn: At most so many sets of labels of each such size.
    """

    name: str
    modality: str
    labels: tuple[str, ...] = ()
    parts: tuple[int, ...] = ()
    drawn: int = 3


CARDS = ("card_arrival", "card_linking", "exchange_rate", "lost_or_stolen_card")
PAYMENTS = (
    "declined_card_payment",
    "declined_transfer",
    "pending_card_payment",
    "pending_transfer",
    "transfer_not_received_by_recipient",
    "transfer_timing",
)
INTENTS = ("translate", "definition", "spelling", "change_language", "meaning_of_life", "repeat")
DEVELOPMENT: tuple[HeadPlan, ...] = (
    HeadPlan("cats_dogs", "photo"),
    HeadPlan("trash6", "photo", ("cardboard", "glass", "metal"), (2,)),
    HeadPlan("sms_spam", "text"),
    HeadPlan("banking77", "text", CARDS),
)
HELD_OUT: tuple[HeadPlan, ...] = (
    HeadPlan("brick_crack", "photo"),
    HeadPlan("pcb_defect", "photo"),
    HeadPlan("ants_bees", "photo"),
    HeadPlan("trash6", "photo", ("paper", "plastic", "trash"), (2,)),
    HeadPlan("hate_tweets", "text"),
    HeadPlan("clinc150_oos", "text", INTENTS),
    HeadPlan("banking77", "text", PAYMENTS),
    HeadPlan("esc10", "sound", parts=(5, 3)),
    HeadPlan("spoken_digits", "sound", parts=(5, 3)),
    HeadPlan("fight_video", "video"),
)
"""Nothing was picked by the figures of the latter; no example is on both sides."""


@dataclass(frozen=True)
class HeadWorld:
    """Examples with their labels, in one view, for one head.

    Attributes:
        name: See `World`.
        kind: See `World`.
        features: (n, d).
        labels: (n,), 0..k-1.
        head: What learns from them.
    """

    name: str
    kind: str
    features: Matrix
    labels: Indices
    head: Head

    @property
    def count(self) -> int:
        """See `World`."""
        return len(self.labels)

    def truth(self) -> Truth:
        """See `World`."""
        everyone = np.arange(self.count)
        return truth_of(
            [learn(self._taught(everyone), everyone, self.head, true_course(self.labels), report=lambda _: None)]
        )

    def project(self, examples: int, seed: int) -> Scores | None:
        """See `World`."""
        held = held_by(self.name, self.labels, examples, seed)
        return measure(self._taught(held), np.arange(len(held)), self.head, seed=seed, report=lambda _: None)

    def _taught(self, held: Indices) -> Taught:
        own = self.features[held]
        turning = learn_turning(lambda rows: own[rows], len(own), seed=0)
        rows = Rows(len(own), turning.basis.shape[1], turning(own), None)
        return Taught(rows, self.labels[held], int(self.labels.max()) + 1, lambda: None)


def head_worlds(plans: Sequence[HeadPlan], features: Path, wanted: Callable[[str], bool]) -> Iterator[HeadWorld]:
    """Every world of some plans: all labels and some sets of them, in every view, for every head.

    Args:
        plans: Sets and their labels.
        features: Folder where features are kept.
        wanted: Of the set's name; sets that are not wanted are not read.

    Raises:
        FileNotFoundError: A set is not there.
    """
    for plan in plans:
        if wanted(plan.name):
            modality = modality_named(plan.modality)
            inputs, told = _read(plan, modality)
            for view, rows in _views(modality, inputs, features):
                for subset in _subsets(plan, sorted(set(told))):
                    own = np.flatnonzero(np.isin(told, subset))
                    labels = np.searchsorted(subset, np.asarray(told)[own]).astype(np.int64)
                    title = f"{plan.name} ({' or '.join(subset)}), {view}"
                    for head in HEADS:
                        yield HeadWorld(f"{title}, {head.family}", modality.plural, rows[own], labels, head)


def _views(modality: Modality, inputs: Sequence[Input], features: Path) -> Iterator[tuple[str, Matrix]]:
    encoder = modality.encoder(None)
    views = encoder.views(len(inputs), thorough=True)
    for view in views:
        read = encoder.features(inputs, view, views, features, lambda _done, _total: None)
        yield view.name, read(np.arange(len(inputs)))


def _subsets(plan: HeadPlan, names: Sequence[str]) -> list[tuple[str, ...]]:
    """All labels, and some sets of each size, the same ones each time."""
    chosen = [tuple(names)]
    for size in plan.parts:
        every = list(combinations(names, size))
        places = chance_of(plan.name, size).permutation(len(every))[: plan.drawn]
        chosen += [every[place] for place in np.sort(places)]
    return chosen


def _read(plan: HeadPlan, modality: Modality) -> tuple[list[Input], list[str]]:
    """The inputs of a set that can be read, with their labels."""
    source = _texts(plan) if plan.modality == "text" else _files(plan)
    inputs, labels = [], []
    for data, label in source:
        if not plan.labels or label in plan.labels:
            try:
                modality.inspect(data)
            except Unreadable:
                continue
            inputs.append(Input(hashlib.sha256(data).hexdigest(), partial(bytes, data)))
            labels.append(label)
    return inputs, labels


def _files(plan: HeadPlan) -> Iterator[tuple[bytes, str]]:
    paths = sorted((DATA / plan.name).glob("*/*"))
    if not paths:
        raise FileNotFoundError(f"{DATA / plan.name} holds no files")
    for path in paths:
        yield path.read_bytes(), path.parent.name


def _texts(plan: HeadPlan) -> Iterator[tuple[bytes, str]]:
    """Some texts of a table, drawn the same each time; one that comes twice is taken once."""
    with (DATA / plan.name / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row.get("label") or row.get("category") or "") for row in csv.DictReader(file)]
    rows = list(dict(row for row in rows if not plan.labels or row[1] in plan.labels).items())
    drawn = np.sort(np.random.default_rng(0).permutation(len(rows))[:MOST_TEXTS])
    for place in drawn:
        yield rows[place][0].encode(), rows[place][1]
