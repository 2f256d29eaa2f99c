"""`KnowledgeGraph`: one object with the verbs of the command line, for scripts and notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.graph import Graph
    from kg.model import Entity, Evidence, Statement
    from kg.validate import Finding
    from kg.without import Citation
    from ontologies.grounding import Grounder
    from queries.catalogue import QuestionAnswer
    from queries.cypher_engine.answer import CypherAnswer
    from queries.explanation.answer import Explanation
    from queries.explanation.observations import Observations
    from queries.named_paths import FoundPaths
    from queries.sparql_engine.terms import Answer, Term

__all__ = ["Hit", "KnowledgeGraph", "open_graph"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One entity found by a search: which of its names matched, how, how well (0 to 100), and its number of statements."""

    curie: str
    name: str
    category: str
    matched: str
    how: str
    score: float
    statements: int


def open_graph(
    path: str | os.PathLike[str] | None = None, *, say: Callable[[str], None] = lambda _: None
) -> KnowledgeGraph:
    """Open a graph directory: `path`, else ``IMMUNOKG_GRAPH``, else the built-in graph (built at first use).

    Nothing is read before it is needed. `say` receives a line when the built-in graph must be built. Raises
    `ontologies.errors.BadInput` when the directory does not exist and `BackendError` when the cache cannot be written.

    >>> open_graph().explain("dupilumab", "alopecia areata").question.target.id
    'MONDO:0005340'
    """
    from immunokg.home import find_graph

    return KnowledgeGraph(path=find_graph(path, say=say))


class KnowledgeGraph:
    """A graph and the questions it answers; names, synonyms and CURIEs are accepted wherever an entity is meant.

    >>> g = open_graph()
    >>> part = g.subgraph(around="IL4R", hops=1)
    >>> "HGNC:6015" in part.entities
    True
    """

    def __init__(self, graph: Graph | None = None, *, path: Path | None = None, digest: str | None = None) -> None:
        """Wrap a graph in memory, or the graph directory at `path`, read when first needed."""
        if graph is None and path is None:
            raise TypeError("KnowledgeGraph needs a graph or the path of a graph directory")
        if graph is not None:
            self.__dict__["graph"] = graph
        if digest is not None:
            self.__dict__["digest"] = digest
        self.path = path

    @cached_property
    def _generation(self) -> Path:
        """The generation that was current when it was first asked for, kept from being removed while this object lives."""
        import weakref
        from contextlib import ExitStack

        from kg.directory import hold

        assert self.path is not None
        held = ExitStack()
        generation = held.enter_context(hold(self.path))
        weakref.finalize(self, held.close)
        return generation

    @cached_property
    def graph(self) -> Graph:
        """The `kg.graph.Graph` underneath, with statements, evidence and claims."""
        from kg.directory import read_generation

        return read_generation(self._generation, path=self.path)

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the graph directory says of itself: format, digest, counts, sources; empty for a graph in memory."""
        from kg.manifest import Manifest

        return Manifest.read(self._generation).to_dict() if self.path is not None else {}

    @cached_property
    def digest(self) -> str:
        """The digest of the content, the same for equal content on any machine."""
        if self.path is not None:
            return str(self.manifest["digest"])
        from kg.digest import content_digest

        return content_digest(self.graph)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """All entities by CURIE."""
        return self.graph.entities

    def statements(
        self, *, subject: str | None = None, relation: str | None = None, object: str | None = None  # noqa: A002 (the public name)
    ) -> tuple[Statement, ...]:
        """Return all statements, or those with this subject, relation and object (names or CURIEs)."""
        ends = (subject and self.resolve(subject), object and self.resolve(object))
        return tuple(
            s
            for s in self.graph.statements.values()
            if (not ends[0] or s.subject == ends[0])
            and (not ends[1] or s.object == ends[1])
            and (not relation or s.relation == relation)
        )

    def evidence(self, statement: Statement | str) -> tuple[Evidence, ...]:
        """Return the evidence of a statement (or of its id), for and against."""
        return self.graph.evidence.get(statement if isinstance(statement, str) else statement.id, ())

    @cached_property
    def _grounder(self) -> Grounder:
        from immunokg.asking import grounder_of

        return grounder_of(self)

    def resolve(self, text: str, *, expect: str | Collection[str] | None = None) -> str:
        """Return the CURIE of the one entity that `text` names (name, synonym, CURIE, exact match).

        `expect` is the category asked for (``"Disease"``), which settles names that things of two kinds share. Raises
        `ontologies.errors.UnknownName` or `AmbiguousName`, both with candidates; nothing is ever guessed.

        >>> open_graph().resolve("CD124")
        'HGNC:6015'
        """
        return self._grounder.ground(text, expect=expect).curie

    def explain(
        self,
        source: str,
        target: str,
        *,
        k: int = 20,
        max_steps: int = 6,
        as_of: str | None = None,
        context: Mapping[str, str | Sequence[str]] | None = None,
        timeout: float | None = None,
        versus: str | None = None,
        observed: str | os.PathLike[str] | None = None,
        without_study: str | Sequence[str] = (),
    ) -> Explanation:
        """Explain why `source` (a drug) helps and harms in `target` (a disease or phenotype), for and against.

        `context` says where the question is asked, such as ``{"cell": "CD8-positive T cell"}``; `versus` names a drug to
        contrast with; `observed` is a table of markers and their directions (a path, or the text itself when it has more
        than one line) to hold against both sides; `without_study` names studies to leave out with all that cites them.
        The answer has `benefit`, `harm`, `clinical`, `fork`, `conditions`, `missing` and more; `to_dict` gives the
        published JSON form. See `queries.explanation.explain.explain` for the other arguments. Raises `BadInput` where what
        is named is of another kind than its place asks for.
        """
        from immunokg.asking import read_context, read_ends
        from queries.explanation.explain import explain

        studies = [without_study] if isinstance(without_study, str) else list(without_study)
        citations: Sequence[Citation] = ()
        if studies:
            from loaders.citations import load_citations

            citations = load_citations()
        drug, disease, other = read_ends(self, source, target, versus)
        return explain(
            self.graph,
            drug,
            disease,
            k=k,
            max_steps=max_steps,
            as_of=as_of,
            context=read_context(self, context or {}),
            timeout=timeout,
            versus=other,
            without_studies=studies,
            citations=citations,
            observations=self._observations(observed),
            digest=self.digest,
        )

    def _observations(self, table: str | os.PathLike[str] | None) -> Observations | None:
        """Read measured markers from a file, or from the text itself when it has more than one line."""
        if table is None:
            return None
        from queries.explanation.observations import read_observations

        source = table if isinstance(table, str) and "\n" in table else Path(table)
        return read_observations(source, lambda name: self._grounder.ground(name, suggest=False).curie)

    def paths(
        self, source: str | Sequence[str], target: str | Sequence[str], *, timeout: float | None = None, **asked: Any
    ) -> FoundPaths:
        """Return the best signed paths from `source` to `target`, each a name or several.

        `asked` takes `sign` (``"up"``, ``"down"``), `k`, `max_steps`, `pattern`, `through`, `avoid`, `relations`, `tiers`,
        `as_of`, `context`, `min_support` and more: see docs/paths.md and `immunokg.path_finding.path_request`.

        >>> print(open_graph().paths("dupilumab", "IL13", max_steps=1)[0])
        dupilumab -| IL13
        """
        from immunokg.path_finding import index_of, path_request
        from queries.paths import find

        return find(index_of(self), path_request(self, source, target, **asked), timeout=timeout)

    def search(self, text: str, *, category: str | None = None, limit: int = 20) -> list[Hit]:
        """Return the entities that `text` names or nearly names, best first; an empty list when none is near.

        >>> open_graph().search("dupilumap")[0].name
        'dupilumab'
        """
        from ontologies.categories import category as find_category
        from ontologies.categories import is_a

        wanted = find_category(category).name if category else ""
        found = self._grounder.search(text, limit=len(self.entities) if wanted else limit)
        kept = [match for match in found if not wanted or is_a(match.entity.category, wanted)][:limit]
        return [
            Hit(
                match.entity.curie, match.entity.name, match.entity.category, match.matched, match.how, match.score,
                self._mentions.get(match.entity.curie, 0),
            )
            for match in kept
        ]  # fmt: skip

    @cached_property
    def _mentions(self) -> Mapping[str, int]:
        from collections import Counter

        return Counter(end for s in self.graph.statements.values() for end in (s.subject, s.object))

    def sparql(
        self,
        text: str,
        *,
        values: Mapping[str, Term] | None = None,
        timeout: float | None = None,
        limit: int | None = None,
        source: str = "query",
    ) -> Answer:
        """Ask a SPARQL 1.1 query: `Solutions` with `columns` and `rows`, `Truth` for an ASK, or `Triples`.

        The query runs in a process of its own with a limit of time and memory; SERVICE and updates are refused. `values` are
        terms (`queries.sparql_engine.terms`) bound to variables; `source` is what errors call the text.

        >>> open_graph().sparql("SELECT ?drug { ?drug ikg:decreases_activity_of HGNC:6015 } ORDER BY ?drug").values()[0]
        ('DRUGBANK:DB12159',)
        """
        from immunokg.querying import worker_of

        return worker_of(self).query(text, values=values, timeout=timeout, max_rows=limit, source=source)

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        engine: str = "arcadedb",
        timeout: float | None = None,
        limit: int | None = None,
        source: str = "query",
    ) -> CypherAnswer:
        """Ask a Cypher query: an answer with `columns`, `rows` and `notices`, and `to_pandas` and `to_arrow`.

        It only reads, on the graph's own database (``arcadedb``) or, with the same text, on the server that ``NEO4J_URI``
        names (``neo4j``). `parameters` are bound to ``$names``.

        >>> answer = open_graph().cypher("MATCH (d:Drug)-[r:DECREASES_ACTIVITY_OF {asserted: true}]->(:Gene {name: $gene}) "
        ...                              "RETURN DISTINCT d.name AS drug ORDER BY drug", {"gene": "IL4R"})
        >>> answer.rows[0]
        ('dupilumab',)
        """
        from immunokg.querying import cypher_of

        return cypher_of(self, engine).query(text, parameters, timeout=timeout, max_rows=limit, source=source)

    def query(
        self, name: str, *, engine: str = "oxigraph", timeout: float | None = None, limit: int | None = None, **parameters: Any
    ) -> QuestionAnswer:
        """Ask a question of the catalogue (``immunokg queries`` lists them); the rows are the same on every engine.

        `engine` is ``oxigraph``, ``arcadedb`` or ``neo4j``. Entities may be given by name.

        >>> [row[1] for row in open_graph().query("targets_of_drug", drug="Dupixent").rows][:1]
        ['IL4R']
        """
        from immunokg.querying import ask_question

        return ask_question(self, name, engine=engine, timeout=timeout, limit=limit, parameters=parameters)

    def close(self) -> None:
        """End the processes and connections that answered queries (as ``with`` does); a later query opens them again."""
        from immunokg.querying import close_engines

        close_engines(self)

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def networkx(self) -> nx.MultiDiGraph[str]:
        """Return the graph as a networkx ``MultiDiGraph``: one edge for each statement, with every attribute."""
        from kg.digraph import to_networkx

        return to_networkx(self.graph)

    def rdflib(self) -> rdflib.Dataset:
        """Return the graph as an rdflib ``Dataset``: statements in the default graph, evidence by source."""
        from kg.rdf import to_rdflib

        return to_rdflib(self.graph)

    def as_of(self, date: str) -> KnowledgeGraph:
        """Return the graph as it could have been known on a date (ISO; a bare year or month means its last day)."""
        return KnowledgeGraph(self.graph.as_of(date))

    def subgraph(
        self,
        *,
        around: str | Iterable[str] | None = None,
        paths: Explanation | None = None,
        query: str | None = None,
        hops: int = 1,
        tiers: Sequence[str] = (),
    ) -> KnowledgeGraph:
        """Return a part of the graph, with its evidence: around entities, of an explanation, or named by a query's rows.

        Exactly one of `around` (names or CURIEs), `paths` (an explanation) and `query` (SPARQL) is given; `hops` and
        `tiers` go with `around`. Raises `BadInput` otherwise.
        """
        from immunokg.subgraphs import part_of

        return part_of(self, around=around, paths=paths, query=query, hops=hops, tiers=tiers)

    def export(self, path: str | os.PathLike[str], *, format: str | None = None) -> Path:  # noqa: A002 (the public name)
        """Write the graph to a file (``.graphml``, ``.ttl``, ``.nq``) or, as ``neo4j-csv``, to a directory; return the path.

        The format follows from the ending unless it is given. The file appears whole or not at all.
        """
        from queries.export.formats import format_of, write_graph

        target = Path(path)
        write_graph(self.graph, target, format or format_of(target))
        return target

    def stats(self) -> dict[str, Any]:
        """Return counts: totals, and entities, statements and evidence by kind."""
        from immunokg.counting import count_graph

        return count_graph(self.graph)

    def validate(self, *, shapes: bool = True) -> tuple[Finding, ...]:
        """Return everything in the graph that breaks a rule of ours or (unless `shapes` is false) a SHACL shape."""
        from immunokg.checking import find_faults

        return find_faults(self.graph, shapes=shapes)

    def __len__(self) -> int:
        return len(self.graph.statements)

    def __repr__(self) -> str:
        origin = f" at {self.path}" if self.path is not None else ""
        evidence = sum(len(found) for found in self.graph.evidence.values())
        counts = f"{len(self.graph.entities)} entities, {len(self)} statements, {evidence} evidences"
        return f"<KnowledgeGraph{origin}: {counts}>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{number}</td></tr>" for name, number in self.stats()["totals"].items()
        )
        return f"<table><caption>{escape(str(self.path or 'graph in memory'))}</caption>{rows}</table>"
