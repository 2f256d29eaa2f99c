"""Users' SPARQL: what is refused and where, what comes back, and that nothing takes the process down."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pytest

from kg.graph import Graph
from kg.triplestore import ensure_store
from ontologies.errors import BackendError, BadInput
from queries.query_errors import QueryError, QueryStopped
from queries.sparql_engine.guard import MAX_BYTES, check_query
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Triples, TripleTerm, Truth
from queries.sparql_engine.worker import SparqlWorker, prefixes
from tests.limits import HANG

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_store(tmp_path_factory.mktemp("generation"), lambda: small_graph)


@pytest.fixture(scope="module")
def worker(store: Path) -> Iterator[SparqlWorker]:
    with SparqlWorker(store, timeout=20) as worker:
        yield worker


def refused(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        check_query(text)
    return caught.value



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


# What is wrong with a text, and where


@pytest.mark.parametrize(
    ("text", "line", "column", "near", "says"),
    [
        ("SELECT * {\n ?s a ?o } LIMT 3", 2, 12, "LIMT", "did you mean LIMIT?"),
        ("SELECT * {\n ?s nope:p ?o }", 2, 5, "nope:p", "the prefix is not declared"),
        ("SELECT * {\n ?s a ?o", 1, 10, "{", "never closed"),
        ("SELECT * { ?s a ?o ]", 1, 20, "]", "closes another one"),
        ("SELECT * { ?s a drug }", 1, 17, "drug", "no word of SPARQL"),
        ("SELECT ?x (COUNT(*) AS ?c) { ?x a ?o }", 1, 39, "", "neither grouped nor bound"),
        ("SELECT * { ?s ikg:x/ ?o }", 1, 22, "?o", "not SPARQL"),
        ("", 1, 1, "", "something is missing"),
        ("ASK { ?s ?p 'a }", 1, 13, "'", "this string is never closed"),
    ],
)  # fmt: skip
def test_syntax_errors_say_where(worker: SparqlWorker, text: str, line: int, column: int, near: str, says: str) -> None:
    """A text that is no SPARQL is refused in one line with line, column and the offending text of the user's own."""
    with pytest.raises(QueryError) as caught:
        worker.query(text, source="why.rq")
    error = caught.value
    assert (error.line, error.column, error.text) == (line, column, near)
    assert says in str(error)
    assert str(error).startswith(f"why.rq:{line}:{column}: ")
    assert "\n" not in str(error)
    assert error.faults[0].line == line


def test_unknown_function_is_named(worker: SparqlWorker) -> None:
    """A function the engine lacks is a fault of the query, not of the engine."""
    with pytest.raises(QueryError, match="ikg/nothing"):
        worker.query("SELECT (<http://ikg/nothing>(1) AS ?x) {}")


@pytest.mark.parametrize("word", ["INSERT DATA", "DELETE WHERE", "LOAD", "CLEAR ALL", "DROP ALL", "CREATE GRAPH", "MOVE", "load"])
def test_updates_are_refused(word: str) -> None:
    """Nothing that changes a graph passes."""
    error = refused(f"{word} <http://example.org/x>")
    assert (error.line, error.column) == (1, 1)
    assert "read-only" in str(error)


def test_size_depth_and_encoding_are_limited() -> None:
    """Texts over 64 kB, nesting deeper than 64 and broken Unicode are refused."""
    assert "65,536" in str(refused("#" * (MAX_BYTES + 1)))
    check_query("SELECT * " + "{" * 64 + "}" * 64)
    assert "deeper than 64" in str(refused("SELECT * " + "{" * 65 + "}" * 65))
    assert "deeper than 64" in str(refused("SELECT * {?s ?p " + "(" * 2235))
    assert "deeper than 64" in str(refused("SELECT * {FILTER(1<" + "(" * 70 + ">"))
    assert "Unicode" in str(refused("ASK { ?s ?p '\ud800' }"))


def test_codepoint_escapes_pass_in_strings_only() -> None:
    r"""``\u0053`` is a character in a string and a trick elsewhere."""
    check_query(r"""ASK { ?s ?p "\u0053ERVICE", '''\U0001F600''' }""")
    assert refused(r"SELECT * { \u0053ERVICE <http://x> {} }").column == 12
    assert refused(r"ASK { ?s <http://x/\u0053> ?o }").text == r"\u0053"
    assert refused(r"ASK { ?s ex:\u0053 ?o }").text == r"\u0053"


# SERVICE


def service_spellings() -> list[str]:
    """Return some thousand ways to write a SERVICE clause, some of them SPARQL and some not."""
    words = ["SERVICE", "service", "Service", "sErViCe", r"\u0053ERVICE", r"SERV\u0049CE", r"\U00000053ERVICE"]
    gaps = ["", " ", "\n", "\t", "\r", "#c\n", " # } \" ' <\n", "\n#\n", "\ufeff"]
    silents = ["", "SILENT", "silent", "SILENT#\n"]
    targets = ["<http://127.0.0.1:9/>", "?x", "$x", "ikg:x", ":x", "<http://127.0.0.1:9/#'>", "<relative>"]
    befores = [
        "", "?s ?p ?o .", "?s ?p 1", "?s ?p true", "?s ?p 'x'", "?s ?p '''x'''", '?s ?p """a"b"""', "BIND(1 AS ?y)",
        "FILTER(?a<?b)", "FILTER(?a<'x>')", "FILTER(?a<?b)#>\n", "?s ?p ex:y.", "?s ?p 'x'@en ", "OPTIONAL {}", "{} UNION",
        "GRAPH ?g {", "?s ?p '''a' } #'''", "VALUES ?v {'''a'} ", "FILTER EXISTS {", "MINUS {", "?s ?p 1.", "?s ?p ''",
    ]  # fmt: skip
    chosen = random.Random(20180701)
    every = itertools.product(words, gaps, silents, gaps, targets, befores)
    sample = chosen.sample(list(every), 3000)
    return [f"SELECT * {{ {before}{word}{g}{silent}{h}{target}{{?s ?p ?o}} }}" for word, g, silent, h, target, before in sample]


def test_no_spelling_of_service_passes_the_guard() -> None:
    """Of 3,000 spellings with comments, case, escapes and neighbours that confuse a lexer, none passes."""
    passed = []
    for text in service_spellings():
        try:
            check_query(text)
        except BadInput:
            continue
        passed.append(text)
    assert passed == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(?a<'x>') SERVICE <http://x> {?s ?p ?o} FILTER(?b<'y') }",
        "SELECT * { ?s ?p ?o FILTER(?a<?b)SERVICE#>\n<http://x> {?s ?p ?o} }",
        "SELECT * { VALUES ?x {'''a'} SERVICE <http://x> {?s ?p ?o} BIND('''' AS ?y) }",
        'SELECT * { FILTER(?a<?b)#> """\n SERVICE <http://x> {?s ?p ?o} #"""\n }',
        "SELECT * { ?s ?p ex:a.SERVICE<http://x>{?s ?p ?o} }",
        "SELECT * { ?s ?p 1SERVICE?x{} }",
        "PREFIX service: <http://x/> SELECT * { SERVICEservice:x {} }",
    ],
)
def test_service_hidden_from_one_reading_is_refused(text: str) -> None:
    """Where two readings of a text are possible, the one with a SERVICE clause counts."""
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        'ASK { ?s rdfs:label "health service" }',
        "ASK { ?s ?p ?service } # SERVICE is not used here",
        "ASK { <http://example.org/service/1> ?p <http://www.w3.org/ns/sparql-service-description#x> }",
        "ASK { <http://example.org/Th2_(cell)> ?p ex:service }",
        "SELECT (COUNT(?load) AS ?n) { ?load a ikg:Load ; ikg:source 'load' FILTER(?a<?b && ?c>?d) }",
        """ASK { ?s ?p "a\\"b", 'c\\'d', \"\"\"e "f" g\"\"\", '''h''' }""",
    ],
)
def test_harmless_texts_pass(text: str) -> None:
    """Words, names and comments that only look dangerous are accepted."""
    check_query(text)


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


# Bombs


BOMBS = {
    "braces": "SELECT * " + "{" * 2235 + "}" * 2235,
    "lists": "SELECT * { ?s ?p " + "(" * 600 + ")" * 600 + "}",
    "negations": "SELECT * { FILTER(" + "!" * 60_000 + "true) }",
    "sum": "SELECT (1" + "+1" * 30_000 + " AS ?x) {}",
    "and": "SELECT * { FILTER(" + "true&&" * 10_000 + "true) }",
    "path": "SELECT * { ?s ikg:a" + "/ikg:a" * 9_000 + " ?o }",
    "alternatives": "SELECT * { ?s ikg:a" + "|ikg:a" * 9_000 + " ?o }",
    "joins": "SELECT * {" + "".join(f"?v{i} ?p{i} ?w{i}." for i in range(1500)) + "}",
    "unions": "SELECT * {" + "{ ?s ?p ?o } UNION " * 3_000 + "{}}",
    "optionals": "SELECT * {" + "OPTIONAL { ?s ?p ?o } " * 2_500 + "}",
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?i",
    "doubling": "SELECT ?z { BIND('aaaaaaaa' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40)) + " BIND(?a40 AS ?z) }",
    "regex": "ASK { FILTER(REGEX('" + "a" * 30_000 + "', '(a*)*(a*)*(a*)*b')) }",
    "replace": "SELECT (STRLEN(REPLACE('" + "a" * 20_000 + "', 'a', '" + "b" * 20_000 + "')) AS ?n) {}",
    "hub path": "SELECT (COUNT(*) AS ?n) { ?a (!ikg:x|^!ikg:x)* ?b . ?c (!ikg:x|^!ikg:x)* ?d . ?e (!ikg:x|^!ikg:x)* ?f }",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_and_the_next_query_answers(store: Path, name: str) -> None:
    """Whatever a query does, it ends at its limit and the next one is answered."""
    with SparqlWorker(store, timeout=1.0, memory_mb=1200) as worker:
        assert worker.query("ASK { ?s ?p ?o }")
        started = time.monotonic()
        with contextlib.suppress(QueryError, QueryStopped):
            worker.query(BOMBS[name])
        assert time.monotonic() - started < HANG
        started = time.monotonic()
        assert worker.query("ASK { ?s ?p ?o }", timeout=5)
        assert time.monotonic() - started < HANG


def test_the_time_limit_is_kept(store: Path) -> None:
    """A query that would run for hours ends after the time allowed and says what to do."""
    with SparqlWorker(store) as worker:
        worker.query("ASK { ?s ?p ?o }")
        started = time.monotonic()
        with pytest.raises(QueryStopped, match=r"stopped after 1.5 s; make it narrower"):
            worker.query(BOMBS["product"], timeout=1.5)
        assert 1.5 <= time.monotonic() - started < HANG


def test_an_answer_too_large_is_refused(store: Path) -> None:
    """An answer beyond the cap in bytes is stopped with advice, not collected."""
    nine = ", ".join(["?big"] * 9)
    text = f"SELECT (CONCAT({nine}) AS ?x) {{ BIND('{'x' * 30_000}' AS ?big) ?a ?b ?c . ?d ?e ?f }}"
    with SparqlWorker(store) as worker:
        with pytest.raises(QueryStopped, match="larger than 128 MB; add LIMIT"):
            worker.query(text)
        assert worker.query("ASK { ?s ?p ?o }")


# The process


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
