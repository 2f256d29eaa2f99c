"""Names of entities as completion: what is typed in quotes or after ``@`` becomes the CURIE, or the full name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from immunokg.shell.words import Candidate
from ontologies.entity import Entity

__all__ = ["FindEntities", "after_at", "quoted_text"]

FindEntities: TypeAlias = Callable[[str], Sequence[Entity]]
"""Returns the entities that a text may be the beginning of, best first; `immunokg.shell.session` has the graph's."""

_AFTER_AT = re.compile(r"""(?<![\w"'@])@([^\s"'@`{}()\[\];,?$<>][^"'@`{}()\[\];,?$<>\n]{0,80})\Z""")


def after_at(text: str, find: FindEntities, write: Callable[[str], str]) -> list[Candidate] | None:
    """Return the entities for a name after ``@`` at the end of the text, or None when there is none.

    `write` turns a CURIE into what the language reads. A language tag (``"text"@en``) is no name.
    """
    match = _AFTER_AT.search(text)
    if match is None:
        return None
    size = len(match.group())
    return [
        Candidate(write(entity.curie), size, f"{entity.category} {entity.curie}", entity.name) for entity in find(match.group(1))
    ]


def quoted_text(name: str, quote: str) -> str:
    r"""Return a name as it stands inside quotes, in SPARQL and in Cypher.

    >>> print(quoted_text('a "quoted", name', '"'))
    a \"quoted\", name
    """
    return name.replace("\\", "\\\\").replace(quote, f"\\{quote}")
