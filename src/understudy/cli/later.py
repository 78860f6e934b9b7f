"""What a command does is imported when it is done, so that its help comes at once."""

import importlib
from typing import Any


def later(module: str) -> Any:
    """A module of this package that does the work of commands.

    Args:
        module: Its name, without the package's ("stages").
    """
    return importlib.import_module(f"understudy.cli.{module}")
