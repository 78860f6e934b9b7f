"""One shape for every error: a fact, its reason and a remedy, with the right status."""

import re

from understudy.domain.errors import UnderstudyError
from understudy.modalities.nouns import noun_of
from understudy.serving.batching import Closed, Overloaded
from understudy.serving.explaining import ExplanationLate, LoadingLate
from understudy.serving.model import ModelChanged, ModelFault, NotExplained, NotTrainedYet, UnknownModel
from understudy.store.blobs import BlobCorrupt, BlobMissing, BlobStoreUnavailable
from understudy.store.errors import (
    AlreadyAnswered,
    ClaimedByOther,
    KeyReused,
    LedgerUnavailable,
    NotYours,
    OutcomeConflict,
    Settled,
    StageMoved,
    UnknownDecision,
    UnknownOpinion,
    UnknownProject,
    UnknownQuestion,
)
from understudy.studio.audits.auditing import NothingToAudit
from understudy.studio.judgement.judging import NothingSealed
from understudy.studio.launch.gate import LaunchRefused
from understudy.studio.launch.staging import NothingToChange
from understudy.studio.people.queue import NothingToUndo
from understudy.studio.review.verifying import NoReview


class EmptyRequest(UnderstudyError):
    """The request holds no input."""


class BodyTooLarge(UnderstudyError):
    """The body is larger than may be sent."""


class UnsupportedBody(UnderstudyError):
    """The body's content type is none that is read here."""


class BrokenJson(UnderstudyError):
    """The body claims to be JSON and is not."""


class BrokenForm(UnderstudyError):
    """The body claims to be a form and is not."""


class WrongInputField(UnderstudyError):
    """The JSON or the form holds no input in a form that is read here, several, or one of another kind."""


class UnknownInput(UnderstudyError):
    """No input that may be shown has this digest."""

    @classmethod
    def named(cls, digest: str) -> "UnknownInput":
        """The error for one digest."""
        return cls(
            fact=f"There is no input {digest[:16]} to show.",
            reason="Only mistakes of the project's latest verdict, and what its latest audit found, are shown.",
            remedy="Open the project's page, or its audit, for those.",
        )


class InputDeleted(UnderstudyError):
    """The input was there, and somebody deleted it."""


class NoPhoto(UnderstudyError):
    """What is asked for is there for photos alone, and the decision is about something else."""

    @classmethod
    def of(cls, decision: str, kind: str) -> "NoPhoto":
        """The error for one decision, whose input is of this kind."""
        return cls(
            fact=f"Decision {decision} has no photo.",
            reason=f"It is about {noun_of(kind).article}.",
            remedy=f"Its input is at /api/v1/decisions/{decision}/input, and what moved its answer at …/reasons.",
        )


class NoPicture(UnderstudyError):
    """There is nothing to draw yet, or no drawing of this kind."""

    @classmethod
    def of(cls, kind: str) -> "NoPicture":
        """The error for one kind of drawing."""
        return cls(
            fact=f"There is no drawing “{kind[:40]}” of this project.",
            reason="No model of it has been judged yet, or no drawing has this name.",
            remedy="Open the project's page; it shows what there is.",
        )


class NoOutcome(UnderstudyError):
    """Nothing was reported yet of what turned out to be true."""

    @classmethod
    def of(cls, decision: str) -> "NoOutcome":
        """The error for one decision."""
        return cls(
            fact=f"What turned out to be true of decision {decision[:40]} is not known.",
            reason="Nobody has reported it.",
            remedy="Report it by a PUT of this address.",
        )


class AnswerWithheld(UnderstudyError):
    """What a model said is not told before a person has answered without having seen it."""

    @classmethod
    def of(cls, decision: str) -> "AnswerWithheld":
        """The error for one decision."""
        return cls(
            fact="What a model said about this is not told now.",
            reason="A person is still to answer without having seen it, or no model was asked.",
            remedy=f"Look again once it is answered: /decisions/{decision[:64]}",
        )


class NotDoneHere(UnderstudyError):
    """This server only shows what is asked of it, and does not do it."""


class UnknownHost(UnderstudyError):
    """A request was sent to a name that is none of the server's."""


class CrossSite(UnderstudyError):
    """A form was sent from another site."""


class UnknownPage(UnderstudyError):
    """Nothing stands at this address."""


class WrongMethod(UnderstudyError):
    """The address exists, but not for this method."""


class WrongParameter(UnderstudyError):
    """A part of the address or the query cannot be read."""


class Unexpected(UnderstudyError):
    """A mistake of ours."""


STATUS: dict[type[UnderstudyError], int] = {
    EmptyRequest: 400,
    BrokenJson: 400,
    BrokenForm: 400,
    CrossSite: 403,
    UnknownHost: 421,
    UnknownProject: 404,
    UnknownDecision: 404,
    UnknownInput: 404,
    BlobMissing: 404,
    UnknownPage: 404,
    NoPicture: 404,
    NoPhoto: 404,
    NoReview: 404,
    NoOutcome: 404,
    UnknownQuestion: 404,
    UnknownOpinion: 404,
    UnknownModel: 404,
    WrongMethod: 405,
    InputDeleted: 410,
    NotTrainedYet: 409,
    NothingSealed: 409,
    NothingToAudit: 409,
    ModelChanged: 409,
    NotDoneHere: 409,
    AnswerWithheld: 409,
    KeyReused: 409,
    StageMoved: 409,
    AlreadyAnswered: 409,
    ClaimedByOther: 409,
    NotYours: 409,
    Settled: 409,
    NothingToUndo: 409,
    OutcomeConflict: 409,
    LaunchRefused: 409,
    NothingToChange: 409,
    BodyTooLarge: 413,
    UnsupportedBody: 415,
    WrongInputField: 422,
    WrongParameter: 422,
    Unexpected: 500,
    BlobCorrupt: 500,
    NotExplained: 500,
    BlobStoreUnavailable: 503,
    LedgerUnavailable: 503,
    Overloaded: 503,
    ModelFault: 503,
    ExplanationLate: 503,
    LoadingLate: 503,
    Closed: 503,
}


def status_of(error: UnderstudyError) -> int:
    """The HTTP status of an error; 422 for what the house below says about an input."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def code_of(error: UnderstudyError) -> str:
    """The error's short name for programs ("not-trained-yet")."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(error).__name__).lower()


def error_body(error: UnderstudyError) -> dict[str, dict[str, str]]:
    """The error as the JSON that every address under /api answers with."""
    return {
        "error": {"code": code_of(error), "fact": error.fact, "reason": error.reason, "remedy": error.remedy},
    }


def unexpected() -> Unexpected:
    """The error shown for a mistake of ours; the traceback stays in the server's log."""
    return Unexpected(
        fact="This did not work.",
        reason="Something in the server failed that should not have.",
        remedy="Try again; if it fails again, look at the server's log at this minute.",
    )
