"""What may stand at the cursor of a Cypher text, read from what stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from immunokg.shell.clauses import Token, tokens
from immunokg.shell.cypher_words import ANY_RELATION, FUNCTIONS, KEYWORDS, labels, procedures, properties, types, values_of
from immunokg.shell.names import FindEntities, after_at, quoted_text
from immunokg.shell.words import Candidate, Word, fitting

__all__ = ["complete_cypher"]

_SUBQUERIES = frozenset(("CALL", "COLLECT", "COUNT", "EXISTS"))
_COMPARING = frozenset((",", "[", ":", "=", "<>", "=~", "IN", "STARTS", "ENDS", "WITH", "CONTAINS"))
_NAMES = ("name", "synonyms", "title", "quote", "finding")
_WORD = re.compile(r"[^\W\d]\w*")


def complete_cypher(
    text: str, find: FindEntities, *, parameters: Iterable[str] = (), rest: str = ""
) -> list[Candidate]:
    """Return what may stand at the end of `text`; `rest` is what follows the cursor.

    >>> [c.text for c in complete_cypher("MATCH (d:Drug)-[r:DECREASES_AC", lambda text: ())]
    ['DECREASES_ACTIVITY_OF']
    """
    pieces = list(tokens(text, 0, "cypher"))
    for number, token in enumerate(pieces):
        if token.kind == "unclosed":
            if token.text not in ("'", '"'):
                return []
            return _in_string(pieces, number, text, find, closing="" if rest[:1] == token.text else token.text)
    end = pieces[-1].start + len(pieces[-1].text) if pieces else 0
    if "//" in text[end:].rpartition("\n")[2]:
        return []  # a comment
    named = after_at(text, find, lambda curie: f'"{curie}"')
    if named is not None:
        return named
    typed = pieces.pop().text if pieces and end == len(text) and pieces[-1].kind == "word" else ""
    return _in_place(pieces, typed, f"{text}\n{rest}", parameters)


def _in_place(pieces: Sequence[Token], typed: str, whole: str, parameters: Iterable[str]) -> list[Candidate]:
    before = pieces[-1] if pieces else Token("", "", 0)
    opened = _opened(pieces)
    inside = pieces[opened].text if opened is not None else ""
    if before.text == "$":
        return fitting(map(Word, sorted(parameters)), typed)
    procedure = _procedure(pieces)
    if procedure is not None:
        whole_name = fitting(procedures(), procedure + typed)
        return [c._replace(replaced=len(procedure + typed)) for c in whole_name]
    if before.text == ".":
        return fitting(properties(_names_of(whole, _owner(pieces))), typed) if _owner(pieces) else []
    if _is_label_place(pieces):
        return _label_or_type(pieces, opened, typed, whole)
    if inside == "{" and opened is not None and _is_map(pieces, opened):
        if before.text in ("{", ","):
            return fitting(properties(_names_before(pieces, opened)), typed)
        if before.text == ":" and len(pieces) > 1:
            return fitting([Word(f'"{word.text}"', word.about) for word in values_of(pieces[-2].text)], typed)
    variables = [Word(name) for name in _variables(whole) if name != typed]
    if inside in ("(", "[") and opened is not None and before is pieces[opened]:
        return fitting((*variables, *(FUNCTIONS if _is_call(pieces, opened) else ())), typed)
    keywords = fitting(KEYWORDS, typed)
    return fitting(variables, typed) + keywords + (fitting(FUNCTIONS, typed) if typed else [])


def _procedure(pieces: Sequence[Token]) -> str | None:
    """Return what stands between CALL and the end, if that is the beginning of a procedure's name."""
    number = len(pieces) - 1
    while number >= 0 and pieces[number].upper != "CALL":
        if pieces[number].text != "." and pieces[number].kind != "word":
            return None
        number -= 1
    named = number >= 0 and (len(pieces) == number + 1 or pieces[-1].text == ".")
    return "".join(token.text for token in pieces[number + 1 :]) if named else None


def _opened(pieces: Sequence[Token]) -> int | None:
    """Return the number of the innermost bracket that is open, or None."""
    stack: list[int] = []
    for number, token in enumerate(pieces):
        if token.kind == "open":
            stack.append(number)
        elif token.kind == "close" and stack:
            stack.pop()
    return stack[-1] if stack else None


def _is_relationship(pieces: Sequence[Token], number: int) -> bool:
    return pieces[number].text == "[" and number > 0 and pieces[number - 1].text == "-"


def _is_call(pieces: Sequence[Token], number: int) -> bool:
    keywords = ("MATCH", "WHERE", "AND", "OR", "NOT", "EXISTS", "COUNT", "XOR", "IN")
    return number > 0 and pieces[number - 1].kind == "word" and pieces[number - 1].upper not in keywords


def _is_map(pieces: Sequence[Token], number: int) -> bool:
    """Tell whether the brace opens a map of properties and no subquery."""
    before = pieces[number - 1] if number else None
    return before is None or not (before.upper in _SUBQUERIES or (before.text == ")" and _follows_call(pieces, number - 1)))


def _follows_call(pieces: Sequence[Token], number: int) -> bool:
    depth = 0
    for place in range(number, -1, -1):
        depth += (pieces[place].kind == "close") - (pieces[place].kind == "open")
        if depth == 0:
            return place > 0 and pieces[place - 1].upper == "CALL"
    return False


def _owner(pieces: Sequence[Token]) -> str:
    """Return the variable whose property is named after the dot at the end; also in ``n {.name, .id}``."""
    if len(pieces) > 1 and pieces[-2].kind in ("word", "quoted"):
        return pieces[-2].text
    opened = _opened(pieces)
    if opened and pieces[opened].text == "{" and pieces[-2].text in ("{", ",") and pieces[opened - 1].kind == "word":
        return pieces[opened - 1].text
    return ""


def _is_label_place(pieces: Sequence[Token]) -> bool:
    """Tell whether a label or type belongs at the end: after ``:``, and after ``|``, ``&``, ``!`` that follow one."""
    for number in range(len(pieces) - 1, -1, -1):
        token = pieces[number]
        if token.text == ":":
            opened = _opened(pieces[:number])
            return not (opened is not None and pieces[opened].text == "{" and _is_map(pieces, opened))
        if token.text not in ("|", "&", "!") and not (token.kind in ("word", "quoted") and number < len(pieces) - 1):
            return False
    return False


def _label_or_type(pieces: Sequence[Token], opened: int | None, typed: str, whole: str) -> list[Candidate]:
    if opened is not None and _is_relationship(pieces, opened):
        return fitting(types(), typed)
    if opened is not None and pieces[opened].text == "(" and _pattern_start(pieces, opened):
        return fitting(labels(), typed)
    colon = max(number for number, token in enumerate(pieces) if token.text == ":")
    known = _names_of(whole, pieces[colon - 1].text) if colon else set()
    return fitting(types() if known & {ANY_RELATION, *(word.text for word in types())} else labels(), typed)


def _pattern_start(pieces: Sequence[Token], opened: int) -> bool:
    """Tell whether the colon at the end belongs to the node pattern that the bracket opens."""
    return all(token.text in (":", "|", "&", "!") or token.kind in ("word", "quoted") for token in pieces[opened + 1 :])


def _names_before(pieces: Sequence[Token], opened: int) -> set[str]:
    """Return the labels or types of the pattern whose map opens at `opened`."""
    around = _opened(pieces[:opened])
    pattern = pieces[around + 1 : opened] if around is not None else ()
    return {token.text for number, token in enumerate(pattern) if number and pattern[number - 1].text in (":", "|", "&")}


def _patterns(text: str) -> Iterable[tuple[str, set[str], bool]]:
    """Yield the variable of each pattern of a text, with its labels or types, and whether it is a relationship."""
    pieces = list(tokens(text, 0, "cypher"))
    for number, token in enumerate(pieces):
        if token.text not in ("(", "[") or (token.text == "[" and not _is_relationship(pieces, number)):
            continue
        if token.text == "(" and _is_call(pieces, number):
            continue
        names: set[str] = set()
        variable = pieces[number + 1].text if number + 1 < len(pieces) and pieces[number + 1].kind == "word" else ""
        at = number + 1 + bool(variable)
        while at < len(pieces) and (pieces[at].text in (":", "|", "&", "!") or pieces[at].kind in ("word", "quoted")):
            if pieces[at].kind in ("word", "quoted"):
                names.add(pieces[at].text.strip("`"))
            at += 1
        yield variable, names, token.text == "["


def _names_of(text: str, variable: str) -> set[str]:
    found: set[str] = set()
    for name, names, relationship in _patterns(text):
        if variable and name == variable:
            found |= names or ({ANY_RELATION} if relationship else set())
    return found


def _variables(text: str) -> list[str]:
    """Return the variables of a text: those of patterns, and what AS and UNWIND name."""
    found = dict.fromkeys(name for name, _, _ in _patterns(text) if name)
    pieces = list(tokens(text, 0, "cypher"))
    for number, token in enumerate(pieces[1:], start=1):
        if token.kind == "word" and pieces[number - 1].upper == "AS":
            found[token.text] = None
        elif token.text == "=" and number + 1 < len(pieces) and pieces[number + 1].text in ("(", "shortestPath"):
            found[pieces[number - 1].text] = None
    return [name for name in found if _WORD.fullmatch(name)]


def _in_string(
    pieces: Sequence[Token], number: int, text: str, find: FindEntities, *, closing: str
) -> list[Candidate]:
    """Offer the values of a property with few of them, else entities: their names where names stand, else their CURIEs."""
    quote = pieces[number].text
    typed = text[pieces[number].start + 1 :]
    about = _compared(pieces[:number])
    values = types() if about == "type" else values_of(about)
    if values:
        return [Candidate(c.text + closing, c.replaced, c.about, c.text) for c in fitting(values, typed)]
    if not typed.strip():
        return []
    size, found = len(typed), find(typed)
    named = [
        Candidate(quoted_text(entity.name, quote) + closing, size, f"{entity.category} {entity.curie}", entity.name)
        for entity in found
    ]
    curies = [Candidate(entity.curie + closing, size, f"{entity.category} {entity.name}", entity.curie) for entity in found]
    return named + curies if about in _NAMES else curies + named


def _compared(pieces: Sequence[Token]) -> str:
    """Return the property (or ``type`` of a relationship) that the string after the pieces is compared with."""
    at = len(pieces) - 1
    while at >= 0 and (pieces[at].kind == "string" or pieces[at].text in _COMPARING or pieces[at].upper in _COMPARING):
        at -= 1
    if at >= 3 and pieces[at].text == ")" and pieces[at - 2].text == "(" and pieces[at - 3].text == "type":
        return "type"
    return pieces[at].text if at >= 0 and pieces[at].kind == "word" else ""
