"""Brings a ledger up to date; apart from the rest because Alembic takes longer to load than a ledger to open."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from understudy.store.migrations import HEAD


def configuration(connection: Connection) -> Config:
    """Alembic's settings for one open connection; nothing is read from a file."""
    config = Config()
    # Alembic reads % as the start of a placeholder, and a folder may bear one in its name.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Applies every step that is still missing, inside the caller's transaction."""
    command.upgrade(configuration(connection), HEAD)
