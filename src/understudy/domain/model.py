"""A model as the ledger knows it: which file it is and how it came about."""

from dataclasses import dataclass
from datetime import datetime

from understudy.domain.trial import Trial


@dataclass(frozen=True)
class ModelRecord:
    """One trained model of a project.

    Attributes:
        version: SHA-256 of the model file, in hex.
        blob: Under which digest the blob store holds the file.
        trials: The candidates it was chosen from, in the order they were tried.
        data_version: Which examples and labels it learned from, as a digest.
        at: When it was recorded, UTC.
        synthetic: How many of the examples it learned from were made up.
    """

    version: str
    blob: str
    trials: tuple[Trial, ...]
    data_version: str
    at: datetime
    synthetic: int = 0
