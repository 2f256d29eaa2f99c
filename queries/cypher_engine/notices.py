"""What in a Cypher text is most likely a slip, though it runs: labels, types and properties that the form of the graph lacks.

The form is closed (`kg.property_graph`), so a name outside it can only give empty answers. Neo4j remarks on such names by itself
(when the graph holds none of them); these notices are the same on every engine and know what is spelt alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from kg.property_form import KINDS, LINKS, OURS, RELATION_PROPERTIES, labels, types
from queries.cypher_engine.guard import Token, cypher_tokens

__all__ = ["find_notices"]

_BEFORE_PATTERN = frozenset(("MATCH", "WHERE", "AND", "OR", "XOR", "NOT"))
_JOINS = frozenset((":", "|", "&", "!"))
_NOTHING = Token("", "", 0)


def find_notices(text: str) -> tuple[str, ...]:
    """Return one sentence with its place for every name that the graph's form lacks, in the order of the text.

    >>> find_notices("MATCH (d:Drugg)-[:TREATS]->(x) RETURN d.name")
    ("1:10: there is no label 'Drugg'; did you mean Drug?",)
    """
    tokens = list(cypher_tokens(text))
    found: dict[tuple[str, str], str] = {}
    for token, kind in _names(tokens):
        name = token.text.replace("``", "`")[1:-1] if token.kind == "quoted" else token.text
        known = _known(kind)
        if name in known or (kind, name) in found:
            continue
        near = get_close_matches(name, known, 1, 0.7) or [same for same in known if same.lower() == name.lower()]
        if kind == "property" and not near:
            continue  # a variable may hold a map of the user's own
        line, column = text.count("\n", 0, token.start) + 1, token.start - text.rfind("\n", 0, token.start)
        guess = f"; did you mean {near[0]}?" if near else ""
        found[kind, name] = f"{line}:{column}: there is no {kind} {name!r}{guess}"
    return tuple(found.values())


@cache
def _known(kind: str) -> tuple[str, ...]:
    """Return the names of a kind, sorted."""
    if kind == "label":
        return tuple(sorted(labels() | {OURS}))
    if kind == "relationship type":
        return tuple(sorted(types()))
    if kind == "label or type":
        return tuple(sorted(labels() | types() | {OURS}))
    properties = {name for form in (*KINDS.values(), RELATION_PROPERTIES) for name in form}
    return tuple(sorted(properties | {name for link in LINKS.values() for name in link.properties}))


def _names(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield every token that names a label, a type, or a property of something matched, with what it names."""
    opened: list[str] = []
    bound: set[str] = set()
    naming = ""  # what the words are that stand here: labels, types, or nothing of the kind
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else _NOTHING
        inside = opened[-1] if opened else ""
        if token.kind == "open":
            naming = naming if before.text in _JOINS else ""
            opened.append("names" if naming else _bracket(token, before, inside))
        elif token.kind == "close":
            naming = naming if inside == "names" else ""
            del opened[-1:]
        elif token.text == ":" and token.kind == "op":
            naming = naming or _named_after_colon(tokens, place, inside)
        elif token.text in _JOINS and token.kind == "op":
            naming = naming if inside != "list" else ""
        elif token.kind not in ("word", "quoted"):
            naming = ""
        elif naming and before.text in (*_JOINS, "("):
            yield token, naming
        else:
            naming = ""
            if before.kind == "open" and inside in ("node", "relationship"):
                bound.add(token.text)
            elif _is_property(tokens, place, inside, bound):
                yield token, "property"


def _bracket(token: Token, before: Token, inside: str) -> str:
    """Return what a bracket opens."""
    if token.text == "[":
        return "relationship" if before.text == "-" else "list"
    if token.text == "(":
        return "node" if before.kind in ("op", "open") or not before.text or before.upper in _BEFORE_PATTERN else "call"
    return "properties" if inside in ("node", "relationship") and before.upper != "WHERE" else "block"


def _named_after_colon(tokens: Sequence[Token], place: int, inside: str) -> str:
    """Return what the words after a colon name: nothing in a map."""
    if inside in ("node", "relationship"):
        return "label" if inside == "node" else "relationship type"
    key = tokens[place - 2] if place > 1 else _NOTHING
    return "" if inside == "properties" or (inside == "block" and key.text in ("{", ",")) else "label or type"


def _is_property(tokens: Sequence[Token], place: int, inside: str, bound: set[str]) -> bool:
    """Tell whether a word is a property of something that a pattern matched."""
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if inside == "properties":
        return after == ":" and tokens[place - 1].text in ("{", ",")
    if place < 2 or tokens[place - 1].text != "." or tokens[place - 2].text not in bound or after == "(":
        return False
    return place < 3 or tokens[place - 3].text not in (".", "$")
