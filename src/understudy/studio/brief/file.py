"""A brief as a TOML file: read into answers, and a template of it that follows from the questions."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from understudy.domain.brief import BadBrief
from understudy.studio.brief.questions import STEPS, Question, questions_of

LARGEST = 1_000_000
"""Bytes of a file that is read."""


def answers_from_file(path: Path) -> dict[str, str]:
    """Reads typed answers, by field, from a TOML file.

    Raises:
        BadBrief: The file cannot be read, is no TOML, or holds a value that is none of text, number, date and list.
    """
    try:
        data = path.read_bytes()[: LARGEST + 1]
    except OSError as error:
        raise BadBrief(
            fact=f"“{path}” cannot be read.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name a TOML file; --example prints one.",
        ) from error
    try:
        told = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadBrief(
            fact=f"“{path.name}” is no TOML file.",
            reason=f"It says: {str(error).rstrip('.')}." if str(error) else "It is nested too deeply.",
            remedy="Correct that place; --example prints a file that works.",
        ) from error
    return answers_from(told)


def answers_from(told: Mapping[str, Any]) -> dict[str, str]:
    """Typed answers, by field, from a mapping of texts, numbers, dates and lists, as TOML and JSON have them.

    Raises:
        BadBrief: A value is something else.
    """
    return {field: _typed(field, value) for field, value in told.items()}


def example_file() -> str:
    """A TOML file with an example answer to every question, and why each is asked."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# A brief. Take out what you do not know; the product says what hangs on it."
    for step in STEPS:
        yield ""
        yield f"# {step.title}. {step.about}"
        for question in questions_of(step):
            yield f"\n# {question.ask}"
            yield f"# {question.why}"
            if question.choices:
                yield f"# One of: {'; '.join(f'{value} ({meaning})' for value, meaning in question.choices)}."
            yield f"{question.field} = {_example(question)}"


def _example(question: Question) -> str:
    quoted = '"' + question.example.replace('"', '\\"') + '"'
    return f"[{quoted}]" if question.many else quoted


def _typed(field: str, value: Any) -> str:
    """A value as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        return f"{value!r}" if abs(value) < 1e15 else f"{value:.0f}"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    raise BadBrief(
        field=field,
        fact=f"The value of “{field[:40]}” cannot be read.",
        reason="It is none of text, number, date and list of texts.",
        remedy="Write it as the example has it; --example prints one.",
    )
