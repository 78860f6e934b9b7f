"""Drift: the last examples are not like the first, or those without a label not like those with one.

Claim: with no drift, a finding comes up in at most one set of a hundred (Holm over all columns), and it takes a
notable effect besides: so many examples are seen that trifles are significant. Counts are tested by permutation, which
holds however rare a value is, and the distance that chance alone would show is no part of their effect.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from understudy.audit.columns import Column, ColumnKind
from understudy.audit.material import Material
from understudy.audit.wording import of_hundred, percent, quoted, told_apart
from understudy.domain.example import Side
from understudy.domain.finding import Finding, FindingKind, Severity

FEWEST: Final = 25
"""Groups that each part must have."""
LEVEL: Final = 0.01
NOTABLE: Final = 0.25
"""Kolmogorov's distance, or the share of one part that would have to move for the two to be alike."""
MOST_LEVELS: Final = 1_000
"""Different values that are counted each by itself, the commonest; all others are counted as one."""
FIRST_DRAWS: Final = 200
FEWEST_DRAWS: Final = 1_000
SURELY: Final = 5.0
"""Times the level that chance must reach among the first draws for no more to be drawn."""
SEPARABLE: Final = 0.75
"""Probability that a model ranks a late text above an early one; 0.5 is chance."""
MOST_TEXTS: Final = 1500
SEED: Final = 0

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Change:
    """How far one column differs between two parts, 0..1, and how likely chance makes as much."""

    name: str
    effect: float
    chance: float
    said: str


def drift(material: Material) -> Iterator[Finding]:
    """One finding for first and last, one for labelled and unlabelled."""
    if material.arrived is not None:
        halves = _halves(np.asarray(material.arrived, np.float64))
        if halves is not None:
            early, late = halves
            yield from _between(material, early, late, "first and last", with_label=True)
    unlabelled = np.flatnonzero([label is None for label in material.labels])
    if material.sides is not None:
        unlabelled = np.array([row for row in unlabelled if material.sides[int(row)] is Side.TRAIN], np.int64)
    if len(unlabelled):
        yield from _between(material, material.labelled, unlabelled, "labelled and not", with_label=False)


def _halves(arrived: npt.NDArray[np.float64]) -> tuple[Indices, Indices] | None:
    """Rows before and from the moment that cuts nearest to the middle; None where all came at once."""
    moments = np.unique(arrived[np.isfinite(arrived)])
    if len(moments) < 2:
        return None
    known = np.sort(arrived[np.isfinite(arrived)])
    before = np.searchsorted(known, moments[1:])
    cut = moments[1:][int(np.abs(before - len(known) / 2).argmin())]
    return np.flatnonzero(arrived < cut), np.flatnonzero(arrived >= cut)


def _between(material: Material, one: Indices, other: Indices, what: str, *, with_label: bool) -> Iterator[Finding]:
    one, other = _one_a_group(material, one), _one_a_group(material, other)
    if min(len(one), len(other)) < FEWEST:
        return
    columns = _comparable(material)
    # A number is compared as it is and as missing or not, and a label with all others at once or each by itself.
    tests = 2 * len(columns) + (len(material.marks.names) if material.several else 1)
    changes = [change for column in columns for change in _changes(column, one, other, tests)]
    if with_label:
        changes += _of_labels(material, one, other, tests)
    found = [change for change in changes if change is not None]
    found.sort(key=lambda change: change.chance)
    real = []
    for place, change in enumerate(found):
        if change.chance > LEVEL / (len(found) - place):
            break
        real.append(change)
    notable = sorted((change for change in real if change.effect >= NOTABLE), key=lambda change: -change.effect)
    if notable:
        yield _finding(material, notable, what, other)


def _comparable(material: Material) -> list[Column]:
    """Columns that are not bound to grow with time."""
    left_out = {ColumnKind.ID, ColumnKind.TIME, ColumnKind.EMPTY}
    seen = (column for column in material.columns if column.name not in material.held_out)
    return [column for column in seen if column.kind not in left_out]


def _one_a_group(material: Material, rows: Indices) -> Indices:
    """One row of each group: rows of a group are no independent evidence."""
    return rows[np.sort(np.unique(material.group[rows], return_index=True)[1])]


def _changes(column: Column, one: Indices, other: Indices, tests: int) -> Iterator[_Change | None]:
    if column.kind is ColumnKind.TEXT:
        yield _of_texts(column, one, other)
    elif column.kind is ColumnKind.NUMBER:
        yield _of_numbers(column.name, column.numbers[one], column.numbers[other])
        there = np.isfinite(column.numbers).astype(np.int64) - 1
        yield _of_counts(column.name, there[one], there[other], ("(there)",), tests)
    else:
        yield _of_counts(column.name, column.code[one], column.code[other], column.levels, tests)


def _of_numbers(name: str, one: Numbers, other: Numbers) -> _Change | None:
    early, late = one[np.isfinite(one)], other[np.isfinite(other)]
    if min(len(early), len(late)) < FEWEST:
        return None
    tested = scipy.stats.ks_2samp(early, late, method="asymp")
    before, after = told_apart(float(np.median(early)), float(np.median(late)))
    said = f"{quoted(name)} from {before} to {after} in the middle"
    return _Change(name, float(tested.statistic), float(tested.pvalue), said)


def _of_labels(material: Material, one: Indices, other: Indices, tests: int) -> list[_Change | None]:
    """How labels differ: numbers, shares of all at once, or of each by itself where several can stand together."""
    early, late = (np.flatnonzero(np.isin(material.labelled, rows)) for rows in (one, other))
    if material.numeric:
        return [_of_numbers("number to be predicted", material.target[early], material.target[late])]
    if not material.several:
        return [_of_counts("label", material.truth[early], material.truth[late], material.classes, tests)]
    changes = []
    for label, name in enumerate(material.marks.names):
        without = (~material.marks.there(label)).astype(np.int64)
        changes.append(_of_counts("label", without[early], without[late], (name, f"not {name}"), tests))
    return changes


def _of_counts(name: str, early: Indices, late: Indices, levels: tuple[str, ...], tests: int) -> _Change | None:
    if min(len(early), len(late)) < FEWEST:
        return None
    cells = len(levels) + 1
    counts = np.stack([np.bincount(part + 1, minlength=cells) for part in (early, late)])
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return None
    shares = counts / counts.sum(axis=1, keepdims=True)
    apart = shares[1] - shares[0]
    most = int(np.abs(apart).argmax())
    held = np.flatnonzero(np.bincount(np.concatenate([early, late]) + 1, minlength=cells))
    level = (*("(missing)",), *levels)[int(held[most])]
    said = f"{quoted(name)} {quoted(level)} from {percent(shares[0, most])} to {percent(shares[1, most])}"
    return _Change(name, *beyond_chance(counts, tests), said)


def beyond_chance(counts: Indices, tests: int) -> tuple[float, float]:
    """By how much two parts are further apart than chance alone puts them, and how likely it puts them as far."""
    rare = np.argsort(-counts.sum(axis=0), kind="stable")[MOST_LEVELS:]
    if len(rare):
        counts = np.hstack([np.delete(counts, rare, axis=1), counts[:, rare].sum(axis=1, keepdims=True)])
    seen = float(_apart(counts[0], counts[1]))
    if seen < NOTABLE:
        return seen, 1.0
    rng = np.random.default_rng(SEED)
    drawn = _by_chance(counts, FIRST_DRAWS, rng)
    # A change and chance add up as squares do: so taken off, what remains is the share that moved, to a few hundredths.
    effect, chance = float(np.sqrt(max(seen**2 - drawn.mean() ** 2, 0.0))), _as_far(drawn, seen)
    if chance > SURELY * LEVEL:
        return effect, chance
    # So many that even the strictest of all tests can be passed.
    return effect, _as_far(_by_chance(counts, max(FEWEST_DRAWS, int(tests / LEVEL)), rng), seen)


def _as_far(drawn: Numbers, seen: float) -> float:
    return float((1 + (drawn >= seen - 1e-12).sum()) / (1 + len(drawn)))


def _by_chance(counts: Indices, draws: int, rng: np.random.Generator) -> Numbers:
    """How far apart the two parts lie when chance says which rows are in which, (draws,)."""
    total, size = counts.sum(axis=0), int(counts.sum(axis=1).min())
    found = []
    for start in range(0, draws, FEWEST_DRAWS):
        part = rng.multivariate_hypergeometric(total, size, min(FEWEST_DRAWS, draws - start))
        found.append(_apart(part, total - part))
    return np.concatenate(found)


def _apart(one: Indices, other: Indices) -> Numbers:
    """The share of one part that would have to move for it to be like the other."""
    shares = (part / part.sum(axis=-1, keepdims=True) for part in (one, other))
    apart: Numbers = np.abs(np.subtract(*shares)).sum(axis=-1) / 2
    return apart


def _of_texts(column: Column, one: Indices, other: Indices) -> _Change | None:
    """Whether a small model can tell early texts from late ones that it has not learned from."""
    rng = np.random.default_rng(SEED)
    parts = [rows if len(rows) <= MOST_TEXTS else rng.choice(rows, MOST_TEXTS, replace=False) for rows in (one, other)]
    rows = np.concatenate(parts)
    late = np.repeat([0, 1], [len(part) for part in parts])
    words = HashingVectorizer(n_features=2**14, alternate_sign=False).transform(
        [column.values[row] or "" for row in rows]
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=SEED)
    given = cross_val_predict(model, words, late, cv=folds, method="predict_proba")[:, 1]
    tested = scipy.stats.mannwhitneyu(given[late == 1], given[late == 0])
    ranked = float(tested.statistic) / (len(parts[0]) * len(parts[1]))
    if ranked < SEPARABLE:
        return None
    said = f"{quoted(column.name)}, whose words tell the two apart {of_hundred(ranked)}"
    return _Change(column.name, 2 * ranked - 1, float(tested.pvalue), said)


def _finding(material: Material, changes: list[_Change], what: str, other: Indices) -> Finding:
    said = "; ".join(change.said for change in changes[:3])
    more = f"; and {len(changes) - 3} more" if len(changes) > 3 else ""
    unlabelled = what == "labelled and not"
    subject = f"those without a label and those with one ({len(other):,})" if unlabelled else "the last and the first"
    return Finding(
        FindingKind.DRIFT,
        Severity.MEDIUM,
        what,
        f"{material.noun[1].capitalize()} differ between {subject}: {said}{more}.",
        "A model learns what was; where that changes, what was proven about it holds for the past."
        if not unlabelled
        else "A model is right about what is like its examples; these are of another kind.",
        "Add more of the latest ones and train again (understudy train PROJECT), so that the model learns what is now; "
        "once it answers, audited answers show whether it still is right."
        if not unlabelled
        else "Label some of them, or give them a label of their own (“none of these”).",
        material.named(other),
    )
