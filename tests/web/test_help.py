"""What findings, claims and reasons mean, as the studio tells it."""

import re

import httpx
import pytest

from understudy.domain.finding import FindingKind
from understudy.domain.review import ClaimKind, ReasonKind
from understudy.web.help_pages import marked


@pytest.mark.parametrize(
    ("topic", "kinds"),
    [("findings", [*FindingKind]), ("review", [*ClaimKind, *ReasonKind])],
    ids=["findings", "review"],
)
def test_every_kind_can_be_linked_to(
    topic: str, kinds: list[FindingKind | ClaimKind | ReasonKind], client: httpx.Client
) -> None:
    """Each kind has its paragraph under an address of its own, and no sign of the text's markup is left."""
    html = client.get(f"/help/{topic}").text
    assert [kind.value for kind in kinds if f'<h3 id="{kind.value}">' not in html] == []
    text = re.sub(r"<[^>]+>", "", html.split("<main", 1)[1])
    assert not re.search(r"\]\(|\*\*|`|^#|\|--", text, flags=re.MULTILINE)


def test_other_pages_are_not_there(client: httpx.Client) -> None:
    """Nothing but the two is read from the disk."""
    assert client.get("/help/..%2fapp.py").status_code == 404
    assert client.get("/help/nothing").status_code in {404, 422}


def test_markup_in_words_is_escaped() -> None:
    """Code, weight, links between the pages; everything else is text."""
    assert marked("a `<b>` **c** *d* <i>") == "a <code>&lt;b&gt;</code> <strong>c</strong> <em>d</em> &lt;i&gt;"
    assert marked("[x](findings.md#leak)") == '<a href="/help/findings#leak">x</a>'
    assert marked("[y](../how-to/add.md) [z](javascript:alert)") == "y z"
