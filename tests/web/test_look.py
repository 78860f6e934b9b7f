import re
from pathlib import Path

import pytest

import understudy.web
from understudy.studio.pictures.palette import PALETTES, Palette, contrast

STYLE = (Path(understudy.web.__file__).parent / "static" / "studio.css").read_text()
TOKENS = {
    theme: dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))
    for theme, block in zip(("light", "dark"), re.findall(r":root \{([^}]*)\}", STYLE), strict=False)
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_and_pictures_share_their_colours(theme: str) -> None:
    """The style sheet's tokens are those that the pictures are drawn with."""
    palette: Palette = PALETTES[theme]  # type: ignore[index]
    for name, colour in vars(palette).items():
        assert TOKENS[theme][name.replace("_", "-")] == colour


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, "paper") for text in ("ink", "grey-4", "accent", "safe", "watch", "stop")),
        ("grey-4", "grey-1"),
        ("ink", "grey-1"),
        ("ink", "accent-wash"),
        ("ink", "watch-wash"),
        ("ink", "stop-wash"),
        ("watch", "watch-wash"),
        ("stop", "stop-wash"),
        ("on-accent", "accent"),
    ],
)
def test_every_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    """Contrast is at least 4.5 to 1 in both themes."""
    assert contrast(TOKENS[theme][text], TOKENS[theme][ground]) >= 4.5


def test_only_the_named_sizes_of_type_are_used() -> None:
    """Every size of type in the style sheet is one of the six."""
    sizes = set(re.findall(r"font-size: ([^;]+);", STYLE))
    assert sizes <= {f"var(--type-{size})" for size in (13, 15, 17, 22, 30, 44)} | {"0.92em"}
