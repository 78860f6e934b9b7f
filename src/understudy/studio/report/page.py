"""A report as one HTML file that needs nothing else: style and pictures are inside it, and there is no script."""

import re
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from understudy.studio.report.blocks import Report

_GROUND = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="#[0-9a-f]{6}"/>')
TEMPLATES = Path(__file__).with_name("templates")


def page_of(report: Report) -> bytes:
    """Sets a report as a page; every text is escaped."""
    return _environment().get_template("report.html").render(report=report).encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline"] = _inline
    return environment


def _inline(svg: str) -> str:
    """A picture as an address that holds the picture itself; its ground is left out, so that the page shows through."""
    return f"data:image/svg+xml;base64,{b64encode(_GROUND.sub('', svg, count=1).encode()).decode()}"
