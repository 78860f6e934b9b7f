"""Interactions, as the rest of the house meets them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.rule import Fact
from understudy.modalities.interactions.facts import KIND, LOOKS, facts_of
from understudy.modalities.interactions.question import Event, Question, question_bytes, read_question
from understudy.modalities.protocol import Encoder, Measured, Pair, Preparer

SEARCH: Final = "understudy.search.recommend.job:run"
CURVE: Final = "understudy.search.recommend.learning_job:run"


class NoEncoder(UnderstudyError):
    """Somebody asked for an encoder where there is none."""


class AllInteractions:
    """The modality of interactions."""

    name = "interactions"
    plural = "histories"
    suffixes: frozenset[str] = frozenset()
    formats = "a table of who took what, and when"
    search = SEARCH
    curve = CURVE
    facts_kind = KIND
    origin_facts: frozenset[str] = frozenset()
    look_facts = LOOKS
    watched_facts: frozenset[str] = frozenset()

    def media_type(self, data: bytes) -> str:  # noqa: D102
        del data
        return "application/json"

    def inspect(self, data: bytes) -> Measured:  # noqa: D102
        read_question(data)
        return Measured()

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: D102
        del fingerprints, newcomers
        return ()

    def facts(self, data: bytes) -> dict[str, Fact]:  # noqa: D102
        return facts_of(read_question(data))

    def encoder(self, name: str | None) -> Encoder:  # noqa: D102
        raise NoEncoder(
            fact=f"There is no encoder{f' “{name}”' if name else ''} for interactions.",
            reason="What comes next is learned from who took what, without features of a history.",
            remedy="Train without naming an encoder.",
        )

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> Preparer:  # noqa: D102
        del described, assets
        raise ValueError("interactions have no preparer")

    def golden(self) -> tuple[bytes, ...]:  # noqa: D102
        return (question_bytes(Question("", ())), question_bytes(Question("", (Event("an item of no catalogue"),))))


MODALITY = AllInteractions()
