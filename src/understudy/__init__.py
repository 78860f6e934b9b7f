"""Understudy takes one decision at a time from a problem to a launch that is safe to make.

    import understudy
    model = understudy.train("photos/")     # a folder a class, a zip archive, a CSV
    model.predict("new.jpg")                # answer, probability, or "ask a person"

Names are looked up when they are first used, so that importing the package does no work.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.domain.answer import Answer
    from understudy.domain.errors import UnderstudyError
    from understudy.search.loading import load
    from understudy.search.ready import ReadyModel as Model
    from understudy.studio.python import train

__all__ = ["Answer", "Model", "UnderstudyError", "load", "train"]

_HOMES = {
    "Model": "understudy.search.ready:ReadyModel",
    "Answer": "understudy.domain.answer",
    "UnderstudyError": "understudy.domain.errors",
    "load": "understudy.search.loading",
    "train": "understudy.studio.python",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(importlib.import_module(module), attribute or name)


def __dir__() -> list[str]:
    return sorted(__all__)
