"""Languages are told by a model that is read once, however many threads ask at first."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from py3langid.langid import LanguageIdentifier

from understudy.modalities.text import language
from understudy.modalities.text.language import language_of

SAID = {
    "en": "Where is the card that I ordered last week?",
    "de": "Wo ist die Karte, die ich letzte Woche bestellt habe?",
    "ja": "先週注文したカードはどこですか。",
}


@pytest.mark.parametrize(("told", "text"), SAID.items())
def test_a_sentence_tells_its_language(told: str, text: str) -> None:
    """Plain sentences are told, in Latin letters and in others."""
    assert language_of(text) == told


@pytest.mark.parametrize("text", ["", "ok", "123", "🌬"])
def test_too_little_is_not_told_for_sure(text: str) -> None:
    """What says next to nothing has no language."""
    assert language_of(text) is None


def test_threads_that_ask_at_once_wait_for_one_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is read once; everybody has the same answer."""
    read, times = LanguageIdentifier.from_model_file, []

    def slowly(*given: object, **named: object) -> LanguageIdentifier:
        times.append(time.monotonic())
        time.sleep(0.1)
        return read(*given, **named)

    language._read_identifier.cache_clear()
    monkeypatch.setattr(LanguageIdentifier, "from_model_file", slowly)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(language_of, [SAID["de"]] * 4)) == ["de"] * 4
    assert len(times) == 1
