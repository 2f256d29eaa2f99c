"""What a shell runs and prints, without a terminal: answers, errors and their places, limits, parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from immunokg.console import Session
from immunokg.knowledge_graph import KnowledgeGraph
from immunokg.shell.answers import Table, table_of
from immunokg.shell.loop import converse
from immunokg.shell.placing import PlacedError, caret_lines
from immunokg.shell.session import Shell
from immunokg.shell.settings import Settings, engine_for, read_value
from kg.graph import Graph
from ontologies.errors import BackendError, BadInput, ImmunoKGError
from queries.cypher_engine.answer import CypherAnswer
from queries.cypher_engine.values import FrozenMap, Node, Relationship
from queries.query_errors import QueryStopped, error_at
from queries.sparql_engine.terms import Iri, Literal, Solutions, Triples, Truth

DRUG = Node(frozenset(("Entity", "Drug")), FrozenMap({"id": "DRUGBANK:DB12159", "name": "dupilumab"}))
LINK = Relationship("TREATS", "DRUGBANK:DB12159", "MONDO:0004980", FrozenMap({"statement_id": "s1", "support": 3}))
LABELS = "SELECT ?name { HGNC:6015 rdfs:label ?name }"


class CypherGraph(KnowledgeGraph):
    """A graph whose Cypher is answered by the test, to see what the engine is given."""

    def __init__(self, graph: Graph, answer: Callable[[str], CypherAnswer]) -> None:
        super().__init__(graph)
        self.asked: list[tuple[str, dict[str, Any], str, float | None, int | None]] = []
        self._reply = answer

    def cypher(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, engine: str = "arcadedb", timeout: float | None = None,
        limit: int | None = None, source: str = "query",
    ) -> CypherAnswer:  # fmt: skip
        """Note what was asked and answer as the test says."""
        self.asked.append((text, dict(parameters or {}), engine, timeout, limit))
        return self._reply(text)


@pytest.fixture(scope="module")
def graph(small_graph: Graph) -> Iterator[KnowledgeGraph]:
    """Return a small graph that answers SPARQL, with its process ended at the end."""
    opened = KnowledgeGraph(small_graph)
    yield opened
    Shell(Session(), opened, Settings()).close()


@pytest.fixture
def shell(graph: KnowledgeGraph) -> Shell:
    """Return a shell that prints CSV."""
    return Shell(Session(), graph, Settings(format="csv"))


def test_statements_run_in_turn(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Queries and commands of one text run one after the other; the choices hold for what follows."""
    shell.run(f"{LABELS};\n.format jsonl\n{LABELS}; ASK {{ HGNC:6015 a biolink:Gene }}")
    out, err = capsys.readouterr()
    assert out == 'name\nIL4R\n{"name": "IL4R"}\ntrue\n'
    assert err == ""


def test_language_changes_within_a_text(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """After .cypher the text is cut and asked as Cypher, on the engine and with the limits and parameters in force."""
    graph = CypherGraph(small_graph, lambda text: CypherAnswer(("n",), ((1,),)))
    shell = Shell(Session(), graph, Settings(format="csv", timeout=7, limit=5))
    shell.run(".param drug=dupilumab\n.cypher\nRETURN ';' AS a; RETURN 2\n.timeout 3\n.limit 9\n.param n=2\n\nRETURN $n")
    given = {"drug": "dupilumab"}
    assert graph.asked == [
        ("RETURN ';' AS a", given, "arcadedb", 7, 5), ("RETURN 2", given, "arcadedb", 7, 5),
        ("RETURN $n", {**given, "n": 2}, "arcadedb", 3, 9),
    ]  # fmt: skip
    assert capsys.readouterr().out == "n\n1\n" * 3


def test_what_an_engine_notes_is_said(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """Notices and a cut answer go to stderr, with what to do; at a terminal also the number of rows and the time."""
    answer = CypherAnswer(("d", "r"), ((DRUG, LINK),), "stopped at 1 rows", ("there is no label 'Drgu'",))
    shell = Shell(Session(), CypherGraph(small_graph, lambda text: answer), Settings("arcadedb"), interactive=True)
    shell.run("MATCH (d:Drgu)-[r]->() RETURN d, r")
    out, err = capsys.readouterr()
    assert out.splitlines()[2].startswith("(:Entity:Drug {id: DRUGBANK:DB1215")
    assert max(map(len, out.splitlines())) == 100
    assert err.splitlines()[:2] == [
        "note: there is no label 'Drgu'", "the answer was cut (stopped at 1 rows); .limit ROWS allows more",
    ]  # fmt: skip
    assert err.splitlines()[2].startswith("1 row in ")


@pytest.mark.parametrize(
    ("text", "says", "row"),
    [
        ("SELECT * { ?s ?p ?o } LIMT 3", "query:1:23: this is no word of SPARQL, at 'LIMT'", "SELECT * { ?s ?p ?o } LIMT 3"),
        (f"{LABELS};  SELECT * {{ ?s ?p ?o }} LIMT 3", "query:1:69:", f"{LABELS};  SELECT * {{ ?s ?p ?o }} LIMT 3"),
        (f"{LABELS}\n\nSELECT * {{\n  ?s nope:p ?o }}", "query:4:6: the prefix is not declared, at 'nope:p'", "  ?s nope:p ?o }"),
        ("DROP ALL", "query:1:1: DROP is an update", "DROP ALL"),
    ],
)
def test_errors_have_their_place_in_the_whole_text(shell: Shell, text: str, says: str, row: str) -> None:
    """Line and column count in all that was typed, not in the statement alone."""
    with pytest.raises(PlacedError) as caught:
        shell.run(text)
    assert str(caught.value).startswith(says)
    assert caught.value.row == row


def test_errors_of_cypher_have_their_place_too(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever engine finds the fault, it is shown under the place in what was typed."""

    def refuse(text: str) -> CypherAnswer:
        raise error_at(text, text.index("DELETE"), "DELETE", "query", "this writes", "a query only reads")

    shell = Shell(Session(), CypherGraph(small_graph, refuse), Settings("arcadedb"))
    with pytest.raises(PlacedError) as caught:
        shell.run("// all\n\tMATCH (n)\n  DELETE n")
    shell.say_error(caught.value)
    assert capsys.readouterr().err.splitlines() == [
        "query:3:3: this writes, at 'DELETE' (a query only reads)", "    DELETE n", "    ^"
    ]


@pytest.mark.parametrize(
    ("text", "family", "says"),
    [
        ("ASK {}\n.nope", BadInput, "q.rq:2:1: there is no command .nope"),
        ("ASK {\n\n}}", BadInput, "q.rq:3:2: this bracket closes nothing"),
        (".query no_such", BadInput, "q.rq:1:1: there is no question 'no_such'"),
        ("# a\n  .limit 0", BadInput, "q.rq:2:3: '0' is no number of rows"),
    ],
)
def test_errors_of_files_name_file_and_line(shell: Shell, text: str, family: type[ImmunoKGError], says: str) -> None:
    """What is read from a file says where in it every fault is, commands included."""
    with pytest.raises(family) as caught:
        shell.run(text, "q.rq")
    assert str(caught.value).startswith(says)


def test_a_stopped_query_keeps_its_family(shell: Shell) -> None:
    """A query that takes too long is a failed backend, not bad input; what comes after it runs."""
    shell.settings.timeout = 0.05
    long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    with pytest.raises(BackendError, match=r"q\.rq:1:1: the query was stopped after 0\.05 s"):
        shell.run(long, "q.rq")
    with pytest.raises(QueryStopped, match=r"stopped after 0\.05 s"):
        shell.run(long)
    shell.settings.timeout = 30
    shell.run(LABELS)


def test_long_answers_are_cut_at_the_limit(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """The limit of rows holds, and says so."""
    shell.run(".limit 2\nSELECT ?s { ?s ?p ?o }")
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert ".limit ROWS allows more" in err
    assert shell.last is not None
    assert len(shell.last.rows) == 2


def test_tables_are_parted_in_a_script(graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    """Between two tables for readers stands an empty line."""
    Shell(Session(), graph, Settings(format="markdown")).run(f"{LABELS}; {LABELS}")
    table = "| name |\n|---|\n| IL4R |\n"
    assert capsys.readouterr().out == f"{table}\n{table}"


def test_every_answer_is_a_table() -> None:
    """Rows, truth and triples print in every form; terms are CURIEs, numbers and text."""
    iri, three = Iri("http://identifiers.org/hgnc/6015"), Literal("3.5", "http://www.w3.org/2001/XMLSchema#decimal")
    assert list(table_of(Solutions(("g", "n"), ((iri, three), (None, None)))).lines("csv")) == ["g,n", "HGNC:6015,3.5", ","]
    assert json.loads("".join(table_of(Solutions(("n",), ((three,),))).lines("json"))) == [{"n": "3.5"}]
    assert list(table_of(Triples(((iri, iri, three),))).lines("tsv"))[1] == "HGNC:6015\tHGNC:6015\t3.5"
    assert [list(table_of(Truth(value)).lines("json")) for value in (True, False)] == [["true"], ["false"]]
    assert list(table_of(Truth(True)).lines("csv")) == ["answer", "true"]
    nodes = table_of(CypherAnswer(("d",), ((DRUG,),)))
    assert list(nodes.lines("csv"))[1] == '"(:Entity:Drug {id: DRUGBANK:DB12159, name: dupilumab})"'
    parsed = json.loads("".join(nodes.lines("json")))[0]["d"]
    assert parsed["properties"] == {"id": "DRUGBANK:DB12159", "name": "dupilumab"}


def test_values_are_shortened_for_a_terminal() -> None:
    """Long text is cut to the width; a control character never reaches the terminal."""
    lines = list(Table(("a", "b"), (("x" * 300, "\x1b[2Jend"),)).lines("text", width=60))
    assert max(map(len, lines)) <= 60
    assert "…" in lines[2]
    assert "\x1b" not in lines[2]


@pytest.mark.parametrize(
    ("row", "column", "width", "expected"),
    [
        ("ASK { x }", 7, 80, ("  ASK { x }", "        ^")),
        ("\tASK", 2, 80, ("   ASK", "   ^")),
        ("ASK", 99, 80, ("  ASK", "     ^")),
        ("# 日本 x", 6, 80, ("  # 日本 x", "         ^")),
        ("a\x1b[2Jb", 6, 80, ("  a?[2Jb", "       ^")),
        ("", 1, 80, ("  ", "  ^")),
    ],
)
def test_carets_stand_under_their_place(row: str, column: int, width: int, expected: tuple[str, str]) -> None:
    """Tabs, wide letters and ends of lines do not move the caret; control characters are not printed."""
    assert caret_lines(row, column, width) == expected


def test_long_lines_are_cut_around_the_caret() -> None:
    """However long the line, the place is on the screen."""
    row = "".join(f"{number:04}" for number in range(500))
    for column in (1, 57, 999, 1999, 2000):
        line, caret = caret_lines(row, column, 60)
        assert len(line) <= 60
        assert len(caret) <= 60
        assert line[len(caret) - 1] == row[column - 1]
        assert line[2:] in row


@pytest.mark.parametrize(
    ("language", "engine", "chosen"),
    [(None, None, "oxigraph"), ("sparql", None, "oxigraph"), ("cypher", None, "arcadedb"), (None, "neo4j", "neo4j"),
     ("cypher", "neo4j", "neo4j"), ("sparql", "oxigraph", "oxigraph")],
)  # fmt: skip
def test_language_follows_from_the_engine(language: str | None, engine: str | None, chosen: str) -> None:
    """Either option is enough; both may be given when they agree."""
    assert engine_for(language, engine) == chosen


@pytest.mark.parametrize(("language", "engine"), [("sparql", "arcadedb"), ("sparql", "neo4j"), ("cypher", "oxigraph")])
def test_contradicting_options_are_refused(language: str, engine: str) -> None:
    """An engine is never asked in a language that it does not speak."""
    with pytest.raises(BadInput, match=f"leave out --language {language}, or --engine {engine}"):
        engine_for(language, engine)
    with pytest.raises(BadInput, match="use one of: oxigraph, arcadedb, neo4j"):
        Settings("blazegraph")


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("-0.5", -0.5), ("true", True), ("null", None), ('"5"', "5"), ("[1, 2]", [1, 2]), ('{"a": 1}', {"a": 1}),
     ("dupilumab", "dupilumab"), ("HGNC:6015", "HGNC:6015"), ("2018-10-10", "2018-10-10"), ("Infinity", "Infinity"), ("[", "[")],
)  # fmt: skip
def test_parameters_are_json_or_text(text: str, value: object) -> None:
    """Numbers, truth, lists and maps are written as in JSON; all else is text."""
    assert read_value(text) == value
    assert type(read_value(text)) is type(value)


def test_completion_finds_entities_of_the_graph(shell: Shell) -> None:
    """Names, synonyms and CURIEs; a single letter finds nothing yet."""
    assert [entity.curie for entity in shell.find("Dupixe")] == ["DRUGBANK:DB12159"]
    assert shell.find("d") == ()


class _Typed:
    """Stands for the user: returns one text after the other; an exception among them is raised."""

    def __init__(self, *texts: str | type[BaseException]) -> None:
        self.texts = iter(texts)

    def __call__(self) -> str:
        found = next(self.texts)
        if isinstance(found, str):
            return found
        raise found


def test_a_conversation_goes_on_after_errors(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """An error is printed and the next text is asked for; Ctrl-C clears the line, Ctrl-D ends."""
    converse(shell, _Typed("ASK {", KeyboardInterrupt, "", ".nope", LABELS, EOFError, "never asked"))
    out, err = capsys.readouterr()
    assert out == "name\nIL4R\n"
    assert err.splitlines() == [
        "query:1:5: this bracket is never closed, at '{' (add '}')", "  ASK {", "      ^",
        "there is no command .nope; .help lists the commands",
    ]  # fmt: skip


def test_a_query_is_stopped_and_the_next_one_runs(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while a query runs says so; the conversation goes on."""

    def answer(text: str) -> CypherAnswer:
        if "slow" in text:
            raise KeyboardInterrupt
        return CypherAnswer(("n",), ((1,),))

    shell = Shell(Session(), CypherGraph(small_graph, answer), Settings("arcadedb", "csv"))
    converse(shell, _Typed("RETURN 'slow'; RETURN 2", "RETURN 1", ".quit", "never asked"))
    out, err = capsys.readouterr()
    assert out == "n\n1\n"
    assert err == "\nstopped\n"


def test_a_defect_does_not_end_the_session(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """An error nobody foresaw is one line, with its trace on request, and the session goes on."""

    def fail(text: str) -> CypherAnswer:
        raise ZeroDivisionError("a defect")

    for verbose in (False, True):
        shell = Shell(Session(verbose=verbose), CypherGraph(small_graph, fail), Settings("arcadedb"))
        converse(shell, _Typed("RETURN 1", "quit"))
        err = capsys.readouterr().err
        assert "internal error (ZeroDivisionError: a defect); this is a defect of ImmunoKG" in err
        assert ("Traceback" in err) is verbose


def test_a_broken_pipe_ends_the_session(small_graph: Graph) -> None:
    """When nobody reads the answers any more, nothing more is asked."""

    def fail(text: str) -> CypherAnswer:
        raise BrokenPipeError

    shell = Shell(Session(), CypherGraph(small_graph, fail), Settings("arcadedb"))
    with pytest.raises(BrokenPipeError):
        converse(shell, _Typed("RETURN 1", "RETURN 2"))
