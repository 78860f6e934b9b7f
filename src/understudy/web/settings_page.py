"""A project's settings: one form for all of them, and the same for programs. No secret is ever shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.settings import BadSetting
from understudy.studio.settings import Told, checked
from understudy.web.body import read_text
from understudy.web.brief_form import read_form
from understudy.web.context import Context, context_of
from understudy.web.decisions import ProjectName
from understudy.web.launch_page import FRESH, LARGEST, service_of
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.schemas import ERRORS, UNREADABLE
from understudy.web.templating import page
from understudy.web.visitor import BadPerson, checked_person, remember, visitor_of

pages = APIRouter()
router = APIRouter(prefix="/api/v1", tags=["settings"], responses=UNREADABLE)


@dataclass(frozen=True)
class Field:
    """One setting as the form shows it.

    Attributes:
        told: The setting and its value.
        text: What stands in it; empty for a secret, and where the usual holds.
        error: What is wrong with that, or None.
    """

    told: Told
    text: str
    error: UnderstudyError | None

    @property
    def name(self) -> str:
        """The setting's name."""
        return self.told.setting.name

    @property
    def title(self) -> str:
        """The same for people."""
        words = self.name.replace("-", " ").replace("url", "URL").replace("email", "e-mail")
        return f"{words[:1].upper()}{words[1:]}"

    @property
    def usual(self) -> str:
        """What holds where nothing is typed."""
        usual = Told(self.told.setting, self.told.setting.default, usual=True).shown
        return "made when a webhook is set" if self.told.setting.secret else usual


@pages.get("/projects/{project}/settings")
async def show(project: ProjectName, request: Request) -> Response:
    """What is set, and a field to change each."""
    return HTMLResponse(await run_in_threadpool(_page, request, project, {}, {}), headers=FRESH)


@pages.post("/projects/{project}/settings")
async def save(project: ProjectName, request: Request) -> Response:
    """Records what was changed; where something is wrong, nothing is, and the form comes back as it was filled in."""
    check_origin(request)
    sent = read_form(await read_text(request, limit=LARGEST))
    context, by = context_of(request), sent.get("by", "")
    errors, made = await run_in_threadpool(_save, context, project, sent)
    if made is not None:
        html = await run_in_threadpool(_page, request, project, {"by": by}, {}, made)
        shown = HTMLResponse(html, headers=FRESH)
        remember(shown, checked_person(by), secure=request.url.scheme == "https")
        return shown
    if errors:
        html = await run_in_threadpool(_page, request, project, sent, errors)
        return HTMLResponse(html, status_code=422, headers=FRESH)
    response = RedirectResponse(f"/projects/{project}/settings", status_code=303)
    remember(response, checked_person(by), secure=request.url.scheme == "https")
    return response


@router.get("/projects/{project}/settings", summary="Look up the settings", responses={404: ERRORS[404]})
def record(project: ProjectName, request: Request) -> Response:
    """Every setting with its value and its meaning; a secret's value is never told."""
    told = service_of(context_of(request)).settings(project)
    return JSONResponse({"project": project, "settings": [_as_json(each) for each in told]}, headers=FRESH)


def _as_json(told: Told) -> dict[str, Any]:
    setting = told.setting
    return {
        "name": setting.name,
        "help": setting.help,
        "value": None if setting.secret else told.value,
        "set": not told.usual,
        "default": setting.default,
        "unit": setting.unit,
        "secret": setting.secret,
    }


def _save(context: Context, project: str, sent: Mapping[str, str]) -> tuple[dict[str, UnderstudyError], str | None]:
    """Records every setting that the form changed, or none; says what is wrong, by name, and which key was made."""
    service = service_of(context)
    changed = [each.setting for each in service.settings(project) if _differs(each, sent)]
    try:
        by = checked_person(sent.get("by", ""))
    except BadPerson as error:
        return {"by": error}, None
    errors: dict[str, UnderstudyError] = {}
    for setting in changed:
        try:
            checked(setting, sent[setting.name])
        except BadSetting as error:
            errors[setting.name] = error
    told = [service.set(project, setting.name, sent[setting.name], by=by) for setting in (() if errors else changed)]
    standing = {each.setting.name for each in told}
    made = None if "webhook-secret" in standing else next((each.made for each in told if each.made), None)
    return errors, made


def _differs(told: Told, sent: Mapping[str, str]) -> bool:
    """Whether the form changed it; a secret is changed only where something was typed."""
    text = sent.get(told.setting.name)
    if text is None or (told.setting.secret and not text.strip()):
        return False
    return text.strip() != _text(told)


def _text(told: Told) -> str:
    if told.usual or told.setting.secret or told.value is None:
        return ""
    return told.value if isinstance(told.value, str) else f"{told.value:g}"


def _fields(told: Sequence[Told], sent: Mapping[str, str], errors: Mapping[str, UnderstudyError]) -> list[Field]:
    return [
        Field(
            each, "" if each.setting.secret else sent.get(each.setting.name, _text(each)), errors.get(each.setting.name)
        )
        for each in told
    ]


def _page(
    request: Request,
    project: str,
    sent: Mapping[str, str],
    errors: Mapping[str, UnderstudyError],
    made: str | None = None,
) -> str:
    context = context_of(request)
    values = house(context, project)
    told = service_of(context).settings(project)
    changed = [each for each in told if not each.usual]
    return page(
        context.templates,
        "settings.html",
        **values,
        fields=_fields(told, sent, errors),
        changed=changed,
        errors=errors,
        made=made,
        by=sent.get("by", visitor_of(request) or ""),
    )
