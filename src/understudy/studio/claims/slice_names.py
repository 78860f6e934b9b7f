"""How a claim names the slice that it is about: the fact, an equals sign, the value."""

import re
from typing import Final

_NAMED: Final = re.compile(r"((?:[^=\\]|\\.)*)=(.*)", re.DOTALL)


def slice_subject(fact: str, value: str) -> str:
    """What a claim is called by; an equals sign or backslash in the fact's name stands behind a backslash."""
    return re.sub(r"[=\\]", r"\\\g<0>", fact) + f"={value}"


def slice_parts(subject: str) -> tuple[str, str]:
    """The fact and the value that `slice_subject` named; all of it and nothing where it named none."""
    found = _NAMED.fullmatch(subject)
    return (re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL), found[2]) if found else (subject, "")
