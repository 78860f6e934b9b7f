"""The verdict on a project's model, in the words that every face uses."""

from collections.abc import Sequence
from typing import Protocol

from understudy.domain.brief import BriefVersion
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.studio.audits.words import naming
from understudy.studio.judgement.circumstances import Awaited, Circumstances
from understudy.studio.judgement.verdict_words import VerdictWords, verdict_words
from understudy.studio.words.phrases import real_things


class Ledger(Protocol):
    """What is read of the ledger. Blocks."""

    def findings(self, project: str) -> Sequence[Finding]:
        """What was seen in the project's data as they came in."""
        ...

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        ...


def words_on(judgement: Judgement, project: Project, ledger: Ledger) -> VerdictWords:
    """Puts a judgement into words, with what the project holds.

    The next step is the brief where there is none, for without one nobody has said how good is good enough; else the
    review, which knows the bar.
    """
    circumstances = Circumstances(
        project=project,
        awaited=Awaited.BRIEF if ledger.latest_brief(project.name) is None else Awaited.REVIEW,
        findings=[naming(each, project.name) for each in ledger.findings(project.name)],
        things=real_things(project),
    )
    return verdict_words(judgement, circumstances)
