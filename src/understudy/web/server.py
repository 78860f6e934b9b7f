"""The app for a server's process, made of the workspace that the environment names."""

import threading
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from understudy.serving.metrics import ServingMetrics
from understudy.serving.recorder import Recorder
from understudy.serving.router import Router
from understudy.studio.auditor import Auditor
from understudy.studio.desk import Desk
from understudy.studio.shelf import Shelf
from understudy.studio.workspace import Workspace, workspace_folder
from understudy.web.app import create_app
from understudy.web.services import Services


def app_from_environment() -> FastAPI:
    """The app over the workspace that `UNDERSTUDY_WORKSPACE` names."""
    return app_over(Workspace.open(workspace_folder()))


def app_over(workspace: Workspace) -> FastAPI:
    """The app over an open workspace."""
    registry = CollectorRegistry()
    recorder = Recorder(workspace.ledger, workspace.blobs)
    shelf = Shelf(workspace)
    # No daemon: an interpreter that ends while a library of its works in a thread is aborted.
    threading.Thread(target=shelf.warm, name="warming").start()
    router = Router(shelf, recorder, ServingMetrics(registry))
    return create_app(
        Services(
            router=router,
            records=workspace.ledger,
            photos=workspace.blobs,
            registry=registry,
            version=version("understudy"),
            desk=Desk(workspace),
            auditor=Auditor(workspace),
        )
    )
