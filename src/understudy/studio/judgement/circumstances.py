"""What the words about a judgement need to know besides it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.studio.words.phrases import PHOTOS, Noun


class Awaited(StrEnum):
    """What has to be done before a launch, whatever a look showed: it knows no bar to hold its figures against."""

    BRIEF = "Write the brief; it takes ten minutes, and whatever you do not know may stay unknown."
    REVIEW = "Review it: that holds these answers against the brief."


@dataclass(frozen=True)
class Circumstances:
    """What the words need to know besides the judgement.

    Attributes:
        project: Whose model it is.
        awaited: What has to be done next.
        findings: What was seen as the examples came in.
        things: What the examples are called.
    """

    project: Project
    awaited: Awaited
    findings: Sequence[Finding] = ()
    things: Noun = field(default=PHOTOS)
