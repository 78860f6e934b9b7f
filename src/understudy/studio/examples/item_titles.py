"""What people call the items that rankings list."""

from collections.abc import Callable, Mapping
from typing import Any

from understudy.domain.task import BETWEEN_LABELS
from understudy.modalities.interactions.content import Content


def item_titles(schema: Mapping[str, Any] | None, read: Callable[[str], bytes]) -> Mapping[str, str]:
    """Titles by item; empty where no table of items came, and for what is no ranking.

    Args:
        schema: What was understood of the project's table, or None.
        read: Gives the bytes of a blob by its digest.
    """
    digest = (schema or {}).get("content")
    return Content.from_bytes(read(digest)).names if isinstance(digest, str) else {}


def titled_items(items: str, titles: Mapping[str, str]) -> str:
    """Items as an answer keeps them, each by its title where it has one."""
    return BETWEEN_LABELS.join(titles.get(item, item) for item in items.split(BETWEEN_LABELS))
