"""A model of interactions that is ready to answer what comes next."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import labels_in
from understudy.launch.usual import Usual
from understudy.modalities.interactions.question import read_question
from understudy.search.description import Description
from understudy.search.model_file import ModelBroken, refusal
from understudy.search.parts import Parts
from understudy.search.ready import Given, bytes_of
from understudy.search.recommend.model_file import Inside, Report, compared, read_inside
from understudy.search.recommend.usual import traits_of

TOLERANCE: Final = 0.01
"""How far a golden probability may be off."""


class RecommendModel:
    """A model that is ready to answer. Safe to use from several threads.

    It keeps nobody's history: who is asked about is known from the history that comes with the question alone. Somebody
    without one gets what many took.

    Args:
        inside: What its file holds. Its golden questions are answered again before anything else.
        version: SHA-256 of the file, in hex.

    Raises:
        ModelBroken: The golden answers are not what they were.
    """

    def __init__(self, inside: Inside, version: str) -> None:
        self.inside, self.version = inside, version
        self._replay()

    @property
    def description(self) -> Description:
        """What it says of itself."""
        return self.inside.description

    @property
    def labels(self) -> tuple[str, ...]:
        """Empty: what it lists is in `items`."""
        return ()

    @property
    def items(self) -> tuple[str, ...]:
        """All that it can list."""
        return self.inside.speech.catalogue.items

    @property
    def names(self) -> Mapping[str, str]:
        """What people call items, where that is known."""
        return self.inside.speech.names

    @property
    def report(self) -> Report:
        """How its lists did on what it did not learn from, beside the popularity rule."""
        return self.inside.report

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        return self.description.threshold

    def predict(self, given: Given) -> Answer:
        """Answers for one history.

        Args:
            given: A mapping with "who" and "history", or a JSON object as text, bytes or an open file.

        Raises:
            QuestionUnreadable: It is none.
        """
        answer = self.predict_all([bytes_of(given, in_files=False)])[0]
        if isinstance(answer, UnderstudyError):
            raise answer
        return answer

    def predict_all(self, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers for histories, in order; one that cannot be read gets its error as its entry."""
        return self.inside.speech.answers(inputs)

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """Which items of the history speak for the list, strongest first.

        Raises:
            QuestionUnreadable: It is no history.
        """
        return self.inside.speech.reasons(read_question(data))

    @property
    def usual(self) -> Usual | None:
        """Traits of histories that it learned from."""
        return self.inside.usual

    def traits(self, data: bytes) -> tuple[float, ...]:
        """The traits of a history, in the order of `usual`.

        Raises:
            QuestionUnreadable: It is no history.
        """
        return traits_of(self.inside.speech.meant(read_question(data)), self.inside.speech.catalogue)

    def _replay(self) -> None:
        answers = self.predict_all([data for data, _ in self.inside.golden])
        for place, (answer, (_, before)) in enumerate(zip(answers, self.inside.golden, strict=True)):
            now: dict[str, Any] = compared(answer) if isinstance(answer, Answer) else {"label": "", "probability": 0.0}
            # Two items that are about as likely may change places by the last digit.
            same = labels_in(now["label"]) == labels_in(str(before["label"]))
            if not same or not abs(now["probability"] - float(before["probability"])) <= TOLERANCE:
                raise ModelBroken(
                    fact="The model does not give the answers it gave when it was made.",
                    reason=f"To golden history {place + 1} it lists “{now['label'][:80]}”.",
                    remedy="Copy the file again from where it was exported, or train anew.",
                )


def read(parts: Parts) -> RecommendModel:
    """Reads a model file of interactions.

    Raises:
        ModelUnreadable: It is damaged.
        ModelBroken: It no longer gives the answers it gave when it was made.
    """
    try:
        return RecommendModel(read_inside(parts), parts.version)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise refusal(error) from error
