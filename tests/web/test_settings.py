import httpx
import pytest

from understudy.domain.settings import DECLARED

from .conftest import Studio
from .test_decisions import error_of

PAGE = "/projects/untrained/settings"
API = "/api/v1/projects/untrained/settings"


def save(client: httpx.Client, **sent: str) -> httpx.Response:
    form = {name.replace("_", "-"): text for name, text in {"by": "Kim", **sent}.items()}
    return client.post(PAGE, data=form, follow_redirects=True)


def test_every_setting_has_its_field(client: httpx.Client) -> None:
    """What can be set from the terminal can be set here, with its meaning and what is usual."""
    page = client.get(PAGE).text
    for setting in DECLARED:
        assert f'name="{setting.name}"' in page
        assert setting.help.replace("'", "&#39;") in page
    assert "<h1>Everything is as usual.</h1>" in page


def test_only_what_was_changed_is_recorded(studio: Studio, client: httpx.Client) -> None:
    """With who did it; an emptied field goes back to what is usual."""
    before = len(studio.ledger.settings_history("untrained"))
    page = save(client, audit_hours="12", answer_minutes="", owner_email="ada@example.com").text
    assert "2 settings differ from the usual." in page
    assert studio.ledger.settings("untrained").audit_hours == 12.0
    recorded = studio.ledger.settings_history("untrained")[before:]
    assert {(each.name, each.by) for each in recorded} == {("audit-hours", "Kim"), ("owner-email", "Kim")}
    save(client, audit_hours="", owner_email="")
    assert studio.ledger.settings("untrained").audit_hours == 24.0
    assert "Everything is as usual." in client.get(PAGE).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"audit_hours": "soon"}, "“audit-hours” cannot be “soon”."),
        ({"double_share": "1.5"}, "“double-share” cannot be “1.5”."),
        ({"webhook_url": "ftp://x"}, "“webhook-url” cannot be that."),
        ({"owner_email": "ada"}, "“owner-email” cannot be that."),
        ({"by": ""}, "There is no name yet."),
        ({"by": "breaker"}, "cannot be your name here."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    studio: Studio, client: httpx.Client, sent: dict[str, str], words: str
) -> None:
    """Nothing is recorded, the field says why, and what was typed stays where it was."""
    before = len(studio.ledger.settings_history("untrained"))
    response = save(client, **{"claim_minutes": "7", **sent})
    assert response.status_code == 422
    assert words in response.text
    assert 'value="7"' in response.text
    assert len(studio.ledger.settings_history("untrained")) == before


def test_a_secret_is_shown_once(studio: Studio, client: httpx.Client) -> None:
    """Once, when it is made; then neither on the page nor to programs. Saving the form again does not lose it."""
    once = save(client, webhook_url="https://example.com/understudy").text
    secret = studio.ledger.settings("untrained").webhook_secret
    assert secret.startswith("whsec_")
    assert once.count(secret) == 1
    page = client.get(PAGE).text
    told = client.get(API)
    for text in (page, told.text):
        assert secret not in text
        assert secret.removeprefix("whsec_") not in text
    assert "It is set, and never shown." in page
    save(client, claim_minutes="6", webhook_secret="")
    assert studio.ledger.settings("untrained").webhook_secret == secret
    (found,) = [each for each in told.json()["settings"] if each["secret"]]
    assert (found["value"], found["set"]) == (None, True)


def test_programs_read_every_setting(client: httpx.Client) -> None:
    """Value, default, unit and meaning; an unknown project is a clear 404."""
    told = client.get(API).json()["settings"]
    assert [each["name"] for each in told] == [each.name for each in DECLARED]
    assert all(each["help"] for each in told)
    response = client.get("/api/v1/projects/nowhere/settings")
    assert (response.status_code, error_of(response)["code"]) == (404, "unknown-project")


def test_another_site_cannot_set_anything(studio: Studio, client: httpx.Client) -> None:
    """A page elsewhere cannot send a project's answers to itself."""
    sent = {"by": "Kim", "webhook-url": "https://evil.example"}
    assert client.post(PAGE, data=sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert studio.ledger.settings("untrained").webhook_url != "https://evil.example"
