"""Exports of Label Studio: tasks with annotations become rows with a column of labels."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from understudy.domain.texts import json_in
from understudy.modalities.table.cells import Cell, cell_of
from understudy.modalities.table.frame import Frame, Numbered, named

LABEL: Final = "label"
LARGEST: Final = 256 << 20
_STORED: Final = re.compile(r"^(?:https?://[^/]+)?/data/(?:upload/\d+/(?:[0-9a-f]{8}-)?|local-files/\?d=)")
"""What Label Studio puts before the name of a file that was given to it."""

Task = Mapping[str, Any]


def tasks_in(data: bytes) -> list[Task] | None:
    """The tasks of an export, or None where the bytes are something else."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return None
    try:
        items = json_in(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    tasks = isinstance(items, list) and bool(items) and all(_is_task(item) for item in items)
    return items if tasks else None


def _is_task(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("data"), dict) and ("annotations" in item or "id" in item)


def frame_of(name: str, tasks: list[Task]) -> Frame:
    """The tasks as a table: what was shown, and what people said of it.

    A choice, several choices, a number or a rating become the label. Of several annotations of a task the last that
    was not cancelled counts.
    """
    keys = list(dict.fromkeys(str(key) for task in tasks for key in task["data"]))
    label = LABEL if LABEL not in keys else "label said"
    columns, remarks = named(name, [*keys, label])
    return Frame(name, columns, lambda: _rows(tasks, keys), remarks)


def _rows(tasks: list[Task], keys: list[str]) -> Iterator[Numbered]:
    for number, task in enumerate(tasks, start=1):
        yield number, [*(_shown(task["data"].get(key)) for key in keys), _said(task)]


def _shown(value: object) -> Cell:
    """What a task shows; a stored file by the name it was given."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _STORED.sub("", value) if isinstance(value, str) else cell_of(value)


def _said(task: Task) -> Cell:
    annotations = task.get("annotations") or task.get("completions") or []
    for annotation in reversed(annotations):
        if isinstance(annotation, dict) and not annotation.get("was_cancelled"):
            found = [part for result in annotation.get("result", []) for part in _values(result)]
            if found:
                return found[0] if len(found) == 1 else json.dumps(found, ensure_ascii=False)
    return None


def _values(result: object) -> Iterator[Cell]:
    """What one control says, whatever kind it is."""
    value = result.get("value") if isinstance(result, dict) else None
    if not isinstance(value, dict):
        return
    for kind in ("choices", "taxonomy", "labels"):
        given = value.get(kind)
        if isinstance(given, list):
            yield from (" / ".join(map(str, each)) if isinstance(each, list) else cell_of(each) for each in given)
    for kind in ("number", "rating", "text"):
        if kind in value:
            given = value[kind]
            yield cell_of(given[0] if isinstance(given, list) and given else given)
