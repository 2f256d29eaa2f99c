"""Where a SPARQL text that the engine refused most likely went wrong: a misspelt word, an open bracket, a lost prefix.

The engine reports how far its parser looked, which is up to the length of a keyword behind the slip, often at the end of the
text; a person wants the slip. So a refused text is given to it once more, with room between its tokens (`spread`): there the
parser cannot look from one token into another, and the place it reports belongs to the token that does not fit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from queries.query_errors import QueryError, error_at
from queries.sparql_engine.guard import query_tokens

__all__ = ["KEYWORDS", "Spread", "explain_syntax_error", "spread"]

KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """A ABS ADJUST ADD ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT
    DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG
    HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL
    LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED
    REGEX REPLACE ROUND SAMETERM SAMEVALUE SAMPLE SECONDS SELECT SEPARATOR SEPERATOR SHA1 SHA256 SHA384 SHA512 SILENT STR
    STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE
    UNDEF UNION URI USING UUID VALUES VERSION WHERE YEAR""",
    )
)
"""Every bare word of the SPARQL 1.1 and 1.2 grammars that a query may hold, in upper case."""

_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")
_EXPECTED = re.compile(r'"([^"\s]{1,2})"|([A-Z][A-Z_]+)')
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_ALONE = frozenset("{}()")  # brackets around which blanks mean nothing, unless they belong to one of two characters
_ROOM = " " * 24  # more than the longest word of SPARQL
_LOOKED_FOR = {
    "BY": "BY",
    "DISTINCT": "?variables or *",
    "ENCODE_FOR_URI": "a value or an expression",
    "NOT": "AS or an operator",
    "OPTIONAL": "another pattern, after a '.', or '}'",
    "WHERE": "WHERE or '{'",
}
"""What may stand where the engine looked for this word, the longest that it looked for there."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A query text with room between its tokens; `starts` and `places` are where each token is in it and in the user's text."""

    text: str
    starts: Sequence[int]
    places: Sequence[int]
    tokens: Sequence[str]


def spread(text: str) -> Spread:
    """Return a text with much room wherever it has blanks or comments, and around its brackets.

    >>> spread("SELECT * {?s ?p}").text.split()
    ['SELECT', '*', '{', '?s', '?p', '}']
    """
    found = [(token, start) for _, token, start in query_tokens(text)]
    made, starts, end, before = "", [], 0, ""
    for (piece, start), (after, _) in pairwise([*found, ("", 0)]):
        alone = piece in _ALONE and not {before[-1:], after[:1]} & set("<>|~")
        if start > end or (alone and piece != "("):  # the engine takes no blank before the bracket of COALESCE
            made += _ROOM
        starts.append(len(made))
        made += piece + (_ROOM if alone else "")
        end, before = start + len(piece), piece
    return Spread(made + _ROOM, starts, [start for _, start in found], [token for token, _ in found])


def explain_syntax_error(text: str, message: str, source: str, looser: tuple[Spread, str] | None = None) -> QueryError:
    """Return the engine's message about a text as a located error in plain words.

    `looser` is the text with room between its tokens, and what the engine says about that.

    >>> print(explain_syntax_error("SELECT * { ?s ?p ?o } LIMT 3", "error at 1:29: expected OFFSET", "query"))
    query:1:23: this is no word of SPARQL, at 'LIMT' (did you mean LIMIT?)
    """
    place = _PLACE.match(message)
    if place is None:
        return QueryError(source, 1, 1, "", " ".join(message.split()))
    line, column, expected = int(place[1]), int(place[2]), place[3]
    lines = text.split("\n")
    start = sum(len(row) + 1 for row in lines[: line - 1]) + column - 1
    if "Prefix not found" in expected:
        name = re.search(r"(?<![\w.-])[\w.-]*+:[\w.-]*+$", text[:start])
        at = name.start() if name else start
        fix = "add a PREFIX line, or use one of ours: ikg, biolink, HGNC, MONDO, DRUGBANK, …"
        return error_at(text, at, name.group() if name else "", source, "the prefix is not declared", fix)
    if "variable that is unbound" in expected:
        problem = "a variable is selected that is neither grouped nor bound"
        return error_at(text, start, "", source, problem, "add it to GROUP BY, or aggregate it")
    slip = _slip(text, source, *looser) if looser else None
    return _misspelt(text, source) or _unclosed(text, source) or slip or _stopped(text, start, expected, source)


def _slip(text: str, source: str, room: Spread, message: str) -> QueryError | None:
    """Return the error at the token that does not fit, by what the engine says about the text with room."""
    place = _PLACE.match(message)
    if place is None or not room.starts:
        return None
    at = sum(len(row) + 1 for row in room.text.split("\n")[: int(place[1]) - 1]) + int(place[2]) - 1
    which = bisect_right(room.starts, at) - 1
    token, beyond = room.tokens[which], at - room.starts[which]
    symbols = [symbol for symbol, _ in _EXPECTED.findall(place[3]) if symbol]
    words = [word for _, word in _EXPECTED.findall(place[3]) if word in KEYWORDS]
    if at >= len(room.text):
        problem = f"something is missing after {token[:40]!r}"
        return error_at(text, room.places[which] + len(token), "", source, problem, _may_stand(symbols, place[3]))
    if beyond:
        fix = next((f"expected {said}" for word, said in _LOOKED_FOR.items() if word in words), "")
    else:
        fix = _may_stand([*symbols, *words], place[3])
    return error_at(text, room.places[which], token, source, "this is not SPARQL here", fix)


def _may_stand(words: Sequence[str], expected: str) -> str:
    """Say what may stand at a place where the engine expects one of these."""
    if "'0'..='9'" in expected and not words:
        return "expected a number"
    if "?" in words and '"' in expected and "!" not in words:
        return "expected a variable, a name or a value"
    if "^" in words and "!" in words:
        return "expected a property"
    return f"expected {' or '.join(list(dict.fromkeys(words))[:6])}" if words else ""


def _misspelt(text: str, source: str) -> QueryError | None:
    for kind, token, start in query_tokens(text):
        word = _WORD.match(token)
        if kind != "word" or not word or _NUMBER.fullmatch(token) or word.group().upper() in KEYWORDS:
            continue
        near = get_close_matches(word.group().upper(), sorted(KEYWORDS), 1, 0.7)
        fix = f"did you mean {near[0]}?" if near else "variables begin with ?, names have a prefix, text stands in quotes"
        return error_at(text, start, word.group(), source, "this is no word of SPARQL", fix)
    return None


def _unclosed(text: str, source: str) -> QueryError | None:
    opened: list[tuple[str, int]] = []
    for kind, token, start in query_tokens(text):
        if kind == "open_bracket" and token in _PAIRS:
            opened.append((token, start))
        elif kind == "close_bracket" and token in _PAIRS.values():
            if not opened:
                return error_at(text, start, token, source, "this bracket closes nothing", "remove it")
            bracket, place = opened.pop()
            if _PAIRS[bracket] != token:
                row, column = _row(text, place)
                fix = f"expected {_PAIRS[bracket]!r} for the {bracket!r} at {row}:{column}"
                return error_at(text, start, token, source, "this bracket closes another one", fix)
    if opened:
        bracket, place = opened[-1]
        return error_at(text, place, bracket, source, "this bracket is never closed", f"add {_PAIRS[bracket]!r}")
    return None


def _stopped(text: str, start: int, expected: str, source: str) -> QueryError:
    rest = text[start:].split()
    words = [a or b for a, b in _EXPECTED.findall(expected) if a or b in KEYWORDS]
    fix = f"expected {' or '.join(list(dict.fromkeys(words))[:6])}" if words else ""
    if not rest:
        return error_at(text, start, "", source, "something is missing before the end of the query", fix)
    return error_at(text, start, rest[0][:40], source, "this is not SPARQL here", fix)


def _row(text: str, start: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
