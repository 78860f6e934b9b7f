"""Settings as people type them: checked, recorded with who set them, secrets never shown."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.domain.project import Project
from understudy.domain.settings import DECLARED, BadSetting, Settings
from understudy.store.errors import UnknownProject
from understudy.studio.settings import all_settings, new_secret, set_setting
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("blades", opened.now()))
        yield opened


def test_every_setting_has_its_default_at_first(workspace: Workspace) -> None:
    """All that are declared are listed, in that order, each at its default."""
    told = all_settings(workspace, "blades")
    assert [each.setting for each in told] == list(DECLARED)
    assert all(each.usual for each in told)
    shown = {each.setting.name: each.shown for each in told}
    assert (shown["answer-minutes"], shown["double-share"], shown["owner-email"]) == ("60 minutes", "0.05", "off")


def test_what_is_set_holds_until_it_is_set_back(workspace: Workspace) -> None:
    """A value holds from then on; an empty one sets it back; who did so is on record."""
    assert set_setting(workspace, "blades", "audit-hours", " 48 ", by="Ada").shown == "48 hours"
    assert workspace.ledger.settings("blades").audit_hours == 48.0
    assert set_setting(workspace, "blades", "audit-hours", "", by="Ben").usual
    assert workspace.ledger.settings("blades") == Settings()
    assert [(each.value, each.by) for each in workspace.ledger.settings_history("blades")] == [
        (48.0, "Ada"),
        (None, "Ben"),
    ]


def test_a_webhook_brings_its_key(workspace: Workspace) -> None:
    """The first address makes a key of 24 bytes, the next keeps it; it is shown once, and set back for another."""
    first = set_setting(workspace, "blades", "webhook-url", "https://example.com/hook", by="Ada", random_bytes=bytes)
    key = workspace.ledger.settings("blades").webhook_secret
    assert key == "whsec_" + base64.b64encode(bytes(24)).decode()
    assert first.made == key
    assert key not in repr(first)
    second = set_setting(workspace, "blades", "webhook-url", "https://example.com/other", by="Ada")
    assert second.made is None
    assert workspace.ledger.settings("blades").webhook_secret == key
    told = next(each for each in all_settings(workspace, "blades") if each.setting.secret)
    assert key not in repr(told.shown)
    own = new_secret()
    set_setting(workspace, "blades", "webhook-secret", own, by="Ada")
    assert workspace.ledger.settings("blades").webhook_secret == own
    anew = set_setting(workspace, "blades", "webhook-secret", "", by="Ada")
    assert anew.made not in {None, own}
    assert workspace.ledger.settings("blades").webhook_secret == anew.made


def test_a_share_may_be_a_percentage(workspace: Workspace) -> None:
    """5% and 0.05 are the same; more than the whole is not."""
    assert set_setting(workspace, "blades", "double-share", "5%", by="Ada").value == 0.05
    assert set_setting(workspace, "blades", "undo-seconds", "1", by="Ada").shown == "1 second"
    assert set_setting(workspace, "blades", "cannot-tell-limit", "1", by="Ada").shown == "1 person"
    with pytest.raises(BadSetting):
        set_setting(workspace, "blades", "double-share", "500%", by="Ada")
    with pytest.raises(BadSetting):
        set_setting(workspace, "blades", "audit-hours", "5%", by="Ada")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("colour", "red"),
        ("audit-hours", "soon"),
        ("audit-hours", "nan"),
        ("double-share", "1.5"),
        ("webhook-url", "ftp://example.com"),
        ("webhook-url", "https://"),
        ("webhook-url", "http://exam ple.com:99999/"),
        ("owner-email", "ada"),
        ("owner-email", "ada@example.com, ben@example.com"),
        ("webhook-secret", "secret"),
        ("webhook-secret", "whsec_c2hvcnQ="),
        ("owner-email", "a\0da@example.com"),
    ],
)
def test_what_cannot_be_is_refused(workspace: Workspace, name: str, text: str) -> None:
    """A name that is none or a value that cannot be changes nothing."""
    with pytest.raises(BadSetting):
        set_setting(workspace, "blades", name, text, by="Ada")
    assert workspace.ledger.settings("blades") == Settings()


def test_an_unknown_project(workspace: Workspace) -> None:
    """A project that is not there has no settings and gets none."""
    with pytest.raises(UnknownProject):
        all_settings(workspace, "nowhere")
    with pytest.raises(UnknownProject):
        set_setting(workspace, "nowhere", "audit-hours", "48", by="Ada")
