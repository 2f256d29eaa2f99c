"""What the guard refuses before a text reaches the engine, and that it refuses nothing else."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from ontologies.errors import BadInput
from queries.query_errors import QueryError
from queries.sparql_engine.guard import MAX_BYTES, check_query
from queries.sparql_engine.worker import prefixes
from tests.sparql_spellings import load_spellings, mutated, service_spellings


def refused(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        check_query(text)
    return caught.value


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


# SERVICE and LOAD


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """Give a port of this machine, and the list of all who call there."""
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as server:

        def listen() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:  # closed at the end
                    return
                heard.append(address)
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


ENGINE = """
import json, sys
import pyoxigraph
store, ran = pyoxigraph.Store(), 0
for text in json.load(sys.stdin):
    for ask in (store.query, store.update):
        try:
            found = ask(text)
            ran += 1
            if not isinstance(found, (pyoxigraph.QueryBoolean, type(None))):
                for row in found:
                    break
        except (OSError, RuntimeError, SyntaxError, ValueError):
            continue
print(ran)
"""


def run_unguarded(texts: list[str]) -> int:
    """Run texts as queries and as updates on the engine as it is, with all its ways to the network; return how many ran."""
    done = subprocess.run([sys.executable, "-c", ENGINE], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return int(done.stdout)


def passed(texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            check_query(text)
        except BadInput:
            continue
        found.append(text)
    return found


def test_no_spelling_of_service_or_load_passes() -> None:
    """Of 14,000 spellings with comments, case, escapes and neighbours that confuse a lexer, none passes."""
    texts = service_spellings(9, 11_000) + load_spellings(9, 3_000)
    assert len(set(texts)) == 14_000
    assert passed(texts) == []


def test_nothing_that_passes_reaches_the_network() -> None:
    """Of 6,000 spellings with random slips those that pass are run by the engine itself, unwalled: nobody is called."""
    with listening() as (port, heard):
        spelled = service_spellings(port, 1_000) + load_spellings(port, 500)
        slips = mutated(spelled, 6_000)
        through = passed(slips)
        assert through
        run_unguarded(through)
        assert heard == []
        assert run_unguarded(spelled) > 0
        assert len(heard) > 20, "without the guard the engine calls, so the listener hears"


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


# What passes


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


LEGAL = (Path(__file__).parent / "cases" / "sparql_syntax" / "legal.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", LEGAL)
def test_legal_syntax_passes(text: str) -> None:
    """Every construct of the SPARQL 1.1 and 1.2 grammars is accepted, and the engine agrees that it is one."""
    check_query(text)
    ox.Store().query(text, base_iri="http://example.org/", prefixes=prefixes())


def test_shipped_queries_pass(repo_root: Path) -> None:
    """No query that comes with the package, its pages or its examples is refused."""
    files = sorted((repo_root / "queries" / "sparql").glob("*.rq"))
    assert files
    for file in files:
        check_query(file.read_text(encoding="utf-8"), source=file.name)
