"""Which answers are audited: a random few of all, and more of those of which the model was less sure than usual.

Each answer is drawn with a chance that is known before it is served and written down with it, so what audits show can
be weighed to stand for all answers: one that was eight times as likely to be drawn counts an eighth. No chance is below
the floor, four fifths of the share that is asked for, so failures where the model is sure are noticed nearly as
soon as by plain chance; the rest goes where doubt is, and failures there are noticed about twice as soon.

The random number of an answer follows from the seed and the answer's id alone, so every process draws alike and anyone
can check it later. The chances depend on the answers before and on the model's own doubt, never on an outcome: what
was audited too little or too much so far is made up for, so that the mean share is the one asked for.
"""

import math
from dataclasses import dataclass, replace

from understudy.domain.decision import Draw
from understudy.launch.chance import chance_of

FLOOR_PART = 0.8
"""Of the audits, spread evenly over all answers; the more of all answers are audited, the more evenly."""
MEMORY = 500
"""Answers over which "usual" is reckoned, and over which a missed share is made up for."""


@dataclass(frozen=True)
class AuditDraw:
    """The draw of one model's audits. Keep what `draw` returns; each process may keep its own.

    Attributes:
        share: Of the answers, to be audited on average, above 0, up to 1.
        seed: Of the random numbers, at least 0. Nobody who sends requests should know it.
        raised: By how much the share is raised while something has drifted, at least 1.
        answers: How many were drawn for.
        usual: Mean error expected of them lately.
        doubt: Mean root of what was expected beyond the usual.
        owed: Audits by which the share was missed so far; negative when there were too many.
    """

    share: float
    seed: int
    raised: float = 1.0
    answers: int = 0
    usual: float = 0.0
    doubt: float = 0.0
    owed: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 < self.share <= 1.0 or not 1.0 <= self.raised < math.inf or self.seed < 0:
            raise ValueError("a share lies above 0, at most at 1, is raised by 1 or more, and a seed is at least 0")

    @property
    def floor(self) -> float:
        """The least chance of any answer, however the share is raised; what audits are weighed by."""
        return floor_of(self.share)

    def chance(self, expected: float) -> float:
        """The chance with which the next answer is audited.

        Args:
            expected: The error to be expected of it, 0..1: one minus its probability.

        Returns:
            From `floor` to 1.

        Raises:
            ValueError: The expectation is not in 0..1.
        """
        if not 0.0 <= expected <= 1.0:
            raise ValueError("the expected error lies between 0 and 1")
        share = min(1.0, self.share * self.raised)
        floor = floor_of(share)
        above = _above(expected, self.usual)
        extra = (share - floor) * (above / self.doubt if self.doubt else 1.0)
        return min(1.0, max(floor, floor + extra + self.owed / MEMORY))

    def draw(self, key: str, expected: float) -> tuple[Draw, "AuditDraw"]:
        """Draws for one answer, before it is served.

        Args:
            key: The answer's id.
            expected: As in `chance`.

        Returns:
            What was drawn, and the draw for the next answer.

        Raises:
            ValueError: The expectation is not in 0..1.
        """
        chance, number = self.chance(expected), chance_of(f"audit {self.seed}", key)
        share = min(1.0, self.share * self.raised)
        rate = 1.0 / min(self.answers + 1, MEMORY)
        usual = self.usual + rate * (expected - self.usual)
        after = AuditDraw(
            self.share,
            self.seed,
            self.raised,
            self.answers + 1,
            usual,
            self.doubt + rate * (_above(expected, self.usual) - self.doubt),
            min(max(self.owed + share - chance, -MEMORY * share), MEMORY * share),
        )
        return Draw(number < chance, chance, number, self.seed), after

    def raised_by(self, times: float) -> "AuditDraw":
        """The draw with its share raised that many times, 1 for the share as it was asked for."""
        return replace(self, raised=times)


def floor_of(share: float) -> float:
    """The least chance that any answer is audited with, when that share is audited on average."""
    return share * (FLOOR_PART + (1.0 - FLOOR_PART) * share)


def _above(expected: float, usual: float) -> float:
    """How far an answer is less sure than usual, its chance in proportion; 0 when it is as sure or surer."""
    return math.sqrt(max(0.0, expected - usual))
