"""The app under load: the product's own, over a ledger and models that the environment names."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from bench.serving.tables import PROJECT, VERSION, TableModel, TableShelf
from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.serving.company import Surroundings, company
from understudy.serving.steady import keep_steady
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace
from understudy.web.app import create_app
from understudy.web.services import Services

FOLDER, LEDGER = "BENCH_FOLDER", "BENCH_LEDGER"
OTHER, HANGS, SECOND = "0ba1d" + "0" * 59, "4a465" + "0" * 59, "5ec0d" + "0" * 59
"""Versions of a model that answers the other way round, of one that never answers, and of one as good as the first."""

TERMS = Terms(threshold=0.6, most_error=0.05, audit_share=0.01)


class Hanging(TableModel):
    """Does not answer for an hour."""

    def predict(self, photos: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Waits."""
        time.sleep(3600.0)
        return super().predict(photos)


def workspace_from_environment() -> Workspace:
    """The ledger and the blobs that the environment names."""
    folder = Path(os.environ[FOLDER])
    ledger = Ledger.open(os.environ.get(LEDGER) or folder / "ledger.db")
    return Workspace(folder, ledger, BlobStore(str(folder / "blobs")), str(folder / "blobs"))


def app_from_environment() -> FastAPI:
    """The app over the workspace that the environment names, with four models on its shelf."""
    workspace = workspace_from_environment()
    models = (TableModel(), TableModel(OTHER, wrong=True), Hanging(HANGS), TableModel(SECOND))
    shelf, around = TableShelf({model.version: model for model in models}), Surroundings()
    made = company(workspace.ledger, workspace.blobs, shelf, around)
    services = Services(
        made.router,
        workspace.ledger,
        workspace.blobs,
        registry=around.registry,
        backstage=made.backstage,
        queue=Queue(workspace),
    )
    app = create_app(services)
    keep_steady()
    return app


def prepare(ledger: Ledger, stage: Stage = Stage.LIVE, *, model: str = VERSION, terms: Terms = TERMS) -> None:
    """Makes the project and gives its model a stage; so many audits may wait that load alone trips nothing."""
    now = datetime.now(UTC)
    ledger.create_project(Project(PROJECT, now))
    ledger.set_setting(PROJECT, "most-audits-waiting", 100_000.0, "bench", now)
    promote(ledger, stage, model=model, terms=terms)


def promote(
    ledger: Ledger, stage: Stage, *, model: str = VERSION, fallback: str | None = None, terms: Terms = TERMS
) -> StageChange:
    """Gives a model a stage, as if a person had asked for it and been allowed."""
    last = ledger.stage(PROJECT)
    change = StageChange(
        number=last.number + 1 if last else 1,
        stage=stage,
        model=None if stage is Stage.WIZARD else model,
        terms=None if stage is Stage.WIZARD else terms,
        fallback=fallback,
        fallback_terms=terms if fallback else None,
        share=1.0 if stage is Stage.LIVE else 0.0,
        cause=Cause.ASKED,
        by="bench",
        reason="measured",
        at=datetime.now(UTC),
    )
    return ledger.change_stage(PROJECT, change)
