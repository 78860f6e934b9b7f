"""Jobs."""

import pytest

from understudy.engine.executor import Job


@pytest.mark.parametrize(
    "entry", ["", "module", "module:", ":function", "a b:c", "module:os.system('x')", "-c:x", "a..b:c"]
)
def test_malformed_entry(entry: str) -> None:
    """An entry that is not “module:function” is refused before anything is started."""
    with pytest.raises(ValueError, match=r"package\.module:function"):
        Job(entry)


def test_entry() -> None:
    """A dotted module and a function make an entry; the payload is an empty object unless given."""
    assert Job("package.module:function").payload == {}
