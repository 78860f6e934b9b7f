"""Two pages of the reference as the studio shows them: what each finding, claim and reason means, without a network.

The texts are those of docs/reference; docs/generate.py copies them here, where an installed package finds them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from understudy.web.context import context_of
from understudy.web.templating import page

router = APIRouter()

FOLDER: Final = Path(__file__).parent / "help"
Topic = Literal["findings", "review"]
BESIDE: Final = {f"{topic}.md": f"/help/{topic}" for topic in ("findings", "review")}
"""Where links between the two pages lead here; links to other pages are shown as plain words."""
_MARKS: Final = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>.+?)\*\*|\*(?P<slant>[^*]+)\*|\[(?P<text>[^\]]+)\]\((?P<to>[^)\s]+)\)"
)


@dataclass(frozen=True)
class Block:
    """A part of a page.

    Attributes:
        kind: "h1", "h2", "h3", "p", "list" or "table".
        anchor: Of a heading; else empty.
        rows: One text for a heading or paragraph, one for each item, or the cells of each row, the head first.
    """

    kind: str
    anchor: str
    rows: tuple[tuple[Markup, ...], ...]


@router.get("/help/{topic}")
async def show(topic: Topic, request: Request) -> Response:
    """One of the pages."""
    return HTMLResponse(page(context_of(request).templates, "help.html", blocks=blocks_of(topic), topic=topic))


@cache
def blocks_of(topic: Topic) -> tuple[Block, ...]:
    """A page in parts, comments left out."""
    text = re.sub(r"<!--.*?-->", "", (FOLDER / f"{topic}.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    return tuple(_block(part) for part in re.split(r"\n{2,}", text.strip()))


def marked(text: str) -> Markup:
    """Words with code, weight and links; all else in them is escaped."""
    return Markup("").join(_spans(" ".join(text.split())))


def _block(text: str) -> Block:
    lines = text.strip().splitlines()
    level = len(lines[0]) - len(lines[0].lstrip("#"))
    if level:
        title = lines[0][level:].strip()
        return Block(f"h{level}", re.sub(r"[^\w-]+", "-", title.lower()).strip("-"), ((marked(title),),))
    if lines[0].startswith("|"):
        rows = [line for line in lines if not re.fullmatch(r"[|\-: ]+", line)]
        return Block("table", "", tuple(tuple(marked(cell) for cell in row.strip("| ").split("|")) for row in rows))
    if lines[0].startswith("- "):
        return Block("list", "", tuple((marked(item),) for item in re.split(r"\n- ", "\n" + text.strip())[1:]))
    return Block("p", "", ((marked(text),),))


def _spans(text: str) -> Iterator[Markup]:
    end = 0
    for found in _MARKS.finditer(text):
        yield escape(text[end : found.start()])
        yield _span(found)
        end = found.end()
    yield escape(text[end:])


def _span(found: re.Match[str]) -> Markup:
    if found["code"]:
        return Markup("<code>{}</code>").format(found["code"])
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(marked(found["bold"]))
    if found["slant"]:
        return Markup("<em>{}</em>").format(found["slant"])
    file, _, anchor = found["to"].partition("#")
    if file in BESIDE:
        address = BESIDE[file] + (f"#{anchor}" if anchor else "")
        return Markup('<a href="{}">{}</a>').format(address, marked(found["text"]))
    if found["to"].startswith("https://"):
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(found["to"], marked(found["text"]))
    return marked(found["text"])
