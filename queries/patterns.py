"""Patterns of paths, as text: ``Drug -[inhibits]-> Gene -> … -> Disease``.

A pattern names the nodes of a whole path, from its source to its target, with arrows between them.

========================  ================================================================================================
``Gene``                  a node of this category or of one below it (``Gene|Cell``: of either); ``*``: any node
``"IL-13"``, HGNC:5973    this very entity, by name or CURIE
``…`` or ``...``          any number of nodes, none at all included
``->``                    any step
``-[produces]->``         a step of this relation (``[produces|recruits]``: of either)
``-[causal]->``           a step of this tier: causal, structural or association
``-[inhibits]->``         a step that lowers what it leads to; so do ``lowers``, ``decreases``, ``-`` and the arrow ``-|``
``-[activates]->``        a step that raises it; so do ``raises``, ``increases`` and ``+``
========================  ================================================================================================

At both sides of ``…`` the arrows are the first and the last step of that stretch; if it holds no node, they are one step.

>>> pattern = parse_pattern("Drug -| Gene -> … -[causal]-> Disease")
>>> [len(part.relations) < len(relation_names()) for part in pattern.parts], pattern.parts[1].gap
([True, False], True)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from ontologies.categories import CATEGORIES, is_a
from ontologies.categories import category as find_category
from ontologies.errors import BadInput, Fault, UnknownRelation, UnknownThing
from ontologies.vocabulary import relation, relations
from queries.step_rules import relation_names, relation_numbers

__all__ = ["Pattern", "PatternNode", "PatternPart", "parse_pattern", "relations_named"]

MAX_PATTERN = 2000
"""No pattern is longer."""

_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<gap>…|\.\.\.)|(?P<open>-\[)|(?P<lowers>-\||⊣)|(?P<arrow>->|→)|(?P<back><-|←)|(?P<or>\|)|(?P<any>\*)'
    r'|"(?P<quoted>[^"]*)"|(?P<word>[^\s"|*…\[\]<>→⊣←-]+(?:-[^\s"|*…\[\]<>→⊣←-]+)*)'
)
_LABEL = re.compile(r"(?P<words>[^\]]*)\](?P<end>\s*(?:->|→))?")
_SIGNS = {
    "+": 1, "raises": 1, "activates": 1, "increases": 1, "up": 1,
    "-": -1, "lowers": -1, "inhibits": -1, "decreases": -1, "down": -1,
}  # fmt: skip
_TIERS = ("causal", "structural", "association")


@dataclass(frozen=True, slots=True)
class PatternNode:
    """What a node may be: of one of these categories (by name, below included), or one of these entities; neither: any."""

    text: str
    categories: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()

    @property
    def anything(self) -> bool:
        """True for a node that may be anything."""
        return not self.categories and not self.entities

    def admits(self, curie: str, category: str) -> bool:
        """Tell whether a node fits.

        >>> PatternNode("Gene", frozenset({"Gene"})).admits("HGNC:6015", "Gene")
        True
        """
        return self.anything or curie in self.entities or category in self.categories


@dataclass(frozen=True, slots=True)
class PatternPart:
    """What lies between two nodes: one step over one of these relations (by number), or a stretch of any number of nodes.

    For a stretch (`gap`), `relations` are those of its first step and `last` those of its last one.
    """

    relations: frozenset[int]
    gap: bool = False
    last: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern: n nodes and the n - 1 parts between them."""

    text: str
    nodes: tuple[PatternNode, ...]
    parts: tuple[PatternPart, ...]

    @property
    def least_steps(self) -> int:
        """The number of steps of the shortest path that can match."""
        return len(self.parts)


def parse_pattern(text: str, resolve: Callable[[str], str] | None = None) -> Pattern:
    """Read a pattern; `resolve` gives the CURIE of a name (without it, only CURIEs name entities).

    Raises `BadInput`, naming line, column and the valid words, for anything that is not a pattern.

    >>> parse_pattern("Drug -> Gen")
    Traceback (most recent call last):
        ...
    ontologies.errors.BadInput: the pattern cannot be read
      pattern:1:9: node: 'Gen' is no category (use Gene, …; an entity stands in quotation marks)
    """
    if len(text) > MAX_PATTERN:
        raise BadInput(f"the pattern is longer than {MAX_PATTERN} characters")
    return _Reader(text, resolve).read()


@cache
def relations_named(word: str) -> frozenset[int] | None:
    """Return the numbers of the relations that a word on an arrow stands for; None for an unknown word.

    >>> relations_named("produces") == {relation_numbers()["produces"]}, relations_named("produces of")
    (True, None)
    """
    plain = " ".join(word.split()).lower()
    numbers = relation_numbers()
    if plain in _SIGNS:
        wanted = _SIGNS[plain]
        return frozenset(numbers[name] for name, row in relations().items() if _sign(name) == wanted and row.tier != "clinical")
    if plain in _TIERS:
        return frozenset(numbers[name] for name, row in relations().items() if row.tier == plain)
    name = plain.replace(" ", "_")
    if name in numbers:
        return frozenset({numbers[name]})
    found = frozenset(numbers[row.name] for row in relations().values() if row.label.lower() == plain)
    return found or None


def _sign(name: str) -> int:
    """Return the sign of a relation as a step; an association without one is read as raising."""
    word = relation(name)
    return word.sign or (1 if word.tier == "association" else 0)


@cache
def _below(name: str) -> frozenset[str]:
    return frozenset(other for other in CATEGORIES if is_a(other, name))


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, text: str, resolve: Callable[[str], str] | None) -> None:
        self._text, self._resolve, self._at = text, resolve, 0
        self._all = frozenset(range(len(relation_names())))

    def read(self) -> Pattern:
        items: list[PatternNode | None] = [self._item()]  # None is a gap
        arrows: list[frozenset[int]] = []
        while self._more():
            arrows.append(self._arrow())
            self._more()
            place = self._at
            items.append(self._item())
            if items[-1] is None and items[-2] is None:
                raise self._fault(place, "node", "two … in a row", "write one; it stands for any number of nodes")
        anything = PatternNode("*")
        if items[0] is None:
            items.insert(0, anything)
            arrows.insert(0, self._all)
        if items[-1] is None:
            items.append(anything)
            arrows.append(self._all)
        if len(items) < 2:
            fix = "write for example Drug -> … -> Disease"
            raise self._fault(len(self._text), "arrow", "a pattern has at least two nodes", fix)
        nodes, parts = [item for item in items if item is not None], []
        place = 0
        while place < len(arrows):
            if items[place + 1] is None:
                parts.append(PatternPart(arrows[place], gap=True, last=arrows[place + 1]))
                place += 2
            else:
                parts.append(PatternPart(arrows[place]))
                place += 1
        return Pattern(self._text.strip(), tuple(nodes), tuple(parts))

    def _more(self) -> bool:
        found = re.compile(r"\s*").match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _next(self, what: str, fix: str) -> re.Match[str]:
        if not self._more():
            raise self._fault(self._at, what, "the pattern ends here", fix)
        found = _TOKEN.match(self._text, self._at)
        if not found:
            raise self._fault(self._at, what, f"{self._text[self._at]!r} cannot stand here", fix)
        return found

    def _item(self) -> PatternNode | None:
        """Read a node (with alternatives) or a gap."""
        fix = "write a category, an entity in quotation marks, *, or …"
        found = self._next("node", fix)
        if found.lastgroup == "gap":
            self._at = found.end()
            return None
        start, anything = self._at, False
        categories: set[str] = set()
        entities: set[str] = set()
        while True:
            found = self._next("node", fix)
            if found.lastgroup == "any":
                anything = True
            elif found.lastgroup == "quoted":
                entities.add(self._entity(found["quoted"]))
            elif found.lastgroup == "word":
                category, entity = self._word(found["word"])
                categories |= category
                entities |= entity
            else:
                raise self._fault(self._at, "node", f"{found[0]!r} cannot stand here", fix)
            self._at = end = found.end()
            if not self._more() or self._text[self._at] != "|":
                break
            self._at += 1
        text = self._text[start:end]
        return PatternNode(text) if anything else PatternNode(text, frozenset(categories), frozenset(entities))

    def _word(self, word: str) -> tuple[frozenset[str], frozenset[str]]:
        if word.lower() == "any":
            return frozenset(CATEGORIES) | {""}, frozenset()
        if ":" in word:
            return frozenset(), frozenset({self._entity(word)})
        try:
            return _below(find_category(word).name), frozenset()
        except UnknownRelation:
            fix = f"use {_near(word, CATEGORIES)}; an entity stands in quotation marks"
            raise self._fault(self._at, "node", f"{word!r} is no category", fix) from None

    def _entity(self, name: str) -> str:
        try:
            return self._resolve(name) if self._resolve else name
        except UnknownThing as error:
            raise self._fault(self._at, "node", str(error), "") from None

    def _arrow(self) -> frozenset[int]:
        fix = "write ->, -| or -[relation]-> between two nodes"
        found = self._next("arrow", fix)
        self._at = found.end()
        if found.lastgroup == "arrow":
            return self._all
        if found.lastgroup == "lowers":
            return relations_named("lowers") or frozenset()
        if found.lastgroup == "open":
            return self._label()
        if found.lastgroup == "back":
            raise self._fault(found.start(), "arrow", "arrows point from source to target", "turn the pattern around")
        raise self._fault(found.start(), "arrow", f"{found[0]!r} is no arrow", fix)

    def _label(self) -> frozenset[int]:
        found = _LABEL.match(self._text, self._at)
        if not found or not found["end"]:
            raise self._fault(self._at, "arrow", "the arrow has no end", "write -[relation]->")
        wanted: set[int] = set()
        place = self._at
        for word in found["words"].split("|"):
            numbers = relations_named(word)
            if numbers is None:
                lead = len(word) - len(word.lstrip())
                fix = f"use a relation ({_near(word, relations())}), a tier ({', '.join(_TIERS)}), or {_signs()}"
                raise self._fault(place + lead, "arrow", f"{word.strip()!r} is no relation", fix)
            wanted |= numbers
            place += len(word) + 1
        self._at = found.end()
        return frozenset(wanted)

    def _fault(self, at: int, field: str, problem: str, fix: str) -> BadInput:
        before = self._text[:at]
        line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
        return BadInput("the pattern cannot be read", [Fault("pattern", line, column, field, problem, fix)])


def _signs() -> str:
    return "inhibits (lowers, decreases, -) or activates (raises, increases, +)"


def _near(word: str, valid: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    wanted = word.strip().lower().replace(" ", "_")
    names = {name.lower(): name for name in valid}
    close = [names[name] for name in get_close_matches(wanted, list(names), n=4, cutoff=0.5)]
    return f"{', '.join(close)}, …" if close else ", ".join(valid)
