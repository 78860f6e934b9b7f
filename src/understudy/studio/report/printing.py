"""A report as PDF, set by typst; all text is handed over as data and never becomes markup."""

import json
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from understudy.studio.pictures.palette import PALETTES
from understudy.studio.report.blocks import Block, Facts, Image, Report

TEMPLATE = Path(__file__).with_name("templates") / "report.typ"
FACE = "Libertinus Serif"
"""Comes with typst; other fonts of the machine only stand in for scripts that it lacks."""

ZERO_WIDTH = "\u200b"
_LONG = re.compile(r"\S{24,}")
_FAMILY = re.compile(r'font-family="[^"]*"')


def print_of(report: Report) -> bytes:
    """Sets a report as a PDF that screen readers can follow (PDF/UA-1).

    A character for which no font of this machine has a picture cannot be part of such a file; then the same file is
    made without the claim to be one. The same report gives the same bytes.
    """
    # Loaded here because only a report needs it: 80 MB that no other command should wait for.
    import typst  # noqa: PLC0415

    content = json.dumps(_content(report), ensure_ascii=False)
    asked: dict[str, Any] = {
        "root": str(TEMPLATE.parent),
        "sys_inputs": {"report": content},
        "format": "pdf",
        "timestamp": datetime(*report.date, tzinfo=UTC),
    }
    try:
        made = typst.compile(str(TEMPLATE), pdf_standards=["ua-1"], **asked)
    except typst.TypstError:
        made = typst.compile(str(TEMPLATE), **asked)
    return bytes(made)


def _content(report: Report) -> dict[str, Any]:
    """The report as values that JSON knows, with one picture of each."""
    whole = asdict(replace(report, opening=(), sections=()))
    return whole | {
        "title": report.title,
        "headline": _breakable(report.headline),
        "next_step": _breakable(report.next_step),
        "opening": [_block(block) for block in report.opening],
        "sections": [
            {"title": one.title, "breaks": one.breaks, "blocks": [_block(block) for block in one.blocks]}
            for one in report.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Image):
        chart = block.chart
        return {"kind": block.kind, "title": chart.title, "caption": chart.caption, "svg": printed(chart.svg)}
    whole: dict[str, Any] = asdict(block)
    return whole if isinstance(block, Facts) and block.exact else _all_breakable(whole)


def _all_breakable(value: Any) -> Any:
    """The same values, with places to break in every text."""
    if isinstance(value, str):
        return _breakable(value)
    if isinstance(value, dict):
        return {key: _all_breakable(one) for key, one in value.items()}
    return [_all_breakable(one) for one in value] if isinstance(value, list | tuple) else value


def _breakable(text: str) -> str:
    """A text whose very long words may break anywhere, so that none leaves its column."""
    return _LONG.sub(lambda word: ZERO_WIDTH.join(word[0]), text)


def printed(svg: str) -> str:
    """A light picture in the print's face, on the white of its page."""
    return _FAMILY.sub(f'font-family="{FACE}"', svg).replace(PALETTES["light"].paper, "#ffffff")
