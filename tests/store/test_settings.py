"""Settings: who set what, and what holds."""

import pytest

from understudy.domain.project import Project
from understudy.domain.settings import DECLARED, BadSetting, Settings
from understudy.store.errors import UnknownProject
from understudy.store.ledger import Ledger
from understudy.store.settings import HIDDEN, SettingChange

from . import nouns


def test_what_nobody_set_is_as_declared(ledger: Ledger) -> None:
    """A new project has the defaults."""
    assert ledger.settings("blades") == Settings()
    assert ledger.settings_history("blades") == []


@pytest.mark.parametrize("setting", DECLARED, ids=lambda setting: setting.name)
def test_every_setting_can_be_set_and_set_back(ledger: Ledger, setting: object) -> None:
    """The last word holds, and an empty one means the default."""
    name, field = setting.name, setting.field  # type: ignore[attr-defined]
    value = 2.5 if setting.unit else "a@b.c"  # type: ignore[attr-defined]
    ledger.set_setting("blades", name, value, "me", nouns.NOON)
    assert getattr(ledger.settings("blades"), field) == value
    ledger.set_setting("blades", name, None, "you", nouns.later(1))
    assert ledger.settings("blades") == Settings()
    assert [(each.name, each.by) for each in ledger.settings_history("blades")] == [(name, "me"), (name, "you")]


def test_the_history_tells_all_but_secrets(ledger: Ledger) -> None:
    """Who, what and when; of a secret only that it was set."""
    ledger.set_setting("blades", "webhook-secret", "whsec_1", "me", nouns.NOON)
    ledger.set_setting("blades", "hold-seconds", 4.0, "me", nouns.later(1))
    ledger.set_setting("blades", "webhook-secret", None, "me", nouns.later(2))
    assert ledger.settings_history("blades") == [
        SettingChange("webhook-secret", HIDDEN, "me", nouns.NOON),
        SettingChange("hold-seconds", 4.0, "me", nouns.later(1)),
        SettingChange("webhook-secret", None, "me", nouns.later(2)),
    ]


def test_projects_are_set_apart(ledger: Ledger) -> None:
    """A setting holds for the project it was made for."""
    ledger.create_project(Project("axles", nouns.NOON))
    ledger.set_setting("axles", "hold-seconds", 4.0, "me", nouns.NOON)
    assert ledger.settings("blades") == Settings()
    assert ledger.settings("axles") == Settings(hold_seconds=4.0)


def test_what_is_not_declared_cannot_be_set(ledger: Ledger) -> None:
    """A misspelt name is an error, and so is an unknown project."""
    with pytest.raises(BadSetting, match="hold-secs"):
        ledger.set_setting("blades", "hold-secs", 4.0, "me", nouns.NOON)
    for act in (
        lambda: ledger.set_setting("x", "hold-seconds", 4.0, "me", nouns.NOON),
        lambda: ledger.settings("x"),
        lambda: ledger.settings_history("x"),
    ):
        with pytest.raises(UnknownProject):
            act()
