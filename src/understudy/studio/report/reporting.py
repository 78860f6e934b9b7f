"""Reports: a review as a page, a print and its evidence, to be shared now and checked in a year."""

from dataclasses import dataclass
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.domain.review import Review
from understudy.studio.report.content import report_of
from understudy.studio.report.evidence import canonical, digest_of, gathered_evidence
from understudy.studio.report.page import page_of
from understudy.studio.report.printing import print_of
from understudy.studio.workspace import Workspace

PAGE, PRINT, EVIDENCE = "report.html", "report.pdf", "report.json"


class ReportUnwritable(UnderstudyError):
    """The folder cannot hold a report."""


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
