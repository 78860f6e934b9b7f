"""Sensitive columns: what people may not be treated differently by, found by name and by values.

Claim: a column that names sex, origin, age, belief, health or language, in several languages, or that holds the usual
values of one, is named; so is dialect in English texts, which no column says.

Source:
    The grounds of article 21 of the EU Charter of Fundamental Rights. For dialect: Blodgett, Green and O'Connor,
    Demographic dialectal variation in social media (2016); Sap et al., The risk of racial bias in hate speech detection
    (2019).
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import scipy

from understudy.audit.columns import Column, ColumnKind, words_in
from understudy.audit.material import Material
from understudy.audit.wording import holding_out, percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.rule import words_of
from understudy.modalities.text.language import language_of

_NAMES: Final[dict[str, str]] = {
    "sex": "sex gender geschlecht sexe genre sexo género genero sesso kön płeć 性别 性別",
    "origin": "race ethnicity ethnic ethnie herkunft etnia raza raça origine razza nationality native nationalität "
    "nationalité nacionalidad nazionalità citizenship foreign ausländer étranger extranjero migration 民族 国籍 人種",
    "age": "age alter âge edad idade età birthdate birthday birthyear dob geburtsdatum geburtsjahr naissance "
    "nacimiento nascita 年龄 年齢",
    "belief": "religion religious konfession creed religión religione faith politics party 宗教",
    "family status": "marital marriage familienstand matrimonial civil pregnant pregnancy relationship spouse married",
    "health": "disability disabled behinderung handicap discapacidad disabilità",
    "orientation": "orientation sexuality",
    "language": "dialect language mundart dialecte dialecto dialetto mothertongue muttersprache",
}
_WORDS: Final = {word: ground for ground, words in _NAMES.items() for word in words.split()}
_PHRASES: Final = {("personal", "status"): "family status", ("native", "country"): "origin", ("zip", "code"): "origin"}
_PERSONS: Final = frozenset(
    {"customer", "patient", "holder", "driver", "person", "user", "client", "applicant", "employee", "owner"}
)
_VALUES: Final = (
    ("sex", frozenset({"male", "female", "m", "f", "man", "woman", "child", "mann", "frau", "homme", "femme", "w"})),
    ("origin", frozenset({"white", "black", "asian", "hispanic", "latino", "other", "african", "caucasian"})),
)
_DIALECT: Final = frozenset(
    "dey finna tryna iont bouta talmbout dnt thang brotha sista aint ain imma yall errbody erbody cuz".split()  # noqa: SIM905
)
"""Spellings that mark African-American English and other spoken varieties in writing."""
_DOUBTFUL: Final = frozenset("dat dis dem wit da yo ion wats mah ya gon ima lil bout".split())  # noqa: SIM905
"""Such spellings that stand for something else too (“65 yo”, “lithium ion”): it takes two of them."""
FEWEST_TEXTS: Final = 50
NOTABLE_SHARE: Final = 0.03
NOTABLE_GAP: Final = 0.1
LEVEL: Final = 0.001


def sensitive(material: Material) -> Iterator[Finding]:
    """One finding a column."""
    for column in material.told:
        ground = ground_of(column)
        if ground is not None:
            yield Finding(
                FindingKind.SENSITIVE,
                Severity.LOW,
                column.name,
                f"The column {quoted(column.name)} tells a person's {ground}, or something close to it.",
                "People may not be treated differently by it, and in many places that is the law.",
                _held_out(column, out=column.name in material.held_out),
            )
        elif column.kind is ColumnKind.TEXT and len(material.classes) > 1:
            yield from _dialect(material, column)


def _held_out(column: Column, *, out: bool) -> str:
    shown = "a review then shows each part by itself"
    if out:
        return f"Nothing needs doing: the model does not see it, and it is kept to judge; {shown}."
    return f"Leave it out of what the model sees, but keep it to judge: {holding_out(column.name)}; {shown}."


def ground_of(column: Column) -> str | None:
    """What a column tells of a person that nobody may be treated differently by, or None."""
    words = words_in(column.name)
    for phrase, ground in _PHRASES.items():
        if all(word in words for word in phrase):
            return ground
    for word in words:
        ground = _WORDS.get(word, "")
        if ground and (ground != "age" or len(words) == 1 or not _PERSONS.isdisjoint(words) or _whose(words)):
            return ground
    if column.kind is ColumnKind.CATEGORY and 2 <= len(column.levels) <= 8:
        levels = {level.lower() for level in column.levels}
        for ground, usual in _VALUES:
            if levels <= usual and levels != {"other"}:
                return ground
    return None


def _whose(words: list[str]) -> bool:
    """Whether an age is a person's: “AgeOfPolicyHolder” is, “AgeOfVehicle” is not."""
    return words[0] == "age" and any(word.endswith("holder") for word in words)


def _is_spoken(text: str) -> bool:
    """Whether an English text is written as it is spoken somewhere: “dat” and “dem” are plain Dutch and German."""
    words = words_of(text)
    marked = not _DIALECT.isdisjoint(words) or len(_DOUBTFUL & words) > 1
    return marked and language_of(text) == "en"


def _dialect(material: Material, column: Column) -> Iterator[Finding]:
    """Texts in a spoken variety, and whether people labelled them otherwise."""
    spoken = np.array([_is_spoken(column.values[row] or "") for row in material.labelled])
    if spoken.sum() < FEWEST_TEXTS or spoken.mean() < NOTABLE_SHARE or spoken.all():
        return
    sides = [np.flatnonzero(spoken == part) for part in (True, False)]
    marks = [material.marks.at(side) for side in sides]
    counts = np.stack([each.often for each in marks])
    totals = np.array([[each.count] for each in marks])
    shares = counts / np.maximum(totals, 1)
    most = int(np.abs(shares[0] - shares[1]).argmax())
    gap = float(abs(shares[0, most] - shares[1, most]))
    # Where several labels can stand together, the one that differs most is tested by itself, for all that could.
    tested = np.hstack([counts[:, [most]], totals - counts[:, [most]]]) if material.several else counts
    tries = counts.shape[1] if material.several else 1
    real = float(scipy.stats.chi2_contingency(tested[:, tested.sum(axis=0) > 0]).pvalue) * tries < LEVEL
    label = quoted(material.marks.names[most])
    yield Finding(
        FindingKind.SENSITIVE,
        Severity.MEDIUM if real and gap >= NOTABLE_GAP else Severity.LOW,
        f"dialect in {column.name}",
        f"{material.counted(int(spoken.sum()))} ({percent(float(spoken.mean()))}) are in a spoken variety such as "
        f"African-American English; {percent(shares[0, most])} of them are labelled {label}, "
        f"{percent(shares[1, most])} of the rest.",
        "How people write tells where they come from, and a model may hold that against them.",
        "Look at some of both with the writer in mind, and judge the two by themselves.",
        material.named(material.labelled[spoken]),
    )
