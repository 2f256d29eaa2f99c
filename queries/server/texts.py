"""The Cypher that a push sends. Labels and types are of the closed tables alone; all else are parameters.

>>> print(write_nodes(("Entity", "Gene"), whole=False))
UNWIND $rows AS r MERGE (n:ImmunoKG:Entity {id: r.id}) SET n += r SET n:Gene
>>> print(write_links("FROM"))
UNWIND $rows AS r MATCH (a:ImmunoKG:Evidence {id: r.s}) MATCH (b:ImmunoKG:Publication {id: r.e}) MERGE (a)-[l:FROM]->(b)
>>> write_nodes(("Entity", "Gene) DETACH DELETE n //"), whole=False)
Traceback (most recent call last):
    ...
ontologies.errors.BadInput: 'Gene) DETACH DELETE n //' is no label of the property graph
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kg.property_graph import KINDS, LINKS, OURS, labels, link_form, types
from ontologies.errors import BadInput
from queries.server.rows import distinct

__all__ = [
    "PUSH",
    "RETIRED",
    "RETIRED_KIND",
    "constraints",
    "delete_links",
    "delete_nodes",
    "foreign_ids",
    "read_links",
    "read_nodes",
    "retire_nodes",
    "revive_nodes",
    "write_links",
    "write_nodes",
]

PUSH = "ImmunoKGPush"
"""The label of the one node that says which graph was pushed, and whether wholly."""

RETIRED = "ImmunoKGRetired"
"""The label of a node that is gone from the graph and that somebody else's relationships hold; no query of ours sees it."""

RETIRED_KIND = "retired_kind"
"""The property of a retired node that says what it was."""


def constraints() -> dict[str, str]:
    """Return the texts that make ids of each kind, and of `PUSH`, unique, by the names that the constraints have then.

    >>> constraints()["immunokg_entity_id"]
    'CREATE CONSTRAINT immunokg_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE'
    """
    names = {f"immunokg_{kind.lower()}_id": kind for kind in (*KINDS, PUSH)}
    return {
        name: f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{kind}) REQUIRE n.id IS UNIQUE" for name, kind in names.items()
    }


def write_nodes(names: Sequence[str], *, whole: bool) -> str:
    """Return the text that writes ``$rows`` (properties, also ``id``) as nodes of these labels, of which the first is the kind.

    With `whole` the other labels of ours are taken from nodes that have them; then rows must name absent properties as null.
    """
    for name in names:
        _check(name, labels())
    kind, more = names[0], names[1:]
    text = f"UNWIND $rows AS r MERGE (n:{OURS}:{kind} {{id: r.id}}) SET n += r"
    if more:
        text += f" SET n:{':'.join(more)}"
    if whole:
        text += f" REMOVE n:{':'.join(sorted(labels() - set(names)))}"
    return text


def write_links(kind: str) -> str:
    """Return the text that writes ``$rows`` (``s``, ``e``, and properties ``p``) as relationships of a type."""
    start, end = _ends(kind)
    apart = distinct(kind)
    key = f" {{{apart}: r.p.{apart}}}" if apart else ""
    put = " SET l += r.p" if kind not in LINKS else ""
    return (
        f"UNWIND $rows AS r MATCH (a:{OURS}:{start} {{id: r.s}}) MATCH (b:{OURS}:{end} {{id: r.e}}) "
        f"MERGE (a)-[l:{kind}{key}]->(b){put}"
    )


def read_nodes(kind: str) -> str:
    """Return the text that reads the labels and our properties, in their order, of all our nodes of a kind."""
    _check(kind, KINDS)
    return f"MATCH (n:{OURS}:{kind}) RETURN labels(n), {', '.join(f'n.{name}' for name in KINDS[kind])}"


def read_links(*kinds: str) -> str:
    """Return the text that reads type, ids of the ends and our properties, in their order, of our relationships of these types.

    They must go between the same kinds of node, as all relations between entities do.
    """
    start, end = _ends(kinds[0])
    assert all(_ends(kind) == (start, end) for kind in kinds)
    ours = " WHERE l.statement_id IS NOT NULL" if kinds[0] not in LINKS else ""
    columns = ["type(l)", "a.id", "b.id", *(f"l.{name}" for name in link_form(kinds[0]).properties)]
    return f"MATCH (a:{OURS}:{start})-[l:{'|'.join(kinds)}]->(b:{OURS}:{end}){ours} RETURN {', '.join(columns)}"


def foreign_ids() -> str:
    """Return the text that reads kind and id of nodes that have a label of ours and are not ours."""
    parts = (f"MATCH (n:{kind}) WHERE NOT n:{OURS} AND n.id IS NOT NULL RETURN '{kind}' AS kind, n.id AS id" for kind in KINDS)
    return " UNION ALL ".join(parts)


def delete_links(kind: str) -> str:
    """Return the text that deletes the relationships of a type with the ends and key (``s``, ``e``, ``k``) of ``$rows``."""
    start, end = _ends(kind)
    apart = distinct(kind)
    same = f" WHERE l.{apart} = r.k OR (l.{apart} IS NULL AND r.k IS NULL)" if apart else ""
    return (
        f"UNWIND $rows AS r MATCH (a:{OURS}:{start} {{id: r.s}})-[l:{kind}]->(b:{OURS}:{end} {{id: r.e}}){same} "
        "DELETE l RETURN count(*)"
    )


def delete_nodes(kind: str) -> str:
    """Return the text that deletes the nodes of a kind with the ids ``$rows`` that have no relationship any more."""
    _check(kind, KINDS)
    return f"UNWIND $rows AS id MATCH (n:{OURS}:{kind} {{id: id}}) WHERE NOT EXISTS {{ (n)--() }} DELETE n RETURN count(*)"


def retire_nodes(kind: str) -> str:
    """Return the text that takes nodes with the ids ``$rows`` out of our graph, and leaves them to those who hold them."""
    _check(kind, KINDS)
    return (
        f"UNWIND $rows AS id MATCH (n:{OURS}:{kind} {{id: id}}) REMOVE n:{OURS}:{':'.join(sorted(labels()))} "
        f"SET n:{RETIRED}, n.{RETIRED_KIND} = '{kind}' RETURN n.id"
    )


def revive_nodes(kind: str) -> str:
    """Return the text that takes retired nodes with the ids ``$rows`` back into our graph."""
    _check(kind, KINDS)
    return (
        f"UNWIND $rows AS id MATCH (n:{RETIRED} {{id: id}}) WHERE n.{RETIRED_KIND} = '{kind}' "
        f"SET n:{OURS}:{kind} REMOVE n:{RETIRED} REMOVE n.{RETIRED_KIND}"
    )


def _ends(kind: str) -> tuple[str, str]:
    _check(kind, types(), "relationship type")
    form = link_form(kind)
    return form.start, form.end


def _check(name: str, allowed: Collection[str], what: str = "label") -> None:
    """Refuse what is not in the closed table: a name in a text is never anybody's input."""
    if name not in allowed or not (name.isascii() and name.isidentifier()):
        raise BadInput(f"{name!r} is no {what} of the property graph")
