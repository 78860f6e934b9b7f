"""`understudy serve`: the pages and the endpoint, in one process or in several that share an address."""

import errno
import logging
import os
import socket
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import uvicorn
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from understudy.cli.amounts import DEFAULT_PORT
from understudy.cli.terminal import opened, say
from understudy.domain.errors import UnderstudyError
from understudy.serving.environment import check_environment
from understudy.serving.hosts import VARIABLE as HOSTS
from understudy.serving.hosts import hosts_in, hosts_of
from understudy.studio.workspace import BLOBS_VARIABLE, LEDGER_VARIABLE, VARIABLE

log = logging.getLogger(__name__)

APP = "understudy.web.server:app_from_environment"
PROTOCOL = "understudy.web.wire:OnePiece"
MOST_WORKERS = 64
START_SECONDS = 120.0
"""Within which a worker has to have loaded everything."""
GRACE_SECONDS = 30
"""For which a server that was told to end answers what it has accepted."""
MOST_TRIED = 20
"""Ports that are tried one after another where any will do."""
MOST_FAILED_STARTS = 3
"""Workers in a row that end before they can answer."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries to start a worker beside others that answer."""
_LAST_PORT = 65535


class WorkersFail(UnderstudyError):
    """Workers end again and again before they can answer."""


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
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="COUNT",
    default=1,
    show_default=True,
    help="Processes that answer side by side; one that dies is started again.",
)
@click.option(
    "--reached-as",
    "names",
    metavar="NAME",
    multiple=True,
    help="A name under which people reach it, as behind a proxy; may be given again.",
)
@click.pass_context
def command(context: click.Context, host: str, port: int, workers: int, names: tuple[str, ...]) -> None:
    """Open the pages and the endpoint, until Ctrl-C."""
    told = context.find_root().params
    with opened(context, create=True) as workspace:
        workspace.ledger.check_writable()
        folder = str(workspace.folder)
    places = {VARIABLE: folder, LEDGER_VARIABLE: told.get("ledger"), BLOBS_VARIABLE: told.get("blobs")}
    os.environ.update({name: place for name, place in places.items() if place})
    with listen(host, port) as listening:
        known = hosts_of([host, listening.getsockname()[0]], [*names, *hosts_in(os.environ)])
        os.environ[HOSTS] = ",".join(sorted(known))
        serve(folder, listening, lambda: say(f"The pages: {address(host, listening)}/    (Ctrl-C ends)"), workers)


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


class _Supervisor(Multiprocess):
    """Starts workers, restarts those that die, and says when all are ready.

    It gives up where none answers and so many in a row ended by themselves before they could. Where others answer, they
    go on, and it tries again after ever longer pauses.
    """

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], ready: Callable[[], None]) -> None:
        super().__init__(config, sockets)
        self._ready: Callable[[], None] | None = ready
        self._begun: set[int | None] = set()
        self._began_at: dict[int | None, float] = {}
        self._next_at = 0.0
        self.failed_starts = 0

    @property
    def gave_up(self) -> bool:
        """Whether it ended because no worker starts."""
        serving = any(process.pid in self._begun for process in self.processes)
        return self.failed_starts >= MOST_FAILED_STARTS and not serving

    def init_processes(self) -> None:
        super().init_processes()
        self._began_at = {process.pid: time.monotonic() for process in self.processes}
        for process in self.processes:
            if process.wait_until_ready(START_SECONDS, self.should_exit):
                self._begun.add(process.pid)
        self._tell()

    def keep_subprocess_alive(self) -> None:
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if self._lives(process):
                continue
            if process.pid not in self._began_at:  # it has ended before, and its successor is due later
                self._begin(place)
                continue
            self._end(process)
            if self.gave_up:
                self.should_exit.set()
                return
            self._begin(place)
        self._tell()

    def _lives(self, process: Process) -> bool:
        """Whether a worker is at work, or has still time to start."""
        if process.pid in self._begun or not process.process.is_alive():
            return process.is_alive(timeout=self.config.timeout_worker_healthcheck)
        if process.is_ready(timeout=1):
            self._begun.add(process.pid)
            self.failed_starts = 0
            return True
        return time.monotonic() - self._began_at.get(process.pid, 0.0) < START_SECONDS

    def _end(self, process: Process) -> None:
        """Clears a worker away, and counts it where it has ended by itself before it could answer."""
        by_itself = not process.process.is_alive()
        process.kill()
        process.join()
        if process.pid in self._begun:
            self.failed_starts = 0
        elif by_itself:
            self.failed_starts += 1
            log.error("A worker ended before it could answer (%s in a row)", self.failed_starts)
        self._begun.discard(process.pid)
        self._began_at.pop(process.pid, None)
        pause = 0.0 if self.failed_starts < MOST_FAILED_STARTS else min(LONGEST_PAUSE, 2.0**self.failed_starts)
        self._next_at = time.monotonic() + pause

    def _begin(self, place: int) -> None:
        """Starts a worker in the place of one that has ended, once it is time."""
        if time.monotonic() >= self._next_at:
            process = self.processes[place] = Process(self.config, self.sockets)
            process.start()
            self._began_at[process.pid] = time.monotonic()

    def _tell(self) -> None:
        if self._ready is not None and all(process.pid in self._begun for process in self.processes):
            self._ready()
            self._ready = None


def serve(
    folder: str, listening: socket.socket, ready: Callable[[], None], workers: int = 1, *, app: str = APP
) -> None:
    """Serves a workspace until Ctrl-C.

    Args:
        folder: The workspace's.
        listening: What `listen` gave.
        ready: Called once questions are answered.
        workers: Processes that answer.
        app: Where the function is that makes the app ("module:name").

    Raises:
        UnderstudyError: A variable of the environment cannot be understood.
        WorkersFail: No worker starts.
    """
    check_environment(os.environ)
    os.environ[VARIABLE] = folder
    config = config_of(app, workers=workers)
    try:
        if workers == 1:
            _Server(config, ready).run(sockets=[listening])
        else:
            with _told(workers) as trouble:
                supervisor = _Supervisor(config, [listening], ready)
                supervisor.run()
                if supervisor.gave_up:
                    raise _no_worker(trouble)
    except KeyboardInterrupt:
        pass
    say("Ended. Everything that was answered is kept.")


def config_of(app: str | Callable[[], Any], *, workers: int = 1, **further: Any) -> uvicorn.Config:
    """How the web server is set up.

    Args:
        app: The function that makes the app, or where it is ("module:name").
        workers: Processes that answer.
        further: What else the web server is to know.
    """
    return uvicorn.Config(
        app,
        factory=True,
        http=PROTOCOL,
        log_level="warning",
        access_log=False,
        workers=workers,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **further,
    )


@contextmanager
def _told(workers: int) -> Iterator[Path]:
    """Tells workers by their environment what they are part of and where they count together.

    The value is the file in which one that cannot start writes down why.
    """
    with tempfile.TemporaryDirectory(prefix="understudy-figures-") as counting:
        trouble = Path(counting) / "trouble.txt"
        told: Mapping[str, str] = {
            "UNDERSTUDY_TROUBLE": str(trouble),
            "UNDERSTUDY_SERVER": uuid.uuid4().hex,
            "UNDERSTUDY_WORKERS": str(workers),
            "UNDERSTUDY_PARENT": str(os.getpid()),
            "PROMETHEUS_MULTIPROC_DIR": counting,
        }
        before = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        try:
            yield trouble
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _no_worker(trouble: Path) -> WorkersFail:
    why = trouble.read_text(encoding="utf-8") if trouble.is_file() else "What it said stands above."
    return WorkersFail(
        fact="The server ends, because its workers do not start.",
        reason=f"{MOST_FAILED_STARTS} in a row ended before they could answer. {why}",
        remedy="Mend that and start again; with --workers 1 the whole error is shown once.",
    )


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
