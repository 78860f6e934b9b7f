"""`understudy serve` and `demo` as a person meets them: real processes, real HTTP, real Ctrl-C."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cli.conftest import Give, Running, until
from trained import PROJECT, Trained
from understudy.cli.serve import WorkersFail, address, listen, serve
from understudy.domain.decision import AnsweredBy
from understudy.domain.stage import Cause, Stage
from understudy.studio.launch.staging import promote
from understudy.studio.workspace import Workspace

Start = Callable[..., Running]
DEMO = "turbine-blades"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on, with a free one after it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def closed(running: Running) -> None:
    """Ends a server by Ctrl-C, which is how it is meant to end."""
    running.press_ctrl_c()
    said = running.ended()
    assert said.status == 0
    assert said.out.endswith("Ended. Everything that was answered is kept.\n")
    assert said.err == ""


def test_serve(trained: Trained, start: Start, tmp_path: Path) -> None:
    """The pages answer, the endpoint takes a request for people until a model is live, and Ctrl-C ends quietly."""
    workspace = trained.copy(tmp_path)
    running = start("serve", "--port", "0", workspace=workspace)
    pages = running.line(r"(http://127\.0\.0\.1:\d+)/ +\(Ctrl-C ends\)")[1]
    assert httpx.get(f"{pages}/healthz", timeout=30).status_code == 200
    page = httpx.get(f"{pages}/projects/{PROJECT}", timeout=30)
    assert page.status_code == 200
    assert "right" in page.text
    url, photo = f"{pages}/api/v1/projects/{PROJECT}/decisions", {"photo": trained.photo.read_bytes()}
    people = httpx.post(url, files=photo, timeout=30)
    assert people.status_code == 202
    with Workspace.open(workspace) as opened:
        live = promote(opened, PROJECT, Stage.LIVE, by="Ada", reason="A test.", override=True)
    until(lambda: httpx.post(url, files=photo, timeout=30).status_code == 200)
    closed(running)
    with Workspace.open(workspace) as opened:
        newest, *_, first = opened.ledger.decisions(PROJECT, 1000)
        assert (first.id, first.answered_by, first.model) == (people.json()["id"], AnsweredBy.NOBODY_YET, "")
        assert (newest.answered_by, newest.model, newest.stage) == (AnsweredBy.MODEL, live.model, live.number)


def test_serve_meets_a_new_model(trained: Trained, start: Start, tmp_path: Path) -> None:
    """A server that was started without a project serves one that another process begins and trains meanwhile."""
    workspace = tmp_path / "w"
    running = start("serve", "--port", "0", workspace=workspace)
    pages = running.line(r"(http://127\.0\.0\.1:\d+)/")[1]
    url = f"{pages}/api/v1/projects/{PROJECT}/decisions"
    files = {"photo": trained.photo.read_bytes()}
    assert httpx.post(url, files=files, timeout=30).status_code == 404
    with trained.open() as other, Workspace.open(workspace) as opened:
        record = other.ledger.latest_model(PROJECT)
        opened.ledger.create_project(other.ledger.project(PROJECT))
        blob = opened.blobs.put(other.blobs.get(record.blob))
        opened.ledger.record_model(
            PROJECT, version=blob, blob=blob, trials=[], data_version=record.data_version, at=record.at
        )
    assert httpx.post(url, files=files, timeout=30).status_code == 202
    closed(running)


def test_workers_share_an_address_and_replace_each_other(trained: Trained, start: Start, tmp_path: Path) -> None:
    """Two processes answer at one address; one that is killed is missed, replaced, and no decision is lost."""
    workspace = trained.copy(tmp_path)
    running = start("serve", "--port", "0", "--workers", "2", workspace=workspace)
    pages = running.line(r"(http://127\.0\.0\.1:\d+)/")[1]
    ask, files = f"{pages}/api/v1/projects/{PROJECT}/decisions", {"photo": trained.photo.read_bytes()}

    def asked() -> str:
        """A decision's id; whoever loses the connection with its worker asks again."""
        while True:
            try:
                return str(
                    httpx.post(ask, files=files, headers={"idempotency-key": str(len(ids))}, timeout=30).json()["id"]
                )
            except httpx.TransportError:
                continue

    def workers() -> tuple[int, int]:
        while True:
            try:
                answer = httpx.get(f"{pages}/healthz", timeout=30)
            except httpx.TransportError:
                continue
            return answer.status_code, int(answer.json()["workers"]["alive"])

    ids: list[str] = []
    ids.append(asked())
    deadline = time.monotonic() + 60
    while workers() != (200, 2):
        assert time.monotonic() < deadline
    with Workspace.open(workspace) as opened:
        (first, second) = opened.ledger.workers(datetime(2000, 1, 1, tzinfo=UTC))
    assert first.pid != second.pid
    os.kill(first.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while workers() != (503, 1):
        assert time.monotonic() < deadline
    ids.append(asked())
    deadline = time.monotonic() + 60
    while workers() != (200, 2):
        assert time.monotonic() < deadline
        ids.append(asked())
    closed(running)
    with Workspace.open(workspace) as opened:
        assert {decision.id for decision in opened.ledger.decisions(PROJECT, 1000)} == set(ids)
        assert opened.ledger.workers(datetime.now(UTC)) == []


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("UNDERSTUDY_SMTP", "imap://mail.example", "smtp://"),
        ("UNDERSTUDY_LOG_LEVEL", "loud", "DEBUG"),
        ("UNDERSTUDY_LOG", "xml", "json"),
        ("UNDERSTUDY_LOG_DECISIONS", "yes", "0 or 1"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "http://"),
    ],
)
def test_a_variable_that_nobody_understands_is_refused_at_start(
    variable: str, value: str, hint: str, give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a single worker is started, in one error that names the variable and what it may be."""
    monkeypatch.setenv(variable, value)
    said = give("serve", "--port", "0", "--workers", "3", workspace=tmp_path)
    assert said.status == 1
    assert variable in said.err
    assert hint in said.err
    assert len(said.err.strip().splitlines()) == 3


@pytest.fixture
def own_signals() -> Iterator[None]:
    """A supervisor of workers takes over the signals of its process; afterwards they are as they were."""
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in before.items():
        if handler is not None and handler is not signal.getsignal(number):
            signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_workers_that_never_start_end_the_server(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Three in a row that end before they can answer end it, with what the last one said."""
    with listen("127.0.0.1", 0) as listening, pytest.raises(WorkersFail, match="3 in a row") as caught:
        serve(str(tmp_path), listening, lambda: pytest.fail("nothing is ready"), 2, app="cli.broken:app")
    assert "The cable is out." in caught.value.reason
    assert "Ended" not in capfd.readouterr().out


@pytest.mark.usefixtures("own_signals")
def test_workers_that_answer_go_on_beside_one_that_never_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody loses the worker that is there because another one cannot start; that is logged each time."""
    monkeypatch.setenv("UNDERSTUDY_WORKSPACE", str(tmp_path))
    answers: list[str] = []

    def look() -> None:
        until(lambda: "3 in a row" in caplog.text)
        answers.append(httpx.get(address("127.0.0.1", listening), timeout=30).text)
        os.kill(os.getpid(), signal.SIGINT)

    with listen("127.0.0.1", 0) as listening:
        looking = threading.Thread(target=look)
        looking.start()
        serve(str(tmp_path), listening, lambda: pytest.fail("not all are ready"), 2, app="cli.broken:once")
        looking.join()
    assert answers == ["here"]


def test_port_taken(give: Give, taken: int, tmp_path: Path) -> None:
    """A port that is taken is said, with what to do."""
    said = give("serve", "--port", taken, workspace=tmp_path)
    assert said.status == 1
    assert said.err.startswith(f"Port {taken} is taken.\nAnother program listens on 127.0.0.1.\n")
    assert f"--port {taken + 1}" in said.err


def test_address_of_nobody(give: Give, tmp_path: Path) -> None:
    """An address that is not this machine's is said as such."""
    said = give("serve", "--host", "192.0.2.1", "--port", "0", workspace=tmp_path)
    assert said.status == 1
    assert "Nobody can listen on 192.0.2.1" in said.err
    assert "--host" in said.err


@pytest.fixture(scope="module")
def shown(demonstration: Trained, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace in which the demonstration was shown, and what it said."""
    workspace = demonstration.copy(tmp_path_factory.mktemp("demo"))
    return workspace, demonstration.said.replace(str(demonstration.folder), str(workspace))


def test_demo(shown: tuple[Path, str], give: Give) -> None:
    """The demonstration draws, trains, judges and answers, and says that drawings are no evidence."""
    workspace, out = shown
    assert "180 drawings added to turbine-blades." in out
    assert "These photos are drawn, so they are no evidence about real ones." in " ".join(out.split())
    assert "With 95% confidence" in out
    assert "A new photo of a cracked blade, new-blade.jpg: " in out
    command = out.strip().splitlines()[-1].split(": understudy ")[1]
    assert give(*command.split(), workspace=None).status == 0
    with Workspace.open(workspace) as opened:
        assert opened.ledger.project(DEMO).drawn
        (change,) = opened.ledger.stages(DEMO)
    assert (change.stage, change.cause, change.by) == (Stage.LIVE, Cause.OVERRIDDEN, "demo")
    assert "prove nothing about real ones" in change.reason
    assert f"Launched by an override, for nothing is proven: {change.reason}" in out


def test_demo_again(shown: tuple[Path, str], give: Give) -> None:
    """Shown again, it neither trains nor looks again."""
    workspace, out = shown
    said = give("demo", "--no-serve", workspace=workspace)
    assert said.status == 0
    assert "The demonstration was trained before" in said.out
    assert "Trained in" not in said.out
    assert said.out.split("\n\n")[1] == out.split("\n\n")[2]
    with Workspace.open(workspace) as opened:
        assert opened.ledger.look_count(DEMO) == 1
        assert len(opened.ledger.models(DEMO)) == 1
        assert len(opened.ledger.stages(DEMO)) == 1


def test_demo_serves(shown: tuple[Path, str], start: Start, taken: int) -> None:
    """It opens its pages, on the next port if its own is taken; its model answers a new photo; Ctrl-C ends it."""
    workspace, _ = shown
    running = start("demo", "--port", str(taken), workspace=workspace)
    url = running.line(r"Ask it from a program: +curl -F \S+ (http://\S+)")[1]
    page = running.line(r"Its page .*: +(http://\S+)")[1]
    assert f":{taken}/" not in page
    assert httpx.get(page, timeout=30).status_code == 200
    answer = httpx.post(url, files={"photo": (workspace / "new-blade.jpg").read_bytes()}, timeout=30)
    assert answer.status_code == 200
    assert answer.json()["answered_by"] == "model"
    assert answer.json()["answer"]["label"] == "crack"
    closed(running)


def test_demo_beside_a_real_project(give: Give, tmp_path: Path) -> None:
    """A project of real photos that bears the demonstration's name is left alone."""
    give("new", DEMO, workspace=tmp_path)
    said = give("demo", "--no-serve", workspace=tmp_path)
    assert said.status == 1
    assert "is not the demonstration" in said.err
