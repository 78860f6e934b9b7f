"""An example: one input, where it came from, what it belongs with, and perhaps a label."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TURNED_OUT = "outcome, reported by "
"""How the name begins of whoever said a label that nobody judged: it turned out to be true."""

SETTLED = "the median of "
"""How the name begins of a label that stands for what several people said, and that none of them did."""


class Provenance(StrEnum):
    """Where an input came from."""

    UPLOAD = "upload"
    PERSON = "person"
    CONTRIBUTION = "contribution"
    SYNTHETIC = "synthetic"
    AUDIT = "audit"
    OUTCOME = "outcome"
    """What a model or a person was asked about, and what turned out to be true of it later."""


class Side(StrEnum):
    """On which side of the sealed border an example lies; decided once, when it arrives."""

    TRAIN = "train"
    SEALED = "sealed"
    SET_ASIDE = "set-aside"
    """Neither: what belongs with it is sealed, and it may not be, or has relatives to learn from as well."""


@dataclass(frozen=True, slots=True)
class Example:
    """One input of a project.

    Attributes:
        digest: SHA-256 of the input's bytes, in hex; names the blob and identifies the example in its project.
        name: The name it arrived under, for people ("cracks/IMG_0412.heic").
        provenance: Where it came from.
        group: What belongs together (a board, a wall, a patient; else a family of twins); never split by the border.
        side: Which side of the sealed border it fell on.
        label: The label that stands, if anyone gave one.
        width: Of the picture as shown (orientation applied), in pixels.
        height: Of the picture as shown, in pixels.
        fingerprint: Perceptual hash, 256 bits in hex, by which twins are found.
    """

    digest: str
    name: str
    provenance: Provenance
    group: str
    side: Side
    label: str | None
    width: int
    height: int
    fingerprint: str


@dataclass(frozen=True)
class Label:
    """Who said what about an example, and when. Never changed; a later one stands beside it."""

    digest: str
    value: str
    by: str
    at: datetime
