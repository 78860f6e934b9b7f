"""Inputs that arrived well and fail later, by the names that people know."""

import re
from collections.abc import Sequence
from typing import Protocol

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.modalities.protocol import Unreadable
from understudy.modalities.reading import InputFailed, input_failed
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Answering(Protocol):
    """What answers for inputs."""

    def predict_all(self, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers in order; an input that cannot be read gets its error as its entry."""
        ...


def answers_to(
    workspace: Workspace, project: str, model: Answering, inputs: Sequence[tuple[str, bytes]]
) -> list[Answer]:
    """What a model says to examples, in order.

    Args:
        workspace: Where the project is.
        project: Its name.
        model: Whom to ask.
        inputs: The examples' digests and bytes.

    Raises:
        InputFailed: One of them can no longer be read; it is named.
    """
    try:
        return _answered(model, [data for _, data in inputs])
    except Unreadable as error:
        failed = _failing(model, inputs)
        if failed is None:
            raise
        raise by_name(workspace, project, failed) from error


def _answered(model: Answering, inputs: Sequence[bytes]) -> list[Answer]:
    said = []
    for answer in model.predict_all(inputs):
        if isinstance(answer, UnderstudyError):
            raise answer
        said.append(answer)
    return said


def _failing(model: Answering, inputs: Sequence[tuple[str, bytes]]) -> InputFailed | None:
    """Which of some inputs cannot be read."""
    for digest, data in inputs:
        try:
            _answered(model, [data])
        except Unreadable as error:
            return input_failed(digest, error)
    return None


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
