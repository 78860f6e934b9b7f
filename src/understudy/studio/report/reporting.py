"""Reports: a review as a page, a print and its evidence, to be shared now and checked in a year."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.domain.review import Review
from understudy.studio.report.content import report_of
from understudy.studio.report.evidence import NotAReport, canonical, digest_of, gathered_evidence, read_evidence
from understudy.studio.report.page import page_of
from understudy.studio.report.printing import print_of
from understudy.studio.workspace import Workspace

PAGE, PRINT, EVIDENCE = "report.html", "report.pdf", "report.json"


class ReportUnwritable(UnderstudyError):
    """The folder cannot hold a report."""


class Standing(StrEnum):
    """What a check says about one file of a report."""

    TRUE = "true"
    """Byte for byte what the evidence gives."""
    CHANGED = "changed"
    """It names this evidence, but is not what the evidence gives: changed, or written by another version."""
    FOREIGN = "foreign"
    """It names other evidence."""
    MISSING = "missing"


@dataclass(frozen=True)
class ReportFiles:
    """A written report.

    Attributes:
        page: The HTML file.
        print: The PDF file.
        evidence: The JSON file.
        digest: SHA-256 of the JSON file, in hex; page and print bear it.
    """

    page: Path
    print: Path
    evidence: Path
    digest: str


@dataclass(frozen=True)
class ReportCheck:
    """Whether a report is what its evidence gives.

    Attributes:
        digest: SHA-256 of the evidence, in hex; compare it with the one on paper.
        page: What the HTML file is.
        print: What the PDF file is.
        review: The review that the evidence holds.
    """

    digest: str
    page: Standing
    print: Standing
    review: Review

    @property
    def holds(self) -> bool:
        """Both files are what the evidence gives."""
        return self.page is Standing.TRUE and self.print is Standing.TRUE


def write_report(workspace: Workspace, review: Review, folder: Path) -> ReportFiles:
    """Writes a review as report.html, report.pdf and report.json; what stood there under these names is replaced.

    Args:
        workspace: Where the project is.
        review: The launch decision, as the ledger holds it.
        folder: Where to; made if it is not there.

    Raises:
        UnknownProject: The workspace does not hold the review's project.
        ReportUnwritable: The folder cannot be made or written to.
    """
    evidence = gathered_evidence(workspace.ledger, review)
    content = canonical(evidence)
    digest = digest_of(content)
    report = report_of(evidence, digest)
    page, printed = page_of(report), print_of(report)
    files = ReportFiles(folder / PAGE, folder / PRINT, folder / EVIDENCE, digest)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.evidence.write_bytes(content)
        files.page.write_bytes(page)
        files.print.write_bytes(printed)
    except OSError as error:
        raise ReportUnwritable(
            fact=f"The report could not be written to “{folder}”.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name a folder that is yours to write to.",
        ) from error
    return files


def check_report(path: Path) -> ReportCheck:
    """Checks a report against its evidence, without any workspace.

    Args:
        path: The report's folder, or one of its files; the others are looked for beside it.

    Raises:
        NotAReport: There is no evidence, or it cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    try:
        content = (folder / EVIDENCE).read_bytes()
    except OSError as error:
        raise NotAReport(
            fact=f"There is no {EVIDENCE} in “{folder}”.",
            reason="A report can only be checked against the evidence that was written with it.",
            remedy="Ask whoever sent the report for that file, and put it beside.",
        ) from error
    evidence, digest = read_evidence(content), digest_of(content)
    report = report_of(evidence, digest)
    page, printed = page_of(report), print_of(report)
    return ReportCheck(
        digest=digest,
        page=_standing(folder / PAGE, page, digest),
        print=_standing(folder / PRINT, printed, digest),
        review=evidence.review,
    )


def _standing(path: Path, wanted: bytes, digest: str) -> Standing:
    try:
        found = path.read_bytes()
    except OSError:
        return Standing.MISSING
    if found == wanted:
        return Standing.TRUE
    return Standing.CHANGED if digest.encode() in found else Standing.FOREIGN
