"""Inputs that arrived well and fail later, by the names that people know."""

import re

from understudy.domain.errors import UnderstudyError
from understudy.modalities.reading import InputFailed
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace

_DIGEST = re.compile(r"[0-9a-f]{64}")


def by_name(workspace: Workspace, project: str, error: UnderstudyError) -> InputFailed:
    """The words of an `InputFailed` with the example's name, and how to forget it.

    Args:
        workspace: Where the project is.
        project: Its name.
        error: What was told where names are not known.
    """
    found = _DIGEST.search(error.fact)
    names = workspace.ledger.names_of(project, [found[0]]) if found else set()
    if found is None or not names:  # a copy that was altered has no name
        return InputFailed(fact=error.fact, reason=error.reason, remedy=error.remedy)
    return InputFailed(
        fact=error.fact.replace(found[0], name(min(names))),
        reason=error.reason,
        remedy=f"Forget it (understudy forget {project} --digest {found[0]}), or let what reads it be mended; then "
        "give the same command again.",
    )
