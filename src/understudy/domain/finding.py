"""A finding: something that was seen in the data, with its evidence and what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256


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
    WRONG_KIND = "wrong-kind"
    UNUSUAL = "unusual"
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
    UNFINISHED = "unfinished"
    LEAK = "leak"
    SHORTCUT = "shortcut"
    ID_COLUMN = "id-column"
    SUSPECT_LABEL = "suspect-label"
    DISAGREEMENT = "disagreement"
    IMBALANCE = "imbalance"
    DRIFT = "drift"
    MISSING_VALUES = "missing-values"
    DIRTY_VALUES = "dirty-values"
    FAR_OUT = "far-out"
    HIDDEN_GROUP = "hidden-group"
    SENSITIVE = "sensitive"
    WEAK_SLICE = "weak-slice"
    UNFAIR = "unfair"
    NOT_TESTABLE = "not-testable"


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
        evidence: The examples it rests on, by the names people know; at most fifty.
        awaits: Digests of examples: the finding is over once each of them has been given a label.
    """

    kind: FindingKind
    severity: Severity
    subject: str
    fact: str
    reason: str
    remedy: str
    evidence: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Where the documentation explains it."""
        return f"docs/reference/findings.md#{self.kind.value}"

    @property
    def identity(self) -> str:
        """Kind, subject and fact as one key; each part's length stands before it, so no two triples run together."""
        parts = (self.kind.value, self.subject, self.fact)
        whole = "".join(f"{len(part)}:{part}" for part in parts)
        return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class DataAudit:
    """What one audit of a project's data saw.

    Attributes:
        data_version: Which examples and labels it saw, as a digest.
        findings: Most serious first.
        at: When, UTC.
    """

    data_version: str
    findings: tuple[Finding, ...]
    at: datetime


@dataclass(frozen=True)
class Acceptance:
    """A person takes responsibility for a finding, so it no longer stands against a launch. Shown for ever.

    Attributes:
        identity: The finding's `identity`.
        by: Who.
        reason: Why, in that person's words.
        at: When, UTC.
    """

    identity: str
    by: str
    reason: str
    at: datetime
