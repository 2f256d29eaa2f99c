r"""What is refused before a user's Cypher text reaches an engine, with line, column and the text that offends.

``LOAD CSV`` reads files and the network and procedures do whatever they do, also in a query that may only read. So a small
lexer of our own (openCypher 9, https://opencypher.org/resources/) looks at the text first. It refuses:

* text over 64 kB, NUL and other control characters, brackets or CASE nested deeper than 64, strings that are never closed;
* ``LOAD CSV``, and ``CALL`` of any procedure but the few of `PROCEDURES` (``CALL { … }`` is fine, ``IN TRANSACTIONS`` is not);
* ``USE`` of another database, and commands that administer a server;
* unicode escapes (``\u0060``) outside strings, or for a character that could end a string: Neo4j reads them before all else.

Writes are not refused here: the engine's own read mode does that. Where an engine's lexer might drop a character that is no
Cypher, so does this one: ``LOAD§CSV`` counts as ``LOAD CSV``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from queries.query_errors import QueryError, error_at

__all__ = ["MAX_BYTES", "MAX_DEPTH", "PROCEDURES", "Token", "check_cypher", "cypher_tokens"]

MAX_BYTES = 64 * 1024
MAX_DEPTH = 64

PROCEDURES = frozenset(
    (
        "db.labels",
        "db.propertyKeys",
        "db.relationshipTypes",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
        "db.schema.visualization",
    )
)
"""The procedures a query may call: they only tell what there is."""

_SHOWN = frozenset(("CONSTRAINT", "CONSTRAINTS", "FUNCTION", "FUNCTIONS", "INDEX", "INDEXES", "PROCEDURE", "PROCEDURES"))
_SHOW_FILTERS = frozenset(
    ("ALL", "BTREE", "BUILT", "FULLTEXT", "IN", "LOOKUP", "POINT", "RANGE", "TEXT", "UNIQUE", "USER", "DEFINED", "VECTOR")
)
_ADMIN = frozenset(
    ("ALTER", "DEALLOCATE", "DENY", "DRYRUN", "ENABLE", "GRANT", "REALLOCATE", "RENAME", "REVOKE", "START", "STOP", "TERMINATE")
)
_NAMED = frozenset((".", ":", "$", "|", "&", "!"))  # what follows one of these is a name, not a keyword

_LEXER = re.compile(
    r"""
  (?P<blank>[\s]++|//[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)
| (?P<string>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")
| (?P<quoted>`(?:[^`]|``)*+`)
| (?P<number>[0-9]++)
| (?P<word>[A-Za-z_\u017f\u0131\u0130\u212a][A-Za-z0-9_\u017f\u0131\u0130\u212a]*+)
| (?P<open>[({\[])
| (?P<close>[)}\]])
| (?P<unclosed>['"`]|/\*)
| (?P<op>\.\.|=~|<=|>=|<>|::|\|\||[-+*/%^=<>!|&:;,.$])
| (?P<lost>.)
""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"(\\+)([uU]+)([0-9A-Fa-f]{0,8})")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ENDING = frozenset("'\"`\\\n\r")


class Token(NamedTuple):
    """A piece of a text; `kind` is word, quoted (in backticks), string, number, open, close, op or lost (no Cypher at all)."""

    kind: str
    text: str
    start: int

    @property
    def upper(self) -> str:
        """A bare word in upper case, as keywords are compared; empty for all else."""
        return self.text.casefold().upper() if self.kind == "word" else ""


def check_cypher(text: str, *, source: str = "query") -> None:
    r"""Refuse a query text that must not reach an engine; `source` names it in the error (a file, else ``query``).

    Raises `QueryError` with the place. Costs a pass over at most 64 kB. A text that passes may still be wrong Cypher: the
    engine says so.

    >>> check_cypher("MATCH (d:Drug) CALL (d) { RETURN 1 AS one } RETURN d.load, 'LOAD CSV'")
    >>> try:
    ...     check_cypher("LOAD /* */ CSV FROM 'file:///etc/passwd' AS row\nRETURN row")
    ... except QueryError as error:
    ...     print(error)
    query:1:1: LOAD CSV is not allowed, at 'LOAD' (a query reads this graph only; give values as parameters)
    """
    _check_characters(text, source)
    tokens = []
    for token in _tokens(text):
        if token.kind == "unclosed":
            what = "comment" if token.text == "/*" else "name" if token.text == "`" else "string"
            closing = "*/" if what == "comment" else token.text
            raise error_at(text, token.start, token.text, source, f"this {what} is never closed", f"close it with {closing}")
        if token.kind not in ("blank", "lost"):
            tokens.append(token)
    _check_escapes(text, source)
    _check_depth(tokens, text, source)
    _check_first(tokens, text, source)
    for place, token in enumerate(tokens):
        check = _CHECKS.get(token.upper)
        if check is not None:
            check(tokens, place, text, source)


def cypher_tokens(text: str) -> Iterator[Token]:
    r"""Yield every token of a text that is neither blank nor comment.

    >>> [token.text for token in cypher_tokens("MATCH (n:`My Drug`) // all\nRETURN n.name")]
    ['MATCH', '(', 'n', ':', '`My Drug`', ')', 'RETURN', 'n', '.', 'name']
    """
    return (token for token in _tokens(text) if token.kind != "blank")


def _tokens(text: str) -> Iterator[Token]:
    for match in _LEXER.finditer(text):
        yield Token(str(match.lastgroup), match.group(), match.start())


def _check_characters(text: str, source: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise error_at(text, error.start, "", source, "not valid Unicode text", "save it as UTF-8") from None
    if size > MAX_BYTES:
        problem = f"the query is {size:,} bytes long; at most {MAX_BYTES:,} are accepted"
        raise QueryError(source, 1, 1, "", problem, "split it, or give the values as parameters")
    control = _CONTROL.search(text)
    if control:
        problem = f"the control character U+{ord(control.group()):04X} is not accepted"
        raise error_at(text, control.start(), "", source, problem, "remove it, or give the value as a parameter")


def _check_escapes(text: str, source: str) -> None:
    """Refuse a unicode escape unless it stands in a string and means a character that changes nothing around it."""
    if "\\u" not in text and "\\U" not in text:
        return
    strings = {
        at for token in _tokens(text) if token.kind == "string" for at in range(token.start, token.start + len(token.text))
    }
    for match in _ESCAPE.finditer(text):
        slashes, letters, digits = match.groups()
        size = 4 if letters[0] == "u" else 8
        if len(slashes) % 2 == 0 and len(digits) < 4:
            continue  # a backslash, written as two, before the letter u
        start = match.end(1) - 1
        token = text[start : start + 2 + size]
        if match.start() not in strings:
            problem = "unicode escapes are accepted inside strings only"
            raise error_at(text, start, token, source, problem, "write the character itself")
        if len(letters) > 1 or len(digits) < size:
            raise error_at(text, start, token, source, "this is no unicode escape", f"write \\{letters[0]} and {size} digits")
        meant = _character(digits[:size])
        if meant in _ENDING or _character(digits[:4]) in _ENDING or _CONTROL.match(meant):
            problem = "a unicode escape may not stand for a quote, backslash or control character"
            raise error_at(text, start, token, source, problem, "give the text as a parameter")


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "a"


def _check_depth(tokens: list[Token], text: str, source: str) -> None:
    depth = 0
    for place, token in enumerate(tokens):
        named = place > 0 and tokens[place - 1].text in _NAMED
        if token.kind == "open" or (token.upper == "CASE" and not named):
            depth += 1
            if depth > MAX_DEPTH:
                problem = f"brackets and CASE are nested deeper than {MAX_DEPTH}"
                raise error_at(text, token.start, token.text, source, problem, "ask in several simpler queries")
        elif token.kind == "close" or (token.upper == "END" and not named):
            depth = max(depth - 1, 0)


def _check_first(tokens: list[Token], text: str, source: str) -> None:
    """Refuse commands that administer a server, and SHOW of what is not about the graph."""
    for place, token in enumerate(tokens):
        before = tokens[place - 1].text if place else ";"
        if token.upper in _ADMIN and (place == 0 or before == ";" or _is_prefix(tokens[:place])):
            raise error_at(text, token.start, token.text, source, f"{token.upper} is not allowed", "a query only reads the graph")
        if token.upper == "SHOW" and (place == 0 or before == ";" or _is_prefix(tokens[:place])):
            words = (t.upper for t in tokens[place + 1 :])
            if next((word for word in words if word not in _SHOW_FILTERS), "") not in _SHOWN:
                fix = "SHOW INDEXES, CONSTRAINTS, FUNCTIONS and PROCEDURES are"
                raise error_at(text, token.start, token.text, source, "this SHOW is not allowed", fix)


def _is_prefix(tokens: list[Token]) -> bool:
    """Tell whether nothing but EXPLAIN, PROFILE and the options of CYPHER stand here."""
    return (
        bool(tokens)
        and tokens[0].upper in ("EXPLAIN", "PROFILE", "CYPHER")
        and all(t.kind in ("word", "number") or t.text in ("=", ".", "+") for t in tokens)
    )


def _follows_name(tokens: list[Token], place: int) -> bool:
    """Tell whether the word at `place` is a property, label or parameter, not a keyword."""
    if place == 0 or tokens[place - 1].text not in _NAMED:
        return False
    return not (tokens[place - 1].text == "." and place > 1 and tokens[place - 2].kind == "number")


def _check_load(tokens: list[Token], place: int, text: str, source: str) -> None:
    if place + 1 < len(tokens) and tokens[place + 1].upper == "CSV":
        fix = "a query reads this graph only; give values as parameters"
        raise error_at(text, tokens[place].start, tokens[place].text, source, "LOAD CSV is not allowed", fix)


def _check_call(tokens: list[Token], place: int, text: str, source: str) -> None:
    if _follows_name(tokens, place) or place + 1 >= len(tokens) or tokens[place + 1].kind not in ("word", "quoted"):
        return
    name = ""
    for token in tokens[place + 1 :]:
        if token.kind not in ("word", "quoted") and token.text != ".":
            break
        if name and token.text != "." and not name.endswith("."):
            break
        name += token.text.strip("`")
    if name not in PROCEDURES:
        start = tokens[place + 1].start
        fix = f"allowed are {', '.join(sorted(PROCEDURES))}, and CALL {{ … }}; put a name that is spelt like this into backticks"
        raise error_at(text, start, name, source, "CALL of this procedure is not allowed", fix)


def _check_use(tokens: list[Token], place: int, text: str, source: str) -> None:
    if _follows_name(tokens, place) or place + 1 >= len(tokens) or tokens[place + 1].kind not in ("word", "quoted"):
        return
    problem = "USE of another database is not allowed"
    raise error_at(text, tokens[place].start, tokens[place].text, source, problem, "a query reads this graph only")


def _check_transactions(tokens: list[Token], place: int, text: str, source: str) -> None:
    before = [token.upper or token.text for token in tokens[max(place - 5, 0) : place]]
    if "IN" in before and "}" in before[: before.index("IN")][-1:]:
        fix = "remove IN TRANSACTIONS: a query only reads"
        raise error_at(text, tokens[place].start, tokens[place].text, source, "transactions of a subquery are not allowed", fix)


_CHECKS = {
    "LOAD": _check_load,
    "CALL": _check_call,
    "USE": _check_use,
    "TRANSACTION": _check_transactions,
    "TRANSACTIONS": _check_transactions,
}
