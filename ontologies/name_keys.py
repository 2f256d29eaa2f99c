"""Keys under which differently spelled names meet: case, hyphens, spaces, Greek letters, plurals.

>>> [spelling_keys(name)[-1] for name in ("IL-4Rα", "IL4RA", "IL-4R alpha")]
['il4ra', 'il4ra', 'il4ra']
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "initials", "spelling_keys"]

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "σ": "sigma",
    "τ": "tau",
    "ω": "omega",
}
_SPELLED = str.maketrans(_GREEK)
_LETTER = str.maketrans({greek: word[0] for greek, word in _GREEK.items()})
_WORD = re.compile(rf"(?<![a-z])({'|'.join(_GREEK.values())})(?![a-z])")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_KEEP_S = ("ss", "us", "is", "as", "ics", "ies")


def _lower(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.casefold().replace("+", "positive")


def fold(text: str) -> str:
    """Return the text without case, accents of spelling, hyphens and spaces; Greek letters are spelled out.

    >>> fold("IL-4Rα"), fold("CD8+ T cell") == fold("CD8-positive T cell")
    ('il4ralpha', True)
    """
    return _spell(_lower(text))


def _spell(lower: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", lower if lower.isascii() else lower.translate(_SPELLED))


def _singular(word: str) -> str:
    if word.endswith(("'s", "’s")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_S) else word


def spelling_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a name, nearest spelling first: as written, in the singular, Greek letters as one letter.

    >>> spelling_keys("Th2 cells")
    ('th2cells', 'th2cell')
    """
    lower = _lower(text)
    singular = " ".join(_singular(word) for word in lower.split())
    letters = _WORD.sub(lambda match: match[0][0], singular.translate(_LETTER))
    keys = (_spell(lower), _spell(singular), _NOT_ALPHANUMERIC.sub("", letters))
    return tuple(dict.fromkeys(filter(None, keys)))


def initials(text: str) -> str:
    """Return the first letters of the words of a name.

    >>> initials("atopic dermatitis"), initials("hair follicle immune privilege")
    ('ad', 'hfip')
    """
    return "".join(word[0] for word in _NOT_ALPHANUMERIC.split(_lower(text)) if word)
