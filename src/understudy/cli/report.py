"""The report of a review, written where somebody wants it."""

import shutil
import tempfile
from pathlib import Path

from understudy.domain.review import Review
from understudy.studio.report.reporting import ReportUnwritable, write_report
from understudy.studio.workspace import Workspace

FILES = (".html", ".pdf")


def write(workspace: Workspace, said: Review, place: Path) -> str:
    """Writes the report into a folder; or the one file of it that is named, in whose place its evidence cannot be.

    Args:
        workspace: Where the project is.
        said: What is reported.
        place: A folder, or a file that ends in one of `FILES`.

    Returns:
        What to say about it.

    Raises:
        ReportUnwritable: The system does not let it be written there.
    """
    if place.suffix.lower() not in FILES:
        files = write_report(workspace, said, place)
        return f"Report: {files.page}, {files.print} and {files.evidence}."
    with tempfile.TemporaryDirectory() as folder:
        files = write_report(workspace, said, Path(folder))
        written = files.page if place.suffix.lower() == ".html" else files.print
        try:
            shutil.copyfile(written, place)
        except OSError as error:
            raise ReportUnwritable(
                fact=f"The report could not be written to “{place}”.",
                reason=f"The system says: {error.strerror}.",
                remedy="Name a file in a folder that is yours to write to.",
            ) from error
    return f"Report: {place}. Name a folder instead to have its evidence beside it."
