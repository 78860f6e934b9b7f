"""Whether a model does worse with what comes later than the sealed set tells, which holds examples of all times.

Where times are known, training examples were held out by time: those of each stretch were answered by what had learned
from earlier ones alone. So new examples will be answered; sealed ones were answered by what had learned from their own
time, and from later.
"""

import math
from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from understudy.domain.evidence import Later, Proportion, Stretch
from understudy.stats.clusters import effective_trials

Counts = NDArray[np.float64]

LEVEL = 0.05
"""How often a model whose later answers are as good as its sealed ones is taken for worse, at most."""
SLOWEST = 0.5
"""Errors are taken to fall as the examples learned from to this power, of which most curves stay below."""


def later_of(stretches: Sequence[Stretch], sealed: Proportion) -> Later | None:
    """Compares answers on later examples with those on sealed ones.

    Earlier parts are smaller, so what learned from them alone errs more often even where nothing changes. Errors are
    therefore held against those of the sealed set times 1/√(share learned from), in the mean over the stretches. Both
    shares of errors count as normal, with one right and one wrong answer more than were seen, and t of as many degrees
    of freedom as there are stretches less one. Examples of one stretch may be alike: how far the stretches lie apart
    widens the interval, never below what chance alone would.

    Measured where nothing changes, on sealed sets of 10 to 500 with three times as many to learn from, 1% to 40% wrong
    (1,000 runs each): taken for worse in at most 2.4%; where errors fall just as fast as they are taken to, in at most
    5.4%. Where wrong answers come in runs (correlation of 0.9 from one row to the next, 300 runs each) that is 3.3% and
    7.3%. Runs that outlast a stretch are not seen: at a correlation of 0.98 in series of 40 to 400 rows, with errors
    that fall so fast, up to 13%.

    Args:
        stretches: Held-out answers by stretch of time.
        sealed: The share of sealed examples that were right.

    Returns:
        The comparison; None where times are not known.
    """
    count = sum(each.count for each in stretches)
    if not count:
        return None
    right = sum(each.right for each in stretches)
    return Later(right, count, worse=sealed.trials > 0 and len(stretches) > 1 and _worse(stretches, sealed))


def _worse(stretches: Sequence[Stretch], sealed: Proportion) -> bool:
    counts = np.array([each.count for each in stretches], np.float64)
    wrong = counts - [each.right for each in stretches]
    total, trials, worth = counts.sum(), sealed.trials, effective_trials(sealed)
    missed = trials - sealed.successes
    expected = sum(each.count * max(each.learned, 1 / total) ** -SLOWEST for each in stretches) / total
    later, then = (wrong.sum() + 1) / (total + 2), (missed + 1) / (trials + 2)
    alike = _design_effect(wrong, counts)
    spread = alike * (later * (1 - later) / total + expected**2 * then * (1 - then) / max(worth, 1.0))
    beyond = (wrong.sum() / total - expected * missed / trials) / math.sqrt(spread)
    return bool(beyond > scipy.special.stdtrit(len(counts) - 1.0, 1 - LEVEL))


def _design_effect(wrong: Counts, counts: Counts) -> float:
    """How much wider the share wrong scatters than it would if no two examples of a stretch were alike; at least 1."""
    share = wrong.sum() / counts.sum()
    if not 0.0 < share < 1.0:
        return 1.0
    off = (wrong - share * counts) ** 2 / (1.0 - counts / counts.sum())
    return max(1.0, float(off.sum() / (share * (1.0 - share) * counts.sum())))
