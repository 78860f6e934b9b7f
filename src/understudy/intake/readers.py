"""The door of intake: a path becomes a source, whatever lies there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote_plus

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.intake import tabular
from understudy.intake.archive import Archive
from understudy.intake.badfile import empty_folder, promises
from understudy.intake.endings import commonest, ending, endings_of, may_be
from understudy.intake.folder import Folder
from understudy.intake.folder_answers import answers_of_folders
from understudy.intake.groups import BadGroupRule, GroupRule
from understudy.intake.incoming import (
    FileUnreadable,
    Incoming,
    Item,
    Source,
    SourceUnreadable,
    Understood,
    readable_name,
)
from understudy.intake.known_table import under_known_names
from understudy.intake.label_studio import LARGEST, frame_of, tasks_in
from understudy.intake.layout import layout_of
from understudy.intake.marks import with_marks
from understudy.intake.meant import Meant
from understudy.intake.named_files import incoming, named_files, only_other, source_of, with_answers
from understudy.intake.no_source import check_archive, check_kind
from understudy.intake.recognise import Looked, modality_of
from understudy.intake.table import Columns, Table, has_file_names, read_table, table_of
from understudy.intake.tree import LARGEST_TABLE, Listing, Tree
from understudy.intake.unfit import OF_FOLDERS, OF_NAMED_FILES, OF_ROWS, check_answers, check_options, check_query
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality
from understudy.modalities.registry import modality_named
from understudy.modalities.size import most_bytes
from understudy.modalities.table.frame import Frame, is_table, read_frame
from understudy.modalities.table.sql import query_frame
from understudy.modalities.table.unreadable import TableUnreadable

METADATA: Final = ("metadata.csv", "metadata.jsonl")
TABLES: Final = (".csv", ".tsv", ".txt", ".jsonl")
"""Tables of which rows may name files, as people make them by hand."""
ADDRESS: Final = "://"
"""Stands in the address of a database."""


@contextmanager
def open_source(
    path: Path | str,
    *,
    group: GroupRule | None = None,
    columns: Columns | None = None,
    meant: Meant | None = None,
) -> Iterator[Source]:
    """Opens a folder, a zip archive, a table or a query, and finds out what it holds.

    - A folder: each first folder is a class; files in none, or in one that starts with "_", have no label. Where
      all first folders are named like splits (train, test, ...) and share class names, the classes are below them.
      A `metadata.csv` or `metadata.jsonl` in the root says labels and groups instead. What most files are named like
      is what it holds. A folder with one table and no such file in it is that table.
    - A zip archive of it; one folder around everything is left away.
    - A table: each row names a file by its path from the table's folder, or holds a text, somebody's interaction, or
      data; which one is told from its columns.
    - The address of a database ("sqlite:///shop.db?query=select ..."): what the query finds is a table.

    Args:
        path: Where it lies.
        group: How to read what belongs together; None makes each input its own group.
        columns: Which columns of a table to read; None looks for the usual ones.
        meant: What a person or the project says of it; None lets everything be found out.

    Raises:
        SourceUnreadable: There is nothing there, or it cannot be read as any of these.
        BadGroupRule: The rule finds no group for anything.
        UnderstudyError: Its content says nothing that can be learned, or is not what it is said to be.
    """
    wanted, meant = columns or Columns(), meant or Meant()
    if ADDRESS in str(path):
        yield _query(str(path), group, wanted, meant)
        return
    check_query(str(path), meant)
    path = Path(path)
    if path.is_dir():
        yield _tree_source(Folder(path), group, wanted, meant)
    elif path.exists() and not path.is_file():
        raise SourceUnreadable(
            fact=f"“{path.name}” is neither a file nor a folder.",
            reason="It is a pipe, a socket or a device, which cannot be read twice.",
            remedy="Write what comes out of it into a file, and name that.",
        )
    elif not path.is_file():
        raise SourceUnreadable(
            fact=f"There is nothing at “{path}”.",
            reason="No file or folder has this name.",
            remedy="Name a folder with a folder a class in it, a zip archive of one, or a table.",
        )
    elif path.suffix.lower() in TABLES or is_table(path.name):
        with _told_of_inputs(path.name, meant):
            source = _table_source(path, path.name, Folder(path.parent), group, wanted, meant)
        yield source
    else:
        check_archive(path)
        with Archive(path) as archive:
            yield _tree_source(archive, group, wanted, meant)


@contextmanager
def _told_of_inputs(name: str, meant: Meant) -> Iterator[None]:
    """Where a table cannot be read as one, and inputs of the kind that is known end like it, says how to give one."""
    try:
        yield
    except (SourceUnreadable, TableUnreadable) as error:
        if meant.kind is not None and ending(name) in endings_of(meant.kind):
            one = noun_of(meant.kind).one
            error.remedy += f" Or, if it is itself a {one}, name the folder that holds it."
        raise


def _query(address: str, rule: GroupRule | None, wanted: Columns, meant: Meant) -> Source:
    """What a database is asked; the query stands in the address or beside it."""
    url, asked = address, meant.query
    for sign in ("?query=", "&query="):
        if asked is None and sign in address:
            url, _, after = address.partition(sign)
            asked = unquote_plus(after)
    if asked is None:
        raise SourceUnreadable(
            fact="It is not said what to ask the database.",
            reason="The address of a database holds many tables.",
            remedy='Add --query "select ... from ...".',
        )
    frame, wanted, rule = under_known_names(query_frame(url, asked), wanted, rule, meant)
    frame, wanted, meant = with_marks(frame, wanted, meant)
    look = tabular.look_at(frame)
    return _of_rows(modality_of(look, wanted, meant) or "table", frame, look, rule, wanted, meant)


def _table_source(
    data: Path | bytes, name: str, beside: Tree, rule: GroupRule | None, wanted: Columns, meant: Meant
) -> Source:
    """A table of files, texts, interactions or data."""
    name = readable_name(name)
    holding = wanted.named or tuple(column for part, column in meant.columns.items() if part == "text")
    plain, wanted, rule = under_known_names(_frame(name, data, holding), wanted, rule, meant)
    frame, wanted, meant = with_marks(plain, wanted, meant)
    look = tabular.look_at(frame)
    modality = modality_of(look, wanted, meant)
    if modality is None:
        whole = _bytes_of(data) if frame is plain and Path(name).suffix.lower() in TABLES else None
        table = table_of(frame, wanted) if whole is None else read_table(name, whole, wanted)
        check_options(name, "a table that names files", OF_NAMED_FILES, wanted, meant)
        return _files_named(table, beside, rule, meant)
    return _of_rows(modality, frame, look, rule, wanted, meant)


def _of_rows(
    modality: str, frame: Frame, look: Looked, rule: GroupRule | None, wanted: Columns, meant: Meant
) -> Source:
    if modality in OF_ROWS:
        check_options(frame.name, f"a table of {noun_of(modality).many}", OF_ROWS[modality], wanted, meant)
        check_answers(modality, meant)
    if modality == "text":
        return tabular.texts(frame, look, rule, wanted, meant)
    if modality == "interactions":
        _check_ungrouped(frame, rule)
        return tabular.interactions(frame.name, frame, wanted, meant)
    if modality == "table":
        return tabular.data_rows(frame, look, rule, wanted, meant)
    noun = noun_of(modality)
    raise SourceUnreadable(
        fact=f"“{frame.name}” names no {noun.many}.",
        reason=f"A table of {noun.many} has a column with the names of their files, and none was found.",
        remedy="Name that column with --path-column.",
    )


def _check_ungrouped(frame: Frame, rule: GroupRule | None) -> None:
    """Refuses a group rule for interactions, which are put together by whose they are.

    Raises:
        BadGroupRule: There is one.
    """
    if rule is not None:
        raise BadGroupRule(
            fact=f"The group rule “{rule}” does not fit “{frame.name}”.",
            reason="It says who took what, and all that one person took belongs together already.",
            remedy="Leave --group out.",
        )


def _frame(name: str, data: Path | bytes, holding: Sequence[str]) -> Frame:
    """Any table; an export of Label Studio too. Of several sheets, the one with the columns that somebody named."""
    if name.lower().endswith(".json"):
        whole = data if isinstance(data, bytes) else data.read_bytes() if data.stat().st_size <= LARGEST else b""
        tasks = tasks_in(whole)
        if tasks is not None:
            return frame_of(name, tasks)
    return read_frame(name, data, holding)


def _bytes_of(data: Path | bytes) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return data.read_bytes()
    except OSError as error:
        raise SourceUnreadable(
            fact=f"“{data.name}” cannot be opened.",
            reason=f"The system says: {error.strerror}.",
            remedy="See that you may read it.",
        ) from error


def _files_named(table: Table, tree: Tree, rule: GroupRule | None, meant: Meant) -> Source:
    """The files that a table names."""
    names = [row.cells.get(table.path_column, "").strip() for row in table.rows]
    modality = _modality(table.name, names, meant)
    check_answers(modality.name, meant)
    read = with_answers(table, modality, meant, guess=only_other(table, rule))
    items = list(named_files(read.table, tree, rule, {}, meant, most_bytes(modality)))
    grouped = _grouped(items, rule, modality, meant)
    return source_of(table.name, grouped, 0, read, rule)


def _modality(name: str, paths: list[str], meant: Meant) -> Modality:
    """What most files of a source are named like; photos where none is named like anything.

    Raises:
        SourceUnreadable: Several packages read files that are named like these.
    """
    if meant.kind is not None:
        return modality_named(meant.kind)
    found = may_be(paths)
    if len(found) > 1:
        raise SourceUnreadable(
            fact=f"“{name}” may hold {' or '.join(noun_of(each).many for each in found)}.",
            reason="Several installed packages read files that are named like most of these.",
            remedy=f"Say what they are: {_as(found)}.",
        )
    return modality_named(found[0] if found else "photo")


def _as(kinds: Sequence[str]) -> str:
    """The option that says what a source holds, for each of some kinds."""
    return " or ".join(f"--as {kind}" for kind in kinds)


def _tree_source(tree: Tree, rule: GroupRule | None, wanted: Columns, meant: Meant) -> Source:
    """Reads a tree by its table, if it has one, or by its folders."""
    listing = tree.listing()
    alone = _only_table(listing, meant)
    if alone is not None:
        return _table_source(_bytes(tree, alone), alone, tree, rule, wanted, meant)
    check_kind(tree.name, listing.files, meant, tree.head)
    inputs = [path for path in listing.files if "/" in path or not is_table(path)]
    modality = _modality(tree.name, inputs, meant)
    check_answers(modality.name, meant)
    layout = layout_of(listing.folders)
    labels, most = {path: layout.place(path).label for path in listing.files}, most_bytes(modality)
    table = _table_of(tree, listing, wanted, meant, labelled=any(labels.values()))
    if table is not None:
        check_options(tree.name, f"read by its table “{table.name}”", OF_NAMED_FILES, wanted, meant)
        guess = None if any(labels.values()) else only_other(table, rule)
        read = with_answers(table, modality, meant, guess=guess)
        items = [*listing.findings, *named_files(read.table, tree, rule, labels, meant, most)]
        named = {item.name for item in items if isinstance(item, Incoming)} | {table.name}
        rest = [path for path in listing.files if promises(path, modality) and readable_name(path) not in named]
        items.extend(incoming(tree, path, labels[path], None, most) for path in rest)
        grouped = _grouped(items, rule, modality, meant)
        return source_of(tree.name, grouped, listing.ignored, read, rule)
    check_options(tree.name, "read by its folders", OF_FOLDERS, wanted, meant)
    said = answers_of_folders(tree.name, labels, modality.name, meant)
    items = list(listing.findings)
    for folder in layout.classes(listing.folders):
        if not any(path.startswith(f"{folder}/") for path in listing.files):
            items.append(empty_folder(readable_name(folder), modality))
    for path in listing.files:
        place = layout.place(path)
        group = rule.group(place.folder, PurePosixPath(path).name, {}) if rule else None
        items.append(incoming(tree, path, said.labels[path], group, most))
    about = Understood(says=said.says) if said.says else None
    grouped = _grouped(items, rule, modality, meant)
    return Source(tree.name, grouped, listing.ignored, said.task, about, separator=said.separator)


def _only_table(listing: Listing, meant: Meant) -> str | None:
    """The one table in a tree that holds no other input; None where there are inputs, or no table.

    Raises:
        SourceUnreadable: There are several tables, and nothing else.
    """
    if any("/" in path for path in listing.files):
        return None
    tables = [path for path in listing.files if is_table(path)]
    others = [path for path in listing.files if not is_table(path) and PurePosixPath(path).suffix.lower() != ".md"]
    if not tables or commonest(others) or meant.kind not in {None, *OF_ROWS}:
        return None
    if len(tables) > 1:
        raise SourceUnreadable(
            fact=f"The folder holds {len(tables)} tables.",
            reason=f"They are {', '.join(f'“{table}”' for table in tables[:8])}.",
            remedy=f"Name the one that is meant{_or_inputs(tables, meant)}.",
        )
    return tables[0]


def _or_inputs(tables: Sequence[str], meant: Meant) -> str:
    """How to say that tables are inputs, one each, where an installed package reads such files."""
    kinds = may_be(tables) if meant.kind is None else ()
    if not kinds:
        return ""
    return f"; or, where each of them is one {' or '.join(noun_of(kind).one for kind in kinds)}, add {_as(kinds)}"


def _table_of(tree: Tree, listing: Listing, wanted: Columns, meant: Meant, *, labelled: bool) -> Table | None:
    """The table in the root: Hugging Face's, or the only one that names files where folders give no label."""
    in_root = [path for path in listing.files if "/" not in path]
    chosen = [path for path in in_root if path in METADATA]
    if not chosen and not labelled:
        chosen = [path for path in in_root if path.lower().endswith((".csv", ".tsv"))]
        chosen = chosen if len(chosen) == 1 and has_file_names(_bytes(tree, chosen[0])) else []
    return read_table(chosen[0], _bytes(tree, chosen[0]), wanted, meant.columns) if chosen else None


def _bytes(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path, LARGEST_TABLE)
    except FileUnreadable as error:
        finding = error.finding
        raise SourceUnreadable(fact=finding.fact, reason=finding.reason, remedy=finding.remedy) from error


def _grouped(items: list[Item], rule: GroupRule | None, modality: Modality, meant: Meant) -> list[Item]:
    """Says which inputs the group rule does not reach."""
    inputs = [item for item in items if isinstance(item, Incoming) and promises(item.name, modality)]
    alone = [each.name for each in inputs if each.group is None]
    if not rule or not alone:
        return items
    if len(alone) == len(inputs) and not meant.synthetic:
        raise BadGroupRule(
            fact=f"The group rule “{rule}” finds no group for any of {len(inputs)} files.",
            reason=f"“{alone[0]}” is one of them.",
            remedy=f"Correct the rule, or leave it out so that each {noun_of(modality.name).one} is its own group.",
        )
    finding = Finding(
        FindingKind.UNGROUPED,
        Severity.LOW,
        alone[0],
        f"The group rule “{rule}” finds no group for {len(alone)} of {len(inputs)} files, “{alone[0]}” among them.",
        "Each of these counts as its own group, so it may be split from what it belongs with.",
        "Correct the rule or the names if they belong with others.",
    )
    return [finding, *items]
