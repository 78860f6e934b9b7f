"""Claims about the colours of pictures."""

import dataclasses
import re
from pathlib import Path

import pytest

import understudy.studio.pictures.palette as module
from understudy.studio.pictures.palette import PALETTES, Palette, Theme, contrast, mixed, readable_on

STYLE_SHEET = Path(module.__file__).parents[2] / "web" / "static" / "studio.css"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_marks_can_be_read_in_both_themes(theme: Theme) -> None:
    """Everything that is written reaches 4.5 : 1 on paper, everything else that is drawn 3 : 1."""
    palette = PALETTES[theme]
    for colour in (palette.ink, palette.grey_4, palette.accent, palette.safe, palette.watch, palette.stop):
        assert contrast(colour, palette.paper) >= 4.5
    assert contrast(palette.grey_3, palette.paper) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_can_be_read_on_every_cell(theme: Theme) -> None:
    """Whatever share of a colour lies under a figure, black or white reads on it at 4.5 : 1."""
    palette = PALETTES[theme]
    for hue in (palette.accent, palette.stop):
        for share in range(20, 101):
            ground = mixed(palette.paper, hue, share / 100)
            assert contrast(readable_on(ground), ground) >= 4.5, (hue, share)


def test_pictures_and_pages_share_their_colours() -> None:
    """Each token has the style sheet's value, first the light theme's, then the dark one's."""
    sheet = STYLE_SHEET.read_text(encoding="utf-8")
    for index, theme in enumerate(("light", "dark")):
        for field in dataclasses.fields(Palette):
            found = re.findall(rf"--{field.name.replace('_', '-')}:\s*(#[0-9a-f]{{6}})", sheet)
            assert found[index] == getattr(PALETTES[theme], field.name), (theme, field.name)


def test_contrast_is_that_of_the_guidelines() -> None:
    """Black on white is 21, a colour on itself 1; mixing goes from one colour to the other."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert [mixed("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]
