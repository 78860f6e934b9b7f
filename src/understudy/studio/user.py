"""The person who gives commands."""

import getpass


def whoami() -> str:
    """Who works here: the name under which labels are recorded."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"
