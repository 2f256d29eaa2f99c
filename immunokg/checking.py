"""What is wrong with a graph, from both sides: our own rules (`kg.validate`) and the SHACL shapes of its RDF (`kg.shacl`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.graph import Graph
from ontologies.errors import BadInput, Fault

if TYPE_CHECKING:
    from kg.validate import Finding

__all__ = ["check_graph", "find_faults"]

MAX_LISTED = 100


def find_faults(graph: Graph, *, shapes: bool = True) -> tuple[Finding, ...]:
    """Return everything that breaks a rule, then everything that breaks a shape; empty for a sound graph.

    >>> find_faults(Graph({}, {}, {}))
    ()
    """
    from kg.validate import Finding, validate

    found = list(validate(graph))
    if shapes and not found:  # the RDF form of a graph that breaks our rules may not even be writable
        from kg.shacl import check_shapes

        for violation in check_shapes(graph):
            statement = graph.statements.get(violation.statement)
            where = (
                f"{graph.name(statement.subject)} {statement.relation} {graph.name(statement.object)}"
                if statement
                else violation.focus
            )
            said = " ".join(part for part in (violation.path, violation.value, violation.message) if part)
            fix = f"see {violation.shape} in ontologies/shapes.ttl"
            found.append(Finding(violation.shape, where, violation.record, said, fix, violation.statement))
    return tuple(found)


def check_graph(graph: Graph) -> None:
    """Raise `BadInput` with the first hundred faults of a graph, if it has any."""
    found = find_faults(graph)
    if found:
        faults = [Fault(f"{f.where} [{f.record}]" if f.record else f.where, 0, 0, f.rule, f.problem, f.fix) for f in found]
        number = "1 place" if len(faults) == 1 else f"{len(faults)} places"
        raise BadInput(f"the graph breaks rules in {number}", faults[:MAX_LISTED], truncated=len(faults) > MAX_LISTED)
