"""Far out: numbers to be predicted that lie absurdly far from all others, as a slip of the hand or another unit does.

Claim: what `stats.far_out` says of them, hardly ever falsely. Sealed ones are named when they arrive, not here.
"""

from collections.abc import Iterator

import numpy as np

from understudy.audit.material import Material
from understudy.audit.wording import listed
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import number_shown
from understudy.stats.far_out import beyond


def far_out(material: Material) -> Iterator[Finding]:
    """One finding for all numbers to be predicted that lie absurdly far out."""
    if not material.numeric:
        return
    numbers = material.target
    out = np.flatnonzero(beyond(numbers))
    if not len(out):
        return
    usual = np.delete(numbers, out)
    worst = out[np.argsort(-np.abs(numbers[out]), kind="stable")]
    verb, told = "lies" if len(out) == 1 else "lie", listed([number_shown(number) for number in numbers[worst]])
    yield Finding(
        FindingKind.FAR_OUT,
        Severity.MEDIUM,
        "numbers",
        f"{material.counted(len(out))} {verb} absurdly far out: {told} to be predicted, where all others to learn from "
        f"lie between {number_shown(usual.min())} and {number_shown(usual.max())}.",
        "A slip of the hand or another unit looks like that; one such number decides how far off a model is.",
        "Look at them, correct them or leave them out, and add the data again.",
        material.named(material.labelled[worst]),
    )
