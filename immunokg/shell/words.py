"""One word that completion may offer, and which words fit what was typed so far."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Candidate", "Word", "fitting"]

_PARTS = re.compile(r"[_\s:-]+|(?<=[a-z0-9])(?=[A-Z])")


class Word(NamedTuple):
    """What may be written in a place, and a few words about it."""

    text: str
    about: str = ""


class Candidate(NamedTuple):
    """What completion offers: `text` takes the place of the last `replaced` characters before the cursor.

    `shown` is what the menu says when that is not the text itself (the name of an entity whose CURIE is written).
    """

    text: str
    replaced: int
    about: str = ""
    shown: str = ""


def fitting(words: Iterable[Word], fragment: str, *, replaced: int | None = None) -> list[Candidate]:
    """Return the words that begin with the fragment, then those that go on with it after a break; case does not matter.

    >>> [word.text for word in fitting([Word("BINDS"), Word("DECREASES_ACTIVITY_OF"), Word("ACTIVATES")], "act")]
    ['ACTIVATES', 'DECREASES_ACTIVITY_OF']
    """
    size = len(fragment) if replaced is None else replaced
    low = fragment.lower()
    first: list[Candidate] = []
    later: list[Candidate] = []
    for word in words:
        if word.text.lower().startswith(low):
            first.append(Candidate(word.text, size, word.about))
        elif any(word.text[part.end() :].lower().startswith(low) for part in _PARTS.finditer(word.text)):
            later.append(Candidate(word.text, size, word.about))
    return first + later
