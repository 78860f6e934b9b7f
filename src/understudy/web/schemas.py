"""The shapes of the API, as its OpenAPI description shows them."""

from typing import Any

from pydantic import BaseModel, Field

from understudy.domain.decision import Because


class ErrorText(BaseModel):
    """What happened, why, and what to do."""

    code: str = Field(description="Short name of the error, for programs.", examples=["not-trained-yet"])
    fact: str = Field(examples=["“blade-check” cannot answer yet."])
    reason: str = Field(examples=["No model has been trained for it."])
    remedy: str = Field(examples=["Train one: understudy train blade-check"])


class ErrorOut(BaseModel):
    """Every error has this shape."""

    error: ErrorText


class OutcomeOut(BaseModel):
    """What turned out to be true of a decision."""

    decision: str = Field(description="The decision's id.")
    value: str = Field(description="The true label.")
    by: str = Field(description="Who or what said so.")
    source: str = Field(description="api, csv or page.")
    at: str = Field(description="When it was recorded first.")


class OutcomeRowOut(BaseModel):
    """What became of one row."""

    row: int = Field(description="Its place in what was sent; the first is 1.")
    decision: str
    status: int = Field(description="200 where it is on record now, else as for a single outcome.")
    error: ErrorText | None = Field(description="Why it was left out.")


class RemarkText(BaseModel):
    """What was seen in a table, why it is as it is, and what to do."""

    fact: str
    reason: str
    remedy: str


class OutcomesOut(BaseModel):
    """What became of every row."""

    recorded: int = Field(description="Rows that are on record now.")
    refused: int = Field(description="Rows that were left out.")
    rows: list[OutcomeRowOut]
    remarks: list[RemarkText] = Field(description="What else was seen in a table, such as a quote without its end.")


class AnswerOut(BaseModel):
    """What the model says."""

    label: str = Field(description="The likeliest label.")
    probability: float = Field(ge=0, le=1, description="Calibrated probability of the label.")
    runner_up: str = Field(description="The second likeliest label; empty for a number or a ranking.")
    runner_up_probability: float = Field(ge=0, le=1)
    number: float | None = Field(default=None, description="Of a number only: the same as a number.")
    interval: list[float] | None = Field(
        default=None, description="Of a number only: within which it lies with a probability of 80%."
    )
    labels: list[str] | None = Field(default=None, description="Of several labels at once only.")
    ranking: list[str] | None = Field(default=None, description="Of a ranking only: items, the best first.")
    titles: list[str] | None = Field(
        default=None, description="Of a ranking only, where it is known: what people call its items, in their order."
    )
    unknown: bool | None = Field(
        default=None, description="There only where nothing like the input is among the examples."
    )
    seconds: list[float] | None = Field(
        default=None,
        description="Of a recording or a clip that is looked up: from where to where the part lies that decided; null "
        "where no part did by itself.",
    )
    reasons: list[dict[str, Any]] | None = Field(default=None, description="What moved the answer, strongest first.")


class DecisionOut(BaseModel):
    """One request, and what it ended in."""

    id: str = Field(description="Sortable by time, unguessable.")
    project: str
    state: str = Field(description="answered; waiting for a person; or cannot-tell, when nobody could.")
    label: str | None = Field(description="What it ended in; null while it waits, is withheld, or nobody could tell.")
    answer: AnswerOut | None = Field(description="What the model says, where it answered; null where people do.")
    ask_person: bool = Field(description="There is no answer yet, or none at all.")
    answered_by: str = Field(description="model, person or nobody-yet.")
    withheld: bool = Field(
        description="A model answered, and a person answers again without seeing it; it stands here afterwards."
    )
    model: str = Field(description="SHA-256 of the file of the model that was asked; empty where none was.")
    probabilities: dict[str, float] = Field(
        description="Every label's probability; of one answer they sum to 1, of several labels each stands alone."
    )
    because: str = Field(description=f"Why it went to whom it went: {', '.join(Because)}.")
    stage: int = Field(description="Number of the stage change under which it was served; 0 before the first.")
    key: str | None = Field(description="What the client calls the request.")
    at: str = Field(description="When, in UTC, ISO 8601.")
    seconds: float = Field(description="From the question's arrival to its acknowledgement.")
    settled_at: str | None = Field(
        description="Since when the answer holds: a model's at once, people's once it cannot be taken back."
    )
    remarks: list[str] | None = Field(
        default=None, description="There only where something about the input did not fit, a sentence each."
    )
    links: dict[str, str]


class DecisionsOut(BaseModel):
    """Decisions, newest first."""

    decisions: list[DecisionOut]


class ProportionOut(BaseModel):
    """A share with its proven lower bound."""

    right: int
    of: int
    share: float
    at_least: float = Field(description="One-sided lower bound of the true share.")
    confidence: float
    method: str


class ClassOut(BaseModel):
    """How many sealed examples of one label were recognised."""

    label: str
    recognised: ProportionOut


class LaterOut(BaseModel):
    """How the model did on examples that came later than those it learned from."""

    right: int
    of: int
    worse: bool = Field(description="It was right more seldom than of the sealed ones, by more than chance explains.")


class VerdictOut(BaseModel):
    """What the latest look at the sealed set showed."""

    headline: str = Field(description="The verdict in one sentence.")
    bound: str = Field(description="What it proves about new examples.")
    next_step: str
    paragraphs: list[str] = Field(description="The rest in words, most important first.")
    model: str = Field(description="SHA-256 of the model's file that the look was at.")
    present: bool = Field(description="That is the model that answers now; else the figures are a previous model's.")
    accuracy: ProportionOut
    classes: list[ClassOut]
    labels: list[str]
    confusion: list[list[int]] = Field(description="Rows are true labels, columns answers.")
    calibration_error: float
    later: LaterOut | None = Field(description="None where no column tells when each was, or too few came later.")
    look: int = Field(description="How often the sealed labels have been opened; this look included.")


class ProjectOut(BaseModel):
    """One decision to automate."""

    name: str
    created_at: str
    drawn: bool = Field(description="Its examples are drawn, so no figure says anything about the world.")
    decisions: int = Field(description="Served so far.")
    verdict: VerdictOut | None = Field(description="None until a model has been judged.")
    links: dict[str, str]


class ProjectsOut(BaseModel):
    """All projects of the workspace."""

    projects: list[ProjectOut]


class MeasuredOut(BaseModel):
    """A figure with a one-sided bound on each side."""

    estimate: float
    lower: float
    upper: float
    count: int = Field(description="Examples it rests on.")
    groups: int = Field(description="Independent groups among them.")
    confidence: float = Field(description="Of each bound alone.")
    method: str
    unit: str = Field(description="share, or a currency.")


class ClaimOut(BaseModel):
    """One thing that has to be shown, or is worth knowing."""

    kind: str
    subject: str = Field(description="The label, slice or rival it is about; empty for the whole.")
    measured: MeasuredOut | None
    bar: float | None
    at_least: bool = Field(description="The figure shall be at least the bar; else at most.")
    required: bool = Field(description="A launch needs it proven.")
    outcome: str = Field(description="proven, open, refuted or not-applicable.")
    needed: int | None = Field(description="Sealed examples in all that would probably prove it.")
    why_not: str


class ReasonOut(BaseModel):
    """Why a review says what it says."""

    kind: str
    verdict: str = Field(description="What it speaks for.")
    fact: str
    reason: str
    remedy: str


class ReviewOut(BaseModel):
    """The launch decision about one model."""

    number: int = Field(description="Which review of the project; 1 is the first.")
    headline: str
    says: str
    next_step: str
    project: str
    model: str = Field(description="SHA-256 of the model's file.")
    brief: int | None = Field(description="Number of the brief's version.")
    look: int = Field(description="Which look at the sealed set it rests on.")
    answers: str = Field(description="SHA-256 of the stored answers it was computed from.")
    data: str = Field(description="SHA-256 over the sealed examples' digests and labels.")
    alpha: float = Field(description="What this look could spend of the error budget.")
    budget: float = Field(description="The whole error budget.")
    verdict: str = Field(description="launch, not yet or stop.")
    reasons: list[ReasonOut]
    claims: list[ClaimOut]
    promise: dict[str, Any] | None = Field(description="What it could answer alone, with the whole curve.")
    rule: dict[str, Any] | None = Field(description="The best one-line rule.")
    loss: dict[str, Any] | None = Field(description="Maximum loss before rollback.")
    at: str
    people: MeasuredOut | None = Field(description="Share of people's answers that are wrong, from double answers.")
    findings: list[dict[str, Any]] = Field(description="Weak and unfair slices.")
    champion: str = Field(description="The model that answered requests then, to which it was compared, or empty.")
    material: str = Field(description="SHA-256 of all else it was computed from.")
    links: dict[str, str]


class ProtocolErrorOut(BaseModel):
    """Every error of the Open Inference Protocol has this shape."""

    error: str


ERRORS: dict[int, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "The request is broken or holds no input."},
    404: {"model": ErrorOut, "description": "There is no such thing."},
    409: {"model": ErrorOut, "description": "Not now: it contradicts what is there, or what was said before."},
    410: {"model": ErrorOut, "description": "The input was deleted; when and why is said."},
    413: {"model": ErrorOut, "description": "The body is too large."},
    415: {"model": ErrorOut, "description": "A body of this type is not read here."},
    422: {"model": ErrorOut, "description": "What was sent is no input that can be read."},
    503: {"model": ErrorOut, "description": "Too much waits or takes too long; ask again after Retry-After."},
}

UNREADABLE: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorOut, "description": "A part of the address or the query cannot be read."}
}
PROTOCOL_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProtocolErrorOut, "description": description}
    for status, description in {
        404: "There is no such project.",
        409: "It has no model yet, or another version answers.",
        422: "The tensors are not the model’s, or an input cannot be read.",
    }.items()
}

_BINARY = {"schema": {"type": "string", "format": "binary"}}

_BESIDE = {
    "key": {"type": "string", "description": "What you call the request, as in the header Idempotency-Key."},
    "subject": {"type": "string", "description": "Whose data it is; it can be deleted by this name."},
}
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "What you call the request: sent twice, it is answered once.",
    "schema": {"type": "string", "maxLength": 200},
}
WAIT: dict[str, Any] = {
    "name": "wait",
    "in": "query",
    "required": False,
    "description": "Seconds to hold the connection until a person has answered. The project’s setting hold-seconds is "
    "the limit; the header Preference-Applied of the response says how long was really allowed.",
    "schema": {"type": "number", "minimum": 0},
}

INPUT_BODY: dict[str, Any] = {
    "parameters": [WAIT, _KEY_HEADER],
    "requestBody": {
        "required": True,
        "description": "One input of the project’s kind: as a form field (photo, sound, video, file, text or row), in "
        "JSON (text as it is, row as an object, a history as the object input, files in base64), or as the bare file. "
        "A kind that another package offers is sent under its own name, too, and bare as any media type.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "photo": {"type": "string", "format": "binary", "description": "The file of a photo."},
                        "file": {"type": "string", "format": "binary", "description": "A file of any kind."},
                        "text": {"type": "string", "description": "The text itself."},
                        "row": {"type": "string", "description": "A row as JSON: columns and their values."},
                        **_BESIDE,
                    },
                }
            },
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string", "description": "The text itself."},
                        "row": {"type": "string", "description": "A row as JSON: columns and their values."},
                        **_BESIDE,
                    },
                }
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "photo": {"type": "string", "description": "A photo in base64, or as a base64 data URL."},
                        "file": {"type": "string", "description": "A file of any kind, likewise."},
                        "text": {"type": "string", "description": "The text itself."},
                        "row": {"type": "object", "description": "Columns and their values."},
                        "input": {"type": "object", "description": "A history: who, and history as a list of items."},
                        **_BESIDE,
                    },
                }
            },
            "image/*": _BINARY,
            "audio/*": _BINARY,
            "video/*": _BINARY,
            "text/plain": _BINARY,
            "application/octet-stream": _BINARY,
        },
    },
}

DECISION_EXAMPLE: dict[str, Any] = {
    "id": "019ab3f0-5c1e-7d3a-9b52-8f0c6a1d2e47",
    "project": "blade-check",
    "state": "answered",
    "label": "crack",
    "answer": {"label": "crack", "probability": 0.94, "runner_up": "sound", "runner_up_probability": 0.05},
    "ask_person": False,
    "answered_by": "model",
    "withheld": False,
    "model": "9f2c…",
    "probabilities": {"crack": 0.94, "erosion": 0.01, "sound": 0.05},
    "because": "confident",
    "stage": 3,
    "key": None,
    "at": "2026-03-02T09:14:07.412+00:00",
    "seconds": 0.006,
    "settled_at": "2026-03-02T09:14:07.412+00:00",
    "links": {"self": "/api/v1/decisions/019ab3f0-5c1e-7d3a-9b52-8f0c6a1d2e47"},
}
