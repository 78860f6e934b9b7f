"""`understudy serve`: the pages and the endpoint."""

import errno
import os
import socket
from collections.abc import Callable

import click
import uvicorn

from understudy.cli.terminal import opened, say
from understudy.domain.errors import UnderstudyError
from understudy.studio.workspace import VARIABLE

APP = "understudy.web.server:app_from_environment"
DEFAULT_PORT = 8700
MOST_TRIED = 20
"""Ports that are tried one after another where any will do."""
_LAST_PORT = 65535


class CannotListen(UnderstudyError):
    """The address cannot be listened on."""


@click.command("serve", short_help="Open the pages and the endpoint.")
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all."
)
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    metavar="PORT",
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.pass_context
def command(context: click.Context, host: str, port: int) -> None:
    """Open the pages and the endpoint, until Ctrl-C."""
    with opened(context, create=True) as workspace:
        folder = str(workspace.folder)
    with listen(host, port) as listening:
        serve(folder, listening, lambda: say(f"The pages: {address(host, listening)}/    (Ctrl-C ends)"))


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def serve(folder: str, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serves a workspace until Ctrl-C.

    Args:
        folder: The workspace's.
        listening: What `listen` gave.
        ready: Called once questions are answered.
    """
    os.environ[VARIABLE] = folder
    config = uvicorn.Config(APP, factory=True, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    try:
        _Server(config, ready).run(sockets=[listening])
    except KeyboardInterrupt:
        say("Ended. Everything that was answered is kept.")


def listen(host: str, port: int, *, or_next: bool = False) -> socket.socket:
    """Listens at an address, so that nobody else can.

    Args:
        host: Address or name.
        port: Port, or 0 for any that is free.
        or_next: Where the port is taken, take the next one that is free.

    Raises:
        CannotListen: The address is taken, or cannot be used.
    """
    ports = range(port, min(port + MOST_TRIED, _LAST_PORT + 1)) if or_next and port else [port]
    for tried in ports:
        try:
            return _listen(host, tried)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or tried == ports[-1]:
                raise _refusal(host, tried, error) from error
    raise AssertionError("at least one port is tried")


def address(host: str, listening: socket.socket) -> str:
    """Where a browser on this machine finds what listens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - names, no binding
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: asyncio switches off Nagle's delay only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    return listening


def _refusal(host: str, port: int, error: OSError) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        remedy = f"Name another port, such as --port {port + 1 if port < _LAST_PORT else DEFAULT_PORT}, or end it."
        return CannotListen(fact=f"Port {port} is taken.", reason=f"Another program listens on {host}.", remedy=remedy)
    return CannotListen(
        fact=f"Nobody can listen on {host}, port {port}.",
        reason=f"The system says: {error.strerror}.",
        remedy="Name an address of this machine with --host, and a port from 1024 up with --port.",
    )
