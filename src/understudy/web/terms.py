"""The product's own words, explained where they stand: a dotted line under each, and two lines on what it means."""

import re

from markupsafe import Markup, escape

TERMS = {
    "sure": "How sure a model is: the probability that it gives its own answer. A review holds it against how often "
    "such answers were right.",
    "breaker": "Takes the requests away from a model by itself as soon as checks prove too many of its answers wrong. "
    "Closed: the model may answer. Open: it may not.",
    "canary": "The stage in which the model answers only a small share of the requests, "
    "so that little is lost if it is worse than it looked.",
    "shadow": "The stage in which the model answers unseen, beside whoever answers now. "
    "Nobody is given its answers; each of them is evidence.",
    "audits": "Answers of the model, drawn at random, that a person gives again without seeing them. "
    "They show how often it is wrong.",
    "wizard": "The stage in which people answer every request, as before any model. "
    "Their answers are what a model learns from.",
}
WORD = re.compile(r"\b(" + "|".join(TERMS) + r")\b", re.IGNORECASE)


def explained(text: str) -> Markup:
    """A text with each of the product's words explained where it stands first."""
    seen: set[str] = set()
    parts = [Markup("")]
    for piece in WORD.split(text):
        key = piece.lower()
        if key in TERMS and key not in seen:
            seen.add(key)
            shown = Markup('<span class="term" tabindex="0">{}<span role="tooltip"> ({}) </span></span>')
            parts.append(shown.format(piece, TERMS[key]))
        else:
            parts.append(escape(piece))
    return Markup("").join(parts)
