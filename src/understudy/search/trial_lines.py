"""The lines of a run's folder: one a finished trial, and beside them what makes runs comparable."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from understudy.domain.errors import UnderstudyError

_LINES: Final = "trials.jsonl"
_IDENTITY: Final = "identity.json"

E = TypeVar("E")


class RunMismatch(UnderstudyError):
    """A run cannot be resumed, because its data or settings are no longer the same."""


class TrialLines:
    """What every journal keeps of its trials, whatever it keeps beside that.

    Args:
        folder: The run's own; made if missing.
        identity: What makes runs comparable. Lines of another identity are refused; where nothing was tried, there is
            nothing that could not be compared, and the earlier identity is forgotten.
        words: Each part of the identity, for people; what changed is named by them.

    Raises:
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any], words: Mapping[str, str]) -> None:
        self._path = folder / _LINES
        folder.mkdir(parents=True, exist_ok=True)
        if not anything_tried(folder):
            (folder / _IDENTITY).unlink(missing_ok=True)
        _check_identity(folder / _IDENTITY, identity, words)

    def read(self, entry: Callable[[int, dict[str, Any]], E]) -> list[E]:
        """The entries up to the first that is damaged; what follows it is dropped.

        Args:
            entry: Makes an entry of its place and its line; raises ValueError, KeyError, TypeError, OSError or EOFError
                where it is damaged, or something that belongs to it is.
        """
        if not self._path.exists():
            return []
        text = self._path.read_text(encoding="utf-8", errors="replace")
        entries: list[E] = []
        kept = ""
        for line in io.StringIO(text):  # a line ends at “\n” alone, whatever else Unicode calls an end
            try:
                made = entry(len(entries), json.loads(line))
            except (ValueError, KeyError, TypeError, OSError, EOFError):
                break
            if not line.endswith("\n"):
                break
            entries.append(made)
            kept += line
        if kept != text:
            self._path.write_text(kept, encoding="utf-8")
        return entries

    def add(self, line: Mapping[str, Any]) -> None:
        """Keeps a line, once what belongs to it is written."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def anything_tried(folder: Path) -> bool:
    """Whether a run in this folder finished any trial."""
    lines = folder / _LINES
    return lines.is_file() and lines.stat().st_size > 0


def _check_identity(path: Path, identity: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Writes what makes runs comparable, or makes sure that it is what an earlier run wrote."""
    if not path.exists():
        path.write_text(json.dumps(identity, sort_keys=True), encoding="utf-8")
        return
    try:
        before: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise _mismatch("What it had learned from cannot be read any more.") from error
    now: dict[str, Any] = json.loads(json.dumps(identity))
    changed = [words[part] for part in now if part not in before or before[part] != now[part]]
    if changed:
        raise _mismatch(f"Since then {' and '.join(changed)} changed, so what it tried cannot be compared.")


def _mismatch(reason: str) -> RunMismatch:
    return RunMismatch(
        fact="The earlier run cannot go on.", reason=reason, remedy="Train without --resume to start anew."
    )
