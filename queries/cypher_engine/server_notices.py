"""What a Neo4j server remarks on a query, in the words that the other engine has too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.property_form import KINDS, LINKS, OURS, RELATION_PROPERTIES, labels, types
from queries.cypher_engine.notices import find_notices

if TYPE_CHECKING:
    import neo4j

__all__ = ["server_notices"]

_UNKNOWN = ("01N50", "01N51", "01N52")
"""GQL status of a label, a relationship type and a property key that the database does not hold."""
_NAME = re.compile(r"`([^`]+)`")


def server_notices(text: str, summary: neo4j.ResultSummary) -> tuple[str, ...]:
    """Return the warnings of a server about a query, each with its place.

    A name of our form that this graph happens not to use is no slip and is not remarked; for one that nobody has, the guess
    what was meant is added.
    """
    guesses = dict(notice.split(": ", 1) for notice in find_notices(text))
    found = []
    for status in summary.gql_status_objects:
        if not status.is_notification or status.raw_severity != "WARNING":
            continue
        place = f"{status.position.line}:{status.position.column}" if status.position and status.position.line > 0 else ""
        said = status.status_description.partition(": ")[2]
        message = said.partition(". ")[2] or said
        name = _NAME.search(message)
        if status.gql_status in _UNKNOWN and name is not None:
            if _is_ours(name.group(1)):
                continue
            message = guesses.get(place, message)
        found.append(f"{place}: {message}" if place else message)
    return tuple(dict.fromkeys(found))


def _is_ours(name: str) -> bool:
    forms = (*KINDS.values(), RELATION_PROPERTIES, *(form.properties for form in LINKS.values()))
    return name == OURS or name in labels() or name in types() or any(name in properties for properties in forms)
