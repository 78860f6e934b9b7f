"""Names of ONNX files on the Hugging Face hub."""

import re
from dataclasses import dataclass

PATTERN = re.compile(
    r"(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?(?::(?P<file>[\w./ -]+\.onnx))?", re.ASCII
)


@dataclass(frozen=True)
class HubFile:
    """An ONNX file on the hub.

    Attributes:
        repository: "organisation/name".
        revision: Branch, tag or commit; None is the main branch.
        file: Path in the repository; None looks where such files usually are.
    """

    repository: str
    revision: str | None
    file: str | None

    @classmethod
    def named(cls, name: str) -> "HubFile | None":
        """Reads "organisation/name[@revision][:file.onnx]"; None where the text is no such name."""
        found = PATTERN.fullmatch(name)
        return cls(found["repository"], found["revision"], found["file"]) if found else None
