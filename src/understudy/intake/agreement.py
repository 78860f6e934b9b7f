"""Agreement: the label on which all that came of an input agrees, and what it means for inputs that are known."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from understudy.domain.arrival import Arrival
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.reading import Record


def agreed_label(records: Sequence[Record], task: Task) -> str | None:
    """The label of an input, if all that say one say the same.

    Rows of a table that are the same and turned out differently are no mistake: what was measured does not tell them
    apart. Their commonest label counts, and of numbers the middle one.
    """
    if len(records) == 1:
        return records[0].label or None
    given = [record.label for record in records if record.label]
    labels = set(given)
    if len(labels) < 2:
        return labels.pop() if labels else None
    if task.answers is AnswerKind.NUMBER:
        return sorted(given, key=lambda label: (number_in(label), label))[(len(given) - 1) // 2]
    if task.modality == "table":
        (first, often), (_, next_often) = Counter(given).most_common(2)
        return first if often > next_often else None
    return None


def new_labels(
    inputs: Mapping[str, Sequence[Record]], before: Mapping[str, Arrival], task: Task
) -> tuple[tuple[str, str], ...]:
    """Labels for what was known without one, where the source does not contradict itself."""
    found = []
    for digest, records in inputs.items():
        label = agreed_label(records, task)
        if label and digest in before and before[digest].label is None:
            found.append((digest, label))
    return tuple(found)


def made_real(
    inputs: Mapping[str, Sequence[Record]], before: Mapping[str, Arrival], task: Task
) -> tuple[tuple[str, str], ...]:
    """What was known as made up alone and comes with a label now, as (digest, name)."""
    known = ((digest, records) for digest, records in inputs.items() if digest in before and before[digest].made_up)
    return tuple((digest, records[0].name) for digest, records in known if agreed_label(records, task))


def said_anew(
    inputs: Mapping[str, Sequence[Record]], before: Mapping[str, Arrival], task: Task, doubted: Container[str]
) -> tuple[tuple[str, str], ...]:
    """Labels for what was known with another, or with the same that is doubted; see `new_labels`."""
    found = []
    for digest, records in inputs.items():
        label, old = agreed_label(records, task), before[digest].label if digest in before else None
        if label and old is not None and (label != old or digest in doubted):
            found.append((digest, label))
    return tuple(found)


def unsaid(records: Sequence[Record]) -> list[Record]:
    """Without labels: what is made up says nothing of what is known."""
    return [replace(record, label=None) for record in records]
