"""The Open Inference Protocol v2: each project is a model by its name. Its decisions go into the ledger too."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.answer import Answer
from understudy.domain.decision import Decision
from understudy.serving.asking import Request as Question
from understudy.serving.model import ModelChanged, NotTrainedYet, ServedModel
from understudy.web.asking import kind_of, understood
from understudy.web.body import read_body
from understudy.web.context import context_of
from understudy.web.disclosure import Disclosure
from understudy.web.known import with_known
from understudy.web.origin import check_origin
from understudy.web.schemas import PROTOCOL_ERRORS
from understudy.web.tensors import MOST, OUTPUTS, Tensor, called, parse_request, told_for, write_response

router = APIRouter(prefix="/v2", tags=["Open Inference Protocol"])

HEADER_LENGTH = "inference-header-content-length"

ModelName = Annotated[str, Path(max_length=80, description="The project's name.")]
ModelVersion = Annotated[str, Path(max_length=64, description="SHA-256 of the model's file.")]


@router.get("", summary="Server metadata")
async def server(request: Request) -> dict[str, Any]:
    """The server's name, version and extensions."""
    return {
        "name": "understudy",
        "version": context_of(request).services.version,
        "extensions": ["binary_tensor_data"],
    }


@router.get("/health/live", summary="The server runs")
async def live() -> dict[str, bool]:
    """Whether requests are answered at all."""
    return {"live": True}


@router.get("/health/ready", summary="The server can answer")
async def ready(request: Request) -> dict[str, bool]:
    """Whether the ledger can be read."""
    await run_in_threadpool(context_of(request).services.records.projects)
    return {"ready": True}


@router.get("/models/{name}", summary="Model metadata", responses=PROTOCOL_ERRORS)
async def metadata(name: ModelName, request: Request) -> dict[str, Any]:
    """The tensors that the model takes and gives."""
    return await _described(request, name, None)


@router.get("/models/{name}/versions/{version}", summary="Model metadata, of one version", responses=PROTOCOL_ERRORS)
async def version_metadata(name: ModelName, version: ModelVersion, request: Request) -> dict[str, Any]:
    """As for the model, if this version answers now."""
    return await _described(request, name, version)


@router.get("/models/{name}/ready", summary="The model can answer", responses=PROTOCOL_ERRORS)
async def model_ready(name: ModelName, request: Request) -> Response:
    """200 when requests are answered, by a model or by people; 404 when there is no such project."""
    return await _ready(request, name, None)


@router.get("/models/{name}/versions/{version}/ready", summary="The version can answer", responses=PROTOCOL_ERRORS)
async def version_ready(name: ModelName, version: ModelVersion, request: Request) -> Response:
    """200 when this version answers now; 409 when another does."""
    return await _ready(request, name, version)


@router.post("/models/{name}/infer", summary="Ask about inputs", responses=PROTOCOL_ERRORS)
async def infer(name: ModelName, request: Request) -> Response:
    """Answers for up to 64 inputs; each becomes a decision, or none does.

    Where a person will answer, the row has `ask_person`, no label, and the decision's id to look at later.
    """
    return await _infer(request, name, None)


@router.post(
    "/models/{name}/versions/{version}/infer", summary="Ask one version about inputs", responses=PROTOCOL_ERRORS
)
async def version_infer(name: ModelName, version: ModelVersion, request: Request) -> Response:
    """As for the model, if this version answers now."""
    return await _infer(request, name, version)


async def _infer(request: Request, name: str, version: str | None) -> Response:
    check_origin(request)
    context = context_of(request)
    kind = await kind_of(context, name)
    with told_for(kind):
        body = await read_body(request, limit=context.services.max_body)
        length = request.headers.get(HEADER_LENGTH)
        asked = await understood(len(body), parse_request, body, length, kind)
    questions = [Question(await with_known(context, name, data)) for data in asked.inputs]
    decisions = await context.services.router.decide_all(name, questions, version=version)
    head: dict[str, Any] = {"model_name": name}
    versions = {decision.model for decision in decisions if decision.model}
    if len(versions) == 1:  # in canary two models may have answered; each decision knows its own
        head["model_version"] = versions.pop()
    if asked.id is not None:
        head["id"] = asked.id
    payload, size = write_response(head, _tensors(decisions), asked.outputs)
    if size is None:
        return Response(payload, media_type="application/json")
    return Response(payload, media_type="application/octet-stream", headers={HEADER_LENGTH: str(size)})


def _tensors(decisions: list[Decision]) -> list[Tensor]:
    """One row for each input; where a person will answer, it says so and nothing of what a model may have said."""
    shown = [Disclosure(decision, to_client=True).served for decision in decisions]
    width = max((len(answer.probabilities) for answer in shown if answer), default=0)
    rows = [_row(answer, width) for answer in shown]
    count = len(decisions)
    return [
        Tensor("label", [count], [answer.label if answer else "" for answer in shown]),
        Tensor("probability", [count], [answer.probability if answer else 0.0 for answer in shown]),
        Tensor("probabilities", [count, width], [share for row in rows for share in row]),
        Tensor("ask_person", [count], [answer is None for answer in shown]),
        Tensor("decision", [count], [decision.id for decision in decisions]),
        Tensor("remarks", [count], [" ".join(_remarks(decision)) for decision in decisions]),
    ]


def _row(answer: Answer | None, width: int) -> list[float]:
    shares = [share for _, share in answer.probabilities] if answer else []
    return shares + [0.0] * (width - len(shares))


def _remarks(decision: Decision) -> tuple[str, ...]:
    """What about an input did not fit; that is told whoever answers."""
    return decision.answer.remarks if decision.answer else ()


async def _ready(request: Request, name: str, version: str | None) -> Response:
    await _model(request, name, version)
    return JSONResponse({"name": name, "ready": True})


async def _model(request: Request, name: str, version: str | None) -> ServedModel | None:
    """The model that the project is about; None where it has none, and people answer."""
    try:
        model = await context_of(request).services.router.model(name)
    except NotTrainedYet:
        if version is not None:
            raise
        return None
    if version is not None and version != model.version:
        raise ModelChanged.between(version, model.version)
    return model


async def _described(request: Request, name: str, version: str | None) -> dict[str, Any]:
    model = await _model(request, name, version)
    project = await run_in_threadpool(context_of(request).services.records.project, name)
    return _metadata(name, model, project.task.modality)


def _metadata(name: str, model: ServedModel | None, modality: str) -> dict[str, Any]:
    shapes = {"probabilities": [-1, len(model.labels) if model else 0]}
    about = {"labels": json.dumps(model.labels, ensure_ascii=False), "threshold": model.threshold} if model else {}
    return {
        "name": name,
        "versions": [model.version] if model else [],
        "platform": "onnx_openvino",
        "inputs": [{"name": called(modality), "datatype": "BYTES", "shape": [-1]}],
        "outputs": [
            {"name": output, "datatype": datatype, "shape": shapes.get(output, [-1])}
            for output, datatype in OUTPUTS.items()
        ],
        "parameters": {**about, "most_inputs": MOST},
    }
