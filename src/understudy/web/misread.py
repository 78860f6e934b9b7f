"""What could not be read of a request, in plain words instead of a validator's."""

from collections.abc import Mapping
from typing import Any

LONGEST = 60
"""Letters of a field's name that are shown."""

WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "is no text",
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
    places = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
    kind = str(error["type"])
    if not places:
        return "The body is no JSON object."
    words = WORDS.get(kind, "is no number" if kind.startswith(("float", "int")) else "cannot be read")
    told = words.format(**error.get("ctx", {})).replace("'", "")
    return f"“{'.'.join(ascii(part)[1:-1] for part in places)[:LONGEST]}” {told}."
