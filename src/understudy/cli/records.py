"""What the commands about records do: take outcomes in, forget inputs, and set what holds for a project."""

from pathlib import Path
from typing import Any

import click

from understudy.cli.terminal import asked_reason, opened, say, say_findings
from understudy.domain.settings import setting_named
from understudy.intake.incoming import SourceUnreadable
from understudy.studio.collection.forgetting import forget_older, forget_wanted, wanted_inputs
from understudy.studio.collection.forgetting_words import forgotten_words, wanted_words
from understudy.studio.people.outcomes import read_outcomes, take_outcomes
from understudy.studio.settings import Told, all_settings, set_setting
from understudy.studio.user import whoami
from understudy.studio.words.phrases import Noun, number

OUTCOMES = Noun("outcome", "outcomes")


def take_table(
    context: click.Context, project: str, table: Path, columns: tuple[str | None, str | None], *, new_labels: bool
) -> int:
    """Records the outcomes of a table, and says what was left out; returns the exit status."""
    with opened(context) as workspace:
        told = read_outcomes(table.name, _read(table), decision_column=columns[0], value_column=columns[1])
        taken = take_outcomes(
            workspace, project, told.rows, by=whoami(), source="csv", name=table.name, new_labels=new_labels
        )
    known = f", {number(taken.known)} of them known before" if taken.known else ""
    say(f"{OUTCOMES.counted(taken.recorded)} on record{known}." if taken.recorded else "No row was taken.")
    left_out = sorted([*told.left_out, *taken.refused], key=lambda each: each.number)
    say_findings([*told.remarks, *(each.finding for each in left_out)])
    return int(bool(left_out))


def forget_inputs(context: click.Context, project: str, reason: str | None, **named: Any) -> None:
    """Forgets what was named, as `wanted_inputs` takes it, and says what is gone and what stays."""
    with opened(context) as workspace:
        wanted = wanted_inputs(workspace, project, **named)
        ends = wanted_words(wanted)
        if ends:
            say(ends)
        why = reason or asked_reason("Why")
        found = forget_wanted(workspace, project, wanted, by=whoami(), reason=why)
    for line in forgotten_words(found):
        say(line)


def forget_old(context: click.Context, project: str, days: float) -> None:
    """Forgets what is old, and says what is gone and what stays."""
    with opened(context) as workspace:
        found = forget_older(workspace, project, days, by=whoami())
    for line in forgotten_words(found):
        say(line)


def set_or_tell(context: click.Context, project: str, name: str | None, value: str | None, by: str | None) -> None:
    """Sets something, or says what is set."""
    with opened(context) as workspace:
        if name is not None and value is not None:
            told = [set_setting(workspace, project, name, value, by=by or whoami())]
        else:
            only = None if name is None else setting_named(name).name
            told = [each for each in all_settings(workspace, project) if only in {None, each.setting.name}]
    for each in told:
        _say_setting(each)
        if each.made is not None:
            say(f"The key that posts are signed with, shown this once: {each.made}")


def _say_setting(told: Told) -> None:
    usual = " (default)" if told.usual else ""
    say(f"{told.setting.name}: {told.shown}{usual}. {told.setting.help}")


def _read(table: Path) -> bytes:
    try:
        return table.read_bytes()
    except OSError as error:
        raise SourceUnreadable(
            fact=f"“{table}” cannot be read.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name a table with a column of decisions and one of what was true.",
        ) from error
