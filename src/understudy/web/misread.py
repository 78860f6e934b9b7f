"""What could not be read of a request, in plain words instead of a validator's."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 60
"""Letters of a field's name that are shown."""

NO_PLACE = re.compile(r"body|query|path|header|str|int|float|bool|(list|dict)\[.*\]")
"""Where the validator looked: into which part of a request, or for which type of several that a value may have."""

WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "is no text",
    "string_unicode": "holds half a character, which no text can",
    "string_too_long": "is longer than {max_length} letters",
    "too_long": "holds more than {max_length}",
    "enum": "is none of {expected}",
    "literal_error": "is none of {expected}",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "finite_number": "is no number",
}
"""What is wrong, by the validator's name for it."""


def misread(error: Mapping[str, Any]) -> str:
    """One finding of the validator as a sentence ("“by” is missing.").

    Args:
        error: As the validator lists it: its type, where it is, and its figures.
    """
    places = [str(part) for part in error["loc"] if not NO_PLACE.fullmatch(str(part))]
    kind = str(error["type"])
    if not places:
        return "The body is no JSON object."
    if kind == "value_error":  # one of our own, which says it in words
        return f"“{_named(places)}”: {error['ctx']['error']}."
    words = WORDS.get(kind, "is no number" if kind.startswith(("float", "int")) else "cannot be read")
    told = words.format(**error.get("ctx", {})).replace("'", "")
    return f"“{_named(places)}” {told}."


def _named(places: Sequence[str]) -> str:
    return ".".join(ascii(part)[1:-1] for part in places)[:LONGEST]
