import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright
from prometheus_client import CollectorRegistry

from brightness import BrightnessModel, Shelf
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.domain.trial import Trial
from understudy.serving.company import Surroundings, company
from understudy.serving.lanes import Limits
from understudy.serving.router import Setup
from understudy.stats.judgement import judge
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.people.queue import Queue
from understudy.studio.service_desk import ServiceDesk
from understudy.studio.workspace import Workspace
from understudy.web.app import create_app
from understudy.web.services import Services
from understudy.web.wire import OnePiece

from .photos import grey

HARDLY_EVER = 1e-6
"""A share of audits so small that none is drawn."""

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAX_BODY = 300_000


@dataclass
class Studio:
    """A running server over a real ledger, and what stands behind it."""

    url: str
    ledger: Ledger
    blobs: BlobStore
    shelf: Shelf
    model: BrightnessModel
    app: FastAPI | None = None

    @property
    def address(self) -> str:
        return self.url.removeprefix("http://")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; where none is installed, the tests that ask for it are skipped."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def complaints_of(page: Page) -> list[str]:
    """Script errors and broken content policies of a page, from now on."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda entry: complaints.append(entry.text) if "Content Security" in entry.text else None)
    return complaints


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A real server on a free port, with the projects “lamp” (trained and judged) and “untrained”."""
    folder = tmp_path_factory.mktemp("workspace")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    model = BrightnessModel()
    shelf = Shelf({"lamp": model, "untrained": None})
    ledger.create_project(Project("lamp", NOW, drawn=True))
    ledger.create_project(Project("untrained", NOW))
    furnish(ledger, blobs, model)
    for name, value in (("model-seconds", 60.0), ("fault-limit", 1000.0)):  # on a busy machine too
        ledger.set_setting("lamp", name, value, "Ada", NOW)
    launch(ledger, "lamp", model.version)
    server = serving(ledger, blobs, shelf)
    with server as url:
        yield Studio(url, ledger, blobs, shelf, model, server.app)
    ledger.close()


@pytest.fixture
def client(studio: Studio) -> Iterator[httpx.Client]:
    """A real HTTP client."""
    with httpx.Client(base_url=studio.url, timeout=60) as client:
        yield client


class serving:  # noqa: N801 - reads as a verb where it is used
    """Serves a workspace on a free loopback port while the block runs."""

    def __init__(
        self,
        ledger: Ledger,
        blobs: BlobStore,
        shelf: Shelf,
        *,
        max_body: int = MAX_BODY,
        explaining: float = 60.0,
        **further: object,
    ) -> None:
        workspace = Workspace(Path(tempfile.gettempdir()), ledger, blobs, "")
        around = Surroundings(CollectorRegistry(), setup=Setup(limits=Limits(max_waiting=64), explaining=explaining))
        together = company(ledger, blobs, shelf, around)
        parts = {"queue": Queue(workspace), "service": ServiceDesk(workspace), "backstage": together.backstage}
        self.app = app = create_app(
            Services(
                together.router,
                ledger,
                blobs,
                registry=around.registry,
                version="1.2.3",
                max_body=max_body,
                **{**parts, **further},
            )
        )
        config = uvicorn.Config(app, http=OnePiece, log_level="critical", lifespan="on", timeout_graceful_shutdown=5)
        self.server = uvicorn.Server(config)
        # Named as TCP, so that the event loop knows to send small packets at once.
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            threading.Event().wait(0.01)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(15)
        self.socket.close()


def launch(
    ledger: Ledger,
    project: str,
    model: str | None,
    stage: Stage = Stage.LIVE,
    *,
    audits: float = HARDLY_EVER,
    fallback: str | None = None,
) -> StageChange:
    """Changes a project's stage, as somebody asked for it."""
    last = ledger.stage(project)
    share = {Stage.CANARY: 0.5, Stage.LIVE: 1.0}.get(stage, 0.0)
    terms = Terms(0.7, 0.1, audits, 40.0, 500.0, "EUR", 310.0)
    change = StageChange(
        number=(last.number if last else 0) + 1,
        stage=stage,
        model=model,
        terms=terms if model else None,
        fallback=fallback,
        fallback_terms=terms if fallback else None,
        share=share,
        cause=Cause.ASKED,
        by="Ada",
        reason="The pilot begins.",
        at=datetime.now(UTC),
        evidence={"rests_on": "review", "review": {"number": 1, "verdict": "launch"}},
    )
    return ledger.change_stage(project, change)


def furnish(ledger: Ledger, blobs: BlobStore, model: BrightnessModel) -> None:
    """Fills “lamp” with photos, findings, a model and a judgement."""
    labels = model.labels
    digests = [blobs.put(grey(level)) for level in range(0, 240, 6)]
    examples = [
        Example(digest, f"photo-{place}.png", Provenance.UPLOAD, digest, side, labels[place % 2], 48, 32, "0" * 16)
        for place, digest in enumerate(digests)
        for side in [Side.SEALED if place < 20 else Side.TRAIN]
    ]
    ledger.add_examples("lamp", examples, by="someone", at=NOW)
    finding = Finding(
        FindingKind.CORRUPT,
        Severity.MEDIUM,
        "<b>IMG_0412.heic</b>",
        "“<b>IMG_0412.heic</b>” is cut off after 12 kB.",
        "Its picture ends early.",
        "Upload it again to add it.",
    )
    ledger.record_findings("lamp", [finding], at=NOW)
    ledger.record_model(
        "lamp", version=model.version, blob="0" * 64, trials=[Trial("means", 0.2, 0.9)], data_version="d", at=NOW
    )
    look = ledger.open_sealed("lamp", model=model.version, at=NOW)
    truth = np.array([place % 2 for place in range(20)])
    sure = np.where(np.arange(20) % 7 == 3, 0.2, 0.9)
    probabilities = np.stack([np.where(truth == 0, sure, 1 - sure), np.where(truth == 0, 1 - sure, sure)], axis=1)
    judgement = judge(
        model=model.version,
        labels=labels,
        truth=truth,
        probabilities=probabilities,
        groups=digests[:20],
        digests=digests[:20],
        threshold=0.7,
        majority_label=labels[0],
        look=look.number,
    )
    ledger.record_judgement("lamp", judgement, at=NOW)
