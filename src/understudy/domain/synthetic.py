"""What examples that were made up bring."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SyntheticWorth:
    """What synthetic examples added.

    Attributes:
        gained: Share right with them less the share right without, -1..1.
        lower: Lower end of its interval of 95%.
        upper: Upper end.
        without: Share right without them, 0..1.
        asked: Real examples that both were asked about.
        real: Real examples that both learned from.
        synthetic: Synthetic examples that one learned from besides.
    """

    gained: float
    lower: float
    upper: float
    without: float
    asked: int
    real: int
    synthetic: int

    @property
    def gains(self) -> bool:
        """They brought something, beyond what chance does."""
        return self.lower > 0

    def __str__(self) -> str:
        gained = f"{100 * self.gained:+.1f}".replace("-", "−")
        lower, upper = (f"{100 * each:.1f}".replace("-", "−") for each in (self.lower, self.upper))
        return (
            f"{gained} points, interval {lower} to {upper}: with {self.synthetic:,} synthetic examples beside "
            f"{self.real:,} real ones, asked about {self.asked:,} other real ones"
        )
