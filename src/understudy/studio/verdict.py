"""The verdict on a project's model, in the words that every face uses."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.studio.advice import Circumstances
from understudy.studio.words import VerdictWords, verdict_words


class TrainCounts(Protocol):
    """Labelled training examples, by label."""

    @property
    def train(self) -> Mapping[str, int]:
        """How many there are of each label."""
        ...


def words_on(judgement: Judgement, project: Project, counts: TrainCounts, findings: Sequence[Finding]) -> VerdictWords:
    """Puts a judgement into words, with what the project holds."""
    circumstances = Circumstances(project=project, gathered=gathered(judgement, counts), findings=findings)
    return verdict_words(judgement, circumstances)


def gathered(judgement: Judgement, counts: TrainCounts) -> dict[str, int]:
    """Labelled examples by label: those for training, and those the look counted in the sealed set."""
    found = dict(counts.train)
    for each in judgement.recalls:
        found[each.label] = found.get(each.label, 0) + each.recall.trials
    return found
