"""What the embedded engine says about a Cypher text, as one error in plain words with the place in the user's own text.

The engine reports how far its parser came, or only names what it did not find; a person wants the slip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise

from queries.cypher_engine.guard import Token, cypher_tokens
from queries.query_errors import QueryError, QueryStopped, error_at

__all__ = ["KEYWORDS", "explain_engine_error"]

KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """ALL AND ANY AS ASC ASCENDING BY CALL CASE COLLECT CONTAINS COUNT CREATE DELETE DESC DESCENDING DETACH DISTINCT ELSE END
    ENDS EXISTS EXPLAIN FALSE FINISH FOREACH IN IS LIMIT MATCH MERGE NONE NOT NULL OFFSET ON OPTIONAL OR ORDER PROFILE REDUCE
    REMOVE RETURN SET SHORTESTPATH ALLSHORTESTPATHS SINGLE SKIP STARTS THEN TRUE UNION UNWIND USING WHEN WHERE WITH XOR YIELD""",
    )
)
"""The words of Cypher that are no names, in upper case."""

_PLACES = (
    re.compile(r"^Syntax error at line (?P<line>\d+):(?P<column>\d+) - (?P<said>.*)$", re.DOTALL),
    re.compile(r"^(?P<said>.*?) at line (?P<line>\d+), column (?P<column>\d+)", re.DOTALL),
)
_TIMEOUTS = frozenset(("TimeoutException",))
_LIMITS = frozenset(("HeapLimitExceededException", "QueryAdmissionException"))
_WRITES = frozenset(("CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "DROP", "FOREACH"))
_QUOTED = re.compile(r"['`\"]([^'`\"]{1,80})['`\"]")
_CALLED = re.compile(r"\b(\w+)\(\)")
_PAIRS = {"{": "}", "(": ")", "[": "]"}


def explain_engine_error(name: str, message: str, text: str, *, source: str = "query", seconds: float = 0.0) -> Exception:
    """Return the error to raise for an exception of the engine: its class, its message, and the text that was sent.

    >>> print(explain_engine_error("CommandParsingException", "Syntax error at line 1:10 - x", "MATCH (n) RETRUN n"))
    query:1:11: this is no Cypher, at 'RETRUN' (did you mean RETURN?)
    """
    said = " ".join(message.split())
    tokens = list(cypher_tokens(text))
    if name in _TIMEOUTS:
        return QueryStopped(f"the query was stopped after {seconds:g} s; make it narrower, add LIMIT, or allow more time")
    if name in _LIMITS:
        return QueryStopped("the query took more memory than it is allowed; make it narrower or add LIMIT")
    if name == "StackOverflowError" or "too deeply" in said or "too many clauses" in said:
        return QueryStopped("the query is nested or chained too deeply; ask in several simpler queries, or use a list with IN")
    if "arcadedb.queryMaxRangeSize" in said:
        return QueryStopped(f"{said.partition(', exceeding')[0]}, more than is allowed; use a smaller range")
    if name == "QueryNotIdempotentException":
        return _not_reading(tokens, text, source)
    if name == "CommandParameterMissingException":
        return _missing_parameters(said, tokens, text, source)
    if name == "ArithmeticErrorException" and "by zero" in said:
        return _at_only(
            tokens, ("/", "%"), text, source, "division by zero", "test the divisor first, or divide by a decimal number"
        )
    if name == "ArithmeticErrorException":
        return QueryError(source, 0, 0, "", "a whole number grew beyond 64 bits", "use decimal numbers: multiply by 1.0")
    for pattern in _PLACES:
        place = pattern.match(message)
        if place:
            return _syntax(text, tokens, int(place["line"]), int(place["column"]), " ".join(place["said"].split()), source)
    return _named(said, tokens, text, source)


def _syntax(text: str, tokens: list[Token], line: int, column: int, said: str, source: str) -> QueryError:
    """Return the error about a text that the parser refused at a place (columns counted from 0)."""
    lines = text.split("\n")
    start = sum(len(row) + 1 for row in lines[: line - 1]) + column
    here = next((place for place, token in enumerate(tokens) if token.start + len(token.text) > start), len(tokens))
    for place in (here, here - 1, here - 2, 0):
        slip = _misspelt(tokens, place)
        if slip:
            return error_at(text, tokens[place].start, tokens[place].text, source, "this is no Cypher", f"did you mean {slip}?")
    unclosed = _unclosed(tokens, text, source)
    if unclosed:
        return unclosed
    expected = said.partition(", expected: ")[2] or said.partition(" expecting ")[2]
    fix = f"expected here: {expected}" if expected and len(expected) < 80 else ""
    if not tokens:
        return error_at(text, 0, "", source, "the query is empty", "write MATCH … RETURN …")
    if here == len(tokens):
        return error_at(text, len(text.rstrip()), "", source, "something is missing before the end of the query", fix)
    return error_at(text, tokens[here].start, tokens[here].text, source, "this is no Cypher here", fix)


def _misspelt(tokens: Sequence[Token], place: int) -> str:
    """Return the keyword that a word most likely was meant to be, or nothing."""
    if not 0 <= place < len(tokens) or tokens[place].kind != "word" or tokens[place].upper in KEYWORDS:
        return ""
    if place and tokens[place - 1].text in (".", ":", "$", "(", "["):
        return ""
    return next(iter(get_close_matches(tokens[place].upper, sorted(KEYWORDS), 1, 0.75)), "")


def _unclosed(tokens: Sequence[Token], text: str, source: str) -> QueryError | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token)
        elif token.kind == "close":
            if not opened:
                return error_at(text, token.start, token.text, source, "this bracket closes nothing", "remove it")
            bracket = opened.pop()
            if _PAIRS[bracket.text] != token.text:
                fix = f"expected {_PAIRS[bracket.text]!r} before it"
                return error_at(text, token.start, token.text, source, "this bracket closes another one", fix)
    if opened:
        bracket = opened[-1]
        fix = f"add {_PAIRS[bracket.text]!r}"
        return error_at(text, bracket.start, bracket.text, source, "this bracket is never closed", fix)
    return None


def _missing_parameters(said: str, tokens: list[Token], text: str, source: str) -> QueryError:
    names = [name.strip() for name in said.partition(":")[2].split(",")]
    problem = f"no value is given for {', '.join(f'${name}' for name in names)}"
    for before, token in pairwise(tokens):
        if before.text == "$" and token.text.strip("`") in names:
            return error_at(text, before.start, f"${token.text}", source, problem, "give one for every parameter")
    return QueryError(source, 0, 0, "", problem, "give one for every parameter")


def _not_reading(tokens: Sequence[Token], text: str, source: str) -> QueryError:
    """Return the error about what the engine takes for a write: also a procedure that it does not know."""
    for before, token in pairwise((Token("", "", 0), *tokens)):
        if token.upper in _WRITES and before.text not in (".", ":", "$"):
            problem, fix = "this query writes, and here queries only read", "remove what changes the graph"
            return error_at(text, token.start, token.text, source, problem, fix)
    call = next((token for token in tokens if token.upper == "CALL"), Token("", "", 0))
    problem = "this engine does not know the procedure, which a Neo4j server has"
    fix = "db.labels, db.propertyKeys, db.relationshipTypes and db.schema.visualization are known everywhere"
    return error_at(text, call.start, call.text, source, problem, fix)


def _named(said: str, tokens: list[Token], text: str, source: str) -> QueryError:
    """Return the error for a message without a place: that of what it names, if the text holds it."""
    if not tokens:
        return error_at(text, 0, "", source, "the query is empty", "write MATCH … RETURN …")
    head, _, rest = said.partition(": ")
    plain = rest if rest and re.fullmatch(r"[A-Z]\w+", head) else said
    calls = [token for token, after in pairwise(tokens) if token.kind == "word" and after.text == "("]
    unknown = re.search(r"[Uu]nknown function '([^']+)'", plain)
    near = get_close_matches(unknown[1].lower(), _FUNCTIONS, 1, 0.7) if unknown else []
    fix = f"did you mean {_FUNCTIONS[near[0]]}()?" if near else ""
    for name in (*_CALLED.findall(plain), *_QUOTED.findall(plain), *re.findall(r"\b[A-Z]{4,}\b", plain)):
        last = name.rpartition(".")[2].lower()
        named = [token for token in (*tokens, *calls) if token.text.strip("`").lower() == last]
        if named:
            return error_at(text, named[-1].start, named[-1].text, source, _clean(plain), fix)
    return QueryError(source, 0, 0, "", _clean(plain), fix)


def _clean(said: str) -> str:
    """Return a message of bounded length with a small first letter."""
    said = said if len(said) <= 300 else f"{said[:299]}…"
    return said[:1].lower() + said[1:] if said[1:2].islower() else said


def _at_only(tokens: Sequence[Token], words: Sequence[str], text: str, source: str, problem: str, fix: str) -> QueryError:
    found = [token for token in tokens if token.text in words and token.kind == "op"]
    if len(found) == 1:
        return error_at(text, found[0].start, found[0].text, source, problem, fix)
    return QueryError(source, 0, 0, "", problem, fix)


_FUNCTIONS = {
    name.lower(): name
    for name in re.findall(
        r"\w+",
        """abs acos all any asin atan atan2 avg ceil coalesce collect cos cot count date datetime degrees duration e endNode
    exists
    exp floor head isEmpty isNaN keys labels last left length localdatetime localtime log log10 lTrim max min nodes none
    nullIf percentileCont percentileDisc pi point properties radians rand randomUUID range reduce relationships replace reverse
    right round rTrim sign sin single size split sqrt startNode stDev stDevP substring sum tail tan time timestamp toBoolean
    toBooleanList toFloat toFloatList toInteger toIntegerList toLower toString toStringList toUpper trim type valueType""",
    )
}
