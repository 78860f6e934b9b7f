"""How the header of a table that is asked about fits the columns that a model knows."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Final

from understudy.cli.source import CannotRead
from understudy.modalities.table import fit
from understudy.modalities.table.cells import Cell, text_of
from understudy.modalities.table.frame import BadRow, Frame

SHOWN: Final = 5
"""Columns that are named one by one."""
LOOKED: Final = 30
"""Rows among which a header is looked for that does not stand in the first."""
NEAR: Final = 0.7
"""How alike two names are, 0..1, for one to be offered for the other."""


def meant_by(frame: Frame, known: Sequence[str]) -> Mapping[str, str]:
    """Which columns are known ones but for capitals or blanks: from a table's name for them to the known one.

    Args:
        frame: The table.
        known: The columns that the model sees; where there are none, nothing is looked for.

    Raises:
        CannotRead: The table has none of the columns, under whatever capitals.
    """
    others = [column for column in frame.columns if column not in known]
    meant = fit.meant_by(others, [name for name in known if name not in frame.columns])
    if known and not meant and not any(name in frame.columns for name in known):
        raise _unknown(frame, known)
    return meant


def _unknown(frame: Frame, known: Sequence[str]) -> CannotRead:
    """Why a table without any known column cannot be asked about, and where its header may stand."""
    later = _later_header(frame, known)
    holds = f"The first line holds {_listed(frame.columns)}; known are {_listed(known)}."
    if later is not None:
        place, names = later
        return CannotRead(
            fact=f"The header seems to stand in row {place}, which holds {_listed(names)}.",
            reason=holds,
            remedy="Remove the lines above it, and ask again.",
        )
    near = [(column, get_close_matches(column, known, 1, NEAR)) for column in frame.columns[:SHOWN]]
    slips = [f" Perhaps “{close[0]}” is meant by “{column}”." for column, close in near if close]
    return CannotRead(
        fact="It has none of the columns that are known.",
        reason=f"{holds}{''.join(slips)}",
        remedy="Name the columns in its first line as in the table that was added.",
    )


def _later_header(frame: Frame, known: Sequence[str]) -> tuple[int, list[str]] | None:
    """The first row, by its number in the file, that holds two known names, or the only one."""
    for each in islice(frame.read(), LOOKED):
        if isinstance(each, BadRow):
            continue
        number, cells = each
        names = _names_in(cells, known)
        if len(names) >= min(2, len(known)):
            return number, names
    return None


def _names_in(cells: Sequence[Cell], known: Sequence[str]) -> list[str]:
    folded = {fit.folded_name(name): name for name in known}
    said = [fit.folded_name(cell if isinstance(cell, str) else text_of(cell)) for cell in cells]
    return [folded[each] for each in dict.fromkeys(said) if each in folded]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"“{name}”" for name in names[:SHOWN]) + more
