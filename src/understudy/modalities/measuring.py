"""What a modality measures, as the rest of the house keeps it: checked once, where it comes in."""

import math
from collections.abc import Mapping

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.rule import Fact
from understudy.modalities.contained import contained
from understudy.modalities.protocol import Measured, Modality


class MeasureUnfit(UnderstudyError):
    """A modality measures what cannot be kept."""


def inspected(modality: Modality, data: bytes) -> Measured:
    """What one look at an input tells.

    Raises:
        Unreadable: The bytes are no input of this kind, or the module fails on them.
        MeasureUnfit: The modality tells something else than a `Measured`.
    """
    with contained(modality.name):
        seen: object = modality.inspect(data)
    if not isinstance(seen, Measured):
        raise _unfit(modality, "inspect()", seen, "It has to be a Measured.")
    for name, kind in (("fingerprint", str), ("remark", str), ("width", int), ("height", int)):
        if not isinstance(getattr(seen, name), kind):
            told = getattr(seen, name)
            raise _unfit(modality, f"the {name} of inspect()", told, f"It has to be {_KINDS[kind]}.")
    return seen


def facts_of(modality: Modality, data: bytes) -> dict[str, Fact]:
    """What is known of an input without a model: NumPy's numbers as Python's, and NaN as nothing known.

    Raises:
        Unreadable: The bytes are no input of this kind, or the module fails on them.
        MeasureUnfit: A fact is neither a finite number, nor a word, nor None.
    """
    with contained(modality.name):
        facts: object = modality.facts(data)
    return checked_facts(modality, facts)


def checked_facts(modality: Modality, facts: object) -> dict[str, Fact]:
    """Facts as they are kept, of what a modality measured.

    Raises:
        MeasureUnfit: A fact is neither a finite number, nor a word, nor None.
    """
    if not isinstance(facts, Mapping):
        raise _unfit(modality, "facts()", facts, "It has to be a mapping of facts by name.")
    return {_name(modality, name): _fact(modality, name, fact) for name, fact in facts.items()}


_KINDS = {str: "a text", int: "a whole number"}


def _name(modality: Modality, name: object) -> str:
    if not isinstance(name, str):
        raise _unfit(modality, "the name of a fact", name, "It has to be a text.")
    return name


def _fact(modality: Modality, name: object, fact: object) -> Fact:
    plain = fact.item() if isinstance(fact, np.generic) else fact
    if plain is None or isinstance(plain, str | int):
        return plain
    if isinstance(plain, float) and not math.isinf(plain):
        return None if math.isnan(plain) else plain
    raise _unfit(modality, f"the fact “{name}”", fact, "It has to be a finite number, a word, or None.")


def _unfit(modality: Modality, what: str, told: object, needed: str) -> MeasureUnfit:
    return MeasureUnfit(
        fact=f"The module “{modality.name}” gives {str(told)[:40]!r} ({type(told).__name__}) as {what}.",
        reason=needed,
        remedy="Mend it there, and give the same command again.",
    )
