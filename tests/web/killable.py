"""Serves a workspace until it is killed: `python killable.py FOLDER` prints its port."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

sys.path.insert(0, str(Path(__file__).parents[1]))

from brightness import BrightnessModel, Shelf
from web.conftest import launch, serving

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    ledger = Ledger.open(folder / "ledger.db")
    ledger.create_project(Project("lamp", datetime(2026, 3, 2, tzinfo=UTC)))
    launch(ledger, "lamp", BrightnessModel().version, audits=0.5)
    with serving(ledger, BlobStore(str(folder / "blobs")), Shelf({"lamp": BrightnessModel()})) as url:
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
