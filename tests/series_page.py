"""What the page on modalities shows of Python."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "add-a-modality.md"


def page_blocks() -> list[str]:
    """In order: a module, its check, that with other rubbish, an encoder with a graph of its own."""
    return [block.partition("```")[0] for block in PAGE.read_text(encoding="utf-8").split("```python\n")[1:]]


def page_module() -> str:
    """The module, as it stands there."""
    return page_blocks()[0]
