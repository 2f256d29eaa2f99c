"""CSV files for ``neo4j-admin database import``: the property-graph form, without loss.

A directory with one file for each kind of node and of relationship, an arguments file that names them all, and the
constraints to create afterwards::

    neo4j-admin database import full neo4j @import.args      (run inside the directory, database stopped)

The form::

    (:Entity:Gene:Receptor {id, name, …})-[:DECREASES_ACTIVITY_OF {statement_id, sign, support, refute, …}]->(:Entity)
    (:Statement {id, …})-[:SUBJECT|OBJECT]->(:Entity)
    (:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(:Evidence)-[:FROM]->(:Publication)

There is one relationship for each statement, refuted ones included; its ``asserted`` says whether the claim, over all its
contexts, may be read as a yes, and ``claim_support``, ``claim_refute``, ``claim_null`` count the studies. Lists are arrays
(delimiter U+001F, which no text of a graph holds), context and conditions are JSON text. Labels and types come from the
vocabulary alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.graph import Graph
from kg.identity import claim_id
from kg.model import Assertion
from kg.tables import (
    ASSERTION_COLUMNS,
    COLUMNS,
    EVIDENCE_COLUMNS,
    assertion_row,
    conditions_json,
    context_json,
    entity_row,
    graph_from_columns,
    publication_row,
)
from ontologies.categories import category
from ontologies.errors import BackendError, BadInput, Fault
from ontologies.vocabulary import relation
from queries.export.atomic import atomic_directory

__all__ = ["read_neo4j_csv", "write_neo4j_csv"]

ARRAY_DELIMITER = "\x1f"
MARK = "import.args"
_TYPES = {"text": "string", "int": "long", "float": "double", "bool": "boolean", "list": "string[]"}
_STANCE_TYPES = {"supports": "SUPPORTED_BY", "refutes": "REFUTED_BY", "null": "NOT_FOUND_BY"}

_ABOUT = {
    "context": "text", "conditions": "text", "sign": "int", "tier": "text", "support": "int", "refute": "int",
    "null_count": "int", "belief": "float", "verdict": "text", "claim_support": "int", "claim_refute": "int",
    "claim_null": "int", "claim_belief": "float", "claim_verdict": "text", "asserted": "bool", "first_year": "int",
    "sources": "list", "conflicts": "list",
}  # fmt: skip
_NODES = {
    "entities": ("Entity", COLUMNS["entities"]),
    "statements": ("Statement", {"id": "text", "claim_id": "text", "relation": "text"} | _ABOUT),
    "evidence": ("Evidence", {"id": "text"} | EVIDENCE_COLUMNS),
    "publications": ("Publication", {"id": "text"} | {k: v for k, v in COLUMNS["publications"].items() if k != "key"}),
}
_LINKS = {
    "relations": ("Entity", "Entity", {"statement_id": "text", "claim_id": "text"} | _ABOUT),
    "statement_ends": ("Statement", "Entity", {}),
    "statement_evidence": ("Statement", "Evidence", {}),
    "evidence_publication": ("Evidence", "Publication", {}),
}


def write_neo4j_csv(graph: Graph, directory: Path) -> None:
    """Write the files into `directory`, which appears whole or not at all (one written before is replaced).

    Raises `BadInput` when `directory` holds other files, `BackendError` when it cannot be written.
    """
    with atomic_directory(directory, mark=MARK) as work:
        for name, (space, columns) in _NODES.items():
            first = f"id:ID({space})"
            header = [first, *(f"{c}:{_TYPES[kind]}" for c, kind in columns.items() if c != "id"), ":LABEL"]
            _write(work / f"{name}.csv", header, _node_rows(graph, name))
        for name, (start, end, columns) in _LINKS.items():
            header = [f":START_ID({start})", f":END_ID({end})", ":TYPE"]
            _write(work / f"{name}.csv", header + [f"{c}:{_TYPES[k]}" for c, k in columns.items()], _links(graph, name))
        (work / "constraints.cypher").write_text(
            "".join(
                f"CREATE CONSTRAINT {space.lower()}_id IF NOT EXISTS FOR (n:{space}) REQUIRE n.id IS UNIQUE;\n"
                for space, _ in _NODES.values()
            ),
            "utf-8",
        )
        arguments = [f"--nodes={name}.csv" for name in _NODES] + [f"--relationships={name}.csv" for name in _LINKS]
        (work / MARK).write_text(
            "\n".join(["--array-delimiter=U+001F", "--multiline-fields=true", *arguments]) + "\n", "utf-8"
        )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ARRAY_DELIMITER.join(_clean(str(item)) for item in value)
    return repr(value) if isinstance(value, int | float) else _clean(str(value))


def _clean(text: str) -> str:
    """Refuse nothing and lose nothing that a graph may hold: only the delimiter itself and NUL are replaced."""
    return text.replace(ARRAY_DELIMITER, "\ufffd").replace("\x00", "\ufffd")


def _labels(*labels: str) -> list[str]:
    return list(dict.fromkeys(labels))


def _node_rows(graph: Graph, name: str) -> Iterator[list[Any]]:
    if name == "entities":
        for entity in graph.entities.values():
            labels = _labels("Entity", category(entity.category).neo4j_label, *filter(str.isidentifier, entity.roles))
            yield [*entity_row(entity), labels]
    elif name == "statements":
        for sid, statement in graph.statements.items():
            yield [sid, claim_id(*statement.claim), statement.relation, *_about(graph, sid), "Statement"]
    elif name == "evidence":
        skip = len(ASSERTION_COLUMNS) - len(EVIDENCE_COLUMNS)
        for assertion in graph.assertions():
            yield [assertion.evidence_id, *assertion_row(assertion)[skip:], "Evidence"]
    else:
        papers = {e.publication.key: e.publication for found in graph.evidence.values() for e in found}
        for _, paper in sorted(papers.items()):
            yield [*publication_row(paper), "Publication"]


def _links(graph: Graph, name: str) -> Iterator[list[Any]]:
    for sid, statement in graph.statements.items():
        if name == "relations":
            kind = relation(statement.relation).neo4j_type
            yield [statement.subject, statement.object, kind, sid, claim_id(*statement.claim), *_about(graph, sid)]
        elif name == "statement_ends":
            yield [sid, statement.subject, "SUBJECT"]
            yield [sid, statement.object, "OBJECT"]
        else:
            for evidence in graph.evidence.get(sid, ()):
                key = Assertion(statement, evidence).evidence_id
                if name == "statement_evidence":
                    yield [sid, key, _STANCE_TYPES[evidence.stance]]
                else:
                    yield [key, evidence.publication.key, "FROM"]


def _about(graph: Graph, sid: str) -> list[Any]:
    """Return the columns of `_ABOUT` for one statement: its own counts, and those of its claim over all contexts."""
    statement, own = graph.statements[sid], graph.counts(sid)
    record, word = graph.claims[statement.claim], relation(statement.relation)
    found = graph.evidence.get(sid, ())
    years = [year for e in found if (year := e.publication.year) is not None]
    whole = record.counts
    return [
        context_json(statement.context), conditions_json(statement.conditions), word.sign, word.tier,
        own.support, own.refute, own.null, own.belief, own.verdict,
        whole.support, whole.refute, whole.null, whole.belief, whole.verdict, whole.asserted,
        min(years, default=None), sorted({e.source for e in found if e.source}),
        [claim_id(*other) for other in record.conflicts],
    ]  # fmt: skip


def read_neo4j_csv(directory: Path) -> Graph:
    """Return the graph that `write_neo4j_csv` wrote: the proof that nothing was lost.

    Raises `BadInput` when a file is missing a column or a value, `BackendError` when one cannot be read.
    """
    entities = _read(directory / "entities.csv", COLUMNS["entities"])
    statements = _read(directory / "statements.csv", _NODES["statements"][1])
    evidence = _read(directory / "evidence.csv", _NODES["evidence"][1])
    papers = _read(directory / "publications.csv", _NODES["publications"][1])
    ends: dict[tuple[str, str], str] = {
        (row[0], row[2]): row[1] for row in _read_rows(directory / "statement_ends.csv")[1]
    }
    holder = {row[1]: row[0] for row in _read_rows(directory / "statement_evidence.csv")[1]}
    try:
        statements["subject"] = [ends[sid, "SUBJECT"] for sid in statements["id"]]
        statements["object"] = [ends[sid, "OBJECT"] for sid in statements["id"]]
        evidence["statement"] = [holder[key] for key in evidence["id"]]
        papers["key"] = papers.pop("id")
        return graph_from_columns(
            {"entities": entities, "statements": statements, "evidence": evidence, "publications": papers}
        )
    except KeyError as error:
        raise BadInput(f"{directory}: {error} is named but not there; export the graph again") from error


def _read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            csv.field_size_limit(1 << 24)
            rows = list(csv.reader(file))
    except OSError as error:
        raise BackendError(f"cannot read {path}: {error.strerror}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error
    if not rows:
        raise BadInput(f"{path} is empty")
    return rows[0], rows[1:]


def _read(path: Path, columns: dict[str, str]) -> dict[str, list[Any]]:
    header, rows = _read_rows(path)
    names = [cell.partition(":")[0] for cell in header]
    if missing := [column for column in columns if column not in names]:
        raise BadInput(f"{path} lacks the columns {', '.join(missing)}")
    result: dict[str, list[Any]] = {}
    for name, kind in columns.items():
        place = names.index(name)
        try:
            result[name] = [_value(row[place], kind) for row in rows]
        except (IndexError, ValueError) as error:
            raise BadInput(f"{path}: bad value", [Fault(str(path), 0, 0, name, str(error))]) from error
    return result


def _value(text: str, kind: str) -> Any:
    if kind == "list":
        return text.split(ARRAY_DELIMITER) if text else []
    if kind == "bool":
        return text == "true"
    if kind in ("int", "float"):
        return None if not text else int(text) if kind == "int" else float(text)
    return text
