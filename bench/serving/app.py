"""The app under load: the product's own, over a ledger and a model that the environment names."""

import os
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from bench.serving.tables import PROJECT, TableShelf
from understudy.domain.project import Project
from understudy.domain.stage import Cause, Stage, StageChange, Terms
from understudy.serving.company import Surroundings, company
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.web.app import create_app
from understudy.web.services import Services

TERMS = Terms(threshold=0.6, most_error=0.05, audit_share=0.01)


def app_from_environment() -> FastAPI:
    """The app over the folder that `BENCH_FOLDER` names."""
    folder = Path(os.environ["BENCH_FOLDER"])
    ledger = Ledger.open(os.environ.get("BENCH_LEDGER") or folder / "ledger.db")
    blobs = BlobStore(str(folder / "blobs"))
    around = Surroundings()
    made = company(ledger, blobs, TableShelf(), around)
    return create_app(Services(made.router, ledger, blobs, registry=around.registry, backstage=made.backstage))


def prepare(ledger: Ledger, model: str, stage: Stage = Stage.LIVE, terms: Terms = TERMS) -> None:
    """Makes the project and gives its model a stage."""
    ledger.create_project(Project(PROJECT, datetime.now(UTC)))
    promote(ledger, model, stage, terms)


def promote(ledger: Ledger, model: str, stage: Stage, terms: Terms = TERMS) -> StageChange:
    """Gives a model a stage, as if a person had asked for it and been allowed."""
    last = ledger.stage(PROJECT)
    share = 1.0 if stage is Stage.LIVE else 0.0
    change = StageChange(
        number=last.number + 1 if last else 1,
        stage=stage,
        model=model,
        terms=terms,
        fallback=None,
        fallback_terms=None,
        share=share,
        cause=Cause.ASKED,
        by="bench",
        reason="measured",
        at=datetime.now(UTC),
    )
    return ledger.change_stage(PROJECT, change)
