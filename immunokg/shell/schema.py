"""What the graph is made of: labels and types, classes and properties, with how often each occurs and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from immunokg.shell.answers import Table, table_of
from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.shell.session import Shell

__all__ = ["describe", "schema_table"]

_COLUMNS = ("kind", "name", "count", "meaning")
_CLASSES = "SELECT ?name (COUNT(DISTINCT ?s) AS ?count) WHERE { ?s a ?name } GROUP BY ?name ORDER BY DESC(?count) ?name"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?count) WHERE { ?s ?name ?o } GROUP BY ?name ORDER BY DESC(?count) ?name"
_LABELS = "MATCH (n{ours}) UNWIND labels(n) AS name RETURN name, count(*) AS count ORDER BY count DESC, name"
_TYPES = "MATCH (a{ours})-[r]->(b{ours}) RETURN type(r) AS name, count(*) AS count ORDER BY count DESC, name"


def schema_table(shell: Shell) -> Table:
    """Return what the engine in force holds of our graph, the most frequent first. Costs a pass over the graph."""
    from immunokg.shell.cypher_words import meaning
    from immunokg.shell.sparql_words import all_terms, short_name
    from kg.property_graph import OURS

    chosen = shell.settings
    if chosen.language == "sparql":
        texts = {"class": _CLASSES, "property": _PROPERTIES}
        answers = {kind: table_of(shell.graph.sparql(text, timeout=chosen.timeout)) for kind, text in texts.items()}
        about = {word.text: word.about for word in all_terms()}
    else:
        ours = f":{OURS}" if chosen.engine == "neo4j" else ""  # on a server, what is not ours is not our schema
        texts = {"label": _LABELS.replace("{ours}", ours), "type": _TYPES.replace("{ours}", ours)}
        answers = {
            kind: table_of(shell.graph.cypher(text, engine=chosen.engine, timeout=chosen.timeout)) for kind, text in texts.items()
        }
        about = {str(row[0]): meaning(str(row[0])) for answer in answers.values() for row in answer.rows}
    counted = [(kind, *row) for kind, answer in answers.items() for row in answer.rows if row[0] != OURS]
    named = [(kind, short_name(str(name)), count) for kind, name, count in counted]
    return Table(_COLUMNS, tuple((kind, name, count, about.get(name, "")) for kind, name, count in named))


def describe(name: str) -> Iterator[str]:
    """Yield lines about a label, a type, a class or a property of ours; raises `BadInput` for another name.

    >>> list(describe("FROM"))
    ['FROM (type): Evidence → Publication', 'no properties']
    """
    from immunokg.shell.cypher_words import labels, meaning, properties, types
    from immunokg.shell.sparql_words import all_terms

    plain = name.lstrip(":")
    kind = next((kind for kind, known in (("label", labels()), ("type", types())) if plain in {w.text for w in known}), "")
    if kind:
        from kg.property_graph import LINKS, link_form

        yield f"{plain} ({kind}): {meaning(plain)}"
        bare = kind == "type" and plain in LINKS and not link_form(plain).properties
        yield "no properties" if bare else "properties: " + ", ".join(f"{w.text} ({w.about})" for w in properties([plain]))
        return
    terms = {word.text: word.about for word in all_terms()}
    found = name if name in terms else f"ikg:{name}"
    if found not in terms:
        known = [word.text for word in (*labels(), *types())]
        near = get_close_matches(name, [*known, *terms, *(term.partition(":")[2] for term in terms)], 3, 0.6)
        meant = f"did you mean {' or '.join(near)}?" if near else ".schema lists all"
        raise BadInput(f"there is no label, type, class or property {name!r}; {meant}")
    is_class = found.partition(":")[2][:1].isupper()
    yield f"{found} ({'class' if is_class else 'property'}): {terms[found]}"
