"""Claims about reports: what they say, what they refuse to run, and how they are checked."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest

from studio.reviews import AT, BRIEF, TRICKS, finding, launch, not_yet, stop, tricky, without_brief
from understudy.domain.brief import BriefVersion
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Acceptance, DataAudit, Finding, FindingKind, Severity
from understudy.domain.learning import Behaviour, CurvePoint, LearningCurve
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.domain.synthetic import SyntheticWorth
from understudy.domain.task import Task
from understudy.store.codec import from_json
from understudy.store.looks import LookRecord
from understudy.studio.report import pictures as report_pictures
from understudy.studio.report.blocks import Report
from understudy.studio.report.content import report_of
from understudy.studio.report.evidence import (
    FORMAT,
    ReportEvidence,
    canonical,
    digest_of,
    gathered_evidence,
)
from understudy.studio.report.page import page_of
from understudy.studio.report.printing import print_of
from understudy.studio.report.reporting import write_report
from understudy.studio.review.words import review_words
from understudy.studio.workspace import Workspace

PROJECT = Project("blades", AT)
SHORTCUT = Finding(
    FindingKind.SHORTCUT, Severity.HIGH, "camera", "The camera tells.", "It knows the hangar.", "Mix them."
)
ACCEPTED = Acceptance(SHORTCUT.identity, "Ana Müller", "Both cameras see both since April.", AT - timedelta(days=1))
Judged = Callable[..., Judgement]


def evidence(review: Review, judgement: Judgement | None = None, **parts: object) -> ReportEvidence:
    looks = tuple(LookRecord(number, review.model, AT, None) for number in range(1, review.look + 1))
    version = BriefVersion(1, BRIEF, "Ana Müller", AT, "") if review.brief is not None else None
    audit = DataAudit("v1", (SHORTCUT, finding(TRICKS[0])), AT)
    whole = ReportEvidence(PROJECT, review, version, judgement, looks, None, audit, (ACCEPTED,))
    return replace(whole, **parts)  # type: ignore[arg-type]


def report(review: Review, judgement: Judgement | None = None, **parts: object) -> Report:
    told = evidence(review, judgement, **parts)
    return report_of(told, digest_of(canonical(told)))


def printed(made: Report) -> str:
    """The text of every page, its lines joined and places to break removed."""
    reader = pypdf.PdfReader(io.BytesIO(print_of(made)))
    text = " ".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    return " ".join(text.split())


class Page(HTMLParser):
    """What a browser would make of a page: tags, addresses, text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "srcset", "href", "action", "data"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def launched(request: pytest.FixtureRequest) -> Report:
    judged: Judged = request.getfixturevalue("judged")
    return report(launch(), judged(238, 250))


@pytest.fixture(scope="module")
def tried() -> Report:
    """A report in which every name tries to be markup."""
    return report(tricky())


def test_the_print_holds_verdict_and_figures(launched: Report) -> None:
    """Verdict, promise, money, loss, claims, brief, acceptances and digests can be read from the PDF."""
    text = printed(launched)
    words = review_words(launch(), BRIEF, PROJECT)
    for sentence in (
        words.headline,
        words.next_step,
        words.promise,
        words.worth,
        words.loss,
        words.people,
        words.looks,
    ):
        assert sentence in text
    for figure in ("0 of 175", "at least €0.41", "238 of 250", "by Ana Müller, 2026-05-03", "The camera tells."):
        assert figure in text
    for digest in (launch().data, launch().model, launch().answers, launched.digest):
        assert digest in text
    assert "understudy review blades --verify" in text


def test_the_print_is_tagged_and_says_what_its_pictures_show(launched: Report) -> None:
    """PDF/UA: a structure to follow, a language, a title, and words for each picture."""
    content = print_of(launched)
    root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert b"pdfuaid" in content
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    spoken = alternatives(root["/StructTreeRoot"])
    assert "At least 98% right where it answers alone, with 95% confidence over all looks: that clears" in spoken


def alternatives(node: object) -> str:
    """Every text that stands in for a picture."""
    node = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
    if isinstance(node, list):
        return " ".join(alternatives(one) for one in node)
    if not isinstance(node, dict):
        return ""
    return f"{node.get('/Alt', '')} {alternatives(node.get('/K'))}"


def test_the_page_holds_verdict_and_figures(launched: Report) -> None:
    """The same words as the print."""
    page = Page(page_of(launched))
    words = review_words(launch(), BRIEF, PROJECT)
    for sentence in (words.headline, words.promise, words.worth, words.loss, "by Ana Müller, 2026-05-03"):
        assert sentence in page.text
    assert launched.digest in page.text


def test_what_synthetic_examples_added_stands_among_the_evidence() -> None:
    """Page and print say it with its interval, from the review itself."""
    worth = SyntheticWorth(0.012, -0.004, 0.028, 0.8, 200, 500, 100)
    told = report_of(evidence(replace(launch(), synthetic=worth, synthetic_count=100)), "0" * 64)
    assert "+1.2 points, interval −0.4 to 2.8" in Page(page_of(told)).text
    (among,) = (section for section in told.sections if section.title == "The evidence")
    assert any("+1.2 points" in getattr(block, "text", "") for block in among.blocks)


def test_the_page_needs_nothing_else(launched: Report, tried: Report) -> None:
    """No script, no frame, no address that is not the picture itself."""
    for made in (launched, tried):
        page = Page(page_of(made))
        assert page.addresses
        assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
        assert not page.tags & {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
        assert not page.handlers
        assert not re.search(r"url\(|@import", page_of(made).decode())


def test_dark_phones_are_served_before_light_ones(launched: Report) -> None:
    """A browser takes the first picture that fits, so the most particular stands first."""
    media = re.findall(r'media="([^"]+)"', page_of(launched).decode())[:3]
    dark, phone = "(prefers-color-scheme: dark)", "(max-width: 560px)"
    assert media == [f"screen and {dark} and {phone}", f"screen and {phone}", f"screen and {dark}"]


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if len(trick) < 60 and "\x1b" not in trick])
def test_markup_in_names_is_text_on_the_page(tried: Report, trick: str) -> None:
    """Tags, typst, templates, umlauts and scripts from right to left are shown as they were written."""
    assert " ".join(trick.split()) in Page(page_of(tried)).text


def test_markup_in_names_is_text_in_print(tried: Report) -> None:
    """Typst reads none of it: no import, no formula, no emphasis, no reference."""
    text = printed(tried)
    for trick in (*TRICKS[:4], TRICKS[6]):
        assert " ".join(trick.split()) in text


def test_characters_without_a_picture_do_not_stop_the_print() -> None:
    """A script that no font of the machine has still leaves a report."""
    odd = without_brief()
    made = report(replace(odd, reasons=(replace(odd.reasons[0], fact="\U00012000\U000e0041 is odd."),)))
    assert "is odd" in printed(made)


def test_a_recorded_learning_curve_is_shown() -> None:
    """It stands among the evidence, with how it was made."""
    points = tuple(CurvePoint(examples, 0.7 + examples / 400, 0.02) for examples in (10, 20, 40, 80))
    page = Page(page_of(report(not_yet(), curve=LearningCurve(points, Behaviour.ILL, (), None, ())))).text
    assert "The learning curve" in page
    told = evidence(
        not_yet(),
        curve=LearningCurve(points, Behaviour.ILL, (), None, ()),
        project=replace(PROJECT, task=Task("table")),
    )
    chart = report_pictures.pictures_of(told)["learning"].chart
    assert "training rows" in chart.caption
    assert "photo" not in chart.caption + chart.title


@pytest.mark.parametrize("review", [stop(), without_brief(), not_yet()], ids=["stop", "no brief", "not yet"])
def test_every_verdict_makes_a_report(review: Review) -> None:
    """Without judgement, brief, costs or promise, what is missing is said and nothing is invented."""
    bare = report(review, audit=None, acceptances=())
    page = Page(page_of(bare)).text
    assert bare.headline in page
    assert "The data was not audited." in page
    assert ("Nobody wrote a brief." in page) is (review.brief is None)
    assert "None" not in page
    assert bare.headline in printed(bare)


def test_the_same_review_gives_the_same_bytes(launched: Report) -> None:
    """Page and print, byte for byte; the print bears the time of the review, not of the writing."""
    assert page_of(launched) == page_of(launched)
    first = print_of(launched)
    assert first == print_of(launched)
    assert pypdf.PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20260504120000")


def test_evidence_is_canonical_and_reads_back(judged: Judged) -> None:
    """Keys sorted, no spaces; what is read back is what was written."""
    told = evidence(launch(), judged(238, 250))
    content = canonical(told)
    read = json.loads(content)
    assert read["format"] == FORMAT
    assert from_json(ReportEvidence, read["evidence"]) == told
    assert content == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_report_tells_the_findings_that_stood_when_the_review_was_made(tmp_path: Path) -> None:
    """What was seen, and answered for, after that is no part of it."""
    later, seen = AT + timedelta(days=1), finding(TRICKS[0])
    with Workspace.open(tmp_path / "w", now=lambda: AT) as workspace:
        ledger = workspace.ledger
        ledger.create_project(PROJECT)
        ledger.record_data_audit("blades", (SHORTCUT, seen), data_version="v1", at=AT - timedelta(hours=1))
        ledger.accept_finding("blades", ACCEPTED)
        ledger.accept_finding("blades", Acceptance(seen.identity, "Ben", "It is old.", later))
        ledger.record_data_audit("blades", (), data_version="v2", at=later)
        told = gathered_evidence(ledger, stop())
    assert told.audit is not None
    assert told.audit.findings == (SHORTCUT, seen)
    assert told.acceptances == (ACCEPTED,)


def test_a_report_is_written_with_the_digest_of_its_evidence(tmp_path: Path) -> None:
    """Written again it is the same, byte for byte; page and print bear the digest that sha256sum gives."""
    with Workspace.open(tmp_path / "w", now=lambda: AT) as workspace:
        workspace.ledger.create_project(PROJECT)
        workspace.ledger.add_brief("blades", BRIEF, by="Ana", reason="", at=AT)
        files = write_report(workspace, stop(), tmp_path / "report")
        again = write_report(workspace, stop(), tmp_path / "again")
    assert files.page.read_bytes() == again.page.read_bytes()
    assert files.print.read_bytes() == again.print.read_bytes()
    content = files.evidence.read_bytes()
    assert files.digest == digest_of(content) == again.digest
    assert files.digest.encode() in files.page.read_bytes()
    assert pypdf.PdfReader(files.print).metadata["/Keywords"].endswith(f"sha256:{files.digest}")
    assert json.loads(content)["evidence"]["review"]["verdict"] == stop().verdict.value
