"""The door of intake: a path becomes a source, whatever lies there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.intake.archive import Archive
from understudy.intake.badfile import bad_row, empty_folder, promises_photo
from understudy.intake.folder import Folder
from understudy.intake.groups import BadGroupRule, GroupBy, GroupRule
from understudy.intake.incoming import FileUnreadable, Incoming, Source, SourceUnreadable, readable_name
from understudy.intake.layout import layout_of
from understudy.intake.table import Columns, Row, Table, names_photos, read_table
from understudy.intake.tree import Listing, Tree

METADATA: Final = ("metadata.csv", "metadata.jsonl")
TABLES: Final = (".csv", ".tsv", ".txt", ".jsonl")

Item = Incoming | Finding


@contextmanager
def open_source(path: Path, *, group: GroupRule | None = None, columns: Columns | None = None) -> Iterator[Source]:
    """Opens a folder, a zip archive or a table; nothing but names and tables is read yet.

    - A folder: each first folder is a class; photos in none, or in one that starts with "_", have no label. Where
      all first folders are named like splits (train, test, ...) and share class names, the classes are below them.
      A `metadata.csv` or `metadata.jsonl` in the root says labels and groups instead.
    - A zip archive of it; one folder around everything is left away.
    - A table (.csv, .tsv, .jsonl): each row names a photo by its path from the table's folder.

    Args:
        path: Where it lies.
        group: How to read what belongs together; None makes each photo its own group.
        columns: Which columns of a table to read; None looks for the usual ones.

    Raises:
        SourceUnreadable: There is nothing there, or it cannot be read as any of these.
        BadGroupRule: The rule finds no group for any photo.
    """
    wanted = columns or Columns()
    if path.is_dir():
        yield _tree_source(Folder(path), group, wanted)
    elif not path.is_file():
        raise SourceUnreadable(
            fact=f"There is nothing at “{path}”.",
            reason="No file or folder has this name.",
            remedy="Name a folder with a folder a class in it, a zip archive of one, or a CSV that names photos.",
        )
    elif path.suffix.lower() in TABLES:
        yield _table_file(path, group, wanted)
    else:
        with Archive(path) as archive:
            yield _tree_source(archive, group, wanted)


def _table_file(path: Path, rule: GroupRule | None, wanted: Columns) -> Source:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(
            fact=f"“{path.name}” cannot be opened.",
            reason=f"The system says: {error.strerror}.",
            remedy="See that you may read it.",
        ) from error
    table = read_table(readable_name(path.name), data, wanted)
    items = list(_named(table, Folder(path.parent), rule, {}))
    return Source(table.name, _grouped(items, rule), 0)


def _tree_source(tree: Tree, rule: GroupRule | None, wanted: Columns) -> Source:
    """Reads a tree by its table, if it has one, or by its folders."""
    listing = tree.listing()
    layout = layout_of(listing.folders)
    labels = {path: layout.place(path).label for path in listing.files}
    table = _table_of(tree, listing, wanted, labelled=any(labels.values()))
    if table is not None:
        items = [*listing.findings, *_named(table, tree, rule, labels)]
        named = {item.name for item in items if isinstance(item, Incoming)}
        rest = [path for path in listing.files if promises_photo(path) and readable_name(path) not in named]
        items.extend(_incoming(tree, path, labels[path], None) for path in rest)
        return Source(tree.name, _grouped(items, rule), listing.ignored)
    items = list(listing.findings)
    for folder in layout.classes(listing.folders):
        if not any(path.startswith(f"{folder}/") for path in listing.files):
            items.append(empty_folder(readable_name(folder)))
    for path in listing.files:
        place = layout.place(path)
        group = rule.group(place.folder, PurePosixPath(path).name, {}) if rule else None
        items.append(_incoming(tree, path, place.label, group))
    return Source(tree.name, _grouped(items, rule), listing.ignored)


def _table_of(tree: Tree, listing: Listing, wanted: Columns, *, labelled: bool) -> Table | None:
    """The table in the root: Hugging Face's, or the only one that names photos where folders give no label."""
    in_root = [path for path in listing.files if "/" not in path]
    chosen = [path for path in in_root if path in METADATA]
    if not chosen and not labelled:
        chosen = [path for path in in_root if path.lower().endswith((".csv", ".tsv"))]
        chosen = chosen if len(chosen) == 1 and names_photos(_bytes(tree, chosen[0])) else []
    return read_table(chosen[0], _bytes(tree, chosen[0]), wanted) if chosen else None


def _bytes(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path)
    except FileUnreadable as error:
        finding = error.finding
        raise SourceUnreadable(fact=finding.fact, reason=finding.reason, remedy=finding.remedy) from error


def _named(table: Table, tree: Tree, rule: GroupRule | None, labels: Mapping[str, str | None]) -> Iterator[Item]:
    """What the rows of a table name; where it has no column for labels, the folders give them."""
    if rule and rule.by is GroupBy.COLUMN and rule.detail not in table.columns:
        raise BadGroupRule(
            fact=f"“{table.name}” has no column “{rule.detail}”.",
            reason=f"Its columns are {', '.join(table.columns)}.",
            remedy="Name one of these in the group rule.",
        )
    yield from table.findings
    for row in sorted(table.rows, key=lambda row: (row.cells.get(table.path_column, ""), row.number)):
        yield _named_by(row, table, tree, rule, labels)


def _named_by(row: Row, table: Table, tree: Tree, rule: GroupRule | None, labels: Mapping[str, str | None]) -> Item:
    path = row.cells.get(table.path_column, "").strip()
    if not path:
        return bad_row(table.name, row.number, "names no file")
    problem = tree.problem(path)
    if problem and "\\" in path and not tree.problem(path.replace("\\", "/")):
        path, problem = path.replace("\\", "/"), None
    if problem:
        return problem
    path = str(PurePosixPath(path))
    label = row.cells.get(table.label_column, "").strip() if table.label_column else labels.get(path)
    pure = PurePosixPath(path)
    folder = "" if str(pure.parent) == "." else str(pure.parent)
    return _incoming(tree, path, label or None, rule.group(folder, pure.name, row.cells) if rule else None)


def _incoming(tree: Tree, path: str, label: str | None, group: str | None) -> Incoming:
    return Incoming(
        readable_name(path),
        readable_name(label) if label else None,
        readable_name(group) if group else None,
        partial(tree.read, path),
    )


def _grouped(items: list[Item], rule: GroupRule | None) -> list[Item]:
    """Says which photos the group rule does not reach."""
    photos = [item for item in items if isinstance(item, Incoming) and promises_photo(item.name)]
    alone = [photo.name for photo in photos if photo.group is None]
    if not rule or not alone:
        return items
    if len(alone) == len(photos):
        raise BadGroupRule(
            fact=f"The group rule “{rule}” finds no group for any of {len(photos)} files.",
            reason=f"“{alone[0]}” is one of them.",
            remedy="Correct the rule, or leave it out so that each photo is its own group.",
        )
    finding = Finding(
        FindingKind.UNGROUPED,
        Severity.LOW,
        alone[0],
        f"The group rule “{rule}” finds no group for {len(alone)} of {len(photos)} files, “{alone[0]}” among them.",
        "Each of these counts as its own group, so it may be split from what it belongs with.",
        "Correct the rule or the names if they belong with others.",
    )
    return [finding, *items]
