"""One prediction over HTTP on a kept-alive connection, against decoding and the bare graph in this process."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.command import PROJECT, UNDERSTUDY, folder_of, trained_workspace, understudy
from bench.splits import SETS, read_set, split_of
from understudy.engine.inference import Graph
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import input_name
from understudy.search.model_file import read_model

WARM_UP = 50
START_SECONDS = 60
LAUNCH = ("--override", "--by", "bench", "--reason", "to measure how soon it answers")


@dataclass(frozen=True)
class Latency:
    """Medians over the requests.

    Attributes:
        requests: How many were measured.
        http: Milliseconds from sending a photo to having its decision.
        direct: Milliseconds to decode the same photo and run the model's graph.
        sizes: Sides at which this model sees a photo.
    """

    requests: int
    http: float
    direct: float
    sizes: tuple[int, ...]

    @property
    def ratio(self) -> float:
        """How many times as long a prediction takes over HTTP."""
        return self.http / self.direct


def measure(requests: int) -> Latency:
    """Trains on 20 cats and 20 dogs, serves the project, and asks about the rest, by turns with the bare graph."""
    plan, photos = SETS[0], read_set(SETS[0].name)
    split = split_of(photos.labels, plan, 0)
    asked = [photos.paths[place].read_bytes() for place in split.rest][: requests + WARM_UP]
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as scratch:
        workspace, exported = Path(scratch) / "workspace", Path(scratch) / "model.onnx"
        with folder_of(photos, split.training) as folder:
            trained_workspace(folder, workspace)
        understudy("--workspace", str(workspace), "promote", PROJECT, "live", *LAUNCH)
        understudy("--workspace", str(workspace), "export", PROJECT, str(exported))
        file = read_model(exported.read_bytes())
        sizes = file.description.preparation["sizes"]
        direct = _direct(Graph(file.graph, rows=1, goal="latency", precision="f32"), sizes)
        with _served(workspace) as address, httpx.Client(base_url=address, timeout=30) as client:
            http, bare = _in_turns(lambda photo: _ask(client, photo), direct, asked)
    return Latency(len(asked) - WARM_UP, http, bare, sizes)


def _in_turns(
    first: Callable[[bytes], None], second: Callable[[bytes], None], photos: Sequence[bytes]
) -> tuple[float, float]:
    """Median milliseconds of both, without the warm-up."""
    times = [(_milliseconds(first, photo), _milliseconds(second, photo)) for photo in photos][WARM_UP:]
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times)


def _ask(client: httpx.Client, photo: bytes) -> None:
    given = client.post(f"/api/v1/projects/{PROJECT}/decisions", files={"photo": ("photo.jpg", photo, "image/jpeg")})
    if given.status_code not in {httpx.codes.OK, httpx.codes.ACCEPTED}:
        raise RuntimeError(f"a prediction was answered with {given.status_code}: {given.text}")


def _direct(graph: Graph, sizes: Sequence[int]) -> Callable[[bytes], None]:
    def answer(photo: bytes) -> None:
        squares: list[Any] = decode_photo(photo, sizes)
        graph.run({input_name(size): np.asarray(square)[None] for size, square in zip(sizes, squares, strict=True)})

    return answer


def _milliseconds(work: Callable[[bytes], None], photo: bytes) -> float:
    started = time.perf_counter()
    work(photo)
    return (time.perf_counter() - started) * 1e3


@contextmanager
def _served(workspace: Path) -> Iterator[str]:
    """The real server over a workspace, and its address once it is ready."""
    command: list[str | Path] = [UNDERSTUDY, "--workspace", str(workspace), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said = server.stdout.readline() if server.stdout else ""
        address = next((word.rstrip("/") for word in said.split() if word.startswith("http://")), None)
        if address is None:
            raise RuntimeError(f"understudy serve did not say where it listens: {said!r}")
        _wait_until_ready(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server at {address} was not ready within {START_SECONDS} s")
