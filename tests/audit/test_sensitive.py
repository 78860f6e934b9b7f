"""What tells of a person: dialect in texts, where there is one."""

import pytest
from worlds import material

from understudy.audit.audit import audit
from understudy.audit.material import Material
from understudy.audit.sensitive import sensitive
from understudy.domain.finding import Severity

DUTCH = "Ik begrijp dat de factuur van klant {} nog niet betaald is en wacht op uw antwoord"
GERMAN = "Die Rechnung {} liegt seit dem ersten Mai bei dem Kunden und ist noch offen"
SPANISH = "Ya le dije que yo no recibí el pedido {} y que el cartero no da ninguna respuesta"
CLINICAL = "This is a 65 yo patient, number {}, who came in with pain in the chest and was seen at once"
SPOKEN = "Man he aint finna tell me dat, it was order number {} that never came to my house"
PLAIN = "He is not going to tell me that, it was order number {} that never came to my house"


def mails(*kinds: tuple[str, int, int]) -> Material:
    """Mails after a pattern each, so many of them, and of how many of a hundred somebody says that they are rude."""
    facts, labels = [], []
    for pattern, count, rude in kinds:
        for place in range(count):
            facts.append({"text": pattern.format(place)})
            labels.append("rude" if place % 100 < rude else "polite")
    return material(facts, labels)


@pytest.mark.parametrize("pattern", [DUTCH, GERMAN, SPANISH, CLINICAL])
def test_ordinary_words_are_no_dialect(pattern: str) -> None:
    """Mails in another language, and English with one word that means something else, are in no spoken variety."""
    assert list(sensitive(mails((pattern, 160, 50)))) == []
    assert list(sensitive(mails((pattern, 100, 90), (PLAIN, 50, 10)))) == []


def test_texts_that_all_are_in_dialect_are_audited() -> None:
    """Where every text is in a spoken variety there is nothing to compare it with, and nothing fails."""
    assert not [each for each in audit(mails((SPOKEN, 160, 50))) if each.subject.startswith("dialect")]


def test_a_dialect_that_is_called_rude() -> None:
    """Texts in a spoken variety that are labelled otherwise are told, with both shares."""
    (found,) = sensitive(mails((SPOKEN, 100, 60), (PLAIN, 100, 10)))
    assert (found.subject, found.severity) == ("dialect in text", Severity.MEDIUM)
    assert "100 examples (50%)" in found.fact
    assert "60% of them" in found.fact or "40% of them" in found.fact
