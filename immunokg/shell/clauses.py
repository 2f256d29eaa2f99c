"""How far a query text has come: how deep in brackets, and whether it could stand as a whole.

This only decides when Enter runs a text and where a file is cut into statements; what is right SPARQL or Cypher, the engines
say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from queries.cypher_engine.guard import cypher_tokens
from queries.sparql_engine.guard import query_tokens

__all__ = ["STARTS", "Clauses", "Language", "Token", "tokens"]

Language: TypeAlias = Literal["sparql", "cypher"]

_FORMS = frozenset(("ASK", "CONSTRUCT", "DESCRIBE", "SELECT"))
_UPDATES = frozenset(("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"))
_PROLOGUE = frozenset(("BASE", "PREFIX", "VERSION"))
_WRITES = frozenset(("CREATE", "DELETE", "DETACH", "DROP", "FOREACH", "LOAD", "MERGE", "REMOVE", "SET"))

STARTS: dict[Language, frozenset[str]] = {
    "sparql": _FORMS | _UPDATES | _PROLOGUE,
    "cypher": _WRITES
    | frozenset(("CALL", "CYPHER", "EXPLAIN", "MATCH", "OPTIONAL", "PROFILE", "RETURN", "SHOW", "UNWIND", "USE", "WITH")),
}
"""The words that a statement may begin with. Updates are among them: they are refused by name, not mistaken for a typo."""

_DANGLING = frozenset(
    (
        "ALL", "AND", "AS", "BY", "CALL", "CONTAINS", "DISTINCT", "ELSE", "ENDS", "IN", "IS", "LIMIT", "MATCH", "NOT", "OFFSET",
        "OPTIONAL", "OR", "ORDER", "RETURN", "SKIP", "STARTS", "THEN", "UNION", "UNWIND", "WHEN", "WHERE", "WITH", "XOR", "YIELD",
    )
)  # fmt: skip
"""Words of Cypher after which something must follow."""
_OPERATORS = frozenset((*",+-*/%^=<>.:|&!$", "<=", ">=", "<>", "=~", "||", ".."))
_NAMED = frozenset((".", ":", "$", "|", "&", "!"))  # what follows one of these in Cypher is a name, no keyword
_SPARQL_KINDS = {"open_bracket": "open", "close_bracket": "close", "open": "unclosed", "quote": "lost"}


class Token(NamedTuple):
    """A piece of a text; `kind` is word, open, close, unclosed (it runs to the end), or what the guard of the language says."""

    kind: str
    text: str
    start: int

    @property
    def upper(self) -> str:
        """A bare word in upper case, as keywords are compared; empty for all else."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str, start: int, language: Language) -> Iterator[Token]:
    """Yield the tokens from `start` on, without blanks and comments, as they are asked for.

    >>> [token.text for token in tokens("MATCH (d:Drug) // all", 0, "cypher")]
    ['MATCH', '(', 'd', ':', 'Drug', ')']
    """
    rest = text[start:] if start else text
    if language == "sparql":
        for kind, piece, at in query_tokens(rest):
            yield Token(_SPARQL_KINDS.get(kind, kind), piece, start + at)
        return
    for kind, piece, at in cypher_tokens(rest):
        if piece == "/" and rest.startswith("/*", at):  # a comment that is never closed
            yield Token("unclosed", "/*", start + at)
            return
        yield Token(kind, piece, start + at)


class Clauses:
    """What the tokens of a statement amount to, taken one by one.

    >>> clauses = Clauses("cypher")
    >>> for token in tokens("MATCH (d:Drug) RETURN d.name", 0, "cypher"):
    ...     clauses.take(token)
    >>> clauses.depth, clauses.is_finished
    (0, True)
    """

    def __init__(self, language: Language) -> None:
        self.depth = 0
        self.unclosed = False
        self._language = language
        self._first = self._last = self._before = ""
        self._form = ""
        self._groups = 0
        self._short = False
        self._after = 0
        self._returned = self._yielded = False

    @property
    def begun(self) -> bool:
        """True after the first token."""
        return bool(self._first)

    @property
    def is_prologue(self) -> bool:
        """True while nothing but PREFIX and BASE was said."""
        return self._language == "sparql" and self._first in _PROLOGUE and not self._form

    @property
    def is_finished(self) -> bool:
        """True when the tokens can stand as a whole statement, or can never become one."""
        if self.depth > 0 or self.unclosed:
            return False
        if self._first not in STARTS[self._language]:
            return self.begun
        return self._finished_sparql() if self._language == "sparql" else self._finished_cypher()

    def take(self, token: Token) -> None:
        """Take the next token."""
        cypher = self._language == "cypher"
        named = cypher and self._last in _NAMED
        word = token.upper if token.upper and not named else token.text
        if not self._first:
            self._first = word
        if token.kind == "unclosed":
            self.unclosed = True
        elif token.kind == "open" or (cypher and word == "CASE"):
            self._short = self._short or (self.depth == 0 and self._groups == 0 and self._last == "WHERE")
            self.depth += 1
        elif token.kind == "close" or (cypher and word == "END"):
            self.depth -= 1
            self._groups += self.depth == 0 and token.text == "}"
        elif self.depth <= 0 and token.kind == "word":
            self._take_word(word)
        self._after += bool(self._form)
        self._before, self._last = self._last, word

    def _take_word(self, word: str) -> None:
        if self._language == "cypher":
            self._returned = (self._returned or word == "RETURN") and word != "UNION"
            self._yielded = self._yielded or word == "YIELD"
        elif not self._form and word in _FORMS | _UPDATES:
            self._form, self._groups, self._after = word, 0, -1

    def _finished_sparql(self) -> bool:
        if self._form == "DESCRIBE":
            return self._after > 0 and self._last != "WHERE"
        if self._form == "CONSTRUCT":
            return self._groups > (0 if self._short else 1)
        return self._groups > 0 if self._form in _FORMS else bool(self._form)

    def _finished_cypher(self) -> bool:
        everything = self._last == "*" and self._before in ("RETURN", "DISTINCT")
        if self._last in _DANGLING or (self._last in _OPERATORS and not everything):
            return False
        called = self._first == "CALL" and not self._groups and not self._yielded
        return self._returned or called or self._first == "SHOW" or self._first in _WRITES
