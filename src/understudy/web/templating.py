"""Templates: strict, with everything escaped that is not markup of ours."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from understudy.studio.phrases import name, told_confidence


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
