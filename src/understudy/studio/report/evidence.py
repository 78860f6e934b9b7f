"""What a report is made from: everything a review rests on, as one canonical JSON file that can be checked later."""

import json
from dataclasses import dataclass
from hashlib import sha256

from understudy.domain.brief import BriefVersion
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Acceptance, DataAudit
from understudy.domain.learning import LearningCurve
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.store.codec import as_json
from understudy.store.ledger import Ledger
from understudy.store.looks import LookRecord

FORMAT = 1


@dataclass(frozen=True)
class ReportEvidence:
    """Everything that a report tells, as it stood.

    Attributes:
        project: Whose review.
        review: The launch decision.
        brief: The version of the brief that it was made under, or None.
        judgement: What the look showed, or None when it is no longer the latest.
        looks: Every look until then, oldest first.
        curve: The learning curve of the same training examples, or None when none was recorded.
        audit: The audit of the data that was the latest when the review was made, or None.
        acceptances: Findings that people had taken responsibility for by then.
    """

    project: Project
    review: Review
    brief: BriefVersion | None
    judgement: Judgement | None
    looks: tuple[LookRecord, ...]
    curve: LearningCurve | None
    audit: DataAudit | None
    acceptances: tuple[Acceptance, ...]


def gathered_evidence(ledger: Ledger, review: Review) -> ReportEvidence:
    """Gathers from the ledger what a report about a review tells.

    Raises:
        UnknownProject: The ledger does not hold the review's project.
    """
    name = review.project
    judgement = ledger.latest_judgement(name)
    same_look = judgement is not None and (judgement.look, judgement.model) == (review.look, review.model)
    model = next((one for one in reversed(ledger.models(name)) if one.version == review.model), None)
    return ReportEvidence(
        project=ledger.project(name),
        review=review,
        brief=next((one for one in ledger.briefs(name) if one.number == review.brief), None),
        judgement=judgement if same_look else None,
        looks=tuple(one for one in ledger.looks(name) if one.number <= review.look),
        curve=None if model is None else ledger.latest_curve(name, data_version=model.data_version),
        audit=ledger.latest_data_audit(name, at=review.at),
        acceptances=tuple(one for one in ledger.acceptances(name) if one.at <= review.at),
    )


def canonical(evidence: ReportEvidence) -> bytes:
    """The evidence as JSON: keys sorted, no spaces, UTF-8; floats read back to the same bits."""
    whole = {"format": FORMAT, "evidence": as_json(ReportEvidence, evidence)}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(content: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(content).hexdigest()
