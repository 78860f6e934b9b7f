"""The documentation hangs together: its links lead somewhere, and every page can be reached."""

from pathlib import Path

import pytest
from pages import DOCS, PAGES, ROOT, anchors, links

MOST_BYTES = 200_000


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets(page: Path) -> list[tuple[Path, str]]:
    """Files and anchors that the page's relative links name."""
    local = [link for link in links(page) if not link.startswith(("http:", "https:"))]
    parts = [link.partition("#") for link in local]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """Whatever a page links to or shows is in the repository, down to the heading."""
    for target, anchor in targets(page):
        assert target.is_file(), f"{name_of(page)} links to {target}"
        assert target.is_relative_to(ROOT)
        assert not anchor or anchor in anchors(target), f"{name_of(page)} links to #{anchor} of {target.name}"


def test_every_page_can_be_reached() -> None:
    """Following links from the README, a reader comes to every page."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target, _ in targets(page) if target.suffix == ".md"]
    assert sorted(map(name_of, set(PAGES) - reached)) == []


def test_every_picture_is_shown_and_light() -> None:
    """No picture lies about unused, and none takes more than 200 kB."""
    shown = {target for page in PAGES for target, _ in targets(page)}
    pictures = sorted((DOCS / "images").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture not in shown] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_BYTES] == []
