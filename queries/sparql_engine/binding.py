"""Values for the variables of a query: its text gets places for them, the values themselves stay typed terms.

What the engine offers (``substitutions``) takes only variables that the query selects, and its optimizer, which does not know
of them, reads ``BOUND(?v)`` as false, ``FILTER(?v)`` as no row, and ``=`` as the same term (seen in pyoxigraph 0.5.13). So each
group of the text that names a bound variable begins with a place for its value, ``BIND(<urn:immunokg:value:v>() AS ?v)``: the
worker process puts the engine's own spelling of the term there (``VALUES ?v { … }``), or answers the function with terms that
cannot stand in a row of data. The variable is selected too, in a column that is dropped again. No text that a caller gave as a
value is ever copied (docs/decisions/0016).

>>> place_values("SELECT ?s { ?s ikg:sign ?n FILTER(?n > ?least) }", ["least"]).text
'SELECT ?least ?s { BIND(<urn:immunokg:value:least>() AS ?least) ?s ikg:sign ?n FILTER(?n > ?least) }'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from queries.query_errors import QueryError, error_at
from queries.sparql_engine.guard import query_tokens

__all__ = ["Placed", "place_values"]

_FUNCTION = "urn:immunokg:value:"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_AGGREGATES = ("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM")
_AFTER_GROUP_BY = ("HAVING", "LIMIT", "OFFSET", "ORDER", "VALUES")

Token = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with places for values; `hidden` of its first columns are not the user's own."""

    text: str
    hidden: int = 0


@dataclass(slots=True)
class _Group:
    """A pair of braces: its tokens, and the variables named directly in it; whether patterns or a sub-SELECT stand in it."""

    opened: int
    outer: _Group | None
    is_pattern: bool
    is_select: bool
    closed: int
    named: set[str] = field(default_factory=set)


def place_values(text: str, names: Iterable[str], *, source: str = "query") -> Placed:
    """Return the text with a place for the value of each named variable (without ``?``).

    A variable has its value wherever the text names it, in a sub-SELECT too, and ``SELECT *`` shows it. Raises `QueryError`
    for a variable that the text does not name, or that it makes itself (``AS ?v``).
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return Placed(text)
    tokens = list(query_tokens(text))
    _check(tokens, text, wanted, source)
    form = next((i for i, (kind, piece, _) in enumerate(tokens) if kind == "word" and piece.upper() in _FORMS), None)
    if form is None:
        return Placed(text)  # no query: the engine says so
    tokens = tokens[form:]
    groups = _groups(tokens)
    outermost = next((group for group in groups if group.outer is None and group.is_pattern), None)
    edits: list[tuple[int, str]] = []
    hidden = _select(tokens, wanted, edits) if tokens[0][1].upper() == "SELECT" else 0
    for group in groups:
        if group is outermost:
            group.named.update(wanted)
        if group.is_select:
            inside = tokens[group.opened + 1 : group.closed]
            group.named.update(piece[1:] for kind, piece, _ in inside if kind == "variable")
        elif group.outer is not None and group.outer.is_select:
            group.named.update(group.outer.named)
        here = [name for name in wanted if name in group.named]
        if group.is_select:
            _select(inside, here, edits)
        elif group.is_pattern:
            _, brace, start = tokens[group.opened]
            edits.append((start + len(brace), "".join(f" BIND(<{_FUNCTION}{name}>() AS ?{name})" for name in here)))
    for place, addition in sorted(edits, reverse=True):
        text = text[:place] + addition + text[place:]
    return Placed(text, hidden)


def _check(tokens: Sequence[Token], text: str, wanted: Sequence[str], source: str) -> None:
    found = {piece[1:] for kind, piece, _ in tokens if kind == "variable"}
    for name in wanted:
        if name not in found:
            listed = ", ".join(f"?{other}" for other in sorted(found)) or "no variables"
            raise QueryError(source, 1, 1, "", f"a value is given for ?{name}, which the query does not have", f"it has {listed}")
    for (kind, piece, _), (_, target, start) in pairwise(tokens):
        if kind == "word" and piece.upper() == "AS" and target[1:] in wanted:
            problem = "this variable is given a value, and the query makes it itself"
            raise error_at(text, start, target, source, problem, "give one of the two another name")


def _groups(tokens: Sequence[Token]) -> list[_Group]:
    """Return every pair of braces from the word of the query's form on, in the order in which they open."""
    groups: list[_Group] = []
    inner: _Group | None = None
    takes_template = tokens[0][1].upper() == "CONSTRUCT"
    if takes_template and len(tokens) > 1 and tokens[1][1] != "{":
        return []  # CONSTRUCT WHERE { … }: triples alone, where no BIND may stand
    for place, (kind, piece, _) in enumerate(tokens):
        if kind == "open_bracket" and piece == "{":
            following = tokens[place + 1][1] if place + 1 < len(tokens) else ""
            is_pattern = following != "|" and not _is_data(tokens, place) and not (takes_template and not groups)
            inner = _Group(place, inner, is_pattern, is_pattern and following.upper() == "SELECT", len(tokens))
            groups.append(inner)
        elif kind == "close_bracket" and piece == "}" and inner is not None:
            inner.closed = place
            inner = inner.outer
        elif kind == "variable" and inner is not None:
            inner.named.add(piece[1:])
    return groups


def _is_data(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether the brace at a place opens the rows of ``VALUES ?x {`` or ``VALUES (?x ?y) {``."""
    before = place - 1
    while before >= 0 and (tokens[before][0] == "variable" or tokens[before][1] in "()"):
        before -= 1
    return before >= 0 and before < place - 1 and tokens[before][1].upper() == "VALUES"


def _select(tokens: Sequence[Token], wanted: Sequence[str], edits: list[tuple[int, str]]) -> int:
    """Have a SELECT show every variable that has a value, and return how many columns that adds before its own."""
    head, tail = _outside_braces(tokens)
    first = 2 if head[1:] and head[1][1].upper() in ("DISTINCT", "REDUCED") else 1
    if head[first:] and head[first][1] == "*":
        return 0  # it shows all that its pattern makes
    words = [piece.upper() if kind == "word" else "" for kind, piece, _ in tail]
    grouped = words.index("BY") if ("GROUP", "BY") in pairwise(words) else None
    hidden = [name for name in wanted if name not in _plain_variables(head)]
    shown = "(SAMPLE(?{0}) AS ?{0})" if grouped is None and _aggregates([*head, *tail]) else "?{0}"
    _, last, start = head[first - 1]
    edits.append((start + len(last), "".join(f" {shown.format(name)}" for name in hidden)))
    if grouped is not None:
        end = next((i for i in range(grouped, len(words)) if words[i] in _AFTER_GROUP_BY), len(words))
        missing = [name for name in wanted if name not in _plain_variables(tail[grouped:end])]
        edits.append((tail[grouped][2] + len("BY"), "".join(f" ?{name}" for name in missing)))
    return len(hidden)


def _outside_braces(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Return the tokens before the first brace, and those behind it that stand in none."""
    head: list[Token] = []
    tail: list[Token] = []
    depth, part = 0, head
    for piece in tokens:
        if piece[1] == "{":
            depth, part = depth + 1, tail
        elif piece[1] == "}":
            depth -= 1
        elif not depth:
            part.append(piece)
    return head, tail


def _plain_variables(tokens: Iterable[Token]) -> set[str]:
    """Return the variables that stand in no brackets."""
    found: set[str] = set()
    depth = 0
    for kind, piece, _ in tokens:
        depth += (piece == "(") - (piece == ")")
        if kind == "variable" and not depth:
            found.add(piece[1:])
    return found


def _aggregates(tokens: Iterable[Token]) -> bool:
    return any(kind == "word" and piece.upper() in _AGGREGATES for kind, piece, _ in tokens)
