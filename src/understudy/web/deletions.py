"""Inputs that were deleted: said where the input would stand, with when and why."""

from collections.abc import Sequence

from understudy.domain.decision import Decision
from understudy.domain.noun import InputNoun
from understudy.modalities.nouns import noun_of
from understudy.store.inputs import Erasure
from understudy.studio.words.phrases import name
from understudy.web.errors import InputDeleted
from understudy.web.services import Records
from understudy.web.templating import moment

LONGEST_REASON = 200


def deleted_among(records: Records, project: str, decisions: Sequence[Decision]) -> dict[str, InputDeleted]:
    """Of a project's decisions those whose input was deleted, by id; reads the ledger."""
    erasures = records.erasures(project, [each.input_digest for each in decisions])
    if not erasures:
        return {}
    noun = noun_of(records.project(project).task.modality)
    return {
        each.id: _deleted(found, noun)
        for each in decisions
        if (found := erasures.get(each.input_digest)) is not None and found.at >= each.at
    }


def require_kept(records: Records, decision: Decision) -> None:
    """Passes while a decision's input was not deleted; reads the ledger.

    Raises:
        InputDeleted: It was.
    """
    for error in deleted_among(records, decision.project, [decision]).values():
        raise error


def _deleted(erasure: Erasure, noun: InputNoun) -> InputDeleted:
    return InputDeleted(
        fact=f"This {noun.one} was deleted on {moment(erasure.at)}.",
        reason=f"{name(erasure.by)} deleted it, because: “{name(erasure.reason, length=LONGEST_REASON)}”.",
        remedy=f"What was decided about it stays on record; the {noun.one} itself cannot be brought back.",
    )
