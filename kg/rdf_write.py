"""A graph as quads: entities, direct triples, claims and statements in the default graph, evidence in a graph per source.

Use `kg.rdf.to_quads`; the form is described there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

import pyoxigraph as ox

from kg.belief import Counts
from kg.graph import ClaimRecord, Graph
from kg.identity import claim_id
from kg.model import Assertion, Claim, Condition, Entity, Evidence, Publication, Statement
from kg.rdf_names import (
    EVIDENCE_NUMBERS,
    EVIDENCE_TEXTS,
    PUBLICATION_TEXTS,
    STANCES,
    P,
    category_iri,
    condition_iri,
    date_literal,
    double,
    entity_iri,
    graph_iri,
    integer,
    last_day_literal,
    node,
    study_iri,
    text,
)
from ontologies.associations import association_class
from ontologies.designs import design
from ontologies.errors import BadInput
from ontologies.prefixes import NS
from ontologies.vocabulary import relation

__all__ = ["Load", "quads_of"]

_LEVELS = (
    "knowledge_assertion",
    "logical_entailment",
    "observation",
    "statistical_association",
    "prediction",
    "text_co_occurrence",
    "not_provided",
)
_BOOLEANS = {
    True: ox.Literal("true", datatype=node(NS.XSD + "boolean")),
    False: ox.Literal("false", datatype=node(NS.XSD + "boolean")),
}
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Load:
    """The reading of one source: its name, the SHA-256 of what was read, its release and licence."""

    source: str
    sha256: str
    release: str = ""
    licence: str = ""

    @property
    def iri(self) -> ox.NamedNode:
        """The node of this load, the object of ``prov:wasGeneratedBy``."""
        return node(f"{graph_iri(self.source).value.replace('/graph/', '/load/', 1)}/{self.sha256}")


def quads_of(graph: Graph, loads: Iterable[Load] = ()) -> Iterator[ox.Quad]:
    """Yield every quad of the graph once: entities, claims, statements, then evidence by source."""
    by_source = {load.source: load for load in loads}
    for entity in graph.entities.values():
        yield from _entity(entity)
    yield from _direct(graph)
    claims = _claim_nodes(graph)
    for record in graph.claims.values():
        yield from _claim(record, claims)
    yield from _conditions(graph)
    for sid, statement in graph.statements.items():
        yield from _statement(graph, sid, statement)
    yield from _evidence_side(graph, by_source)


def _quads(subject: ox.NamedNode, pairs: Iterable[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]) -> Iterator[ox.Quad]:
    return (ox.Quad(subject, predicate, object_, _DEFAULT) for predicate, object_ in pairs)


def _entity(entity: Entity) -> Iterator[ox.Quad]:
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, category_iri(entity.category)),
        (P.LABEL, text(entity.name)),
        (P.IDENTIFIER, text(entity.curie)),
    ]
    pairs += [(P.ALT_LABEL, text(name)) for name in sorted(set(entity.synonyms))]
    pairs += [(P.EXACT_MATCH, entity_iri(curie)) for curie in sorted(set(entity.xrefs))]
    pairs += [(P.CLOSE_MATCH, entity_iri(curie)) for curie in sorted(set(entity.close_matches))]
    pairs += [(P.ROLE, text(role)) for role in sorted(set(entity.roles))]
    if entity.valence:
        pairs.append((P.VALENCE, text(entity.valence)))
    if entity.source:
        pairs.append((P.DCT_SOURCE, text(entity.source)))
    return _quads(entity_iri(entity.curie), pairs)


def _direct(graph: Graph) -> Iterator[ox.Quad]:
    """Yield the direct and the projected triple of each claim that may be said plainly, and of no other."""
    seen: set[tuple[str, str, str]] = set()
    for claim, record in graph.claims.items():
        if not record.counts.asserted:
            continue
        entry = relation(claim.relation)
        for iri in (entry.direct_iri, entry.projection_iri):
            if iri and (claim.subject, iri, claim.object) not in seen:
                seen.add((claim.subject, iri, claim.object))
                yield ox.Quad(entity_iri(claim.subject), node(iri), entity_iri(claim.object), _DEFAULT)


def _claim_nodes(graph: Graph) -> Mapping[Claim, ox.NamedNode]:
    return {claim: node(NS.CLAIM + claim_id(*claim)) for claim in graph.claims}


def _claim(record: ClaimRecord, claims: Mapping[Claim, ox.NamedNode]) -> Iterator[ox.Quad]:
    claim, counts = record.claim, record.counts
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, P.CLAIM_CLASS),
        (P.CLAIM_SUBJECT, entity_iri(claim.subject)),
        (P.CLAIM_RELATION, node(relation(claim.relation).iri)),
        (P.CLAIM_OBJECT, entity_iri(claim.object)),
        *_counted(claim.relation, counts),
        (P.VERDICT, text(counts.verdict)),
        (P.ASSERTED, _BOOLEANS[counts.asserted]),
    ]
    pairs += [(P.HAS_STATEMENT, node(NS.STATEMENT + sid)) for sid in record.statements]
    pairs += [(P.CONFLICTS_WITH, claims[other]) for other in record.conflicts]
    return _quads(claims[claim], pairs)


def _counted(name: str, counts: Counts) -> list[tuple[ox.NamedNode, ox.Literal]]:
    return [
        (P.SIGN, integer(relation(name).sign)),
        (P.SUPPORT_COUNT, integer(counts.support)),
        (P.REFUTE_COUNT, integer(counts.refute)),
        (P.NULL_COUNT, integer(counts.null)),
        (P.CONFIDENCE_SCORE, double(counts.belief)),
    ]


def _grouped(conditions: tuple[Condition, ...]) -> list[tuple[Condition, ...]]:
    """Return each condition that stands alone, and each group of alternatives."""
    groups: dict[str, list[Condition]] = {}
    for condition in conditions:
        if condition.group:
            groups.setdefault(condition.group, []).append(condition)
    return [(c,) for c in conditions if not c.group] + [tuple(group) for group in groups.values()]


def _conditions(graph: Graph) -> Iterator[ox.Quad]:
    """Yield the nodes of all conditions and alternatives, each once however many statements share it."""
    groups = {group for s in graph.statements.values() if s.conditions for group in _grouped(s.conditions)}
    written: set[ox.NamedNode] = set()
    for group in sorted(groups):
        subject = condition_iri(group)
        if len(group) > 1 and subject not in written:
            written.add(subject)
            members = [condition_iri((member,)) for member in group]
            yield from _quads(subject, [(P.TYPE, P.ALTERNATIVES_CLASS), *((P.ANY_OF, m) for m in members)])
        for member in group:
            subject = condition_iri((member,))
            if subject not in written:
                written.add(subject)
                yield from _quads(subject, _condition(member))


def _condition(condition: Condition) -> list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, P.CONDITION_CLASS),
        (P.VARIABLE, text(condition.variable)),
        (P.OPERATOR, text(condition.operator)),
        (P.VALUE, text(condition.value)),
    ]
    return [*pairs, (P.UNIT, text(condition.unit))] if condition.unit else pairs


def _statement(graph: Graph, sid: str, statement: Statement) -> Iterator[ox.Quad]:
    entry = relation(statement.relation)
    ends = [graph.entities.get(curie) for curie in (statement.subject, statement.object)]
    association = association_class(entry.name, *(end.category if end else "" for end in ends))
    found = graph.evidence.get(sid, ())
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, P.STATEMENT_CLASS),
        (P.TYPE, node(NS.BIOLINK + association)),
        (P.SUBJECT, entity_iri(statement.subject)),
        (P.PREDICATE, node(entry.iri)),
        (P.OBJECT, entity_iri(statement.object)),
        *_counted(entry.name, graph.counts(sid)),
        *_qualifiers(entry.biolink_qualifiers),
    ]
    for key, curie in statement.context.items():
        pairs.append((node(f"{NS.IKG}context_{key}"), entity_iri(curie)))
    pairs += [(P.CONTEXT, iri) for iri in sorted({entity_iri(c) for _, c in statement.context.items()}, key=str)]
    pairs += [(P.CONDITION, condition_iri(group)) for group in _grouped(statement.conditions)]
    if found:
        pairs.append((P.KNOWLEDGE_LEVEL, text(_knowledge_level(found))))
        agents = Counter(e.agent_type for e in found)
        pairs.append((P.AGENT_TYPE, text(min(agents, key=lambda name: (-agents[name], name)))))
    record = graph.claims[statement.claim]
    for other in record.statements:
        if statement.refines(graph.statements[other]):
            pairs.append((P.REFINES, node(NS.STATEMENT + other)))
    for claim in record.conflicts:
        pairs += [(P.CONFLICTS_WITH, node(NS.STATEMENT + other)) for other in graph.claims[claim].statements]
    return _quads(node(NS.STATEMENT + sid), pairs)


def _qualifiers(qualifiers: tuple[tuple[str, str], ...]) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    for key, value in qualifiers:
        named = value.startswith("biolink:")
        yield node(NS.BIOLINK + key), node(NS.BIOLINK + value.removeprefix("biolink:")) if named else text(value)


def _knowledge_level(found: tuple[Evidence, ...]) -> str:
    levels = {e.knowledge_level for e in found if e.stance == "supports"} or {e.knowledge_level for e in found}
    return min(levels, key=lambda level: (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), level))


def _evidence_side(graph: Graph, loads: Mapping[str, Load]) -> Iterator[ox.Quad]:
    publications: dict[ox.NamedNode, Publication] = {}
    studies: set[str] = set()
    sources: set[str] = set()
    for sid, found in graph.evidence.items():
        for evidence in found:
            paper = evidence.publication
            iri = entity_iri(paper.key)
            if publications.setdefault(iri, paper) != paper:
                raise BadInput(f"two different publications are called {paper.key}; assemble the records first")
            studies.update(key for key in (evidence.study, evidence.parent_study) if key)
            sources.add(evidence.source)
            yield from _evidence(graph.statements[sid], sid, evidence, iri, loads.get(evidence.source))
    for iri, publication in publications.items():
        yield from _publication(iri, publication)
    for key in sorted(studies):
        yield from _quads(study_iri(key), [(P.TYPE, P.STUDY_CLASS), (P.STUDY_KEY, text(key))])
    for source in sorted(sources & loads.keys()):
        yield from _load(loads[source])


def _evidence(
    statement: Statement, sid: str, evidence: Evidence, publication: ox.NamedNode, load: Load | None
) -> Iterator[ox.Quad]:
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, P.EVIDENCE_CLASS),
        (STANCES[evidence.stance], node(NS.STATEMENT + sid)),
        (P.PUBLICATION, publication),
    ]
    if evidence.study:
        pairs.append((P.STUDY, study_iri(evidence.study)))
    if evidence.parent_study:
        pairs.append((P.PARENT_STUDY, study_iri(evidence.parent_study)))
    if evidence.recounts:
        pairs.append((P.RECOUNTS, _BOOLEANS[True]))
    pairs += [(predicate, text(value)) for value, predicate in _filled(evidence)]
    eco = design(evidence.design).eco
    if eco:
        pairs.append((P.EVIDENCE_TYPE, entity_iri(eco)))
    for field, predicate in EVIDENCE_NUMBERS.items():
        number = attrgetter(field)(evidence)
        if number is not None:
            pairs.append((predicate, double(number) if field.startswith("effect.") else integer(number)))
    if load:
        pairs.append((P.GENERATED_BY, load.iri))
    subject = node(NS.EVIDENCE + Assertion(statement, evidence).evidence_id)
    graph = graph_iri(evidence.source)
    return (ox.Quad(subject, predicate, object_, graph) for predicate, object_ in pairs)


def _filled(evidence: Evidence) -> Iterator[tuple[str, ox.NamedNode]]:
    for field, predicate in EVIDENCE_TEXTS.items():
        part, _, inner = field.partition(".")
        value = getattr(evidence, part)
        value = getattr(value, inner) if inner else value
        if value:
            yield value, predicate


def _publication(iri: ox.NamedNode, publication: Publication) -> Iterator[ox.Quad]:
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (P.TYPE, P.PUBLICATION_CLASS),
        (P.IDENTIFIER, text(publication.key)),
    ]
    for field, predicate in PUBLICATION_TEXTS.items():
        value = getattr(publication, field)
        if value:
            pairs.append((predicate, text(value)))
    if publication.date:
        pairs.append((P.ISSUED, date_literal(publication.date)))
    day = last_day_literal(publication.date)
    if day:
        pairs.append((P.LAST_DAY, day))
    return _quads(iri, pairs)


def _load(load: Load) -> Iterator[ox.Quad]:
    pairs = [(P.SOURCE, text(load.source)), (P.FILE_SHA256, text(load.sha256))]
    pairs += [(predicate, text(value)) for predicate, value in ((P.RELEASE, load.release), (P.LICENSE, load.licence)) if value]
    graph = graph_iri(load.source)
    yield ox.Quad(load.iri, P.TYPE, P.LOAD_CLASS, graph)
    for predicate, value in pairs:
        yield ox.Quad(load.iri, predicate, value, graph)
