"""What a person said of a source and what has no meaning for it: refused, so that nothing is dropped without a word."""

from collections.abc import Collection
from typing import Final

from understudy.domain.task import AnswerKind
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.table import Columns
from understudy.modalities.nouns import noun_of

INTERACTIONS: Final = "interactions"
OF_FOLDERS: Final[Collection[str]] = ()
OF_NAMED_FILES: Final = ("--path-column", "--target")
OF_ROWS: Final = {
    "text": ("--text", "--target"),
    "table": ("--target", "--time"),
    INTERACTIONS: ("--who", "--what", "--time", "--rating", "--items"),
}
"""Options that say something of each kind of table."""


def check_options(name: str, holds: str, takes: Collection[str], wanted: Columns, meant: Meant) -> None:
    """Refuses columns, and tables of items, that were named and that a source has no use for.

    Args:
        name: Of the source, for people.
        holds: What it is, to follow “It is”.
        takes: Options that mean something for it.
        wanted: Columns that a person named.
        meant: What else a person said.

    Raises:
        SourceUnreadable: One of them is another option.
    """
    given = {
        "--path-column": wanted.path,
        "--target": wanted.label,
        "--text": wanted.text,
        "--time": wanted.time,
        "--who": wanted.who,
        "--what": wanted.what,
        "--rating": wanted.rating,
        "--items": meant.items,
    }
    unfit = [option for option, value in given.items() if value and option not in takes]
    if unfit:
        rest = f"{', '.join(takes)} can be said of it" if takes else "has no columns that could be named"
        raise SourceUnreadable(
            fact=f"{' and '.join(unfit)} would say nothing of “{name}”.",
            reason=f"It is {holds}, and {rest}.",
            remedy="Leave it out, or name the source that is meant."
            if takes
            else "Leave it out, or give a table that names the files.",
        )


def check_query(path: str, meant: Meant) -> None:
    """Refuses a question to a database where a source is none.

    Raises:
        SourceUnreadable: There is one.
    """
    if meant.query is not None:
        raise SourceUnreadable(
            fact=f"--query would say nothing of “{path}”.",
            reason="It is a path, and a query is asked of a database.",
            remedy="Leave it out, or name the address of a database, such as sqlite:///shop.db.",
        )


def check_answers(modality: str, meant: Meant) -> None:
    """Refuses lists of items as answers about single inputs, and anything else about who took what.

    Raises:
        SourceUnreadable: Such a kind of answer was said.
    """
    if meant.answers is None or (meant.answers is AnswerKind.RANKING) == (modality == INTERACTIONS):
        return
    if modality == INTERACTIONS:
        raise SourceUnreadable(
            fact=f"Interactions are not answered with a {meant.answers.value}.",
            reason="From who took what one learns what comes next, and that is a list of items.",
            remedy="Leave --answers out, or say with --as what else the table holds.",
        )
    raise SourceUnreadable(
        fact=f"{noun_of(modality).many.capitalize()} are not answered with a ranking.",
        reason="A list of items, the best first, is learned from who took what.",
        remedy="Say --answers label, labels or number; or, if a table says who took what: --who COLUMN --what COLUMN.",
    )
