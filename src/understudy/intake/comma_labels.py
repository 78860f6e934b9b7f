"""Labels that seem to be several with commas between them: to a model each such list is one label of its own."""

from collections import Counter
from collections.abc import Iterator

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.answers import COMMA, separator_of


def on_commas(arriving: Counter[str], known: Counter[str], task: Task) -> Iterator[Finding]:
    """A finding where labels that arrive are made of parts that stand in others, too.

    Args:
        arriving: How many inputs that arrive bear each label.
        known: How many that are there already do.
        task: What comes in.
    """
    if task.answers not in {AnswerKind.LABEL, AnswerKind.LABELS}:
        return
    lists = [label for label, _ in arriving.most_common() if COMMA in label]
    if lists and separator_of([*(arriving | known)], (COMMA,)) == COMMA:
        yield _finding(lists, arriving)


def _finding(lists: list[str], often: Counter[str]) -> Finding:
    first, several = lists[0], len(lists) > 1
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.MEDIUM,
        first,
        f"{len(lists):,} label{'s' * several} {'seem' if several else 'seems'} to be several with commas between them, "
        f"such as “{first}” ({often[first]:,}).",
        "Each such list is a label of its own, so what its parts have in common is not learned.",
        "If they are several labels at once, begin another project with --answers labels; if names hold commas, too, "
        "put semicolons between the labels first; if each is one label, nothing needs to be done.",
        tuple(lists[:50]),
    )
