"""A request on its way through the house."""

from dataclasses import dataclass, field
from datetime import datetime

from understudy.domain.answer import Answer
from understudy.launch.policy import Route
from understudy.serving.standings import Standing


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks.

    Attributes:
        data: The encoded input, not empty.
        key: What the client calls the request, or None; a key that comes again gets the decision it got before.
        subject: Whose data the input is, in the client's words, or None.
    """

    data: bytes
    key: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said, and which."""

    answer: Answer
    model: str


@dataclass(slots=True, eq=False)
class Ask:
    """One request on its way through the house.

    Whoever takes it first, the lane that is about to commit its answer or the clock that sends it to people, has it
    alone: so no request ends in two answers.

    Attributes:
        id: Of the decision to be.
        request: What was asked.
        digest: SHA-256 of the input, in hex.
        standing: How the project stood when it was routed.
        at: When it came, UTC.
        started: The same on the stopwatch.
        way: Who may answer it.
        only: The model's answer is wanted and no decision.
    """

    id: str
    request: Request
    digest: str
    standing: Standing
    at: datetime
    started: float
    way: Route
    only: bool = False
    _token: list[None] = field(default_factory=lambda: [None])

    def take(self) -> bool:
        """Whether the caller is the first to take it. Safe from any thread."""
        try:
            self._token.pop()
        except IndexError:
            return False
        return True

    @property
    def taken(self) -> bool:
        """Whether somebody has taken it. Safe from any thread."""
        return not self._token

    def again(self, standing: Standing, way: Route) -> "Ask":
        """The same request, free to be taken, under another standing or on another way."""
        return Ask(self.id, self.request, self.digest, standing, self.at, self.started, way, self.only)
