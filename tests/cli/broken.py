"""An app that cannot be made, for servers whose workers never start."""

import os
from pathlib import Path
from typing import Any


def app() -> None:
    """Writes down why, as the product's own does, and fails."""
    Path(os.environ["UNDERSTUDY_TROUBLE"]).write_text("The cable is out.", encoding="utf-8")
    raise SystemExit(1)


async def _answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers "here" to whatever is asked."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})
    elif scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})


def once() -> Any:
    """An app that only the first process that asks for it gets."""
    try:
        Path(os.environ["UNDERSTUDY_WORKSPACE"], "taken").touch(exist_ok=False)
    except FileExistsError:
        raise SystemExit(1) from None
    return _answer
