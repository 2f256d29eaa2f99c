"""Patterns of paths: what they mean (against a reading word by word), and what is said of those that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies.errors import BadInput, UnknownName
from ontologies.vocabulary import relation
from queries.engine import Automaton
from queries.pattern_automaton import NamedNode, automaton_of
from queries.patterns import Pattern, parse_pattern, relations_named
from queries.step_rules import category_number, relation_names, relation_numbers

CATEGORIES = ("Gene", "Cell", "Pathway", "BiologicalProcess", "Disease")
RELATIONS = ("produces", "decreases_activity_of", "part_of", "associated_with", "increases_activity_of")
NODES = [NamedNode(number, f"x:{number}", CATEGORIES[number % len(CATEGORIES)]) for number in range(10)]
IL13 = NODES[0]


def resolve(name: str) -> str:
    """Know one entity by name."""
    if name == "IL-13":
        return IL13.curie
    raise UnknownName(name)


def accepts(automaton: Automaton | None, steps: list[tuple[str, NamedNode]]) -> bool:
    """Run the automaton over a path."""
    if automaton is None:
        return True
    state = automaton.start
    for word, head in steps:
        symbol = automaton.symbol(relation_numbers()[word], head.number, category_number(head.category))
        state = automaton.transitions[state][symbol]
        if state < 0:
            return False
    return state in automaton.accepting


def matches(pattern: Pattern, steps: list[tuple[str, NamedNode]], part: int = 0) -> bool:
    """Read a pattern by its definition: try every way to lay the rest of it along the rest of the path."""
    if part == len(pattern.parts):
        return not steps
    names, here = relation_names(), pattern.parts[part]
    lengths = range(1, len(steps) + 1) if here.gap else range(1, min(1, len(steps)) + 1)
    for length in lengths:
        taken = [relation_names().index(word) for word, _ in steps[:length]]
        last = here.last if here.gap else here.relations
        fits = pattern.nodes[part + 1].admits(steps[length - 1][1].curie, steps[length - 1][1].category)
        if fits and taken[0] in here.relations and taken[-1] in last and matches(pattern, steps[length:], part + 1):
            return True
    assert names
    return False


texts = st.lists(
    st.tuples(
        st.sampled_from(("Gene", "Cell", "BiologicalProcess", "Gene|Cell", "*", '"IL-13"', "…", 'Disease|"IL-13"')),
        st.sampled_from(("->", "-[inhibits]->", "-[causal]->", "-[produces|part of]->", "-|", "-[association]->")),
    ),
    min_size=2, max_size=5,
)  # fmt: skip
paths = st.lists(st.tuples(st.sampled_from(RELATIONS), st.sampled_from(NODES)), min_size=1, max_size=6)


@settings(max_examples=400, deadline=None)
@given(texts, paths, st.lists(st.sampled_from(NODES[1:4]), max_size=1))
def test_automaton_means_what_the_pattern_says(
    items: list[tuple[str, str]], steps: list[tuple[str, NamedNode]], through: list[NamedNode]
) -> None:
    """The automaton takes a path if and only if the pattern can be laid along it and every node to be passed is on it."""
    items = [item for place, item in enumerate(items) if not (place and item[0] == "…" == items[place - 1][0])]
    text = " ".join(f"{arrow} {node}" if place else node for place, (node, arrow) in enumerate(items))
    if len(items) < 2:
        return
    pattern = parse_pattern(text, resolve)
    automaton = automaton_of(pattern, through, [IL13])
    wanted = matches(pattern, steps) and {n.number for n in through} <= {head.number for _, head in steps}
    assert accepts(automaton, steps) == wanted


def test_no_pattern_needs_no_automaton() -> None:
    """Without pattern and nodes to be passed every path is right."""
    assert automaton_of(None) is None


def test_through_without_a_pattern() -> None:
    """Both nodes must be met, in any order, the last one included."""
    automaton = automaton_of(None, NODES[1:3])
    assert accepts(automaton, [("produces", NODES[2]), ("produces", NODES[5]), ("part_of", NODES[1])])
    assert not accepts(automaton, [("produces", NODES[2]), ("produces", NODES[5])])


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("Drug -> Gen", "1:9", "'Gen' is no category (use Gene"),
        ("Drug ->\n  -> Gene", "2:3", "'->' cannot stand here"),
        ("Drug -[decreses activity of]-> Gene", "1:8", "use a relation (decreases_activity_of"),
        ("Drug -[produces|up|nonsense]-> Gene", "1:20", "'nonsense' is no relation"),
        ("Drug -[produces Gene", "1:8", "the arrow has no end"),
        ("Drug Gene", "1:6", "'Gene' is no arrow"),
        ("Gene <- Drug", "1:6", "arrows point from source to target"),
        ("Drug -> … -> … -> Disease", "1:14", "two … in a row"),
        ("Drug", "1:5", "at least two nodes"),
        ("", "1:1", "the pattern ends here"),
        ("Drug ->", "1:8", "the pattern ends here"),
        ('Drug -> "IL-31"', "1:9", "no entity is called 'IL-31'"),
        ("Drug -> 'IL-13'", "1:9", "an entity stands in quotation marks"),
        ("x" * 2001, "", "longer than 2000"),
    ],
)
def test_faults_name_their_place(text: str, place: str, word: str) -> None:
    """A pattern that cannot be read is refused with line, column and what would do."""
    with pytest.raises(BadInput) as caught:
        parse_pattern(text, resolve)
    assert f"pattern:{place}" in str(caught.value) if place else True
    assert word in str(caught.value)


def test_too_many_states_are_refused() -> None:
    """More nodes to be passed than a search can keep apart is bad input, not a crash."""
    with pytest.raises(BadInput, match="more than 64 states"):
        automaton_of(None, NODES[:8])


def test_categories_take_in_what_is_below() -> None:
    """A pathway is a biological process, and a name may be written in any case."""
    assert parse_pattern("biologicalprocess -> *").nodes[0].admits("x:1", "Pathway")
    assert not parse_pattern("Pathway -> *").nodes[0].admits("x:1", "BiologicalProcess")


@pytest.mark.parametrize("word", ["inhibits", "lowers", "-", "decreases"])
def test_signs_are_words(word: str) -> None:
    """A word for a sign stands for every relation of that sign that may be a step."""
    numbers = relations_named(word)
    assert numbers is not None
    assert {relation(relation_names()[n]).sign for n in numbers} == {-1}
