"""The environment of a server: what its variables say, read once before anything is started."""

import logging
from collections.abc import Mapping

from understudy.domain.errors import UnderstudyError
from understudy.serving import mail
from understudy.serving.mail import MailServer
from understudy.serving.telemetry import DECISIONS, LEVEL, LOG, Tracing

FORMS = ("", "plain", "json")
"""What log lines may be asked to be."""
SWITCH = ("", "0", "1")


class BadVariable(UnderstudyError):
    """A variable of the environment says what nobody understands."""


def check_environment(environment: Mapping[str, str]) -> None:
    """Makes sure that every variable that a server reads can be understood. Starts and connects to nothing.

    Raises:
        BadVariable: One says what is none of its values.
        BadMailServer: The mail server's address cannot be read.
        TelemetryMissing: Traces are asked for, and the extra is not installed.
        BadTraces: Traces are to go where they cannot.
    """
    mail_server_in(environment)
    level = environment.get(LEVEL, "").upper()
    levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    if level and level not in logging.getLevelNamesMapping():
        raise _bad(LEVEL, environment[LEVEL], levels)
    for variable, known in ((LOG, FORMS), (DECISIONS, SWITCH)):
        said = environment.get(variable, "")
        if said.lower() not in known:
            raise _bad(variable, said, known[1:])
    Tracing.check(environment)


def mail_server_in(environment: Mapping[str, str]) -> MailServer | None:
    """The mail server that the environment names, or None.

    Raises:
        BadMailServer: Its address cannot be read.
    """
    address = environment.get(mail.VARIABLE)
    return MailServer.parse(address) if address else None


def _bad(variable: str, said: str, known: tuple[str, ...]) -> BadVariable:
    return BadVariable(
        fact=f"{variable} is “{said[:80]}”, which nobody understands.",
        reason=f"It may be {', '.join(known[:-1])} or {known[-1]}.",
        remedy="Correct or clear it, and start again.",
    )
