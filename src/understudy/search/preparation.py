"""Preparation: inputs become the rows that heads are fitted on, as a view asks."""

from dataclasses import dataclass, field
from pathlib import Path

from understudy.modalities.protocol import Encoder, Input, View
from understudy.search.candidates import Material
from understudy.search.folds import Folds
from understudy.search.plan import Clock
from understudy.search.rows import Indices, Matrix, Read, Rows, Turning, learn_turning


@dataclass
class Preparation:
    """Sees the inputs of a run as views ask, and remembers what it made of them.

    Attributes:
        inputs: All training inputs, and last those that were made up besides.
        labels: Label of each, 0..k-1; where answers are of another kind, the stratum.
        classes: k.
        folds: How they are split for cross-validation.
        encoder: What turns them into features.
        plan: All views that may be asked for.
        cache: Folder where features are kept.
        scratch: Folder for rows that do not fit in memory.
        seed: Same seed, same rows.
        clock: Told how far it is; ends it when time is up.
        made: How many inputs at the end were made up: altered copies, and labels' names.
        wanted: As in `Material`.
        groups: Group of each input that was not made up; None: each belongs with no other.
    """

    inputs: tuple[Input, ...]
    labels: Indices
    classes: int
    folds: Folds
    encoder: Encoder
    plan: tuple[View, ...]
    cache: Path
    scratch: Path
    seed: int
    clock: Clock
    made: int = 0
    wanted: Matrix | None = None
    groups: Indices | None = None
    _made: dict[str, tuple[Rows, Turning, Read]] = field(default_factory=dict, init=False)
    _latest: tuple[str, Material] | None = field(default=None, init=False)

    def material(self, view: View) -> Material:
        """What heads are fitted on when they see that view.

        Raises:
            TimeToFinish: The time is up.
            Unreadable: An input that was readable on arrival no longer is.
        """
        if self._latest is None or self._latest[0] != view.name:
            rows, _, _ = self._rows(view)
            given = rows, self.labels, self.classes, self.folds, self.clock.pulse, self.wanted
            self._latest = view.name, Material(*given)
        return self._latest[1]

    def turning(self, view: View) -> Turning:
        """How that view's features become rows."""
        return self._rows(view)[1]

    def features(self, view: View) -> Read:
        """How that view's features are read, as the encoder gives them."""
        return self._rows(view)[2]

    def clear(self) -> None:
        """Forgets all rows and removes their files."""
        for rows, _, _ in self._made.values():
            rows.remove()
        self._made.clear()
        self._latest = None

    def _rows(self, view: View) -> tuple[Rows, Turning, Read]:
        if view.name not in self._made:
            self._made[view.name] = self._make(view)
        return self._made[view.name]

    def _make(self, view: View) -> tuple[Rows, Turning, Read]:
        count = len(self.inputs)
        told = self.clock.seeing(view.name)
        features = self.encoder.features(self.inputs, view, self.plan, self.cache, told)

        def read(rows: Indices) -> Matrix:
            self.clock.pulse()
            return features(rows)

        since = self.clock.now()
        turning = learn_turning(read, count, seed=self.seed, standardised=view.standardised)
        rows = Rows.turned(read, count, turning, self.scratch / f"rows-{len(self._made)}.f32")
        self.clock.repeated(self.clock.now() - since)
        self.clock.begin_trying()
        return rows, turning, read
