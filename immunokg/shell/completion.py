"""Completion of a text of the shell at a cursor: a command, SPARQL or Cypher."""

from __future__ import annotations

from collections.abc import Iterable

from immunokg.shell.clauses import Language
from immunokg.shell.command_words import complete_command
from immunokg.shell.cypher_context import complete_cypher
from immunokg.shell.names import FindEntities
from immunokg.shell.sparql_context import complete_sparql
from immunokg.shell.statements import next_statement
from immunokg.shell.words import Candidate

__all__ = ["complete"]

_MOST = 16 * 1024
"""A text longer than this is not looked at: Tab must answer at once."""


def complete(
    text: str,
    cursor: int,
    language: Language,
    find: FindEntities,
    *,
    parameters: Iterable[str] = (),
) -> list[Candidate]:
    """Return what may stand at the cursor, the likeliest first.

    `find` finds entities by name, `parameters` are those of Cypher.

    >>> [c.text for c in complete("RETURN 1; MATCH (d:Dru", 22, "cypher", lambda text: ())]
    ['Drug']
    """
    if len(text) > _MOST:
        return []
    before, rest = text[:cursor], text[cursor:]
    at = 0
    while (found := next_statement(before, at, language)) is not None and found.end < len(before):
        at = found.end
    here = before[at:]
    if here.lstrip().startswith("."):
        return complete_command(here, find, parameters=parameters) if "\n" not in here.strip() else []
    if language == "sparql":
        return complete_sparql(here, find, rest=rest)
    return complete_cypher(here, find, parameters=parameters, rest=rest)
