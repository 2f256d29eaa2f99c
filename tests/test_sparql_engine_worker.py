"""Users' SPARQL: what comes back, and the process that answers."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pyoxigraph
import pytest

from kg.graph import Graph
from kg.triplestore import ensure_store
from ontologies.errors import BackendError, BadInput
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Triples, TripleTerm, Truth
from queries.sparql_engine.worker import SparqlWorker, prefixes

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_store(tmp_path_factory.mktemp("generation"), lambda: small_graph)


@pytest.fixture(scope="module")
def worker(store: Path) -> Iterator[SparqlWorker]:
    with SparqlWorker(store, timeout=20) as worker:
        yield worker


def test_select_returns_typed_terms_under_named_columns(worker: SparqlWorker) -> None:
    """A SELECT gives columns and rows of terms, and Python values on request."""
    answer = worker.query(
        "SELECT ?drug ?sign { ?s rdf:subject ?drug ; rdf:predicate ikg:decreases_activity_of ; ikg:sign ?sign }"
    )
    assert isinstance(answer, Solutions)
    assert answer.columns == ("drug", "sign")
    assert answer.rows == ((Iri("http://identifiers.org/drugbank/DB12159"), Literal("-1", f"{XSD}integer")),)
    assert answer.values() == [("DRUGBANK:DB12159", -1)]
    assert answer.truncated == ""


def test_every_kind_of_term_arrives(worker: SparqlWorker) -> None:
    """Numbers, language tags, unbound variables, blank nodes and triple terms keep their kind."""
    text = (
        'SELECT (1.5 AS ?a) (1e3 AS ?b) ("x"@en AS ?c) (1/0 AS ?d) (true AS ?e) (BNODE("n") AS ?f) '
        "(<<( HGNC:6015 ikg:value 1 )>> AS ?g) (2 AS ?h) {}"
    )
    answer = worker.query(text)
    assert isinstance(answer, Solutions)
    row = answer.rows[0]
    assert answer.values()[0][:5] == (Decimal("1.5"), 1000.0, "x", None, True)
    assert row[2] == Literal("x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en")
    assert isinstance(row[5], BlankNode)
    assert row[6] == TripleTerm(
        Iri("http://identifiers.org/hgnc/6015"), Iri("https://w3id.org/immunokg/value"), Literal("1", f"{XSD}integer")
    )


def test_ask_is_a_truth_value(worker: SparqlWorker) -> None:
    """An ASK gives Truth, which is usable in an if."""
    assert worker.query("ASK { ?e ikg:refutes ?s }") == Truth(True)
    assert not worker.query("ASK { ?s ikg:positively_affects ?o . ?s ikg:negatively_affects ?o }")


def test_construct_and_describe_give_triples(worker: SparqlWorker) -> None:
    """CONSTRUCT and DESCRIBE give triples of terms."""
    made = worker.query("CONSTRUCT { ?s a ikg:Thing } WHERE { ?s a biolink:Gene }")
    assert isinstance(made, Triples)
    assert [triple[0].python for triple in made] == ["HGNC:6015"]
    described = worker.query("DESCRIBE HGNC:6015")
    assert isinstance(described, Triples)
    assert any(str(object_) == "IL4R" for _, _, object_ in described)


def test_refuted_claim_has_no_direct_triple_here_either(worker: SparqlWorker) -> None:
    """Dupilumab does not plainly ameliorate the disease when one study supports it and three do not."""
    assert not worker.query("ASK { DRUGBANK:DB12159 biolink:ameliorates_condition MONDO:0005340 }")


def test_our_prefixes_need_no_declaration_and_can_be_declared_anew(worker: SparqlWorker) -> None:
    """Every prefix of the table is known, and a PREFIX line of the user's wins."""
    assert prefixes()["HGNC"] == "http://identifiers.org/hgnc/"
    assert worker.query("ASK { HGNC:6015 rdfs:label ?x }")
    assert worker.query("PREFIX HGNC: <http://identifiers.org/drugbank/> ASK { HGNC:DB12159 rdfs:label ?x }")


def test_rows_beyond_the_limit_are_cut_and_said(worker: SparqlWorker) -> None:
    """A longer answer comes cut, with the reason."""
    answer = worker.query("SELECT ?s { ?s ?p ?o }", max_rows=3)
    assert isinstance(answer, Solutions)
    assert (len(answer), answer.truncated) == (3, "stopped at 3 rows")
    whole = worker.query("SELECT ?s { ?s a biolink:Gene }", max_rows=1)
    assert isinstance(whole, Solutions)
    assert (len(whole), whole.truncated) == (1, "")


def test_many_rows_arrive_in_batches(worker: SparqlWorker) -> None:
    """An answer of more rows than one message holds is whole."""
    text = "SELECT ?x { VALUES ?x { " + " ".join(map(str, range(2000))) + " } } ORDER BY ?x"
    answer = worker.query(text)
    assert isinstance(answer, Solutions)
    assert [row[0] for row in answer.values()] == list(range(2000))


def test_control_characters_arrive(worker: SparqlWorker) -> None:
    """Text comes back with every character, line breaks and quotes included."""
    answer = worker.query('SELECT ?t { ?p dct:title ?t FILTER(CONTAINS(?t, "two")) }')
    assert isinstance(answer, Solutions)
    assert answer.values() == [("A title\nin two lines",)]


# The process


def test_the_worker_cannot_reach_the_network_even_past_the_guard(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the guard stands a process that can open no socket: a listener hears nothing."""
    monkeypatch.setattr("queries.sparql_engine.worker.check_query", lambda *_, **__: None)
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server, SparqlWorker(store) as worker:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        for text in (
            f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{}} }}",
        ):
            with pytest.raises((BadInput, BackendError)):
                worker.query(text)
        with contextlib.suppress(TimeoutError):
            heard.append(server.accept())
        assert worker.query("ASK { ?s ?p ?o }")
    assert heard == []


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is one of Linux")
def test_the_process_gives_up_sockets_and_programs() -> None:
    """After it, every thread is refused a socket and a program, also threads that ran before; files can be read."""
    script = """
        import os, socket, subprocess, sys, threading
        from queries.sparql_engine.process import _give_up_calls
        go, found = threading.Event(), []
        def attempts():
            go.wait()
            for attempt in (socket.socket, lambda: os.execv(sys.executable, [sys.executable, "-c", ""])):
                try:
                    attempt()
                except PermissionError:
                    found.append(True)
        thread = threading.Thread(target=attempts)
        thread.start()
        _give_up_calls()
        go.set()
        thread.join()
        attempts()
        open(sys.executable, "rb").close()
        print(len(found))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "4"


def test_a_store_of_many_files_is_read_whole(tmp_path: Path) -> None:
    """The engine opens the files of a large store when it needs them, after the process has walled itself in."""
    store = tmp_path / "store"
    filled = pyoxigraph.Store(str(store))
    for part in range(20):
        lines = (f'<x:s{i}> <x:p{i % 7}> "{i}" <x:g{i % 5}> .' for i in range(part, 3000, 20))
        filled.bulk_load("\n".join(lines), format=pyoxigraph.RdfFormat.N_QUADS)
    filled.flush()
    del filled
    assert len(list(store.glob("*.sst"))) > 32, "no more files than the engine opens at once"
    texts = ["SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }", "SELECT ?o { ?o ^(!<x:y>) ?s }"]
    whole = pyoxigraph.Store.read_only(str(store))
    for text in texts:
        with SparqlWorker(store) as worker:
            answer = worker.query(text)
            assert isinstance(answer, Solutions)
            expected = whole.query(text, use_default_graph_as_union=True)
            assert isinstance(expected, pyoxigraph.QuerySolutions)
            assert len(answer.rows) == len(list(expected))


def test_the_process_is_kept_and_ends_with_the_worker(store: Path) -> None:
    """One process answers many queries, and none is left behind."""
    with SparqlWorker(store) as worker:
        worker.query("ASK { ?s ?p ?o }")
        first = worker.pid
        worker.query("ASK { ?s ?p ?o }")
        assert first is not None
        assert worker.pid == first
        process = psutil.Process(first)
        writable = [file.path for file in process.open_files() if file.mode not in ("r", "rb")]
        assert [path for path in writable if path != "/dev/null"] == []
        assert process.net_connections() == []
    assert not psutil.pid_exists(first)


def test_a_killed_process_is_replaced(store: Path) -> None:
    """When the process is killed between queries, the next query starts another."""
    with SparqlWorker(store) as worker:
        worker.query("ASK { ?s ?p ?o }")
        assert worker.pid is not None
        psutil.Process(worker.pid).kill()
        time.sleep(0.2)
        assert worker.query("ASK { ?s ?p ?o }")


def test_threads_may_share_a_worker(worker: SparqlWorker) -> None:
    """Queries of several threads each get their own answer."""
    found: dict[int, object] = {}

    def ask(number: int) -> None:
        answer = worker.query(f"SELECT ({number} AS ?n) {{}}")
        found[number] = answer.values() if isinstance(answer, Solutions) else None

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [(n,)] for n in range(8)}


def test_a_store_that_is_missing_or_damaged_is_said(tmp_path: Path) -> None:
    """No store and no valid store are errors of the backend with a fix."""
    with pytest.raises(BackendError, match="build the graph first"), SparqlWorker(tmp_path / "none") as worker:
        worker.query("ASK {}")
    (tmp_path / "bad.nq").write_text("this is not RDF\n")
    with pytest.raises(BackendError, match="cannot be opened"), SparqlWorker(tmp_path / "bad.nq") as worker:
        worker.query("ASK {}")


def test_a_damaged_store_is_said(small_graph: Graph, tmp_path: Path) -> None:
    """A store whose files were damaged is an error of the backend, not a dead process."""
    path = ensure_store(tmp_path, lambda: small_graph)
    (path / "CURRENT").write_text("nonsense\n")
    with pytest.raises(BackendError, match=r"cannot be opened.*rebuild it"), SparqlWorker(path) as worker:
        worker.query("ASK {}")


def test_sorted_n_quads_answer_as_the_store_does(small_graph: Graph, worker: SparqlWorker, tmp_path: Path) -> None:
    """A file of N-Quads is as good as a store."""
    from kg.rdf import write_rdf

    (tmp_path / "graph.nq").write_bytes(write_rdf(small_graph, "nquads"))
    with SparqlWorker(tmp_path / "graph.nq") as other:
        text = "SELECT DISTINCT ?s ?n { ?s a ikg:Statement ; ikg:support_count ?n } ORDER BY ?s"
        assert other.query(text) == worker.query(text)
