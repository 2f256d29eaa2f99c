r"""What is refused before a user's SPARQL text reaches an engine, with line, column and the text that offends.

The engine reaches the network for ``SERVICE``, and deep nesting makes its parser overflow the stack. So a small lexer of our
own (SPARQL 1.1 grammar, section 19.8: https://www.w3.org/TR/sparql11-query/#sparqlGrammar) looks at the text first. Where
a lexer and the engine's parser could disagree about what is a string, an IRI or a comment, the text is refused: a
``SERVICE`` clause is recognised by its shape too, wherever it stands. The guard refuses:

* text over 64 kB, or brackets nested deeper than 64;
* ``SERVICE`` in any spelling, ``LOAD`` and every other update;
* codepoint escapes (``\u0053``) outside strings, and quotes inside an IRI.

It is the first of two walls: the process that runs the query cannot open a socket (on Linux), nor write to a file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from queries.query_errors import QueryError, error_at

__all__ = ["MAX_BYTES", "MAX_DEPTH", "check_query", "query_tokens"]

MAX_BYTES = 64 * 1024
MAX_DEPTH = 64

_UPDATES = frozenset(("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"))
_UPDATE_START = re.compile("|".join(sorted(_UPDATES)), re.IGNORECASE)
_FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
_LONG = r"""(?P<long>'''(?:[^'\\]|\\.|'(?!''))*+'''|\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\")|(?P<open>'''|\"\"\")"""
_REST = r"""
  (?P<blank>[\s]++|\#[^\r\n]*+)
| (?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
| (?P<string>'(?:[^'\\\r\n]|\\.)*+'|"(?:[^"\\\r\n]|\\.)*+")
| (?P<escape>\\[uU])
| (?P<variable>[?$]\w++)
| (?P<language>@[A-Za-z0-9-]++)
| (?P<name>(?:[\w.\-·]++)?:(?:[\w.:\-%·]|\\[^uU\s])*+)
| (?P<word>[\w.\-·]++)
| (?P<open_bracket><<|[{(\[])
| (?P<close_bracket>>>|[})\]])
| (?P<quote>['"])
| (?P<other>.)
"""
_WITH_LONG = re.compile(f"{_LONG}|{_REST}", re.VERBOSE | re.DOTALL)
_SHORT_ONLY = re.compile(_REST, re.VERBOSE | re.DOTALL)
_SERVICE = re.compile("service", re.IGNORECASE)
_SILENT = re.compile("silent", re.IGNORECASE)
_TARGET = re.compile(r"<[^>]*+>|[?$]\w++|(?:[\w.\-·]++)?:(?:[\w.:\-%·]|\\.)*+")
_SPACES = re.compile("[\\s\ufeff]*+")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_query(text: str, *, source: str = "query") -> None:
    r"""Refuse a query text that must not reach an engine; `source` names it in the error (a file, else ``query``).

    Raises `QueryError` with the place. Costs one or two passes over at most 64 kB. A text that passes may still be wrong
    SPARQL: the engine says so.

    >>> check_query("SELECT ?drug WHERE { ?drug ikg:decreases_activity_of <http://identifiers.org/hgnc/6015> }")
    >>> try:
    ...     check_query("SELECT * {\n  SERVICE <http://example.org/> { ?s ?p ?o } }")
    ... except QueryError as error:
    ...     print(error)
    query:2:3: SERVICE is not allowed, at 'SERVICE' (a query reads this graph only; load other data into it first)
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise error_at(text, error.start, "", source, "not valid Unicode text", "save it as UTF-8") from None
    if size > MAX_BYTES:
        problem = f"the query is {size:,} bytes long; at most {MAX_BYTES:,} are accepted"
        raise QueryError(source, 1, 1, "", problem, "split it, or load the values as data")
    depth = 0
    _check_beginning(text, source)
    for kind, token, start in _tokens(text, _WITH_LONG):
        if kind in ("word", "name", "iri"):
            _check_word(kind, token, text, start, source)
        elif kind == "escape":
            problem = "codepoint escapes are accepted inside strings only"
            raise error_at(text, start, text[start : start + 6], source, problem, "write the character itself")
        elif kind in ("quote", "open"):
            raise error_at(text, start, token, source, "this string is never closed", "close it with the same quotes")
        depth = _deeper(depth, kind, token, text, start, source)
    if _SERVICE.search(text) or "\\" in text:
        _check_service_shape(text, source)
        if "'''" in text or '"""' in text:
            for kind, token, start in _tokens(text, _SHORT_ONLY):
                if kind == "word":
                    _check_word(kind, token, text, start, source)


def query_tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, token, start) for every token of a query text that is neither blank nor comment.

    >>> [token for _, token, _ in query_tokens("ASK { ?s a ikg:Claim }")]
    ['ASK', '{', '?s', 'a', 'ikg:Claim', '}']
    """
    return (token for token in _tokens(text, _WITH_LONG) if token[0] != "blank")


def _tokens(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str, int]]:
    for match in pattern.finditer(text):
        yield str(match.lastgroup), match.group(), match.start()


def _deeper(depth: int, kind: str, token: str, text: str, start: int, source: str) -> int:
    if kind == "open_bracket":
        depth += 1
    elif kind == "iri":
        depth += token.count("(") + token.count("[")
    if depth > MAX_DEPTH:
        problem = f"brackets are nested deeper than {MAX_DEPTH}"
        raise error_at(text, start, token, source, problem, "ask in several simpler queries")
    if kind == "close_bracket":
        depth -= 1
    elif kind == "iri":
        depth -= token.count(")") + token.count("]")
    return max(depth, 0)


def _check_word(kind: str, token: str, text: str, start: int, source: str) -> None:
    if kind == "word" and token.upper() in _UPDATES:
        raise _update(text, start, token, source)
    if kind == "iri":
        if "'" in token:
            raise error_at(text, start, token, source, "an IRI must not hold a quote", "write %27")
        bracket = token.find(")")
        if bracket >= 0 and _SERVICE.search(token, bracket):
            raise _service(text, start, token, source)
        return
    looked_at = token.split(":", 1)[0] if kind == "name" else token
    found = _SERVICE.search(looked_at)
    if found:
        raise _service(text, start + found.start(), found.group(), source)


def _check_beginning(text: str, source: str) -> None:
    """Refuse an update before the word of a query's form: the engine also reads ``LOADSILENT`` and ``LOADex:g`` as one."""
    before = ""
    for kind, token, start in query_tokens(text):
        if kind == "word" and token.upper() in _FORMS:
            return
        if kind in ("word", "name") and before != "PREFIX" and _UPDATE_START.match(token):
            raise _update(text, start, token, source)
        before = token.upper()


def _check_service_shape(text: str, source: str) -> None:
    """Refuse the shape of a SERVICE clause wherever it stands, also with its codepoint escapes read."""
    plain = _ESCAPE.sub(_unescape, text) if "\\" in text else text
    for form in (text,) if plain == text else (text, plain):
        ends = [i for i, c in enumerate(form) if c in "\r\n"]
        for found in _SERVICE.finditer(form):
            at = _skip(form, found.end(), ends)
            silent = _SILENT.match(form, at)
            if silent:
                at = _skip(form, silent.end(), ends)
            target = _TARGET.match(form, at, at + 4096)
            if target:
                at = _skip(form, target.end(), ends)
                if form[at : at + 1] == "{":
                    raise _service(form, found.start(), found.group(), source)


def _skip(text: str, at: int, ends: list[int]) -> int:
    """Return the first place at or after `at` that is neither blank nor comment (bounded, so that it stays cheap)."""
    for _ in range(64):
        match = _SPACES.match(text, at)
        at = match.end() if match else at
        if text[at : at + 1] != "#":
            return at
        line = bisect_left(ends, at)
        at = ends[line] if line < len(ends) else len(text)
    return at


def _unescape(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match.group()


def _update(text: str, start: int, token: str, source: str) -> QueryError:
    problem = f"{token.upper()} is an update, and the graph is read-only here"
    return error_at(text, start, token, source, problem, "use SELECT, ASK, CONSTRUCT or DESCRIBE")


def _service(text: str, start: int, token: str, source: str) -> QueryError:
    fix = "a query reads this graph only; load other data into it first"
    return error_at(text, start, token, source, "SERVICE is not allowed", fix)
