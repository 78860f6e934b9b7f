"""An app that cannot be made, for servers whose workers never start."""

import os
from pathlib import Path


def app() -> None:
    """Writes down why, as the product's own does, and fails."""
    Path(os.environ["UNDERSTUDY_TROUBLE"]).write_text("The cable is out.", encoding="utf-8")
    raise SystemExit(1)
