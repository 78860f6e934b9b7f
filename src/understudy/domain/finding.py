"""A finding: something that was seen in the data, with its evidence and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters to the answer."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FindingKind(StrEnum):
    """What was seen. Each kind has its paragraph in docs/reference/findings.md."""

    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    EMPTY_FILE = "empty-file"
    NOT_AN_IMAGE = "not-an-image"
    TOO_LARGE = "too-large"
    UNSAFE_PATH = "unsafe-path"
    MISSING_FILE = "missing-file"
    BAD_ROW = "bad-row"
    EMPTY_FOLDER = "empty-folder"
    SMALL_CLASS = "small-class"
    TWIN = "twin"
    TWINS_ACROSS_BORDER = "twins-across-border"
    CONTRADICTORY_LABELS = "contradictory-labels"
    UNLABELLED = "unlabelled"
    UNGROUPED = "ungrouped"


@dataclass(frozen=True)
class Finding:
    """Something seen in the data.

    Attributes:
        kind: What was seen.
        severity: How much it matters.
        subject: The file, class or row it is about, by the name a person knows.
        fact: What happened, in one sentence.
        reason: Why, in one sentence.
        remedy: What to do, in one sentence.
    """

    kind: FindingKind
    severity: Severity
    subject: str
    fact: str
    reason: str
    remedy: str
