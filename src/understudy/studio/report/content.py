"""What a report says, in the order a sponsor reads it."""

from collections.abc import Iterator
from datetime import datetime

from understudy.domain.finding import Acceptance, Finding
from understudy.domain.review import Verdict
from understudy.studio.claims.words import NOT_MEASURED, ClaimRow
from understudy.studio.pictures.drawing import Table
from understudy.studio.report.blocks import Block, Facts, Grid, Image, Points, Report, Section, Text
from understudy.studio.report.brief import brief_rows, derived_rows
from understudy.studio.report.evidence import ReportEvidence
from understudy.studio.report.methods import methods_of
from understudy.studio.report.pictures import pictures_of
from understudy.studio.review.charts import Picture
from understudy.studio.review.economics import review_economics
from understudy.studio.review.words import ReviewWords, review_words, shown
from understudy.studio.words.phrases import name, number

MOST_FINDINGS = 40

REREAD = (
    "Every figure of this report can be computed anew from what the ledger keeps: the brief, the sealed answers of the "
    "look, and what else the review was made from. Where the project is kept, run this."
)
DIGESTS = (
    "It says whether the answers, the data and the model are still those named below, and whether each figure comes "
    "out the same. The evidence as it stood is in report.json beside this report, and its digest is the last line; "
    "anyone can compute it (sha256sum report.json). Were one digit of the evidence changed, so would be the digest."
)
LIKE_THESE = "The figures speak of new examples like the sealed ones: another camera, season or place may fare worse."

Charts = dict[str, Image]


def report_of(evidence: ReportEvidence, digest: str) -> Report:
    """Puts a report together.

    Args:
        evidence: What it is made from.
        digest: SHA-256 of the evidence as JSON, in hex.
    """
    review, at = evidence.review, evidence.review.at
    brief = evidence.brief.brief if evidence.brief is not None else None
    words = review_words(review, brief, evidence.project)
    charts = pictures_of(evidence)
    return Report(
        project=review.project,
        verdict=review.verdict.value,
        headline=words.headline,
        says=words.says,
        next_step=words.next_step,
        at=f"{_day(at)}, {at:%H:%M} UTC",
        date=(at.year, at.month, at.day, at.hour, at.minute, at.second),
        opening=_some(charts.get(Picture.GAUGE)),
        sections=tuple(_sections(evidence, words, charts, digest)),
        digest=digest,
    )


def _sections(evidence: ReportEvidence, words: ReviewWords, charts: Charts, digest: str) -> Iterator[Section]:
    yield Section("Why it says so", tuple(_reasons(words)))
    yield Section("What it means in money", tuple(_money(evidence, words, charts)))
    yield Section("The promise", tuple(_promise(words, charts)))
    yield Section("What can go wrong, and what it may cost", tuple(_risks(evidence, words, charts)))
    yield Section("What people do", tuple(Text(text) for text in (words.people, words.people_error) if text))
    yield Section("The evidence", tuple(_evidence(words, charts)))
    yield Section("What was seen in the data", tuple(_findings(evidence)))
    yield Section("The brief as it stood", tuple(_brief(evidence)))
    yield Section("How it was computed", (Facts(tuple((one.name, one.text) for one in methods_of(evidence))),))
    yield Section("Looks so far", (Text(words.looks), *_some(charts.get(Picture.LOOKS)), *_look_rows(charts)))
    yield Section("Reread in a year", tuple(_reread(evidence, digest)), breaks=True)


def _reasons(words: ReviewWords) -> Iterator[Block]:
    yield Points(tuple(reason.text for reason in words.reasons))
    if words.changes and words.verdict is not Verdict.LAUNCH:
        yield Text("What would change it", "lead")
        yield Points(words.changes)


def _money(evidence: ReportEvidence, words: ReviewWords, charts: Charts) -> Iterator[Block]:
    if words.worth:
        yield Text(words.worth)
    yield from _some(charts.get(Picture.MONEY), charts.get(Picture.RIVALS))
    if evidence.brief is None:
        yield Text("There is no brief, so nothing can be said in money.")
        return
    unknown = review_economics(evidence.review, evidence.brief.brief).unknown
    costs = [one for one in unknown if "cost" in one.field or one.field == "decisions_a_month"]
    if costs:
        yield Points(tuple(f"{one.name[:1].upper()}{one.name[1:]}: unknown. {one.hangs}" for one in costs))
    elif not words.worth and Picture.RIVALS not in charts:
        yield Text("As nothing can be promised yet, it is worth nothing yet.")


def _promise(words: ReviewWords, charts: Charts) -> Iterator[Block]:
    yield Text(words.promise or "Without a bar there is nothing that could be promised.")
    yield from _some(charts.get(Picture.AUTOMATION))
    if words.rule:
        yield Text(words.rule)


def _risks(evidence: ReportEvidence, words: ReviewWords, charts: Charts) -> Iterator[Block]:
    unknown = "A cost that the brief does not name hides what going wrong may cost."
    yield Text(words.loss or unknown)
    yield from _some(charts.get(Picture.LOSS))
    yield Text(LIKE_THESE)
    yield from _finding_points(evidence.review.findings)


def _evidence(words: ReviewWords, charts: Charts) -> Iterator[Block]:
    yield from _some(charts.get(Picture.CLAIMS))
    rows = tuple(_claim_cells(row) for row in words.claims)
    if rows:
        table = Table(("claim", "seen", "proven", "asked", "outcome", "needed for a launch"), rows)
        yield Grid(table, "Every claim. Bounds are at the confidence of this look.", (1, 2, 3), (0,))
    missing = tuple(row.sentence for row in words.claims if row.shown == NOT_MEASURED)
    if missing:
        yield Points(missing)
    if words.synthetic:
        yield Text(words.synthetic)
    further = (Picture.NUMBERS, Picture.SLICES, "confusion", "reliability", "learning")
    yield from _some(*(charts.get(kind) for kind in further))


def _claim_cells(row: ClaimRow) -> tuple[str, ...]:
    outcome = row.word if row.bar else "–"
    return row.name, row.shown, row.bound or "–", row.bar or "–", outcome, "yes" if row.required else ""


def _findings(evidence: ReportEvidence) -> Iterator[Block]:
    audit = evidence.audit
    if audit is None:
        yield Text("The data was not audited.")
        return
    taken = {one.identity: one for one in evidence.acceptances}
    found = f"{number(len(audit.findings))} finding{'' if len(audit.findings) == 1 else 's'}, most serious first"
    yield Text(f"Audited on {_day(audit.at)}: {found if audit.findings else 'nothing was found'}.")
    if audit.findings:
        rows = tuple(_finding_row(one, taken.get(one.identity)) for one in audit.findings[:MOST_FINDINGS])
        left = len(audit.findings) - len(rows)
        more = f" {number(left)} more are left out." if left else ""
        yield Grid(
            Table(("how serious", "what was seen", "accepted"), rows), f"Findings of the data audit.{more}", (), (1, 2)
        )


def _finding_row(finding: Finding, taken: Acceptance | None) -> tuple[str, str, str]:
    accepted = "no" if taken is None else f"by {name(taken.by)}, {taken.at:%Y-%m-%d}: {name(taken.reason, length=200)}"
    return finding.severity.value, f"{shown(finding.fact)} {shown(finding.reason)}", accepted


def _finding_points(findings: tuple[Finding, ...]) -> Iterator[Block]:
    if findings:
        yield Points(tuple(f"{shown(one.fact)} {shown(one.remedy)}" for one in findings))


def _brief(evidence: ReportEvidence) -> Iterator[Block]:
    version = evidence.brief
    if version is None:
        yield Text("Nobody wrote a brief.")
        return
    by = f"Version {number(version.number)}, written by {name(version.by)} on {_day(version.at)}."
    yield Text(f"{by} {name(version.reason, length=200)}" if version.reason else by)
    yield Facts(brief_rows(version.brief))
    yield Text("What follows from it", "lead")
    yield Facts(derived_rows(review_economics(evidence.review, version.brief)))


def _look_rows(charts: Charts) -> Iterator[Block]:
    image = charts.get(Picture.LOOKS)
    if image is not None:
        yield Grid(image.chart.table, "Every look at the sealed labels.", (3, 4), (1, 2))


def _reread(evidence: ReportEvidence, digest: str) -> Iterator[Block]:
    review = evidence.review
    yield Text(REREAD)
    yield Facts((("Compute it anew", f"understudy review {review.project} --verify"),), exact=True)
    yield Text(DIGESTS)
    yield Facts(
        (
            ("Data", review.data),
            ("Model", review.model),
            ("Answers", review.answers),
            *((("What else it rests on", review.material),) if review.material else ()),
            ("Evidence", digest),
        ),
        exact=True,
    )
    yield Text("Digests are SHA-256, in hexadecimal.", "note")


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _some(*images: Image | None) -> tuple[Image, ...]:
    return tuple(image for image in images if image is not None)
