"""Which engine answers a query of a graph: opened when first needed, kept with the graph, and ended with it.

SPARQL runs on Oxigraph and Cypher on ArcadeDB, each in a process of its own over the views of the graph directory (built when
they are missing); with a Neo4j server (``NEO4J_URI``, ``NEO4J_USER``, ``NEO4J_PASSWORD``, ``NEO4J_DATABASE``) the same Cypher
runs there. Questions of the catalogue run on all three and give the same rows.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph
    from queries.catalogue import Asker, Parameter, QuestionAnswer
    from queries.cypher_engine.answer import CypherEngine
    from queries.sparql_engine.worker import SparqlWorker

__all__ = [
    "CYPHER_ENGINES",
    "ENGINES",
    "ask_question",
    "close_engines",
    "cypher_of",
    "query",
    "read_parameters",
    "server_note",
    "worker_of",
]

ENGINES = ("oxigraph", "arcadedb", "neo4j")
"""What may answer a question of the catalogue."""

CYPHER_ENGINES = ("arcadedb", "neo4j")
"""What may answer Cypher."""


def query(
    name: str, *, engine: str = "oxigraph", timeout: float | None = None, limit: int | None = None, **parameters: Any
) -> QuestionAnswer:
    """Ask a question of the catalogue of the graph that `immunokg.open` opens; see `KnowledgeGraph.query`.

    The graph stays open for the next question. Use ``open(path).query(…)`` for another graph.

    >>> query("targets_of_drug", drug="dupilumab").rows[0][1]
    'IL4R'
    """
    from immunokg.home import find_graph

    opened = _opened(find_graph())
    return ask_question(opened, name, engine=engine, timeout=timeout, limit=limit, parameters=parameters)


@lru_cache(maxsize=1)
def _opened(path: Path) -> KnowledgeGraph:
    from immunokg.knowledge_graph import KnowledgeGraph

    return KnowledgeGraph(path=path)


def worker_of(graph: KnowledgeGraph) -> SparqlWorker:
    """Return the process that answers SPARQL; it ends with the graph object."""
    found: SparqlWorker | None = graph.__dict__.get("_worker")
    if found is None:
        from queries.sparql_engine.worker import SparqlWorker

        found = graph.__dict__["_worker"] = SparqlWorker(_rdf_store(graph))
    return found


def cypher_of(graph: KnowledgeGraph, engine: str) -> CypherEngine:
    """Return what answers Cypher: the graph's own database in a process of its own, or the Neo4j server of the environment.

    Raises `BadInput` for an engine that speaks no Cypher, or when no server is named.
    """
    if engine not in CYPHER_ENGINES:
        raise BadInput(f"{engine!r} does not speak Cypher; use one of: {', '.join(CYPHER_ENGINES)}")
    kept: dict[str, CypherEngine] = graph.__dict__.setdefault("_cypher", {})
    if engine not in kept:
        kept[engine] = opened = _server() if engine == "neo4j" else _embedded(graph)
        weakref.finalize(graph, opened.close)
    return kept[engine]


def close_engines(graph: KnowledgeGraph) -> None:
    """End the processes and connections of a graph; a later query opens them again."""
    worker = graph.__dict__.pop("_worker", None)
    for opened in (worker, *graph.__dict__.pop("_cypher", {}).values()):
        if opened is not None:
            opened.close()


def ask_question(
    graph: KnowledgeGraph,
    name: str,
    *,
    engine: str = "oxigraph",
    timeout: float | None = None,
    limit: int | None = None,
    parameters: Mapping[str, Any],
) -> QuestionAnswer:
    """Return the answer of a question of the catalogue; names of entities are looked up in the graph.

    Raises `queries.catalogue.UnknownQuestion` for a question that is none, `BadInput` for parameters it does not have or
    cannot take, `UnknownName` and `AmbiguousName` for names.
    """
    from queries.catalogue import ask, question

    asked = question(name)
    given = read_parameters(graph, asked.name, parameters)
    return ask(asked, _asker(graph, engine), given, timeout=timeout, limit=limit)


def read_parameters(graph: KnowledgeGraph, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as a question takes them: entities as CURIEs, whatever name they were called by.

    >>> from immunokg import open_graph
    >>> read_parameters(open_graph(), "targets_of_drug", {"drug": "Dupixent"})
    {'drug': 'DRUGBANK:DB12159'}
    """
    from queries.catalogue import question

    kinds = {parameter.name: parameter for parameter in question(name).parameters}
    given = dict(parameters)
    for key, value in parameters.items():
        kind = kinds.get(key)
        if kind is not None and kind.type == "entity" and isinstance(value, str) and value:
            given[key] = _entity(graph, value, kind)
    return given


def server_note(graph: KnowledgeGraph) -> str:
    """Return what a reader of the server's answers should know: that it holds another graph than this one; else nothing."""
    found = cypher_of(graph, "neo4j").query("MATCH (p:ImmunoKGPush) RETURN p.digest AS digest, p.complete AS complete").rows
    if found and found[0] == (graph.digest, True):
        return ""
    told = "does not say what it holds"
    if found:
        told = "holds another graph" if found[0][1] else "holds an unfinished push"
    return f"the server {told}; answers are surely those of this graph after: immunokg push neo4j"


def _entity(graph: KnowledgeGraph, text: str, kind: Parameter) -> str:
    """Return the CURIE of what a text names, if it is of a kind that the parameter takes."""
    from ontologies.categories import is_a

    found = graph._grounder.ground(text, expect=kind.categories or None)
    if kind.categories and not any(is_a(found.category, wanted) for wanted in kind.categories):
        wanted = " or ".join(kind.categories)
        raise BadInput(f"{kind.name}: {found.name} ({found.curie}) is a {found.category}, where a {wanted} is expected")
    return found.curie


def _asker(graph: KnowledgeGraph, engine: str) -> Asker:
    from queries.catalogue import CypherAsker, OxigraphAsker

    if engine not in ENGINES:
        raise BadInput(f"there is no engine {engine!r}; use one of: {', '.join(ENGINES)}")
    return OxigraphAsker(worker_of(graph)) if engine == "oxigraph" else CypherAsker(cypher_of(graph, engine))


def _rdf_store(graph: KnowledgeGraph) -> Path:
    if graph.path is not None:
        from kg.triplestore import ensure_store

        return ensure_store(graph._generation, lambda: graph.graph)
    from queries.export.formats import write_graph

    store = _passing_folder(graph, "rdf") / "graph.nq"
    write_graph(graph.graph, store, "nquads")
    return store


def _embedded(graph: KnowledgeGraph) -> CypherEngine:
    from kg.cypher_store import build_cypher_store, ensure_cypher_store
    from queries.cypher_engine.embedded import EmbeddedCypher

    if graph.path is not None:
        return EmbeddedCypher(ensure_cypher_store(graph._generation, lambda: graph.graph))
    folder = _passing_folder(graph, "cypher")
    build_cypher_store(folder, graph.graph)
    return EmbeddedCypher(folder)


def _server() -> CypherEngine:
    from queries.cypher_engine.server import ServerCypher, ServerSettings

    return ServerCypher(ServerSettings.from_environment(os.environ))


def _passing_folder(graph: KnowledgeGraph, name: str) -> Path:
    """Return a folder that goes with the graph object."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix=f"immunokg-{name}-"))
    remove: Callable[..., None] = shutil.rmtree
    weakref.finalize(graph, remove, folder, ignore_errors=True)
    return folder
