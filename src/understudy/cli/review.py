"""`understudy review`: launch, not yet or stop; and whether an earlier review still holds."""

import functools
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from understudy.cli.telling import look_watched, say_review
from understudy.cli.terminal import Teller, command_line, opened, say
from understudy.domain.errors import UnderstudyError
from understudy.domain.review import Verdict
from understudy.studio.judgement.judging import refuse_unsealed
from understudy.studio.judgement.looking import Price, price_of
from understudy.studio.review.record import review_record, verification_record
from understudy.studio.review.reviewing import review
from understudy.studio.review.verifying import Verification, verify
from understudy.studio.words.phrases import ordinal, rough_percent
from understudy.studio.workspace import Workspace

STATUS = {Verdict.LAUNCH: 0, Verdict.NOT_YET: 3, Verdict.STOP: 4}
"""Exit statuses, so that a script can tell verdicts apart."""
OTHER_FILES = re.compile(r"\.(csv|docx?|epub|htm|jpe?g|json|md|od[pt]|png|pptx?|rtf|svg|tex|txt|xlsx?|xml|zip)", re.I)
"""Endings of files that a report is not written as; a folder would hardly be named so."""


class NoSuchReport(UnderstudyError):
    """A report is wanted as a file of a kind that is not written."""

    exit_status = 2


class OptionsClash(UnderstudyError):
    """Options that do not go together."""

    exit_status = 2


@dataclass(frozen=True)
class Verifying:
    """How an earlier review is to be computed again: which one, and whether the model answers anew."""

    number: int | None
    deep: bool


def verify_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whether and how to verify; the command receives one `verifying`, or None.

    Raises:
        OptionsClash: It is said how, but not whether.
    """

    @click.option("--verify", "wanted", is_flag=True, help="Compute a review again from the ledger, and compare.")
    @click.option("--number", type=click.IntRange(min=1), metavar="N", help="With --verify: which. [default: latest]")
    @click.option("--deep", is_flag=True, help="With --verify: the model also answers every sealed example again.")
    @functools.wraps(command)
    def with_verifying(*arguments: Any, wanted: bool, number: int | None, deep: bool, **options: Any) -> Any:
        if (deep or number) and not wanted:
            raise OptionsClash(
                fact=f"{'--deep' if deep else '--number'} needs --verify.",
                reason="It says how, or which, review is computed again.",
                remedy="Add --verify.",
            )
        return command(*arguments, verifying=Verifying(number, deep) if wanted else None, **options)

    return with_verifying


@click.command("review", short_help="Say whether a model may be launched, and why.")
@click.argument("project")
@click.option("--again", is_flag=True, help="Spend another look though nothing has changed; seldom wise.")
@verify_options
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON instead of words.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help="Also write the report: a folder for all of it, or a file that ends in .html or .pdf.",
)
@click.pass_context
def command(
    context: click.Context,
    project: str,
    *,
    again: bool,
    verifying: Verifying | None,
    as_json: bool,
    report: Path | None,
) -> int:
    """Say whether a project's model may be launched, and why.

    The review holds the model's answers for the sealed examples against the brief. Looking at them spends a part of the
    project's error budget, once for each model and each state of the sealed examples; to ask again costs nothing.

    Ends with 0 for “launch”, 3 for “not yet” and 4 for “stop”. With --verify, 0 if the review holds and 1 if not.
    """
    if verifying is not None and (again or report):
        raise OptionsClash(
            fact="--verify does not go with --again or --report.",
            reason="Verifying looks back at a review that was made, and changes nothing.",
            remedy="Give one of them alone.",
        )
    _refuse_other_files(report)
    with opened(context) as workspace:
        if verifying is not None:
            return _verify(workspace, project, verifying, as_json=as_json)
        return _review(workspace, project, report, again=again, as_json=as_json)


def _refuse_other_files(report: Path | None) -> None:
    """Refuses a name by which a folder would be made that looks like a file, before a look is spent."""
    if report is not None and OTHER_FILES.fullmatch(report.suffix) and not report.is_dir():
        page = report.with_suffix(".html")
        raise NoSuchReport(
            fact=f"No report can be written as “{report.name}”.",
            reason=f"Reports are pages (.html) and prints (.pdf), not files that end in {report.suffix}.",
            remedy=f"Name one of these, for example --report {shlex.quote(str(page))}, or a folder for all of it.",
        )


def _review(workspace: Workspace, project: str, report: Path | None, *, again: bool, as_json: bool) -> int:
    price = price_of(workspace, project, anew=again)
    refuse_unsealed(workspace, project)
    if not as_json:
        say(_price_told(price, again=again))
    to_review = f"To review it: {command_line(f'review {project}')}"
    stopped = look_watched(workspace, project, "The model is kept, but it was not reviewed.", to_review)
    with stopped, Teller().showing() as teller:
        answering = teller.counting("Answering for sealed examples")
        said = review(workspace, project, progress=answering, auditing=teller.steps, anew=again)
    if as_json:
        say(json.dumps(review_record(said), ensure_ascii=False, indent=2))
    else:
        say_review(workspace, said)
    if report is not None:
        # Deferred because what draws charts takes as long to load as a short review.
        from understudy.cli.report import write  # noqa: PLC0415

        told = write(workspace, said, report)
        if not as_json:
            say(told)
    return STATUS[said.verdict]


def _price_told(price: Price, *, again: bool) -> str:
    """What the review spends, told before it spends it."""
    part = f"{rough_percent(price.alpha)} of the 5% error budget"
    if not price.opens:
        return f"It rests on the {ordinal(price.look)} look at the sealed examples, which was spent already."
    asked = "Nothing has changed, but you ask for it: this" if again else "This"
    return f"{asked} is the {ordinal(price.look)} look at the sealed examples; it may spend {part}."


def _verify(workspace: Workspace, project: str, verifying: Verifying, *, as_json: bool) -> int:
    with Teller().showing() as teller:
        told = teller.counting("Answering for sealed examples again")
        found = verify(workspace, project, verifying.number, deep=verifying.deep, progress=told)
    if as_json:
        say(json.dumps(verification_record(found), ensure_ascii=False, indent=2))
    else:
        _say_verification(found)
    return 0 if found.holds else 1


def _say_verification(found: Verification) -> None:
    said = found.review
    outcome = "holds" if found.holds else "does not hold"
    say(f"Review {found.number} of {said.project} {outcome}: “{said.verdict.value}”, {said.at:%Y-%m-%d %H:%M} UTC.")
    for check in found.checks:
        say(f"  [{'ok' if check.holds else 'differs'}] {check.name}: {check.says}")
