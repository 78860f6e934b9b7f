"""What a model says about one input."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A model's answer with its probability and its runner-up.

    Attributes:
        label: The likeliest label.
        probability: Calibrated probability of `label`, 0..1.
        runner_up: The second likeliest label.
        runner_up_probability: Its probability, 0..1.
        ask_person: The probability is below the model's threshold, so a person should answer.
        probabilities: Every label's probability, in the model's order of labels; they sum to 1.
    """

    label: str
    probability: float
    runner_up: str
    runner_up_probability: float
    ask_person: bool
    probabilities: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        first, second = _share(self.probability), _share(self.runner_up_probability)
        rest = f"{self.label} ({first}), else {self.runner_up} ({second})"
        return f"ask a person: perhaps {rest}" if self.ask_person else rest


def _share(probability: float) -> str:
    """A probability in words that never claim certainty."""
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def answer_from(labels: tuple[str, ...], probabilities: tuple[float, ...], *, threshold: float) -> Answer:
    """Builds the answer from a row of probabilities.

    Args:
        labels: At least two labels.
        probabilities: As many, summing to 1.
        threshold: Below this probability a person should answer, 0..1.

    Raises:
        ValueError: The lengths differ, or there are fewer than two labels.
    """
    ranked = sorted(zip(labels, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) < 2:
        raise ValueError("an answer needs at least two labels")
    (label, first), (runner_up, second) = ranked[:2]
    return Answer(label, first, runner_up, second, first < threshold, tuple(zip(labels, probabilities, strict=True)))
