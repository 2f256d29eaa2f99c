"""What may stand at the cursor of a SPARQL text, read from what stands before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from immunokg.shell.clauses import Token, tokens
from immunokg.shell.names import FindEntities, after_at, quoted_text
from immunokg.shell.sparql_words import FUNCTIONS, KEYWORDS, Kind, all_terms, prefixes, sparql_name, terms
from immunokg.shell.words import Candidate, Word, fitting

__all__ = ["complete_sparql"]

_OPEN_IRI = re.compile(r"""<[^<>"{}|^`\\\s?$=][^<>"{}|^`\\\s]*\Z""")
_TYPES = ("a", "rdf:type")
_SPOKEN = frozenset(word.upper() for entry in (*KEYWORDS, *FUNCTIONS) for word in entry.text.rstrip("(").split()) - {"A"}
_TEXTS = ("rdfs:label", "skos:altLabel", "dct:title", "ikg:finding", "oa:exact", "=", "(", ",")


def complete_sparql(text: str, find: FindEntities, *, rest: str = "") -> list[Candidate]:
    """Return what may stand at the end of `text`; `rest` is what follows the cursor.

    >>> [c.text for c in complete_sparql("SELECT ?d { ?d ikg:decreases_act", lambda text: ())]
    ['decreases_activity_of']
    """
    pieces = list(tokens(text, 0, "sparql"))
    string = _open_string(pieces, text)
    if string is not None:
        return _in_string(pieces, string, text, find, closed=rest[:1] in ("'", '"'))
    end = pieces[-1].start + len(pieces[-1].text) if pieces else 0
    if "#" in text[end:].rpartition("\n")[2]:
        return []  # a comment
    named = after_at(text, find, sparql_name)
    if named is not None:
        return named
    if _OPEN_IRI.search(text) or (pieces and pieces[-1].kind == "language" and end == len(text)):
        return []
    fragment = pieces.pop() if pieces and end == len(text) and _is_begun(pieces[-1]) else None
    return _in_place(pieces, fragment, f"{text}\n{rest}", find)


def _is_begun(token: Token) -> bool:
    return token.kind in ("word", "name", "variable") or token.text in ("?", "$")


def _open_string(pieces: Sequence[Token], text: str) -> int | None:
    """Return the number of the token that opens the string in which the text ends, or None."""
    for number, token in enumerate(pieces):
        if token.kind == "unclosed" or (token.text in ('"', "'") and "\n" not in text[token.start :]):
            return number
    return None


def _in_string(
    pieces: Sequence[Token], number: int, text: str, find: FindEntities, *, closed: bool
) -> list[Candidate]:
    """Offer the full name, which stays in the quotes, and the CURIE, which takes their place unless they are closed already."""
    opening = pieces[number]
    quote, typed = opening.text, text[opening.start + len(opening.text) :]
    if not typed.strip():
        return []
    found, size, closing = find(typed), len(typed), "" if closed else quote
    names = [
        Candidate(quoted_text(e.name, quote[0]) + closing, size, f"{e.category} {e.curie}", e.name) for e in found
    ]
    curies = [Candidate(sparql_name(e.curie), size + len(quote), f"{e.category} {e.name}") for e in found]
    if closed:
        return names
    before = pieces[number - 1].text if number else ""
    return names + curies if before in _TEXTS or _place(pieces[:number]).in_brackets else curies + names


class _Place(NamedTuple):
    """Where in the pattern the next term stands: 0 subject, 1 predicate, 2 object, -1 in no pattern; and the token before it."""

    term: int
    before: str
    in_brackets: bool


def _place(pieces: Sequence[Token]) -> _Place:
    opened: list[tuple[str, int]] = []
    term, before = 0, ""
    for kind, text, _ in pieces:
        if kind == "open":
            opened.append((text, 0 if text == "{" or before.upper() in _SPOKEN else term + 1))
            term = 1 if text == "[" else 0
        elif kind == "close":
            term = opened.pop()[1] if opened else 0
        elif text.endswith("."):
            term = 0
        elif text in (";", ","):
            term = 1 if text == ";" else 2
        elif kind == "word" and text.upper() in _SPOKEN:
            term = 0
        elif kind in ("word", "name", "iri", "variable", "string", "long"):
            term += 1
        before = text
    inside = opened[-1][0] if opened else ""
    if inside in ("{", "[") and before in ("/", "|", "^", "!"):
        term = 1  # a property path goes on
    return _Place(term if inside in ("{", "[") else -1, before, inside == "(")


def _in_place(pieces: Sequence[Token], fragment: Token | None, whole: str, find: FindEntities) -> list[Candidate]:
    typed = fragment.text if fragment else ""
    if typed[:1] in ("?", "$"):
        return fitting(_variables(whole, typed), typed)
    place = _place(pieces)
    kind: Kind | None = "class" if place.before in _TYPES else "property" if place.term == 1 else None
    if ":" in typed:
        return _local_names(typed, kind, find)
    if kind == "class":
        return fitting(all_terms(kind="class"), typed)
    if not typed and place.term != 1:
        return fitting(_variables(whole, "?"), "") + fitting(KEYWORDS, "")
    listed = fitting([Word(f"{word.text}:", word.about) for word in prefixes()], typed)
    described = fitting(all_terms(kind=kind), typed) if typed else []
    if place.term == 1:
        return described + listed
    spoken = fitting((*KEYWORDS, *FUNCTIONS), typed)
    return spoken + listed + described


def _local_names(typed: str, kind: Kind | None, find: FindEntities) -> list[Candidate]:
    """Offer what may follow ``prefix:``: terms of ours, or the entities of the graph whose CURIE or name begins so."""
    prefix, _, local = typed.partition(":")
    found = fitting(terms(prefix, kind=kind), local)
    if kind is None:
        entities = find(typed) or (find(local) if len(local) > 1 else ())
        found += [
            Candidate(sparql_name(entity.curie), len(typed), entity.name, f"{entity.curie}  {entity.name}")
            for entity in entities
            if entity.curie.startswith(f"{prefix}:")
        ]
    return found


def _variables(whole: str, typed: str) -> list[Word]:
    """Return the other variables of a text, spelt with the sign that was typed."""
    found = dict.fromkeys(text[1:] for kind, text, _ in tokens(whole, 0, "sparql") if kind == "variable" and text != typed)
    return [Word(f"{typed[0]}{name}") for name in found]
