"""The desk: where a long-lived process makes reviews, one at a time."""

import threading

from understudy.domain.review import Review
from understudy.studio.judgement.looking import Price, price_of
from understudy.studio.report.reporting import write_report
from understudy.studio.review.reviewing import review
from understudy.studio.review.verifying import NoReview
from understudy.studio.workspace import Workspace

DONE = "written"
"""Stands beside a report that was written to its end."""


class Desk:
    """Makes reviews of a workspace's projects. Threads may share it; one review is made at a time.

    Args:
        workspace: Where projects and models are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._busy = threading.Lock()
        self._writing = threading.Lock()

    def price(self, project: str) -> Price:
        """What a review of the latest model would spend.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model.
        """
        return price_of(self._workspace, project)

    def review(self, project: str) -> Review:
        """Reviews the latest model; see `studio.review.reviewing.review`."""
        with self._busy:
            return review(self._workspace, project, progress=_unheard)

    def report(self, project: str, number: int, kind: str) -> bytes:
        """A review's report, "html" or "pdf"; written once and kept among what can be made again.

        Raises:
            UnknownProject: No such project.
            NoReview: There is no such review.
        """
        reviews = self._workspace.ledger.reviews(project)
        if not 1 <= number <= len(reviews):
            raise NoReview(
                fact=f"“{project}” has no review {number}.",
                reason=f"{len(reviews)} {'was' if len(reviews) == 1 else 'were'} made so far.",
                remedy=f"Make one with: understudy review {project}",
            )
        folder = self._workspace.cache / "reports" / project / str(number)
        with self._writing:
            if not (folder / DONE).is_file():
                write_report(self._workspace, reviews[number - 1], folder)
                (folder / DONE).touch()
        return (folder / f"report.{kind}").read_bytes()


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""
