"""What comes of a run of any search."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from understudy.domain.trial import Trial


@dataclass(frozen=True)
class Trained:
    """What came of a run.

    Attributes:
        model: The model file's bytes.
        trials: All candidates, in the order they were tried.
        data_version: Digest of the data it learned from.
        stopped: Somebody stopped it before all candidates were tried.
        complete: Every planned candidate was tried.
    """

    model: bytes
    trials: tuple[Trial, ...]
    data_version: str
    stopped: bool
    complete: bool

    def handed_over(self, place: Path) -> dict[str, Any]:
        """Leaves the model at a place, and returns what a search's job tells of the rest, ready for JSON."""
        place.write_bytes(self.model)
        return {
            "trials": [asdict(trial) for trial in self.trials],
            "data_version": self.data_version,
            "stopped": self.stopped,
            "complete": self.complete,
        }
