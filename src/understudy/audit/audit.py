"""The audit: every check on one material, the gravest findings first."""

from collections.abc import Callable, Iterator
from typing import Final

from understudy.audit.disagreement import disagreement
from understudy.audit.drift import drift
from understudy.audit.far_out import far_out
from understudy.audit.gaps import gaps
from understudy.audit.hidden_groups import hidden_groups
from understudy.audit.identifiers import identifiers
from understudy.audit.imbalance import imbalance
from understudy.audit.leaks import leaks
from understudy.audit.material import Material
from understudy.audit.sensitive import sensitive
from understudy.audit.shortcuts import shortcuts
from understudy.audit.slices import weak_slices
from understudy.audit.spelling import dirty_values
from understudy.audit.suspects import suspects
from understudy.audit.too_few import too_few
from understudy.audit.twins import twins
from understudy.domain.finding import Finding, Severity

Check = Callable[[Material], Iterator[Finding]]

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("Copies", twins),
    ("Leaks", leaks),
    ("Shortcuts", shortcuts),
    ("Hidden groups", hidden_groups),
    ("Ids", identifiers),
    ("Wrong labels", suspects),
    ("Disagreement", disagreement),
    ("Rare labels", imbalance),
    ("Drift", drift),
    ("Missing values", gaps),
    ("Dirty values", dirty_values),
    ("Numbers far out", far_out),
    ("Sensitive columns", sensitive),
    ("Weak parts", weak_slices),
    ("What cannot be tested", too_few),
)
"""Every check, by what it looks for."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Reports to nobody."""


def audit(material: Material, *, progress: Callable[[str, int, int], None] = _silent) -> tuple[Finding, ...]:
    """Checks examples for all that could make a verdict about a model on them wrong.

    Args:
        material: What is known of the examples. The same material gives the same findings.
        progress: Told what is looked for now, checks done and checks in all.

    Returns:
        Findings, the gravest first.
    """
    found: list[Finding] = []
    for done, (name, check) in enumerate(CHECKS):
        progress(name, done, len(CHECKS))
        found += check(material)
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
