"""Frozen dataclasses as JSON and back, by their type hints; for nouns that are kept whole."""

from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

Noun = TypeVar("Noun")


def as_json(kind: type[Noun], noun: Noun) -> Any:
    """The noun as values that JSON knows; floats read back to the same bits."""
    return _adapter(cast("Any", kind)).dump_python(noun, mode="json")


def from_json(kind: type[Noun], record: Any) -> Noun:
    """The noun that `as_json` wrote.

    Raises:
        ValueError: The record is of something else.
    """
    read: Noun = _adapter(cast("Any", kind)).validate_python(record)
    return read


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
