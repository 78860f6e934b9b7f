"""Which kind of answer a target asks for."""

from understudy.domain.task import AnswerKind
from understudy.search.folds import Folds
from understudy.search.kinds.kind import Kind
from understudy.search.kinds.number import Number
from understudy.search.kinds.one_label import OneLabel
from understudy.search.kinds.several_labels import SeveralLabels
from understudy.search.target import Target


def kind_of(target: Target, folds: Folds) -> Kind:
    """What a search does for the kind of answer that a target asks for."""
    if target.task.answers is AnswerKind.NUMBER:
        return Number(target, folds)
    if target.task.answers is AnswerKind.LABELS:
        return SeveralLabels(target, folds)
    return OneLabel(target, folds)
