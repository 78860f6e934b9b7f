"""The best rule of one line: the rival that every model has to beat.

Four kinds of rule are fitted: always the commonest label, the value of one column, a threshold on one number, one word
of a text. All are judged by grouped cross-validation. A rule sees an example only through a *cell* (a value, a side of
a threshold, a word that is there or not), so the counts of labels by part, cell and label hold everything that
cross-validation needs: each column is sorted once, and no row is looked at again.

The best of many rules looks better than it is. So the choice itself is cross-validated (nested cross-validation, Varma
and Simon 2006): for each part, a rule is chosen by cross-validation among the other parts alone, and judged on it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.cells import Cells, keyword_cells, threshold_cells, value_cells
from understudy.audit.parts import deal
from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Fact, Rule, RuleKind

PARTS: Final = 5
CLEARLY: Final = 1.0
"""Standard errors by which a rule must be better than a simpler one."""

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]


def best_rule(labels: Sequence[str], facts: Sequence[Mapping[str, Fact]], groups: Sequence[str], *, seed: int) -> Rule:
    """Finds the rule of one line that is right most often on examples it was not fitted on.

    Args:
        labels: Label of each example; at least one.
        facts: What is known of each.
        groups: What belongs together; a group is never split between fitting and judging.
        seed: Same seed, same rule.

    Returns:
        The rule, fitted on all examples. A rule that looks at something must be right more often than the majority by
        one standard error over groups; of rules that are equally right the simpler one stands. Its accuracy is what
        the choice among all rules gave on parts that had no say in it.

    Raises:
        ValueError: There is no example, or the three differ in length.
    """
    if not labels or not len(labels) == len(facts) == len(groups):
        raise ValueError("labels, facts and groups name the same examples, at least one")
    names, truth = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    group = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)[1]
    contest = _Contest(tuple(str(name) for name in names), truth, group, deal(truth, group, PARTS, seed=seed))
    return contest.winner(facts)


@dataclass(frozen=True)
class _Candidate:
    """A kind of rule on one column, with its right answers and what it answers when fitted on everything.

    Attributes:
        cells: What it looks at; None for the majority.
        right: Right answers on each part when fitted on the others, (parts,).
        without: Right answers in all when a part plays no role whatever and the rest is cross-validated, (parts,).
        rule: Fitted on all examples.
    """

    cells: Cells | None
    right: Counts
    without: Counts
    rule: Rule


@dataclass(frozen=True)
class _Contest:
    """Rules on one set of examples.

    Attributes:
        names: The labels' names.
        truth: Label of each example, (n,).
        group: Group of each, (n,).
        part: In which part each is judged, (n,).
    """

    names: tuple[str, ...]
    truth: Indices
    group: Indices
    part: Indices

    @cached_property
    def by_part(self) -> Counts:
        """Examples of each part and label, (parts, k)."""
        size = PARTS * len(self.names)
        return np.bincount(self.part * len(self.names) + self.truth, minlength=size).reshape(PARTS, -1)

    def winner(self, facts: Sequence[Mapping[str, Fact]]) -> Rule:
        """The best rule, with what the choice is worth."""
        majority = self._majority()
        candidates = [majority, *(self._fit(cells) for cells in self._cells(facts))]
        right = np.stack([candidate.right for candidate in candidates])
        chosen = np.stack([candidate.without for candidate in candidates]).argmax(axis=0)
        honest = int(right[chosen, np.arange(PARTS)].sum())
        best = candidates[int(right.sum(axis=1).argmax())]
        by_majority = int(majority.right.sum())
        if honest <= by_majority or not self._clearly_better(best):
            return replace(majority.rule, accuracy=by_majority / len(self.truth))
        return replace(best.rule, accuracy=honest / len(self.truth))

    def _cells(self, facts: Sequence[Mapping[str, Fact]]) -> list[Cells]:
        """Everything that a rule may look at, the simplest kinds first."""
        columns = dict(FactRows.of(facts).columns())
        simple = [threshold_cells(name, values) for name, values in columns.items()]
        tables = [value_cells(name, values) for name, values in columns.items()]
        words = [keyword_cells(name, values, self.truth, len(self.names)) for name, values in columns.items()]
        return [cells for cells in (*simple, *tables, *(each for some in words for each in some)) if cells is not None]

    def _majority(self) -> _Candidate:
        whole = self.by_part.sum(axis=0)
        rule = Rule(RuleKind.MAJORITY, "", None, "", (), self.names[int(whole.argmax())], 0.0)

        def right(left_out: tuple[int, ...], judged: int) -> int:
            said = int((whole - self.by_part[list(left_out)].sum(axis=0)).argmax())
            return int(self.by_part[judged, said])

        return _Candidate(None, *_cross_validated(right), rule)

    def _fit(self, cells: Cells) -> _Candidate:
        """Fits one rule on all but each part, on all but each two parts, and on everything."""
        counts, by_part = cells.counted(self.truth, len(self.names), self.part, PARTS), self.by_part
        missing = by_part - counts.sum(axis=1)
        whole, every = counts.sum(axis=0), by_part.sum(axis=0)
        fitted: dict[tuple[int, ...], tuple[Indices, int]] = {}

        def right(left_out: tuple[int, ...], judged: int) -> int:
            if left_out not in fitted:
                majority = int((every - by_part[list(left_out)].sum(axis=0)).argmax())
                fitted[left_out] = cells.fit(whole - counts[list(left_out)].sum(axis=0), majority), majority
            answers, majority = fitted[left_out]
            # An example whose fact is missing gets the majority's label.
            return cells.right(answers, counts[judged], majority) + int(missing[judged, majority])

        majority = int(every.argmax())
        return _Candidate(cells, *_cross_validated(right), cells.rule(cells.fit(whole, majority), self.names, majority))

    def _clearly_better(self, best: _Candidate) -> bool:
        """Whether the gain over the majority exceeds its standard error over groups."""
        if best.cells is None:
            return False
        gain = np.zeros(len(self.truth))
        counts = best.cells.counted(self.truth, len(self.names), self.part, PARTS)
        by_part = self.by_part
        for part in range(PARTS):
            held_out = np.flatnonzero(self.part == part)
            said = int((by_part.sum(axis=0) - by_part[part]).argmax())
            fitted = best.cells.fit(counts.sum(axis=0) - counts[part], said)
            answered = best.cells.answers(fitted, held_out, said)
            truth = self.truth[held_out]
            gain[held_out] = (answered == truth).astype(float) - (truth == said)
        of_group = np.bincount(self.group, weights=gain - gain.mean())
        error = float(np.sqrt((of_group**2).sum())) / len(gain)
        return float(gain.mean()) > CLEARLY * error


def _cross_validated(right: Callable[[tuple[int, ...], int], int]) -> tuple[Counts, Counts]:
    """Right answers by part, and in all without each part, from what fitting without some parts gives on one."""
    parts = range(PARTS)
    outer = [right((part,), part) for part in parts]
    inner = [sum(right(tuple(sorted((part, other))), other) for other in parts if other != part) for part in parts]
    return np.array(outer, np.int64), np.array(inner, np.int64)
