"""Runs migrations on the connection that the caller opened and locked."""

from alembic import context

from understudy.store import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema.projects.metadata)
with context.begin_transaction():
    context.run_migrations()
