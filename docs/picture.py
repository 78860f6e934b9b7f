"""Takes the README's picture: the demonstration's page with one answer on it.

With `understudy serve` running in the demonstration's folder, and Chromium installed:

    .venv/bin/python docs/picture.py http://127.0.0.1:8700 understudy-workspace/new-blade.jpg
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parent / "images" / "project-page.png"
PROJECT = "turbine-blades"
WIDTH, HEIGHT = 1100, 900
MARGIN = 24


def main(address: str, photo: str) -> None:
    """Asks about the photo, takes the picture from the verdict to the answer and stores it in few colours."""
    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(f"{address}/projects/{PROJECT}")
        page.set_input_files("form input[type=file] >> nth=0", photo)
        page.wait_for_selector("#answer img", timeout=20_000)
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(_taken(page))).convert("RGB")
        browser.close()
    TARGET.parent.mkdir(exist_ok=True)
    picture.quantize(200, dither=Image.Dither.NONE).save(TARGET, optimize=True)


def _taken(page: Page) -> bytes:
    """From the top of the page to the end of the answer's pictures."""
    page.evaluate("scrollTo(0, 0)")
    end = page.eval_on_selector_all("#answer img", "all => Math.max(...all.map(e => e.getBoundingClientRect().bottom))")
    page.set_viewport_size({"width": WIDTH, "height": int(end) + MARGIN})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)
    return page.screenshot()


if __name__ == "__main__":
    main(*sys.argv[1:])
