"""The path index: the same steps as a graph in memory has, whatever evidence is left out; opened whole or built anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, replace
from pathlib import Path
from random import Random
from shutil import copytree, rmtree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.directory import Source, build_graph, read_generation, resolve
from kg.graph import Graph
from kg.model import Assertion, Claim, Context, Entity, Evidence, Publication, Statement
from ontologies.errors import BackendError, BadInput
from queries.coherence import excluded
from queries.index.columns import Columns, write_columns
from queries.index.filters import EvidenceFilter
from queries.path_index import VIEW, PathIndex, open_index
from queries.state_graph import broader_terms
from queries.steps import steps_of
from tests.step_graphs import CURIES, DAYS, DESIGNS, ENTITIES, GENES, RELATIONS, contexts, graphs


def expected(graph: Graph) -> dict[Claim, Any]:
    """What the steps of a graph in memory say of every claim."""
    steps = steps_of(graph)
    return {
        arc.record.claim: (
            arc.sign, arc.kind, dict(arc.terms), astuple(steps.classes[arc.step_class]),
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
                arc.sign, arc.kind, dict(arc.terms), astuple(index.classes[arc.step_class]),
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


@settings(max_examples=15, deadline=None)
@given(graphs(), st.lists(filters, min_size=1, max_size=3))
def test_a_filtered_index_is_that_of_the_filtered_graph(graph: Graph, wanted: list[EvidenceFilter]) -> None:
    """Leaving evidence out of an index gives, step by step, what leaving it out of the graph and starting anew gives."""
    compare(graph, wanted)


def test_the_same_for_hundreds_of_small_graphs_in_one() -> None:
    """The same over many little graphs without a common node, indexed together."""
    random = Random(20181010)
    records: list[Entity | Assertion] = []
    for number in range(200):
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
            left = left.keep_evidence(lambda e, kept=one.sources: e.source in kept)  # type: ignore[misc]  # mypy infers no lambda with defaults
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph directory of a few facts with its index."""
    place = tmp_path_factory.mktemp("graph") / "g.ikg"
    acts = [Statement(GENES[0], "increases_activity_of", curie) for curie in GENES[1:]]
    facts = [Assertion(statement, _finding(Random(n), n)) for n, statement in enumerate(acts)]
    facts += [Assertion(Statement(GENES[1], "produces", GENES[2]), _finding(Random(n), n)) for n in range(20)]
    build_graph(place, [Source("corpus", [*ENTITIES, *facts])])
    open_index(resolve(place))
    return place


@pytest.fixture
def generation(built: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may harm: its current generation."""
    copytree(built, tmp_path / "g.ikg")
    return resolve(tmp_path / "g.ikg")


def test_the_index_on_disk_is_that_of_the_graph(generation: Path) -> None:
    """Built from the tables of a graph directory, mapped, filtered: the same steps as from the graph in memory."""
    graph = read_generation(generation)
    index = open_index(generation)
    assert held(index) == expected(graph)
    assert held(index.filtered(EvidenceFilter(as_of="2018"))) == expected(graph.as_of("2018"))
    assert index.filtered(EvidenceFilter()) is index
    assert [index.node(curie) is not None for curie in (*CURIES, "HGNC:1")] == [True] * len(CURIES) + [False]


def test_the_index_is_the_same_bytes_every_time(generation: Path) -> None:
    """Built twice from equal tables, in memory or out of it, the files are equal."""
    before = {path.name: path.read_bytes() for path in sorted((generation / VIEW).iterdir())}
    rmtree(generation / VIEW)
    open_index(generation)
    assert {path.name: path.read_bytes() for path in sorted((generation / VIEW).iterdir())} == before
    assert set(before) == {"arcs.bin", "columns.bin"}


@pytest.mark.parametrize("name", ["arcs.bin", "columns.bin"])
@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "header", "other"])
def test_a_damaged_index_is_built_anew(generation: Path, name: str, harm: str) -> None:
    """Whatever happened to a file of the view, opening it gives the right steps."""
    file = generation / VIEW / name
    content = file.read_bytes()
    if harm == "missing":
        file.unlink()
    else:
        changed = {"empty": b"", "cut": content[: len(content) // 2], "header": b"x" * 100 + content[100:], "other": b"\0" * 9000}
        file.write_bytes(changed[harm])
    assert held(open_index(generation)) == expected(read_generation(generation))
    assert file.read_bytes() == content


def test_an_index_made_by_other_rules_is_built_anew(generation: Path) -> None:
    """A file that says it was made with other weights is not believed."""
    file = generation / VIEW / "columns.bin"
    columns = Columns.open(file)
    write_columns(file.with_suffix(".new"), {name: columns[name] for name in columns}, {**columns.meta, "rules": "older"})
    file.with_suffix(".new").replace(file)
    assert held(open_index(generation)) == expected(read_generation(generation))
    assert Columns.open(file).meta["rules"] != "older"


def test_damaged_tables_are_told(generation: Path) -> None:
    """When the graph itself cannot be read there is one line with the fix."""
    rmtree(generation / VIEW)
    (generation / "claims.parquet").write_bytes(b"nothing")
    with pytest.raises(BackendError, match="immunokg build"):
        open_index(generation)
