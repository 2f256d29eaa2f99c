"""The path index: the same steps as a graph in memory has, whatever evidence is left out; opened whole or built anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Claim, Context, Entity, Evidence, Publication, Statement
from ontologies.errors import BadInput
from queries.coherence import excluded
from queries.index.filters import EvidenceFilter
from queries.path_index import PathIndex
from queries.state_graph import broader_terms
from queries.steps import steps_of

GENES = ("HGNC:6010", "HGNC:6011", "HGNC:6012", "HGNC:6013")
ENTITIES = [
    Entity(GENES[0], "IL4", "Gene", roles=("Cytokine",)),
    Entity(GENES[1], "IL4R", "Gene", roles=("Receptor",)),
    Entity(GENES[2], "JAK1", "Gene", roles=("Kinase",)),
    Entity(GENES[3], "IFNG", "Gene", roles=("Cytokine", "Receptor")),
    Entity("DRUGBANK:DB12159", "dupilumab", "Drug"),
    Entity("ikg:il4r-antibody", "IL-4R antibody", "Treatment"),
    Entity("MONDO:0005340", "alopecia areata", "Disease"),
    Entity("MONDO:0019080", "alopecia totalis", "Disease"),
    Entity("CL:0000084", "T cell", "Cell"),
    Entity("CL:0000625", "CD8-positive T cell", "Cell"),
]
CURIES = [entity.curie for entity in ENTITIES]
RELATIONS = (
    "increases_activity_of", "decreases_activity_of", "decreases_expression_of", "produces", "contributes_to", "protects_against",
    "genetically_associated_with", "decreased_in", "is_a", "part_of", "severity_form_of", "manifestation_of", "treats", "binds",
    "positively_correlated_with", "predicts_response_to",
)  # fmt: skip
DESIGNS = ("in_vitro", "case_report", "hypothesis", "review", "cohort", "meta_analysis")
DAYS = st.dates(min_value=dt.date(2010, 1, 1), max_value=dt.date(2024, 12, 31))


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Contexts of few values, often empty, so that classes meet."""

    def some(*pool: str) -> tuple[str, ...]:
        return draw(st.lists(st.sampled_from(pool), max_size=1).map(tuple))

    return Context(
        cell=some("CL:0000084", "CL:0000625"), ligand=some(GENES[0], GENES[3]), disease=some("MONDO:0005340", "MONDO:0019080")
    )


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Findings of few studies, dated to the day, month or year or not at all, so that counting rules meet."""
    day = draw(DAYS).isoformat()
    date = draw(st.sampled_from((day, day[:7], day[:4], "")))
    precision: Any = {10: "day", 7: "month", 4: "year", 0: "unknown"}[len(date)]
    study = draw(st.sampled_from(("A", "B", "C", "D")))
    machine = draw(st.booleans())
    return Evidence(
        draw(st.sampled_from(("supports", "supports", "supports", "refutes", "null"))),
        Publication(f"PMID:{draw(st.integers(1, 10**6))}", date=date, precision=precision),
        study,
        draw(st.sampled_from(DESIGNS)),
        parent_study=draw(st.sampled_from(("", "", "A"))),
        recounts=draw(st.booleans()),
        extractor="REACH" if machine else "",
        agent_type="text_mining_agent" if machine else "manual_agent",
        source=draw(st.sampled_from(("corpus", "drugmechdb", "other"))),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Dense little graphs: claims meet, oppose each other and are made in several contexts."""
    known = draw(st.lists(st.sampled_from(ENTITIES), min_size=6, unique=True))
    pairs = st.tuples(st.sampled_from(CURIES), st.sampled_from(RELATIONS), st.sampled_from(CURIES))
    claims = draw(st.lists(pairs, min_size=1, max_size=12))
    found: list[Assertion] = []
    for _ in range(draw(st.integers(1, 30))):
        subject, relation, object_ = draw(st.sampled_from(claims))
        statement = Statement(subject, relation, object_, draw(st.just(Context()) | contexts()))
        found.append(Assertion(statement, draw(evidences())))
    return Graph.from_records([*known, *found])


def expected(graph: Graph) -> dict[Claim, Any]:
    """What the steps of a graph in memory say of every claim."""
    steps = steps_of(graph)
    return {
        arc.record.claim: (
            arc.sign, arc.kind, dict(arc.terms), steps.classes[arc.step_class],
            steps.table.costs[number], steps.table.node_costs[steps.numbers[arc.record.claim.subject]],
            arc.record.counts.support, arc.record.counts.refute, arc.record.counts.null, round(arc.record.counts.belief, 12),
        )
        for number, arc in enumerate(steps.arcs)
    }  # fmt: skip


def held(index: PathIndex) -> dict[Claim, Any]:
    """What the usable arcs of an index say of every claim."""
    found = {}
    for number in range(index.table.arcs):
        arc = index.arc(number)
        if arc.usable:
            claim = Claim(index.curies[arc.subject], arc.relation, index.curies[arc.object])
            found[claim] = (
                arc.sign, arc.kind, dict(arc.terms), index.classes[arc.step_class],
                index.table.costs[number], index.table.node_costs[arc.subject],
                arc.support, arc.refute, arc.null, round(arc.belief, 12),
            )  # fmt: skip
    return found


def broader_of(index: PathIndex) -> dict[str, frozenset[str]]:
    """What lies within what, of everything the graph knows."""
    return {curie: wider for curie in CURIES if (wider := frozenset(index.broader.get(curie, ())))}


filters = st.builds(
    EvidenceFilter,
    as_of=st.just("") | DAYS.map(dt.date.isoformat) | st.sampled_from(("2015", "2018-02")),
    sources=st.sets(st.sampled_from(("corpus", "drugmechdb"))).map(frozenset),
    context=st.just(Context()) | contexts(),
)


@settings(max_examples=20, deadline=None)
@given(graphs(), st.lists(filters, min_size=1, max_size=3))
def test_a_filtered_index_is_that_of_the_filtered_graph(graph: Graph, wanted: list[EvidenceFilter]) -> None:
    """Leaving evidence out of an index gives, step by step, what leaving it out of the graph and starting anew gives."""
    compare(graph, wanted)


def test_the_same_for_hundreds_of_small_graphs_in_one() -> None:
    """The same over many little graphs without a common node, indexed together."""
    random = Random(20181010)
    records: list[Entity | Assertion] = []
    for number in range(300):
        numbered = ((n, e.curie, e.curie.partition(":")[0]) for n, e in enumerate(ENTITIES) if not e.curie.startswith("ikg:"))
        names = {curie: f"{prefix}:{number:03}{n:04}" for n, curie, prefix in numbered}
        mine = [replace(e, curie=names[e.curie]) for e in ENTITIES if e.curie in names]
        records += random.sample(mine, random.randint(5, len(mine)))
        pairs = [random.sample(mine, 2) for _ in range(random.randint(2, 12))]
        claims = [(subject.curie, random.choice(RELATIONS), object_.curie) for subject, object_ in pairs]
        for _ in range(random.randint(1, 40)):
            subject, relation, object_ = random.choice(claims)
            cell, ligand = ((names[c],) if random.random() < 0.3 else () for c in ("CL:0000625", GENES[0]))
            made = Statement(subject, relation, object_, Context(cell=cell, ligand=ligand))
            records.append(Assertion(made, _finding(random, number)))
    compare(
        Graph.from_records(records),
        [
            EvidenceFilter(as_of="2016-06"), EvidenceFilter(sources=frozenset({"corpus"})),
            EvidenceFilter("2020", frozenset({"corpus", "other"}), Context(ligand=("HGNC:0070000",))),
        ],
    )  # fmt: skip


def _finding(random: Random, number: int) -> Evidence:
    date = random.choice(("", f"{random.randint(2010, 2024)}", f"{random.randint(2010, 2024)}-0{random.randint(1, 9)}"))
    precision: Any = {7: "month", 4: "year", 0: "unknown"}[len(date)]
    return Evidence(
        random.choice(("supports", "supports", "refutes", "null")),
        Publication(f"PMID:{random.randint(1, 10**7)}", date=date, precision=precision),
        f"study {number} {random.randint(1, 4)}", random.choice(DESIGNS), parent_study=random.choice(("", f"study {number} 1")),
        recounts=random.random() < 0.3, source=random.choice(("corpus", "drugmechdb", "other")),
    )  # fmt: skip


def compare(graph: Graph, wanted: list[EvidenceFilter]) -> None:
    """Hold the index of a graph, filtered in every way, against steps made anew from the filtered graph."""
    index = PathIndex.of_graph(graph)
    assert held(index) == expected(graph)
    for one in wanted:
        try:
            filtered = index.filtered(one)
        except BadInput:
            assert not one.sources <= set(index.sources)
            continue
        left = graph.as_of(one.as_of) if one.as_of else graph
        if one.sources:
            left = left.keep_evidence(lambda e, kept=one.sources: e.source in kept)  # type: ignore[misc]
        broader = broader_terms(graph)
        kept = {sid for sid, s in graph.statements.items() if not excluded(_setting(s), one.context, broader)}
        left = Graph(
            left.entities, {s: left.statements[s] for s in left.statements if s in kept},
            {s: found for s, found in left.evidence.items() if s in kept},
        )  # fmt: skip
        wider = broader_terms(left)
        assert held(filtered) == expected(left)
        assert broader_of(filtered) == {c: w for c in CURIES if (w := wider.get(c))}
        rows = range(filtered.table.nodes)
        assert [_row(filtered, node, into=True) for node in rows] == [_row(filtered, node, into=False) for node in rows]


def _setting(statement: Statement) -> Any:
    from queries.coherence import Setting

    return Setting(statement.context, statement.conditions)


def _row(index: PathIndex, node: int, *, into: bool) -> list[tuple[int, ...]]:
    """The arcs into a node, read from the reverse rows or found among all arcs: they must agree after filtering, too."""
    table = index.table
    if into:
        at = range(table.in_offsets[node], table.in_offsets[node + 1])
        found = [(table.in_arcs[n], table.in_tails[n]) for n in at]
    else:
        found = [(arc, index.tail(arc)) for arc in range(table.arcs) if table.heads[arc] == node]
    return sorted((arc, tail, table.costs[arc], table.kinds[arc]) for arc, tail in found)
