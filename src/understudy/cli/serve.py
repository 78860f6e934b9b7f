"""`understudy serve`: the pages and the endpoint."""

import os
import socket

import click
import uvicorn

from understudy.cli.terminal import opened, say
from understudy.domain.errors import UnderstudyError
from understudy.studio.workspace import VARIABLE

APP = "understudy.web.server:app_from_environment"
DEFAULT_PORT = 8700


class PortTaken(UnderstudyError):
    """Somebody else listens there."""


@click.command("serve", short_help="Open the pages and the endpoint.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True)
@click.pass_context
def command(context: click.Context, host: str, port: int) -> None:
    """Open the pages and the endpoint, until Ctrl-C."""
    with opened(context) as workspace:
        folder = str(workspace.folder)
    serve(folder, host, port)


def serve(folder: str, host: str, port: int) -> None:
    """Serves a workspace until Ctrl-C.

    Raises:
        PortTaken: The address cannot be listened on.
    """
    os.environ[VARIABLE] = folder
    listening = _listen(host, port)
    say(f"The pages: http://{host}:{listening.getsockname()[1]}/    (Ctrl-C ends)")
    config = uvicorn.Config(APP, factory=True, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: asyncio switches off Nagle's delay only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            fact=f"Nobody can listen on {host}, port {port}.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name another port, such as --port 8701, or end what listens there.",
        ) from error
    return listening
