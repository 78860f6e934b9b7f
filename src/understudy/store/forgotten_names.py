"""Names of forgotten examples: a file's name or a group's may be a person's, so nothing tells it any longer.

What belonged together still does, under a pseudonym. A finding about nothing but a forgotten input goes; one that names
it among others keeps what it found. Whoever answered for a finding whose words change so still does.
"""

import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from understudy.domain.finding import Finding
from understudy.store.codec import as_json, from_json
from understudy.store.schema import (
    acceptances,
    data_audits,
    examples,
    findings,
    labels,
    other_groups,
    other_names,
    own_groups,
)

FORGOTTEN = "(forgotten)"
SHORTENED = 39
"""Letters after which an audit cuts a name off."""


_NAMELESS = re.compile("[0-9a-f]{64}")
"""A group that nobody named: a family of twins, or one that was forgotten."""


def forget_examples(connection: Connection, project: str, digests: Sequence[str], secret: bytes) -> None:
    """Takes names out of examples, and out of all findings of their project, as they came in and in audits.

    Args:
        connection: A transaction that writes, of whoever forgets the inputs.
        project: Its name.
        digests: Of the inputs; few enough for one query.
        secret: What pseudonyms of groups are made with; nobody who has not got it can guess a name from one.
    """
    query = select(examples.c.digest, examples.c.name, examples.c.group)
    rows = connection.execute(query.where(examples.c.project == project, examples.c.digest.in_(digests))).all()
    others = (other_names.c.project == project, other_names.c.digest.in_(digests))
    names = {name for _, name, _ in rows} | set(connection.execute(select(other_names.c.name).where(*others)).scalars())
    connection.execute(delete(other_names).where(*others))
    borne = {group for *_, group in rows} | _disowned(connection, project, digests)
    borne = {each for each in borne if each and not _NAMELESS.fullmatch(each)}
    stands_for = {each: hmac.digest(secret, each.encode(), "sha256").hex() for each in borne}
    if rows:
        nameless = [{"known": digest, "stands": stands_for.get(group, group)} for digest, _, group in rows]
        one = (examples.c.project == project, examples.c.digest == bindparam("known"))
        connection.execute(update(examples).where(*one).values(name="", group=bindparam("stands")), nameless)
    gone = borne - _told_still(connection, project, borne)
    _end_groups(connection, project, {each: stands_for[each] for each in gone})
    _tell_no_longer(connection, project, names, gone)


def _disowned(connection: Connection, project: str, digests: Sequence[str]) -> set[str]:
    """Says no longer whose examples are; of whom they were."""
    theirs = (own_groups.c.project == project, own_groups.c.digest.in_(digests))
    found = set(connection.execute(select(own_groups.c.name).where(*theirs)).scalars())
    connection.execute(delete(own_groups).where(*theirs))
    return found


def _end_groups(connection: Connection, project: str, stands_for: Mapping[str, str]) -> None:
    """Takes the names of groups away of which nothing is left; families that bore them bear a pseudonym."""
    leads = other_groups.c
    connection.execute(delete(other_groups).where(leads.project == project, leads.name.in_(list(stands_for))))
    for name, pseudonym in stands_for.items():
        renamed = update(examples).where(examples.c.project == project, examples.c.group == name)
        left = connection.execute(renamed.values(group=pseudonym)).rowcount
        led = (leads.project == project, leads.family == name)
        if left:
            connection.execute(update(other_groups).where(*led).values(family=pseudonym))
        else:
            connection.execute(delete(other_groups).where(*led))


def told_without(seen: Finding, names: Collection[str]) -> Finding:
    """A finding without some names, also where it is about nothing else: for what is read again with all it rested on.

    Args:
        seen: The finding.
        names: Of inputs.
    """
    known = {each for each in names if each.strip()}
    if not known:
        return seen
    renamed = replace(seen, subject=FORGOTTEN) if seen.subject in known else seen
    return _without(renamed, known, _pattern(known)) or renamed


def _told_still(connection: Connection, project: str, groups: Collection[str]) -> set[str]:
    """Those of some groups that other examples are of, and those that are labels as well."""
    if not groups:
        return set()
    own = (own_groups.c.project == examples.c.project) & (own_groups.c.digest == examples.c.digest)
    of_itself = ~exists().where(own)
    borne = select(examples.c.group).where(examples.c.project == project, examples.c.group.in_(groups), of_itself)
    owned = select(own_groups.c.name).where(own_groups.c.project == project, own_groups.c.name.in_(groups))
    said = select(labels.c.value).where(labels.c.project == project, labels.c.value.in_(groups))
    return set(connection.execute(borne.union(owned, said)).scalars())


def _tell_no_longer(connection: Connection, project: str, names: Collection[str], groups: Collection[str]) -> None:
    known = {each for each in names if each.strip()}
    told = known | {each for each in groups if each.strip()}
    if told:
        pattern = _pattern(told)
        _in_findings(connection, project, known, pattern)
        _in_audits(connection, project, known, pattern)


def _pattern(names: set[str]) -> re.Pattern[str]:
    """Any of the names in quotation marks, whole or cut off as audits do; of a file also without them, but not a part.

    A row may be named by a number, which also stands for other things where it is not quoted.
    """
    shown = sorted(names | {" ".join(each.split()) for each in names}, key=len, reverse=True)
    quoted = [f"“{re.escape(each)}”" for each in shown]
    quoted += [f"“{re.escape(each[:SHORTENED])}…”" for each in shown if len(each) > SHORTENED]
    files = [rf"(?<![\w/.-]){re.escape(each)}(?![\w/-])" for each in shown if "." in each or "/" in each]
    return re.compile("|".join([*quoted, *files]))


def _in_findings(connection: Connection, project: str, names: set[str], pattern: re.Pattern[str]) -> None:
    told = (findings.c.subject, findings.c.fact, findings.c.reason, findings.c.remedy)
    query = select(findings.c.id, findings.c.identity, findings.c.kind, findings.c.severity, *told)
    rows = connection.execute(query.where(findings.c.project == project)).all()
    taken = {identity for _, identity, *_ in rows}
    for number, identity, kind, severity, *texts in rows:
        seen = from_json(Finding, dict(zip(_FIELDS, (kind, severity, *texts), strict=True)))
        kept = _without(seen, names, pattern)
        if kept == seen:
            continue
        if kept is None or (kept.identity != identity and kept.identity in taken):
            connection.execute(delete(findings).where(findings.c.id == number))
            continue
        taken.add(kept.identity)
        values = {"identity": kept.identity} | {name: getattr(kept, name) for name in _FIELDS[2:]}
        connection.execute(update(findings).where(findings.c.id == number).values(**values))


def _in_audits(connection: Connection, project: str, names: set[str], pattern: re.Pattern[str]) -> None:
    """Writes audits anew without the names, each in its place: a row of this log is never updated."""
    query = select(data_audits).where(data_audits.c.project == project).order_by(data_audits.c.id)
    for row in connection.execute(query).mappings().all():
        seen = [from_json(Finding, each) for each in row["findings"]]
        kept = [_without(each, names, pattern) for each in seen]
        if kept == seen:
            continue
        renamed = {
            before.identity: after.identity
            for before, after in zip(seen, kept, strict=True)
            if after is not None and after.identity != before.identity
        }
        _answered_still(connection, project, renamed)
        left = [as_json(Finding, each) for each in kept if each is not None]
        connection.execute(delete(data_audits).where(data_audits.c.id == row["id"]))
        connection.execute(insert(data_audits), {**row, "findings": left})


def _answered_still(connection: Connection, project: str, renamed: Mapping[str, str]) -> None:
    """Lets whoever answered for findings answer for them under their new identities."""
    known = (acceptances.c.project == project, acceptances.c.identity.in_(list(renamed)))
    query = select(acceptances).where(*known).order_by(acceptances.c.id)
    for row in connection.execute(query).mappings().all():
        again = {**row, "identity": renamed[row["identity"]]}
        again.pop("id")
        connection.execute(insert(acceptances), again)


def _without(seen: Finding, names: set[str], pattern: re.Pattern[str]) -> Finding | None:
    """A finding without the names; None where it is about nothing else."""
    if seen.subject in names:
        return None
    return replace(
        seen,
        subject=pattern.sub(FORGOTTEN, seen.subject),
        fact=pattern.sub(FORGOTTEN, seen.fact),
        reason=pattern.sub(FORGOTTEN, seen.reason),
        remedy=pattern.sub(FORGOTTEN, seen.remedy),
        evidence=tuple(each for each in seen.evidence if each not in names),
    )


_FIELDS = ("kind", "severity", "subject", "fact", "reason", "remedy")
