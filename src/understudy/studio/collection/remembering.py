"""How a project's tables are read, so that a further one of the same columns need only be named."""

from understudy.domain.project import Project
from understudy.intake.answers import COMMA
from understudy.intake.incoming import Source
from understudy.store.ledger import Ledger


def remember_reading(ledger: Ledger, project: Project, source: Source) -> None:
    """Keeps which columns of a source said what, and what stood between several labels, beside what was known.

    Commas stay for good: a person said that they part labels, and no table tells.

    Args:
        ledger: Where the project is.
        project: As it was before the source came.
        source: What came.
    """
    columns = {**project.columns, **source.columns}
    separator = project.separator if project.separator == COMMA else source.separator or project.separator
    if (columns, separator) != (project.columns, project.separator):
        ledger.set_columns(project.name, columns, separator)
