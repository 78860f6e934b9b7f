"""The app for a server's process, made of the workspace that the environment names."""

import os
import uuid
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from understudy.domain.errors import UnderstudyError
from understudy.serving import figures
from understudy.serving.backstage import Server
from understudy.serving.company import Surroundings, company
from understudy.serving.environment import check_environment, mail_server_in
from understudy.serving.hosts import hosts_in
from understudy.serving.keeper import Chore
from understudy.serving.router import Setup
from understudy.serving.steady import keep_steady
from understudy.serving.telemetry import Tracing, configure_logging
from understudy.studio.auditor import Auditor
from understudy.studio.collection.retention import Retention
from understudy.studio.desk import Desk
from understudy.studio.launch.reopening import Reopening
from understudy.studio.people.inputs import PREVIEWS
from understudy.studio.people.playables import Playables
from understudy.studio.people.queue import Queue
from understudy.studio.service_desk import ServiceDesk
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace, workspace_folder
from understudy.web.app import create_app
from understudy.web.services import Services

SERVER, WORKERS, PARENT = "UNDERSTUDY_SERVER", "UNDERSTUDY_WORKERS", "UNDERSTUDY_PARENT"
"""Variables in which `understudy serve` tells each worker what it is part of."""
TROUBLE = "UNDERSTUDY_TROUBLE"
"""Likewise, the file in which a worker that cannot start writes down why."""
RETENTION_SECONDS, REOPENING_SECONDS = 3600.0, 5.0


def app_from_environment() -> FastAPI:
    """The app over the workspace that `UNDERSTUDY_WORKSPACE` names.

    Raises:
        UnderstudyError: It cannot be made; a worker writes down why for whoever started it.
    """
    try:
        check_environment(os.environ)
        configure_logging()
        app = app_over(Workspace.open(workspace_folder()), os.environ)
    except Exception as error:
        if TROUBLE in os.environ:
            why = f"{error.fact} {error.reason}" if isinstance(error, UnderstudyError) else repr(error)
            Path(os.environ[TROUBLE]).write_text(why, encoding="utf-8")
        raise
    keep_steady()
    return app


def app_over(workspace: Workspace, environment: Mapping[str, str] | None = None) -> FastAPI:
    """The app over an open workspace.

    Args:
        workspace: What is served.
        environment: Says what server this is part of, and where mail, traces and common counts go.
    """
    named = environment or {}
    registry, server = CollectorRegistry(), _server_in(named)
    surroundings = Surroundings(
        registry=registry,
        mail=mail_server_in(named),
        setup=Setup(tracing=Tracing.from_environment(named)),
        chores=[
            Chore("retention", RETENTION_SECONDS, Retention(workspace, uuid.uuid4().hex).tick),
            Chore("reopening", REOPENING_SECONDS, Reopening(workspace, uuid.uuid4().hex).tick),
        ],
        now=workspace.now,
        server=server,
    )
    shelf = Shelf(workspace)
    made = company(workspace.ledger, workspace.blobs, shelf, surroundings)
    return create_app(
        Services(
            router=made.router,
            records=workspace.ledger,
            inputs=workspace.blobs,
            registry=registry,
            version=version("understudy"),
            desk=Desk(workspace),
            auditor=Auditor(workspace),
            queue=Queue(workspace),
            service=ServiceDesk(workspace),
            playables=Playables(workspace.cache / PREVIEWS),
            hosts=hosts_in(named),
            backstage=made.backstage,
            exposition=figures.exposition_of(registry, [made.figures], named.get(figures.FOLDER)),
        )
    )


def _server_in(environment: Mapping[str, str]) -> Server:
    """The server that this process is a worker of; one of its own where nobody says otherwise."""
    name, parent = environment.get(SERVER), environment.get(PARENT)
    if not name:
        return Server(uuid.uuid4().hex)
    return Server(name, int(environment.get(WORKERS, "1")), int(parent) if parent else None)
