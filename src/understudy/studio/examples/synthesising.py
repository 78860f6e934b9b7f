"""Making examples up: rows like the real ones, texts from templates, prompts that are spoken.

They are marked as synthetic: a model may learn from them, and nothing is ever judged by them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.engine.inference import cores
from understudy.intake.incoming import Incoming, Item, Source
from understudy.intake.sift import sift
from understudy.modalities.nouns import noun_of
from understudy.modalities.sound.synthesis import found_voice, made_speech
from understudy.modalities.table.schema import TableSchema
from understudy.modalities.table.synthesis import FEWEST, looked_at, made_rows
from understudy.modalities.text.synthesis import BadTemplates, Templates, made_texts, read_templates
from understudy.store.examples import Counts
from understudy.studio.answers.answer_text import BadLabel
from understudy.studio.answers.known_labels import UnknownLabel, meant_answer
from understudy.studio.examples.facts import table_schema
from understudy.studio.examples.real_examples import is_made_up, real_examples
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

NAME: Final = "made up"
_OWN: Final = re.compile(rf"{NAME} \d+ with seed \d+")
"""Names of what is made up here; a file may begin with the same words."""
"""How names of made-up examples begin."""
Pairs = Sequence[tuple[bytes, str]]


class NothingToMake(UnderstudyError):
    """Nothing can be made up for a project, or not from what was given."""


@dataclass(frozen=True)
class Recipe:
    """What to make up.

    Attributes:
        count: How many examples.
        seed: Same seed, same examples.
        templates: File of templates, for texts and speech.
        language: Of speech, as espeak-ng names it.
    """

    count: int
    seed: int = 0
    templates: Path | None = None
    language: str = "en"


@dataclass(frozen=True)
class MadeUp:
    """What came of it.

    Attributes:
        made: Examples that were made up.
        new: Those of them that the project did not hold already.
        forgotten: Those that were left out because they were forgotten before.
        set_aside: Of the new ones, those that nothing learns from, as they are too like sealed ones or contradict.
        counts: What the project holds now.
    """

    made: int
    new: int
    forgotten: int
    set_aside: int
    counts: Counts


def synthesise(
    workspace: Workspace, name: str, recipe: Recipe, *, by: str, progress: Callable[[int, int], None]
) -> MadeUp:
    """Makes examples up and adds them to a project, marked as synthetic.

    Args:
        workspace: Where the project is.
        name: The project.
        recipe: What to make up.
        by: Who asked for it; their labels bear this name.
        progress: Told examples done and examples in all.

    Raises:
        UnknownProject: No such project.
        NothingToMake: Its examples cannot be made up, or not from templates, or there are too few real ones.
        BadTemplates, NoVoice: The templates cannot be used, or nobody can speak them.
    """
    project = workspace.ledger.project(name)
    pairs = _made(workspace, project, recipe)
    items: list[Item] = [
        Incoming(f"{NAME} {at} with seed {recipe.seed}", label, None, partial(_given, data))
        for at, (data, label) in enumerate(pairs, start=1)
    ]
    source = Source(NAME, items, 0, project.task, rows=True)
    with workspace.blobs.together() as kept:
        sifted = sift(
            source,
            list(workspace.ledger.arrivals(name)),
            kept.put,
            sealed_share=project.sealed_share,
            provenance=Provenance.SYNTHETIC,
            progress=progress,
            threads=cores(),
        )
    at = workspace.now()
    new = workspace.ledger.add_examples(name, sifted.examples, by=by, at=at)
    workspace.ledger.add_labels(name, [Label(digest, value, by, at) for digest, value in sifted.labels])
    workspace.ledger.record_findings(name, sifted.findings, at=at)
    set_aside = sum(each.side is Side.SET_ASIDE for each in sifted.examples)
    forgotten = sum(sifted.again[digest] for digest in workspace.ledger.erased(name, list(sifted.again)))
    return MadeUp(len(pairs), new, forgotten, set_aside, workspace.ledger.counts(name))


def rows_like(workspace: Workspace, project: Project, *, count: int, seed: int) -> Pairs:
    """Rows made up from the real ones of a table.

    Raises:
        NothingToMake: There are too few.
    """
    rng = np.random.default_rng(seed)
    real = real_examples(workspace.ledger, project.name)
    told = [(each.digest, each.label) for each in real if each.label is not None]
    some = [told[at] for at in looked_at(len(told), rng)]
    rows, labels = made_rows(
        [workspace.blobs.get(digest) for digest, _ in some],
        [label for _, label in some],
        count,
        schema=table_schema(workspace, project.name) or TableSchema(()),
        rng=rng,
        joint=project.task.answers is AnswerKind.NUMBER,
    )
    if not rows:
        raise NothingToMake(
            fact=f"“{project.name}” has too few rows to make up others from.",
            reason=f"It takes at least {FEWEST} labelled training rows of a label to see what goes together.",
            remedy="Add real rows first.",
        )
    return list(zip(rows, labels, strict=True))


def is_own_name(name: str) -> bool:
    """Whether a name is one that is given here to what is made up."""
    return _OWN.fullmatch(name) is not None


def is_remade(example: Example, project: Project) -> bool:
    """Whether an example was made up from real rows: trainings make such rows anew, each from those it learns from."""
    made = is_made_up(example) and is_own_name(example.name)
    return made and project.task.modality == "table" and example.label is not None


def _made(workspace: Workspace, project: Project, recipe: Recipe) -> Pairs:
    rng = np.random.default_rng(recipe.seed)
    match project.task.modality:
        case "table":
            _check_no_templates(project, recipe)
            return rows_like(workspace, project, count=recipe.count, seed=recipe.seed)
        case "text":
            templates = _templates(workspace, project, recipe)
            return [(text.encode(), label) for text, label in made_texts(templates, recipe.count, rng=rng)]
        case "sound":
            program = found_voice()
            prompts = made_texts(_templates(workspace, project, recipe), recipe.count, rng=rng)
            return made_speech(prompts, recipe.count, language=recipe.language, rng=rng, program=program)
    own = "Make them with a program of yours and add them with “understudy add --synthetic”."
    if not workspace.ledger.counts(project.name).total:
        raise NothingToMake(
            fact=f"Examples of “{project.name}” cannot be made up here.",
            reason=f"It takes {noun_of(project.task.modality).many} so far, as any project without examples that was "
            "begun without --as; there is a way for rows of a table, for texts and for speech.",
            remedy=f"If it is about texts, begin one that says so: understudy new NAME --as text. {own}",
        )
    raise NothingToMake(
        fact=f"Examples of “{project.name}” cannot be made up here.",
        reason="There is a way for rows of a table, for texts and for speech.",
        remedy=own,
    )


def _check_no_templates(project: Project, recipe: Recipe) -> None:
    if recipe.templates is not None:
        raise NothingToMake(
            fact=f"Templates would say nothing of “{project.name}”.",
            reason="Rows of a table are made up from its real rows; templates make texts and speech.",
            remedy="Leave --templates out.",
        )


def _templates(workspace: Workspace, project: Project, recipe: Recipe) -> Templates:
    """The templates, each with what the project can answer; a label that is new has a plus sign in front."""
    read = read_templates(_written(recipe))
    known = Queue(workspace).used(project.name)
    return replace(read, patterns=tuple((_answer(project, label, known), text) for label, text in read.patterns))


def _answer(project: Project, label: str, known: Sequence[str]) -> str:
    try:
        return meant_answer(project.task, label, known, of=project.name, typed=True)
    except BadLabel as error:
        remedy = error.remedy if isinstance(error, UnknownLabel) else "Correct what stands before the colon."
        raise BadTemplates(fact=error.fact, reason=error.reason, remedy=remedy) from error


def _written(recipe: Recipe) -> str:
    if recipe.templates is None:
        raise NothingToMake(
            fact="There is nothing to make texts from.",
            reason="Texts and speech are made from templates, and no file of templates was named.",
            remedy="Write lines such as “refund: I want my {money|cash} back” and name the file with --templates.",
        )
    try:
        return recipe.templates.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NothingToMake(
            fact=f"“{recipe.templates}” cannot be read.",
            reason=f"It says: {error}.",
            remedy="Name a text file in UTF-8.",
        ) from error


def _given(data: bytes) -> bytes:
    return data
