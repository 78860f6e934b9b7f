"""The choice: which trials answer together, and with what weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from understudy.modalities.protocol import View
from understudy.search.ensemble import START, Ensemble, Loss, choose, clearly_better
from understudy.search.journal import Entry
from understudy.search.kinds.kind import Kind
from understudy.search.odds import Slopes
from understudy.search.rows import Indices

TUNED_SHARE: Final = 2 / 3
"""Weight of what sees as a fine-tuned encoder does. Cross-validation underrates it, for it gains more by the examples
that a fold holds out than heads alone do: on tweets, 64 of each of three labels, three draws, it was right on .76 of
those that its folds held out and on .79 of new ones with all examples; heads on the encoder as it came on .72 and .74.
So weights that were fitted to held-out examples were too low: right on .766 of new ones (and .821 of questions of 77
labels), .777 (.841) with this share, .776 (.842) with .8."""

SURELY: Final = 2
"""Standard errors by which the others must be better to answer without it. Of six draws of 24 tweets one error let them
in two: right on .626 and .652 of new ones, where with fine-tuning it was .663 and .697."""


@dataclass(frozen=True)
class Chosen:
    """The candidates that will answer together.

    Attributes:
        ensemble: Their weights, and what the mixture gives held-out examples.
        entries: The candidates, as `ensemble.members` orders them.
    """

    ensemble: Ensemble
    entries: tuple[Entry, ...]

    @property
    def weighed(self) -> list[tuple[Entry, float]]:
        """Each candidate with its weight."""
        return list(zip(self.entries, self.ensemble.weights, strict=True))

    def beside(self, other: "Chosen", share: float, loss: Loss) -> "Chosen":
        """A mixture of two, in which the other one has that share."""
        own, others = self.ensemble, other.ensemble
        given = (1 - share) * own.given + share * others.given
        weights = *((1 - share) * weight for weight in own.weights), *(share * weight for weight in others.weights)
        entries = self.entries + other.entries
        mixture = Ensemble(tuple(range(len(entries))), weights, loss.losses(loss.told(given)), given)
        return Chosen(mixture, entries)


def slopes_of(entry: Entry, kind: Kind) -> Slopes:
    """What turns a candidate's scores into what it says."""
    return kind.slopes(entry.scores, entry.sharpness)


def choose_among(entries: Sequence[Entry], views: Sequence[View], kind: Kind, rows: Indices) -> Chosen:
    """Chooses among ever more demanding sets of views; a more demanding one must be clearly better.

    What sees as a fine-tuned encoder does takes `TUNED_SHARE` beside the best of the others, unless these are clearly
    better without it.

    Args:
        entries: The candidates; at least one.
        views: Of the encoder as it came, cheapest first; candidates that saw another see as a fine-tuned one does.
        kind: Of the answers.
        rows: Which example each held-out row belongs to.

    Raises:
        ValueError: There is no candidate.
    """
    said = {id(entry): kind.given(entry.scores, slopes_of(entry, kind)) for entry in entries}

    def among(allowed: Sequence[Entry], start: int = START) -> Chosen | None:
        if not allowed:
            return None
        ensemble = choose([said[id(entry)] for entry in allowed], kind.loss, start)
        return Chosen(ensemble, tuple(allowed[place] for place in ensemble.members))

    best: Chosen | None = None
    for names in _rising_demands(views):
        more = among([entry for entry in entries if entry.view in names])
        if best is None or (more and clearly_better(more.ensemble, best.ensemble, rows)):
            best = more
    # These differ by their penalty alone: the best is no better by luck than the next.
    tuned = among([entry for entry in entries if entry.view not in {view.name for view in views}], start=1)
    if best and tuned:
        both = best.beside(tuned, TUNED_SHARE, kind.loss)
        return best if clearly_better(best.ensemble, both.ensemble, rows, errors=SURELY) else both
    if alone := best or tuned:
        return alone
    raise ValueError("a model is made of at least one trial")


def _rising_demands(views: Sequence[View]) -> list[set[str]]:
    """Sets of views: the first alone, all that are as cheap, those of the next demand alone, all."""
    rising = sorted({view.demand for view in views})
    dearer = [{view.name for view in views if view.demand == demand} for demand in rising[1:2]]
    return [
        {views[0].name},
        {view.name for view in views if view.demand == rising[0]},
        *dearer,
        {view.name for view in views},
    ]
