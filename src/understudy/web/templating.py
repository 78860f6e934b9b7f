"""Templates: strict, with everything escaped that is not markup of ours."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from understudy.studio.words.phrases import name, told_confidence
from understudy.web.terms import explained

DIGEST = re.compile(r"\b([0-9a-f]{64})\b")
STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: at)? (\d\d):(\d\d)(?::\d\d)? UTC")
"""A time as records and the command line tell it."""


def template_environment(folder: Path) -> Environment:
    """An environment in which a missing variable is an error and every value is escaped."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["count"] = count
    environment.filters["moment"] = moment
    environment.filters["shown"] = name
    environment.filters["typed"] = shlex.quote
    environment.filters["brief_digests"] = brief_digests
    environment.filters["dated"] = dated
    environment.filters["explained"] = explained
    environment.filters["told"] = told_confidence
    return environment


def page(environment: Environment, template: str, **values: Any) -> str:
    """Renders one template."""
    return environment.get_template(template).render(**values)


def percent(share: float) -> str:
    """A share for people: whole percent, but never 0 or 100 for what is neither ("94 %")."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def count(number: int) -> str:
    """A number for people ("12,345")."""
    return f"{number:,}"


def moment(at: datetime) -> str:
    """A time for people, UTC ("2 March 2026, 09:14 UTC")."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def dated(text: str) -> str:
    """A text whose times are told as pages tell them ("2026-03-02 at 09:14:05 UTC": "2 March 2026, 09:14 UTC")."""
    return STAMP.sub(_as_moment, text)


def brief_digests(text: str) -> Markup:
    """A text whose digests are shown short, with the whole one in a title."""
    shown = Markup('<code title="{}">{}…</code>')
    parts = DIGEST.split(text)
    return Markup("").join(shown.format(each, each[:12]) if DIGEST.fullmatch(each) else escape(each) for each in parts)


def _as_moment(stamp: re.Match[str]) -> str:
    try:
        return moment(datetime(*map(int, stamp.groups()), tzinfo=UTC))  # type: ignore[arg-type, misc]
    except ValueError:
        return stamp[0]
