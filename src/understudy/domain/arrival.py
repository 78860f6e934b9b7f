"""An arrival: what intake needs to know of an example that came earlier."""

from dataclasses import dataclass

from understudy.domain.example import Side


@dataclass(frozen=True, slots=True)
class Arrival:
    """The light view of a known example, by which intake recognises photos, twins and contradictions.

    It carries the label of sealed examples too. That is no leak: intake compares what arrives with what was
    said before, to find contradictions, and hands nothing of it to training, search or a threshold.

    Attributes:
        digest: SHA-256 of the input's bytes, in hex.
        group: What it belongs with.
        side: On which side of the sealed border it fell.
        fingerprint: Perceptual hash, 256 bits in hex.
        label: The label that stands, whatever the side, or None.
        made_up: Somebody made it up, and nobody real came with it since.
    """

    digest: str
    group: str
    side: Side
    fingerprint: str
    label: str | None
    made_up: bool = False
