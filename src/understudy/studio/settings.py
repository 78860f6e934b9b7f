"""Settings as a use case: what a team may set for a project, checked and recorded with who set it."""

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from understudy.domain.settings import DECLARED, BadSetting, Setting, setting_named
from understudy.domain.texts import is_storable
from understudy.serving.webhooks import SECRET_PREFIX, make_secret
from understudy.studio.workspace import Workspace

SECRET_BYTES = 24
ONE = {"people": "person"}
"""Units whose name for one is not their name less an s."""
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


@dataclass(frozen=True)
class Told:
    """A setting and its value, as it may be shown.

    Attributes:
        setting: What it is.
        value: What it is set to; None where it is off.
        usual: It is at its default.
        made: The key that was made with it, to be shown this once; None at any other time.
    """

    setting: Setting
    value: float | str | None
    usual: bool
    made: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """The value with its unit; a secret is never shown."""
        if self.value is None:
            return "off"
        if self.setting.secret:
            return "set, and never shown"
        if isinstance(self.value, str):
            return self.value
        unit = self.setting.unit
        if unit == "share":
            return f"{self.value:g}"
        return f"{self.value:g} {unit if self.value != 1 else ONE.get(unit, unit.removesuffix('s'))}"


def all_settings(workspace: Workspace, project: str) -> list[Told]:
    """Every setting of a project, in the order in which they are declared.

    Raises:
        UnknownProject: No such project.
    """
    values = workspace.ledger.settings(project)
    found = [(setting, getattr(values, setting.field)) for setting in DECLARED]
    return [Told(setting, value, value == setting.default) for setting, value in found]


def set_setting(
    workspace: Workspace,
    project: str,
    name: str,
    text: str,
    *,
    by: str,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Told:
    """Sets something for a project; an empty text sets it back to its default.

    With the first webhook comes the key that its posts are signed with, and a new one when the key is set back. It is
    told here and never again.

    Args:
        workspace: Where the project is.
        project: Its name.
        name: The setting's name.
        text: Its value, as a person typed it.
        by: Who sets it.
        random_bytes: Where keys come from.

    Raises:
        UnknownProject: No such project.
        BadSetting: There is no such setting, or it cannot have this value.
    """
    setting, now = setting_named(name), workspace.now()
    value = checked(setting, text)
    ledger = workspace.ledger
    ledger.set_setting(project, name, value, by, now)
    made, standing = None, ledger.settings(project)
    if name.startswith("webhook-") and standing.webhook_url is not None and standing.webhook_secret is None:
        made = new_secret(random_bytes)
        ledger.set_setting(project, "webhook-secret", made, by, now)
    kept = setting.default if value is None else value
    if setting.secret and made is not None:
        kept = made
    return Told(setting, kept, kept == setting.default, made)


def new_secret(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A key as the Standard Webhooks specification has it."""
    return make_secret(random_bytes(SECRET_BYTES))


def checked(setting: Setting, text: str) -> float | str | None:
    """The value that a person typed; None where it is set back to its default.

    Raises:
        BadSetting: It cannot be that.
    """
    if not text.strip():
        return None
    value = setting.read(text)
    if isinstance(value, str) and not is_storable(value):
        raise _bad(setting, "It holds a sign that no file can carry.", "Write it anew, without that sign.")
    if setting.name == "webhook-url" and not _is_web_address(str(value)):
        raise _bad(setting, "It is no address of the web.", "Give one such as https://example.com/understudy.")
    if setting.name == "owner-email" and not _ADDRESS.fullmatch(str(value)):
        raise _bad(setting, "It is no e-mail address.", "Give one such as ada@example.com.")
    if setting.name == "webhook-secret" and not _is_secret(str(value)):
        raise _bad(
            setting,
            "It has not the form of Standard Webhooks: whsec_ and then 24 to 64 bytes in base64.",
            "Make one with: echo whsec_$(openssl rand -base64 32); or set webhook-url, and a key is made for you.",
        )
    return value


def _bad(setting: Setting, reason: str, remedy: str) -> BadSetting:
    return BadSetting(fact=f"“{setting.name}” cannot be that.", reason=reason, remedy=remedy)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_secret(text: str) -> bool:
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(SECRET_PREFIX) and 24 <= len(key) <= 64
