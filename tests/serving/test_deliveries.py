"""Webhooks and mail, sent to real servers that listen on this machine."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from understudy.domain.stage import EventKind
from understudy.serving import deliveries, mail
from understudy.serving.deliveries import LEASE, LEASE_SECONDS, TRIES, Deliverer, pause_after
from understudy.serving.due import AHEAD, EACH
from understudy.serving.mail import BadMailServer, MailServer
from understudy.serving.webhooks import make_secret, signature
from understudy.store.ledger import Ledger

SECRET = make_secret(bytes(range(32)))
PAYLOAD = {
    "project": "lamp",
    "fact": "The model was wrong in 9 of 40.",
    "now": "People answer now.",
    "evidence": {"a": 1},
}


@dataclass
class Receiver:
    """A web server that keeps what it is sent and answers as it is told to."""

    url: str
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    gate: threading.Event | None = None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if found.gate is not None:
                found.gate.wait(10)
            status = found.answers.pop(0) if found.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", f"{found.url}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    if found.gate is not None:
        found.gate.set()
    server.shutdown()
    server.server_close()


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def hooked(ledger: Ledger, url: str, clock: Clock, *, project: str = "lamp") -> int:
    ledger.set_setting(project, "webhook-url", url, "Ada", clock())
    ledger.set_setting(project, "webhook-secret", SECRET, "Ada", clock())
    return ledger.add_delivery(project, "webhook", "breaker.tripped", PAYLOAD, clock())


def verified(headers: dict[str, str], body: bytes) -> bool:
    """As a receiver checks it by the specification, with nothing of ours."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(headers["webhook-signature"], f"v1,{expected}")


def test_a_webhook_arrives_signed(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """A receiver that follows the specification finds id, time and signature right, and the event in the body."""
    hooked(ledger, f"{receiver.url}/hook?to=team", clock)
    Deliverer(ledger, "w", now=clock).tick()
    ((path, headers, body),) = receiver.heard
    assert path == "/hook?to=team"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-timestamp"] == str(int(clock().timestamp()))
    assert verified(headers, body)
    assert not verified(headers, body.replace(b"9 of 40", b"0 of 40"))
    told = json.loads(body)
    assert (told["type"], told["data"], told["timestamp"]) == ("breaker.tripped", PAYLOAD, clock().isoformat())
    assert ledger.due_deliveries(clock() + timedelta(days=9), 10) == []


def test_the_signature_is_the_specification_s_own_example() -> None:
    """The example that the specification's libraries test themselves with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at, body = datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_tried_again_later_and_later(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """A receiver that is down gets the same post again, each time after three times as long, until it takes it."""
    hooked(ledger, receiver.url, clock)
    receiver.answers = [500, 503, 429]
    deliverer = Deliverer(ledger, "w", now=clock)
    for pause in (0.0, 5.0, 15.0, 45.0):
        clock.wait(pause - 0.5)
        deliverer.tick()
        clock.wait(0.5)
        deliverer.tick()
    assert len(receiver.heard) == 4
    assert len({headers["webhook-id"] for _, headers, _ in receiver.heard}) == 1
    assert all(verified(headers, body) for _, headers, body in receiver.heard)
    assert ledger.due_deliveries(clock() + timedelta(days=9), 10) == []


def test_after_a_day_it_is_given_up_and_told(ledger: Ledger, clock: Clock) -> None:
    """A receiver that nobody ever reaches is given up after about a day, with an event that says so."""
    hooked(ledger, "http://127.0.0.1:9/", clock)  # the discard port: nobody listens
    began, deliverer = clock(), Deliverer(ledger, "w", now=clock)
    while ledger.due_deliveries(clock() + timedelta(days=2), 10):
        deliverer.tick()
        clock.wait(1800)
    assert timedelta(hours=23) < clock() - began < timedelta(hours=30)
    (event,) = ledger.events("lamp")
    assert event.kind is EventKind.UNDELIVERED
    assert event.evidence["tries"] == TRIES
    assert "ConnectError" in event.fact


def test_the_pauses_are_those_that_are_told() -> None:
    """Five seconds, then three times as long each time, at most ten hours; eleven tries in just under a day."""
    pauses = [pause_after(tries) for tries in range(1, TRIES + 1)]
    assert pauses[:4] == [5.0, 15.0, 45.0, 135.0]
    assert pauses[-2:] == [36_000.0, None]
    assert 23 * 3600 < sum(pause or 0 for pause in pauses) < 24 * 3600


@pytest.mark.parametrize(("status", "tries"), [(302, 2), (410, 1)])
def test_redirects_are_not_followed_and_a_receiver_that_is_gone_is_believed(
    ledger: Ledger, receiver: Receiver, clock: Clock, status: int, tries: int
) -> None:
    """A redirect counts as a failure and nobody goes there; 410 ends the tries at once."""
    hooked(ledger, receiver.url, clock)
    receiver.answers = [status]
    deliverer = Deliverer(ledger, "w", now=clock)
    deliverer.tick()
    clock.wait(10)
    deliverer.tick()
    assert [path for path, _, _ in receiver.heard] == ["/"] * tries


def test_other_schemes_are_refused(ledger: Ledger, clock: Clock) -> None:
    """An address that is none of the web's is not tried at all."""
    hooked(ledger, "file:///etc/passwd", clock)
    Deliverer(ledger, "w", now=clock).tick()
    (event,) = ledger.events("lamp")
    assert "not one of http or https" in event.fact
    assert event.evidence["tries"] == 1


def test_a_slow_receiver_holds_up_no_other(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """While one project's receiver does not answer, another's is reached."""
    receiver.gate = threading.Event()
    hooked(ledger, f"{receiver.url}/slow", clock)
    hooked(ledger, f"{receiver.url}/other", clock, project="untrained")
    thread = threading.Thread(target=Deliverer(ledger, "w", now=clock).tick)
    thread.start()
    while len(receiver.heard) < 2:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    receiver.gate.set()
    thread.join(10)
    assert {path for path, _, _ in receiver.heard} == {"/slow", "/other"}


def test_what_becomes_due_meanwhile_waits_for_no_slow_receiver(
    ledger: Ledger, receiver: Receiver, clock: Clock
) -> None:
    """A post that is due while another project's receiver still does not answer is made at once."""
    receiver.gate = threading.Event()
    hooked(ledger, f"{receiver.url}/slow", clock)
    thread = threading.Thread(target=Deliverer(ledger, "w", now=clock).tick)
    thread.start()
    for count, path in ((1, "/slow"), (2, "/other")):
        while len(receiver.heard) < count:
            assert thread.is_alive()
            threading.Event().wait(0.01)
        assert receiver.heard[-1][0] == path
        if count == 1:
            hooked(ledger, f"{receiver.url}/other", clock, project="untrained")
    receiver.gate.set()
    thread.join(10)
    assert ledger.due_deliveries(clock(), 10) == []


def test_not_every_post_looks_at_all_that_waits(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """A long line before one receiver is told of in stretches, and is posted whole, each once."""
    numbers = [hooked(ledger, receiver.url, clock) for _ in range(2 * AHEAD * EACH)]
    looks = []

    class Watched(Deliverer):
        def _begin(self, *arguments: Any) -> bool:
            before = self._known
            going_on = super()._begin(*arguments)
            looks.append(self._known is not before)
            return going_on

    Watched(ledger, "w", now=clock).tick()
    heard = [int(headers["webhook-id"].rpartition("-")[2]) for _, headers, _ in receiver.heard]
    assert sorted(heard) == numbers
    assert sum(looks) < len(looks) / 2


def test_the_longest_due_come_first_and_only_so_many_at_once(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """While a receiver answers none, as many as may be tried together are with it, and they are the first in line."""
    receiver.gate = threading.Event()
    numbers = [hooked(ledger, receiver.url, clock) for _ in range(3 * EACH)]
    thread = threading.Thread(target=Deliverer(ledger, "w", now=clock).tick)
    thread.start()
    while len(receiver.heard) < EACH:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    held = [int(headers["webhook-id"].rpartition("-")[2]) for _, headers, _ in receiver.heard]
    receiver.gate.set()
    thread.join(20)
    assert sorted(held) == numbers[:EACH]
    assert len(receiver.heard) == len(numbers)


@dataclass
class Dribbler:
    """A server that never stops talking, and never says all of it: no single reading takes long."""

    port: int
    first: bytes = b"HTTP/1.1 200 OK\r\n"
    line: bytes = b"x-a: 1\r\n"
    begun: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def let_go(self) -> bool:
        """Whether every connection that was made is ended; what is on its way to that is waited for."""
        deadline = time.monotonic() + 20
        while not (ended := 0 < len(self.begun) == len(self.ended)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return ended


@pytest.fixture
def dribbler() -> Iterator[Dribbler]:
    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            found.begun.append(self.client_address[1])
            with suppress(OSError):
                self.request.sendall(found.first)
                while True:
                    self.request.sendall(found.line)
                    threading.Event().wait(0.02)
            found.ended.append(self.client_address[1])

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Dribbler(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def test_a_receiver_that_dribbles_is_broken_off_and_holds_up_no_other(
    ledger: Ledger, receiver: Receiver, dribbler: Dribbler, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is due to it, each try ends with its connection at its time, and others are reached meanwhile."""
    monkeypatch.setattr(deliveries, "TRY_SECONDS", 0.3)
    for _ in range(20):
        hooked(ledger, f"http://127.0.0.1:{dribbler.port}/", clock)
    clock.wait(1)
    hooked(ledger, receiver.url, clock, project="untrained")
    Deliverer(ledger, "w", now=clock).tick()
    assert len(receiver.heard) == 1
    assert dribbler.let_go()
    waiting = ledger.due_deliveries(clock() + timedelta(minutes=1), 30)
    assert [each.attempts for each in waiting] == [1] * 20


def test_one_process_delivers_at_a_time(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """While one worker holds the lease another leaves deliveries alone, and takes them when the lease has ended."""
    hooked(ledger, receiver.url, clock)
    assert ledger.take_lease("deliveries", "another", clock(), clock() + timedelta(seconds=60))
    deliverer = Deliverer(ledger, "w", now=clock)
    deliverer.tick()
    assert receiver.heard == []
    clock.wait(61)
    deliverer.tick()
    assert len(receiver.heard) == 1


def test_who_delivers_prolongs_its_lease_long_before_it_ends(ledger: Ledger, receiver: Receiver, clock: Clock) -> None:
    """A worker that goes on delivering is never taken for one that is gone."""
    deliverer, took = Deliverer(ledger, "w", now=clock), clock()
    for _ in range(3):
        hooked(ledger, receiver.url, clock)
        deliverer.tick()
        clock.wait(LEASE_SECONDS / 2)
        assert not ledger.take_lease(LEASE, "another", clock(), clock())
    assert clock() > took + timedelta(seconds=LEASE_SECONDS)
    assert len(receiver.heard) == 3


# Mail.


@dataclass
class Letters:
    """A mail server that keeps what it is handed."""

    address: str
    taken: list[Envelope] = field(default_factory=list)


@pytest.fixture
def letters() -> Iterator[Letters]:
    class Handler:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
            found.taken.append(envelope)
            return "250 OK"

    def known(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"ada@example.org", b"s@cret"))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        Handler(), hostname="127.0.0.1", port=port, authenticator=known, auth_require_tls=False, auth_required=True
    )
    controller.start()
    found = Letters(f"smtp://ada%40example.org:s%40cret@127.0.0.1:{port}")
    yield found
    controller.stop()


def test_the_owner_is_mailed(ledger: Ledger, letters: Letters, clock: Clock) -> None:
    """A trip reaches the owner's address with what happened, who answers now, and the evidence."""
    ledger.set_setting("lamp", "owner-email", "owner@example.org", "Ada", clock())
    ledger.add_delivery("lamp", "mail", "breaker.tripped", PAYLOAD, clock())
    Deliverer(ledger, "w", mail=MailServer.parse(letters.address), now=clock).tick()
    (envelope,) = letters.taken
    assert envelope.rcpt_tos == ["owner@example.org"]
    assert envelope.mail_from == "ada@example.org"
    text = bytes(envelope.content or b"").decode()
    assert "Subject: lamp: the model was taken off" in text
    assert "The model was wrong in 9 of 40." in text
    assert "People answer now." in text
    assert ledger.due_deliveries(clock() + timedelta(days=9), 10) == []


def test_mail_that_is_refused_is_tried_again(
    ledger: Ledger, letters: Letters, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password is a failure that may pass; without a server the delivery waits too."""
    monkeypatch.setattr(mail, "SECONDS", 1.0)  # this server leaves whoever guesses wrongly without an answer
    ledger.set_setting("lamp", "owner-email", "owner@example.org", "Ada", clock())
    ledger.add_delivery("lamp", "mail", "breaker.tripped", PAYLOAD, clock())
    wrong = MailServer.parse(letters.address.replace("s%40cret", "guess"))
    Deliverer(ledger, "w", mail=wrong, now=clock).tick()
    clock.wait(10)
    Deliverer(ledger, "w", now=clock).tick()
    (waiting,) = ledger.due_deliveries(clock() + timedelta(minutes=1), 10)
    assert waiting.attempts == 2
    clock.wait(60)
    Deliverer(ledger, "w", mail=MailServer.parse(letters.address), now=clock).tick()
    assert len(letters.taken) == 1


def test_a_headline_cannot_break_out_of_the_letter_s_head(ledger: Ledger, letters: Letters, clock: Clock) -> None:
    """Line breaks in what a payload says add no header."""
    ledger.set_setting("lamp", "owner-email", "owner@example.org", "Ada", clock())
    ledger.add_delivery("lamp", "mail", "x\r\nBcc: all@example.org", PAYLOAD, clock())
    Deliverer(ledger, "w", mail=MailServer.parse(letters.address), now=clock).tick()
    (envelope,) = letters.taken
    head = bytes(envelope.content or b"").decode().split("\r\n\r\n")[0]
    assert not [line for line in head.splitlines() if line.lower().startswith("bcc")]


@pytest.mark.parametrize("line", [b"220-wait\r\n", b"2"])
def test_a_mail_server_that_dribbles_is_listened_to_only_so_long(dribbler: Dribbler, clock: Clock, line: bytes) -> None:
    """A greeting that never ends, by the line or by the letter, is a failure that may pass, and ends the connection."""
    dribbler.first = dribbler.line = line
    server = MailServer.parse(f"smtp://127.0.0.1:{dribbler.port}")
    sent = server.send("ada@example.org", "name", clock(), "breaker.tripped", PAYLOAD, seconds=0.3)
    assert (sent.ok, sent.final) == (False, False)
    assert dribbler.let_go()


@pytest.mark.parametrize("address", ["mailto:ada@example.org", "smtp://", "smtp://host:port", "https://host"])
def test_an_address_that_is_no_mail_server_s_is_said(address: str) -> None:
    """A wrong variable is found when the server starts, not when a breaker trips."""
    with pytest.raises(BadMailServer, match="UNDERSTUDY_SMTP"):
        MailServer.parse(address)


def test_an_address_may_say_everything() -> None:
    """Scheme, user, password, host, port and sender are read; what is missing has its usual value."""
    full = MailServer.parse("smtps://user:p%3Aw@mail.example.org:4650?from=bot%40example.org")
    assert full == MailServer("mail.example.org", 4650, "user", "p:w", True, "bot@example.org")
    plain = MailServer.parse("smtp://localhost")
    assert (plain.port, plain.user, plain.secure, plain.sender) == (587, None, False, "understudy@localhost")
