"""What a model file says of itself, as JSON."""

from dataclasses import dataclass, field
from typing import Any

from understudy.domain.trial import Trial
from understudy.search.out_of_fold import OutOfFold

FORMAT = 1
PREPROCESSING = (
    "First picture of the file; a JPEG at the smallest DCT scale of 1, 1/2, 1/4, 1/8 that leaves both sides at least "
    "448; 16-bit to 8-bit; resized to size x size (not cropped) by Pillow's BILINEAR with reducing_gap 2; transparency "
    "on white; RGB; EXIF orientation applied; uint8, rows first, channels last."
)


@dataclass(frozen=True)
class Description:
    """What a model file says of itself.

    Attributes:
        labels: What it can answer, in the order of its probabilities.
        sizes: Sides of the photos that its inputs `photo_<size>` take, in pixels.
        threshold: Below this probability a person should answer, 0..1.
        data_version: Digest of the photos, labels and groups it learned from.
        extractor: Key of the extractor inside.
        seed: Of the search.
        examples: Training photos of each label, in the order of `labels`.
        members: The candidates that answer together, and their weights.
        held_out_log_loss: Of the whole, by cross-validation on training photos, in nats.
        held_out_accuracy: Likewise, 0..1. Chosen by these figures, so no evidence: a review gives that.
        out_of_fold: How sure it was of training photos while they were held out, and whether rightly.
    """

    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    threshold: float
    data_version: str
    extractor: str
    seed: int
    examples: tuple[int, ...]
    members: tuple[tuple[Trial, float], ...]
    held_out_log_loss: float
    held_out_accuracy: float
    out_of_fold: OutOfFold = field(default_factory=OutOfFold)

    def to_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        members = [
            {"name": trial.name, "weight": weight, "log_loss": trial.log_loss, "accuracy": trial.accuracy}
            for trial, weight in self.members
        ]
        return {
            "format": FORMAT,
            "task": "classify photos",
            "labels": list(self.labels),
            "sizes": list(self.sizes),
            "preprocessing": PREPROCESSING,
            "threshold": self.threshold,
            "data_version": self.data_version,
            "extractor": self.extractor,
            "seed": self.seed,
            "examples": list(self.examples),
            "members": members,
            "cross_validation": {"log_loss": self.held_out_log_loss, "accuracy": self.held_out_accuracy},
            "out_of_fold": self.out_of_fold.to_json(),
        }

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Description":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        if given["format"] != FORMAT:
            raise ValueError(f"format {given['format']} instead of {FORMAT}")
        members = tuple(
            (Trial(each["name"], float(each["log_loss"]), float(each["accuracy"])), float(each["weight"]))
            for each in given["members"]
        )
        return cls(
            labels=tuple(str(label) for label in given["labels"]),
            sizes=tuple(int(size) for size in given["sizes"]),
            threshold=float(given["threshold"]),
            data_version=str(given["data_version"]),
            extractor=str(given["extractor"]),
            seed=int(given["seed"]),
            examples=tuple(int(count) for count in given["examples"]),
            members=members,
            held_out_log_loss=float(given["cross_validation"]["log_loss"]),
            held_out_accuracy=float(given["cross_validation"]["accuracy"]),
            out_of_fold=OutOfFold.from_json(given.get("out_of_fold")),
        )
