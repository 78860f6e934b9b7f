"""What a disk refuses, as an error that a person can act on."""

import errno
from typing import Final

from understudy.domain.errors import UnderstudyError

MAKE_ROOM: Final = "Make room on the disk where the workspace is, then try again."
MAKE_WRITABLE: Final = (
    "Make its disk writable, or copy the workspace to one that is and name the copy with --workspace."
)


class DiskRefused(UnderstudyError):
    """A disk is full, or takes nothing in."""


def refused(error: OSError) -> DiskRefused | None:
    """What a disk refused, or None where the system's error is about something else."""
    reason = f"The system says: {error.strerror}."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskRefused(fact="The disk is full.", reason=reason, remedy=MAKE_ROOM)
    if error.errno == errno.EROFS:
        what = f"“{error.filename}”" if error.filename else "The disk"
        return DiskRefused(fact=f"{what} cannot be written.", reason=reason, remedy=MAKE_WRITABLE)
    return None
