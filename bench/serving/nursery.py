"""A nursery of server processes that may be killed: it has everything imported, so a new one takes a moment.

It inherits a listening socket, forks a server for each line on its standard input, and says that server's number. All
of them accept from the one socket, which stays open here, so no connection that waits is lost with a process.
"""

import os
import signal
import socket
import sys

import uvicorn

from bench.serving.app import app_from_environment
from understudy.cli.serve import config_of


def main() -> None:
    """Forks a server a line, until the input ends."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is not waited for
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(listening)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _serve(listening: socket.socket) -> None:
    """Serves until it is killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        uvicorn.Server(config_of(app_from_environment)).run(sockets=[listening])
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
