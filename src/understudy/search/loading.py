"""Loading: from the bytes of a model file to a model that answers, whatever it is made of."""

import importlib
import os
from pathlib import Path
from typing import Final

from understudy.search.model import Model
from understudy.search.model_file import ModelUnreadable, read_model, refusal
from understudy.search.parts import looks_like_parts, read_parts
from understudy.search.ready import Described, ReadyModel

KINDS: Final = {
    "tables": "understudy.search.tables.model:read",
    "recommend": "understudy.search.recommend.model:read",
}
"""By the kind that a file of parts says it is: what reads it, as "module:function". Loaded when first needed."""


def load_bytes(data: bytes, *, many: bool = False) -> ReadyModel:
    """Reads a model file and has it give its golden answers again.

    Args:
        data: The file's bytes.
        many: It is asked about many inputs at once rather than about one at a time; see `Model`.

    Raises:
        ModelUnreadable: It is damaged, or no model of Understudy.
        ModelBroken: It no longer gives the answers it gave when it was made.
    """
    if not looks_like_parts(data):
        return Model(read_model(data), many=many)
    try:
        parts = read_parts(data)
        module, function = KINDS[str(parts.manifest["kind"])].split(":")
    except (ValueError, KeyError) as error:
        raise refusal(error) from error
    model: ReadyModel = getattr(importlib.import_module(module), function)(parts)
    return model


def described(data: bytes) -> Described:
    """What a model file says of itself; it is not made ready to answer where that can be told without.

    Raises:
        ModelUnreadable: It is damaged, or no model of Understudy.
    """
    return load_bytes(data).description if looks_like_parts(data) else read_model(data).description


def load(path: str | os.PathLike[str], *, many: bool = False) -> ReadyModel:
    """Loads a model file.

    Args:
        path: Where it lies.
        many: It is asked about many inputs at once rather than about one at a time; see `Model`.

    Raises:
        ModelUnreadable: The file is missing, damaged, or no model of Understudy.
        ModelBroken: It no longer gives the answers it gave when it was made.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ModelUnreadable(
            fact=f"“{path}” cannot be read.",
            reason=f"{error.strerror or error}.",
            remedy="Give the path of a file that “understudy export” wrote.",
        ) from error
    return load_bytes(data, many=many)
