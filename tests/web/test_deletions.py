"""What stands where an input would be that somebody deleted."""

from pathlib import Path

import pytest

from store.nouns import decision, later
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.modalities.nouns import noun_of
from understudy.store.ledger import Ledger
from understudy.web.deletions import require_kept
from understudy.web.errors import InputDeleted


@pytest.mark.parametrize("modality", ["photo", "text", "table", "sound", "video", "interactions"])
def test_what_was_deleted_is_called_by_its_name(tmp_path: Path, modality: str) -> None:
    """A deleted text is said to be a text, a row a row: none is called a photo but a photo."""
    made, noun = decision(1), noun_of(modality).one
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.create_project(Project("blades", later(0), task=Task(modality)))
        ledger.erase("blades", [made.input_digest], by="Kim", reason="Asked for", at=later(2))
        with pytest.raises(InputDeleted) as deleted:
            require_kept(ledger, made)
    assert deleted.value.fact.startswith(f"This {noun} was deleted on ")
    assert deleted.value.remedy.endswith(f"; the {noun} itself cannot be brought back.")
