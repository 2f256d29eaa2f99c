"""Nodes and relationships of the property-graph form as a graph: the inverse of writing, which checks every id.

Use `kg.property_graph.graph_from`. What is derived (relationships between entities, counts, conflicts, refinements) is not read
but counted anew, so an edited store cannot claim more support than its evidence gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kg.graph import Graph
from kg.model import CONTEXT_KEYS, Assertion, Condition, Context, Statement
from kg.property_form import KINDS, STANCE_TYPES
from kg.tables import COLUMNS, conditions_json, context_json, graph_from_columns
from ontologies.designs import designs
from ontologies.errors import BadInput, Fault, ImmunoKGError

if TYPE_CHECKING:
    from kg.property_graph import Link, Node

__all__ = ["graph_from"]

_CONDITION_PARTS = ("variable", "operator", "value", "unit")
_MOST_FAULTS = 100
_BLANK: Mapping[str, Any] = {"text": "", "bool": False, "int": None, "float": None, "list": []}
_STANCES = {kind: stance for stance, kind in STANCE_TYPES.items()}


def graph_from(nodes: Iterable[Node], links: Iterable[Link], *, source: str = "property graph") -> Graph:
    """Return the graph that nodes and relationships state, whatever their order; the inverse of `nodes_of` and `links_of`.

    Nodes of other kinds and relationships of other types are passed over. `source` names the store in errors.

    Raises:
        BadInput: what is missing, stands twice or was altered, all faults at once (up to 100).
    """
    reader = _Reader(source)
    for node in nodes:
        reader.take_node(node)
    for link in links:
        reader.take_link(link)
    return reader.graph()


class _Reader:
    """What was read so far, by kind and id, and the faults found in it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._faults: list[Fault] = []
        self._nodes: dict[str, dict[str, Mapping[str, Any]]] = {kind: {} for kind in KINDS}
        self._ends: dict[str, dict[str, str]] = {"SUBJECT": {}, "OBJECT": {}}
        self._holder: dict[str, tuple[str, str]] = {}
        self._papers: dict[str, str] = {}
        self._conditions: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def take_node(self, node: Node) -> None:
        kind = next((label for label in node.labels if label in KINDS), "")
        if not kind:
            return
        key = node.properties.get("id")
        if not isinstance(key, str):
            self._fault(kind, "", "id", "is missing or no text", "restore the node")
        elif key in self._nodes[kind]:
            self._fault(kind, key, "id", "two nodes have it", "keep one")
        else:
            self._nodes[kind][key] = node.properties

    def take_link(self, link: Link) -> None:
        start, end = link.start[1], link.end[1]
        if link.type in self._ends:
            if self._ends[link.type].setdefault(start, end) != end:
                self._fault("Statement", start, link.type, "has two", "keep one")
        elif link.type in _STANCES:
            if self._holder.setdefault(end, (start, link.type)) != (start, link.type):
                self._fault("Evidence", end, link.type, "belongs to two statements", "keep one")
        elif link.type == "FROM":
            if self._papers.setdefault(start, end) != end:
                self._fault("Evidence", start, link.type, "has two publications", "keep one")
        elif link.type == "HAS_CONDITION":
            self._conditions[start].append((end, str(link.properties.get("group", ""))))

    def graph(self) -> Graph:
        statements = {sid: read for sid in sorted(self._nodes["Statement"]) if (read := self._statement(sid))}
        tables: dict[str, list[list[Any]]] = {
            "entities": [
                self._row("Entity", key, COLUMNS["entities"])
                for key, properties in sorted(self._nodes["Entity"].items())
                if "category" in properties
            ],
            "statements": [
                [sid, s.subject, s.relation, s.object, context_json(s.context), conditions_json(s.conditions)]
                for sid, s in statements.items()
            ],
            "publications": [self._paper(key) for key in sorted(self._nodes["Publication"])],
            "evidence": [row for key in sorted(self._nodes["Evidence"]) if (row := self._evidence(key, statements))],
        }
        self._raise()
        names = {table: tuple(COLUMNS[table]) for table in tables}
        names["statements"] = ("id", "subject", "relation", "object", "context", "conditions")
        columns = {
            table: dict(zip(names[table], zip(*rows, strict=True) if rows else [()] * len(names[table]), strict=True))
            for table, rows in tables.items()
        }
        try:
            graph = graph_from_columns(columns)
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{self._source} holds a value of the wrong kind ({error}); write the graph again") from error
        keys = [row[0] for row in tables["evidence"]]
        self._check_evidence(graph, keys)
        return graph

    def _statement(self, sid: str) -> Statement | None:
        properties = self._nodes["Statement"][sid]
        ends = [self._ends[kind].get(sid) for kind in ("SUBJECT", "OBJECT")]
        if None in ends:
            self._fault("Statement", sid, "SUBJECT" if ends[0] is None else "OBJECT", "is missing", "write the graph again")
            return None
        context = Context(**{key: tuple(properties.get(f"context_{key}", ())) for key in CONTEXT_KEYS})
        conditions = []
        for key, group in self._conditions.get(sid, ()):
            parts = self._nodes["Condition"].get(key)
            if parts is None:
                self._fault("Statement", sid, "HAS_CONDITION", f"there is no condition {key}", "write the graph again")
                return None
            variable, operator, value, unit = (str(parts.get(name, "")) for name in _CONDITION_PARTS)
            conditions.append(Condition(variable, operator, value, unit, group))
        try:
            read = Statement(str(ends[0]), str(properties.get("relation", "")), str(ends[1]), context, tuple(conditions))
            if read.id == sid:
                return read
        except ImmunoKGError as error:
            self._fault("Statement", sid, "", str(error), "write the graph again")
            return None
        self._fault("Statement", sid, "id", f"it says what has the id {read.id}", "restore the statement")
        return None

    def _paper(self, key: str) -> list[Any]:
        row = self._row("Publication", key, {n: k for n, k in COLUMNS["publications"].items() if n != "key"})
        return [key, *row]

    def _evidence(self, key: str, statements: Mapping[str, Statement]) -> list[Any] | None:
        holder, kind = self._holder.get(key, ("", ""))
        if holder not in statements:
            if holder not in self._nodes["Statement"]:
                self._fault("Evidence", key, "", "belongs to no statement", "write the graph again")
            return None
        paper = self._papers.get(key, "")
        if paper not in self._nodes["Publication"]:
            self._fault("Evidence", key, "FROM", "has no publication", "write the graph again")
            return None
        properties = self._nodes["Evidence"][key]
        if (name := properties.get("design")) not in designs():
            self._fault("Evidence", key, "design", f"unknown design {name!r}", "use a term of study_designs.tsv")
            return None
        row = self._row("Evidence", key, {n: k for n, k in COLUMNS["evidence"].items() if n not in ("id", "statement")})
        found = dict(zip(list(COLUMNS["evidence"])[2:], row, strict=True)) | {"stance": _STANCES[kind], "publication": paper}
        return [key, holder, *found.values()]

    def _check_evidence(self, graph: Graph, keys: list[str]) -> None:
        """Compare the id of every evidence with what it says; a graph lists them in the order of their ids."""
        places = iter(keys)
        by_id = {key: self._holder[key][0] for key in keys}
        expected: dict[str, list[str]] = defaultdict(list)
        for key in places:
            expected[by_id[key]].append(key)
        for sid, found in graph.evidence.items():
            for key, evidence in zip(expected.get(sid, ()), found, strict=True):
                said = Assertion(graph.statements[sid], evidence).evidence_id
                if said != key:
                    self._fault("Evidence", key, "id", f"it says what has the id {said}", "restore the evidence")
        self._raise()

    def _row(self, kind: str, key: str, columns: Mapping[str, str]) -> list[Any]:
        properties = self._nodes[kind][key]
        row = []
        for name, expected in columns.items():
            value = properties.get(name)
            if value is None:
                value = _BLANK[expected]
            elif expected == "list":
                value = list(value)
            elif expected == "float" and isinstance(value, int):
                value = float(value)
            row.append(value)
        return row

    def _fault(self, kind: str, key: str, field: str, problem: str, fix: str) -> None:
        self._faults.append(Fault(f"{self._source} {kind} {key}".rstrip(), 0, 0, field, problem, fix))

    def _raise(self) -> None:
        if self._faults:
            shown = self._faults[:_MOST_FAULTS]
            number = f"{len(self._faults)} fault{'s' if len(self._faults) > 1 else ''}"
            raise BadInput(f"{number} in the {self._source}", shown, truncated=len(self._faults) > len(shown))
