"""Servers are killed outright under load; a client's own ledger is compared with the database afterwards."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from bench.serving.app import FOLDER, LEDGER, SECOND, TERMS, prepare, promote
from bench.serving.people import Auditors
from bench.serving.tables import PROJECT, VERSION
from understudy.domain.decision import AnsweredBy
from understudy.domain.opinion import QuestionKind
from understudy.domain.stage import Stage
from understudy.store.ledger import Ledger

ALIVE = 2
"""Servers that stand at any time."""
CLIENTS = 12
PERSONS = 2
AGAIN = 0.05
"""Of the requests, sent a second time though they were answered."""
ASK = f"/api/v1/projects/{PROJECT}/decisions"
QUEUE = f"/api/v1/projects/{PROJECT}/queue"
SURE, UNSURE = {"amount": 12.5, "age": 41, "prior": 3}, {"amount": 130.0, "age": 20, "prior": 1}
WATCHED = replace(TERMS, audit_share=0.1)
STANDING_SECONDS = 60.0


@dataclass(frozen=True)
class Heard:
    """What a client was told of one request."""

    id: str
    answered_by: str
    model: str
    label: str | None
    stage: int


@dataclass
class Book:
    """A client's own ledger. Threads share it.

    Attributes:
        heard: What was acknowledged, by the request's key.
        said: What people were told is recorded: decision to label.
        retried: Requests that were sent again because a connection broke.
        odd: Whatever contradicts what was heard before.
    """

    heard: dict[str, Heard] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    retried: int = 0
    odd: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Killed:
    """What came of it.

    Attributes:
        kills: Servers that were killed.
        requests: Requests that were acknowledged.
        answers: People's answers that were acknowledged.
        retried: Requests that had to be sent again.
        rate: Requests a second.
        lost: Acknowledged requests and answers that the database does not have, or has otherwise.
        doubled: Requests with more than one decision, and decisions with more than one answer of people.
        strange: Decisions that cannot be attributed to the one model version that was in service then.
        odd: Contradictions that the client itself noticed, the first few.
    """

    kills: int
    requests: int
    answers: int
    retried: int
    rate: float
    lost: int
    doubled: int
    strange: int
    odd: tuple[str, ...]


def measure(kills: int, rate: float, pause: float, ledger_url: str | None, folder: Path, seed: int = 7) -> Killed:
    """Kills so many servers at random moments while clients ask and people answer.

    Args:
        kills: How many.
        rate: Requests a second.
        pause: Mean seconds between two kills.
        ledger_url: The database; None for a SQLite file in the folder.
        folder: For the blobs, and that file.
        seed: Of the moments.
    """
    with Ledger.open(ledger_url or folder / "ledger.db") as ledger:
        prepare(ledger, terms=WATCHED)
        ledger.set_setting(PROJECT, "undo-seconds", 0.0, "bench", ledger.project(PROJECT).created_at)
        book, stop = Book(), threading.Event()
        environment = {FOLDER: str(folder)} | ({LEDGER: ledger_url} if ledger_url else {})
        began = time.monotonic()
        with _servers(environment) as (url, pids, spawn), Auditors(ledger), _crowd(url, book, stop, rate):
            _kill(kills, pause, pids, spawn, ledger, random.Random(seed))
            stop.set()
        return _compared(ledger, book, kills, time.monotonic() - began)


def _kill(kills: int, pause: float, pids: list[int], spawn: Any, ledger: Ledger, chance: random.Random) -> None:
    """Kills a server, starts another, and now and then exchanges the model."""
    for number in range(kills):
        time.sleep(chance.expovariate(1.0 / pause))
        os.kill(pids.pop(chance.randrange(len(pids))), signal.SIGKILL)
        pids.append(spawn())
        if number % 5 == 4:
            promote(ledger, Stage.LIVE, model=(SECOND, VERSION)[number // 5 % 2], terms=WATCHED)
    time.sleep(1.0)


@contextmanager
def _servers(environment: Mapping[str, str]) -> Iterator[tuple[str, list[int], Any]]:
    """The address, the servers' numbers, and what starts another one."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        listening.set_inheritable(True)
        command = [sys.executable, "-m", "bench.serving.nursery", str(listening.fileno())]
        nursery = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[listening.fileno()],
        )

        def spawn() -> int:
            assert nursery.stdin is not None and nursery.stdout is not None  # noqa: PT018 - both are pipes
            nursery.stdin.write("\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        pids = [spawn() for _ in range(ALIVE)]
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            _wait(url)
            yield url, pids, spawn
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            nursery.kill()
            nursery.wait()


def _wait(url: str) -> None:
    deadline = time.monotonic() + STANDING_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/readyz", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("no server stood up")


@contextmanager
def _crowd(url: str, book: Book, stop: threading.Event, rate: float) -> Iterator[None]:
    """Clients and people at work, until they are stopped and have finished what they had begun."""
    counter = iter(range(10**9))
    lock = threading.Lock()
    began = time.monotonic()

    def client() -> None:
        with httpx.Client(base_url=url, timeout=20) as session:
            while not stop.is_set():
                with lock:
                    number = next(counter)
                time.sleep(max(0.0, began + number / rate - time.monotonic()))
                _ask(session, book, number)

    def person(name: str) -> None:
        with httpx.Client(base_url=url, timeout=20) as session:
            while not stop.is_set():
                if not _answer(session, book, name):
                    time.sleep(0.02)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    threads += [threading.Thread(target=person, args=[f"person-{number}"]) for number in range(PERSONS)]
    with ExitStack() as ending:
        for thread in threads:
            thread.start()
            ending.callback(thread.join)
        ending.callback(stop.set)
        yield


def _ask(session: httpx.Client, book: Book, number: int) -> None:
    """One request, until it is acknowledged; and some of them once more."""
    key = f"request {number}"
    row = {**(UNSURE if number % 5 == 0 else SURE), "country": f"C{number}"}
    for _ in range(1 + (random.Random(number).random() < AGAIN)):
        told = _sent(session, book, lambda: session.post(
            ASK,
            content=json.dumps(row).encode(),
            headers={"content-type": "application/octet-stream", "idempotency-key": key},
        ))  # fmt: skip
        if told.status_code not in {200, 202}:
            book.odd.append(f"{key} was answered with {told.status_code}: {told.text[:200]}")
            return
        body = told.json()
        by_model = body["answered_by"] == AnsweredBy.MODEL.value
        heard = Heard(
            body["id"],
            AnsweredBy.MODEL.value if by_model else AnsweredBy.NOBODY_YET.value,
            body["model"] if by_model else "",
            body["label"] if by_model else None,
            body["stage"],
        )
        before = book.heard.setdefault(key, heard)
        if before != heard:
            book.odd.append(f"{key} was first {before} and then {heard}")


def _answer(session: httpx.Client, book: Book, name: str) -> bool:
    """A person takes a question and answers it, until that is acknowledged; whether there was one."""
    taken = _sent(session, book, lambda: session.get(f"{QUEUE}/next", params={"by": name}))
    if taken.status_code != httpx.codes.OK:
        return False
    question = taken.json()
    value = "honest" if int(question["decision"][-1], 16) % 2 else "fraud"
    sent = {"by": name, "decision": question["decision"], "kind": question["kind"], "value": f"+{value}"}
    told = _sent(session, book, lambda: session.post(f"{QUEUE}/answer", json=sent))
    # Who is told “answered already” after a broken connection has been heard the first time.
    recorded = told.status_code in {httpx.codes.OK, httpx.codes.CREATED, httpx.codes.CONFLICT}
    if recorded and question["kind"] == QuestionKind.ANSWER.value:
        book.said[question["decision"]] = value
    elif not recorded:
        book.odd.append(f"an answer was refused with {told.status_code}: {told.text[:200]}")
    return True


def _sent(session: httpx.Client, book: Book, send: Any) -> httpx.Response:
    """What comes back, however often it has to be sent."""
    del session
    while True:
        try:
            response: httpx.Response = send()
        except httpx.TransportError:
            book.retried += 1
            time.sleep(0.01)
        else:
            return response


def _compared(ledger: Ledger, book: Book, kills: int, seconds: float) -> Killed:
    """The client's own ledger against the database."""
    stages = {change.number: change for change in ledger.stages(PROJECT)}
    lost = strange = 0
    for key, heard in book.heard.items():
        found = ledger.decision_by_key(PROJECT, key)
        label = found.answer.label if found and found.answer and heard.label is not None else None
        same = found is not None and (found.id, found.answered_by.value, label, found.stage) == (
            heard.id,
            heard.answered_by,
            heard.label,
            heard.stage,
        )
        lost += not same
        model = found.model if found and found.answered_by is AnsweredBy.MODEL else ""
        if found is None or model != heard.model or (model and stages[found.stage].model != model):
            strange += 1
    doubled = ledger.decision_count(PROJECT) - len(book.heard)
    for decision, value in book.said.items():
        said = [each.value for each in ledger.opinions_of(decision) if each.kind is QuestionKind.ANSWER]
        lost += value not in said
        doubled += len(said) > 1
    ids = Counter(heard.id for heard in book.heard.values())
    doubled += sum(count - 1 for count in ids.values())
    requests, answers = len(book.heard), len(book.said)
    return Killed(
        kills, requests, answers, book.retried, requests / seconds, lost, doubled, strange, tuple(book.odd[:5])
    )
