"""What a model file says of itself, as JSON."""

from dataclasses import dataclass, field
from typing import Any

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Trial
from understudy.launch.usual import Usual
from understudy.search.out_of_fold import OutOfFold
from understudy.search.speech import LabelSpeech, NumberSpeech, SetSpeech, Speech
from understudy.search.strangeness import Limit

FORMAT = 2
OLDEST_FORMAT = 1
"""Of files that are still read: those of photos, before there was anything else."""


@dataclass(frozen=True)
class Description:
    """What a model file says of itself.

    Attributes:
        labels: What it can answer, in the order of its probabilities.
        task: What it answers, about what.
        preparation: How an input becomes what the graph takes, in the words of its modality.
        threshold: Below this probability a person should answer, 0..1.
        data_version: Digest of the inputs, labels and groups it learned from.
        encoder: Key of the encoder inside.
        seed: Of the search.
        examples: Training examples of each label, in the order of `labels`.
        members: The candidates that answer together, and their weights.
        held_out_log_loss: Of the whole, by cross-validation on training examples, in nats.
        held_out_accuracy: Likewise, 0..1. Chosen by these figures, so no evidence: a review gives that.
        out_of_fold: How sure it was of training examples while they were held out, and whether rightly.
        unknown: From where on an input belongs to none of the labels; None where that is not told.
        set_slope: Of several labels at once: slope and shift on the log odds that all are right; see `SetSpeech`.
        number: Of numbers: how they are answered; None for labels.
        usual: Traits of inputs that it learned from; None where inputs are not watched.
    """

    labels: tuple[str, ...]
    task: Task
    preparation: dict[str, Any]
    threshold: float
    data_version: str
    encoder: str
    seed: int
    examples: tuple[int, ...]
    members: tuple[tuple[Trial, float], ...]
    held_out_log_loss: float
    held_out_accuracy: float
    out_of_fold: OutOfFold = field(default_factory=OutOfFold)
    unknown: Limit | None = None
    set_slope: tuple[float, float] | None = None
    number: NumberSpeech | None = None
    usual: Usual | None = None

    def to_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        members = [
            {"name": trial.name, "weight": weight, "log_loss": trial.log_loss, "accuracy": trial.accuracy}
            for trial, weight in self.members
        ]
        return {
            "format": FORMAT,
            "task": self.task.to_json(),
            "labels": list(self.labels),
            "preparation": self.preparation,
            "threshold": self.threshold,
            "data_version": self.data_version,
            "encoder": self.encoder,
            "seed": self.seed,
            "examples": list(self.examples),
            "members": members,
            "cross_validation": {"log_loss": self.held_out_log_loss, "accuracy": self.held_out_accuracy},
            "out_of_fold": self.out_of_fold.to_json(),
            **({"unknown": self.unknown.to_json()} if self.unknown else {}),
            **({"set_slope": list(self.set_slope)} if self.set_slope else {}),
            **({"number": self.number.to_json()} if self.number else {}),
            **({"usual": self.usual.to_json()} if self.usual else {}),
        }

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Description":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        if not OLDEST_FORMAT <= int(given["format"]) <= FORMAT:
            raise ValueError(f"format {given['format']} instead of {FORMAT}")
        if given["format"] == OLDEST_FORMAT:
            given = _renewed(given)
        task, slope = Task.from_json(given["task"]), given.get("set_slope")
        members = tuple(
            (Trial(each["name"], float(each["log_loss"]), float(each["accuracy"])), float(each["weight"]))
            for each in given["members"]
        )
        return cls(
            labels=tuple(str(label) for label in given["labels"]),
            task=task,
            preparation=dict(given["preparation"]),
            threshold=float(given["threshold"]),
            data_version=str(given["data_version"]),
            encoder=str(given["encoder"]),
            seed=int(given["seed"]),
            examples=tuple(int(count) for count in given["examples"]),
            members=members,
            held_out_log_loss=float(given["cross_validation"]["log_loss"]),
            held_out_accuracy=float(given["cross_validation"]["accuracy"]),
            out_of_fold=OutOfFold.from_json(given.get("out_of_fold")),
            unknown=Limit.from_json(given.get("unknown")),
            set_slope=None if slope is None else (float(slope[0]), float(slope[1])),
            number=NumberSpeech.from_json(task, given["number"]) if "number" in given else None,
            usual=Usual.from_json(given.get("usual")),
        )


def _renewed(given: dict[str, Any]) -> dict[str, Any]:
    """What a file of the first format says, in the words of the present one."""
    preparation = {"sizes": given["sizes"], "preprocessing": given["preprocessing"]}
    return {**given, "task": Task().to_json(), "preparation": preparation, "encoder": given["extractor"]}


def speech_of(description: Description) -> Speech:
    """How a model answers that describes itself so.

    Raises:
        ValueError: It says of numbers or of several labels nothing that is needed to answer.
    """
    if description.task.answers is AnswerKind.LABEL:
        return LabelSpeech(description.labels)
    told = SetSpeech(description.labels, description.set_slope) if description.set_slope else description.number
    if told is None:
        raise ValueError(f"no word on how a {description.task.answers.value} is answered")
    return told
