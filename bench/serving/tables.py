"""A model over rows of a table, as small as one can be: so that what serving costs is what is measured."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, Reason, answer_from
from understudy.domain.errors import UnderstudyError
from understudy.serving.model import NotTrainedYet, ServedModel, UnknownModel

PROJECT = "claims"
VERSION = "7ab1e" + "0" * 59
ROW = b'{"amount":12.5,"age":41,"country":"FR","prior":3}'
"""A claim of which the model is sure."""
LABELS = ("fraud", "honest")


class BadRow(UnderstudyError):
    """The bytes are no row."""


@dataclass(frozen=True)
class TableModel:
    """A logistic regression by hand over a row in JSON. `wrong` turns its answers round, which audits then find."""

    version: str = VERSION
    labels: tuple[str, ...] = LABELS
    threshold: float = 0.7
    wrong: bool = False

    def predict(self, photos: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """One answer a row, in order."""
        return [self._answer(row) for row in photos]

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """Nothing is told."""
        del data
        return ()

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """A row has no regions."""
        del photo
        return np.zeros((1, 1), np.float32)

    def _answer(self, row: bytes) -> Answer | UnderstudyError:
        try:
            told = json.loads(row)
            score = 0.01 * told["amount"] + 0.02 * told["age"] - 2.0 * told["prior"]
        except (ValueError, KeyError, TypeError):
            return _bad_row()
        fraud = 1.0 / (1.0 + math.exp(-score))
        fraud = 1.0 - fraud if self.wrong else fraud
        return answer_from(self.labels, (fraud, 1.0 - fraud), threshold=self.threshold)


@dataclass
class TableShelf:
    """Models over rows, by version."""

    models: dict[str, ServedModel] = field(default_factory=lambda: {VERSION: TableModel()})

    def latest(self, project: str) -> str:
        """The first of them."""
        for version in self.models:
            return version
        raise NotTrainedYet.named(project)

    def load(self, project: str, version: str) -> ServedModel:
        """Whatever bears the version."""
        if version not in self.models:
            raise UnknownModel.named(project, version)
        return self.models[version]

    def check(self, project: str, data: bytes) -> None:
        """Rows are JSON objects."""
        del project
        try:
            told = json.loads(data)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise _bad_row()

    def card(self, project: str) -> bytes:
        """A row."""
        del project
        return ROW


def _bad_row() -> BadRow:
    return BadRow(
        fact="This is no row.", reason="It is no JSON object with amount, age and prior.", remedy="Send such a row."
    )
