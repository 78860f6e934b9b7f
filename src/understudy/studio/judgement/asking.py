"""Asking: what a model, and the one that answers requests now, say to sealed examples whose labels nobody has read."""

from collections.abc import Callable
from dataclasses import dataclass

from understudy.domain.task import Task
from understudy.studio.examples.answering import answers_to, chunks
from understudy.studio.judgement.look_answers import Tested, Transcript
from understudy.studio.workspace import Workspace

Heard = Callable[[int, int], None]
"""Told photos done and photos in all."""


@dataclass(frozen=True)
class Said:
    """What was said to some examples.

    Attributes:
        digests: Of the examples.
        given: What the tested model said.
        rivals: What the one said that answers requests now; None where none does.
    """

    digests: list[str]
    given: Transcript
    rivals: Transcript | None


@dataclass(frozen=True)
class Asking:
    """Lets a model, and the one that answers requests now, answer for examples.

    Attributes:
        workspace: Where the project is.
        project: Its name.
        model: The tested file.
        champion: The model that answers requests now; None where that is the tested one, or none.
        progress: Told examples done and examples in all.
    """

    workspace: Workspace
    project: str
    model: Tested
    champion: Tested | None
    progress: Heard

    @property
    def task(self) -> Task:
        """What is to be answered."""
        return self.workspace.ledger.project(self.project).task

    def said_to(self, digests: list[str]) -> Said:
        """What they say to examples.

        Raises:
            BlobMissing, BlobCorrupt: An input is no longer there as it came.
            InputFailed: One of them can no longer be read.
        """
        given = Transcript(self.model, self.task)
        rivals = None if self.champion is None else Transcript(self.champion, self.task)
        done = 0
        for chunk in chunks((digest, self.workspace.blobs.get(digest)) for digest in digests):
            given.add(answers_to(self.workspace, self.project, self.model, chunk))
            if self.champion is not None and rivals is not None:
                rivals.add(answers_to(self.workspace, self.project, self.champion, chunk))
            done += len(chunk)
            self.progress(done, len(digests))
        return Said(digests, given, rivals)
