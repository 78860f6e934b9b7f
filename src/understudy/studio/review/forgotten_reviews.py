"""Reviews without the names of what was forgotten: what they quote of findings, and what they were computed from."""

from collections.abc import Collection
from dataclasses import replace

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding
from understudy.domain.review import Review
from understudy.store.forgotten_names import told_without
from understudy.studio.claims.review_material import Grounds, packed_grounds, unpacked_grounds
from understudy.studio.review.circumstance_reasons import finding_reason
from understudy.studio.workspace import Workspace


def forget_in_reviews(workspace: Workspace, project: str, names: Collection[str]) -> None:
    """Takes names out of every review of a project; computed again, each is what it is now, figure by figure.

    Args:
        workspace: Where the project is.
        project: Its name.
        names: Of the inputs that are forgotten.
    """
    gone: set[str] = set()
    for number, review in enumerate(workspace.ledger.reviews(project) if names else (), 1):
        grounds = _grounds(workspace, review)
        kept = () if grounds is None else tuple(told_without(each, names) for each in grounds.findings)
        if grounds is not None and kept != grounds.findings:
            material = workspace.blobs.put(packed_grounds(replace(grounds, findings=kept)))
            workspace.ledger.retell_review(project, number, _retold(review, grounds.findings, kept, material))
            gone.add(review.material)
    for blob in gone:
        workspace.blobs.remove(blob)


def _grounds(workspace: Workspace, review: Review) -> Grounds | None:
    """What a review was computed from; None where that cannot be read, which verifying it tells."""
    try:
        return unpacked_grounds(workspace.blobs.get(review.material))
    except UnderstudyError:
        return None


def _retold(review: Review, before: tuple[Finding, ...], after: tuple[Finding, ...], material: str) -> Review:
    said = {finding_reason(one): finding_reason(other) for one, other in zip(before, after, strict=True)}
    return replace(review, reasons=tuple(said.get(each, each) for each in review.reasons), material=material)
