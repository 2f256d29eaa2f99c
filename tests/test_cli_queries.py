"""Free queries and the catalogue from the command line: what is printed, in every form, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from immunokg.cli import main
from queries.catalogue import questions

TARGETS = ("query", "targets_of_drug", "--param", "drug=Dupixent")
SELECT = "SELECT ?drug ?name { ?drug ikg:decreases_activity_of ?gene ; rdfs:label ?name }"
CONSTRUCT = "CONSTRUCT { ?drug ?p HGNC:6015 } { ?drug ?p HGNC:6015 ; a biolink:Drug }"


def _out(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code, capsys.readouterr().err
    return capsys.readouterr().out


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """Return the one line of an error."""
    assert main(arguments) == code
    seen = capsys.readouterr()
    assert seen.out == ""
    return seen.err


def test_a_question_takes_names(capsys: pytest.CaptureFixture[str]) -> None:
    """A drug may be called by a synonym; the answer has the columns of the header."""
    rows = list(csv.DictReader(io.StringIO(_out(capsys, *TARGETS, "--format", "csv"))))
    assert rows[0]["target_name"] == "IL4R"
    assert list(rows[0]) == [column.name for column in questions()["targets_of_drug"].columns]


@pytest.mark.parametrize("engine", ["oxigraph", "arcadedb"])
def test_engines_print_the_same(capsys: pytest.CaptureFixture[str], engine: str) -> None:
    """The engine changes nothing that is printed."""
    assert _out(capsys, *TARGETS, "--engine", engine) == _out(capsys, *TARGETS)


def test_a_row_limit_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """An answer that is cut says so on stderr."""
    assert main([*TARGETS, "--limit", "1", "--format", "jsonl"]) == 0
    seen = capsys.readouterr()
    assert len(seen.out.splitlines()) == 1
    assert "the answer was cut" in seen.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "targets_of_drugs"), "nearest: targets_of_drug"),
        (("query", "targets_of_drug"), "'drug': must be given"),
        (("query", "targets_of_drug", "--param", "drog=dupilumab"), "did you mean 'drug'?"),
        (("query", "targets_of_drug", "--param", "drug=dupilumap"), "nearest: dupilumab"),
        (("query", "targets_of_drug", "--param", "drug=IL4R"), "is a Gene, where a Drug"),
        ((*TARGETS, "--param", "min_support=many"), "min_support"),
        ((*TARGETS, "--param", "drug=dupilumab"), "given twice"),
        ((*TARGETS, "--param", "drug"), "is not KEY=VALUE"),
        ((*TARGETS, "--engine", "mysql"), "'mysql' is not one of"),
    ],
    ids=["question", "missing", "parameter", "name", "category", "type", "twice", "form", "engine"],
)
def test_bad_questions_are_one_message(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    """An unknown question, parameter, name, value or engine is named, with what would do."""
    assert said in _refused(capsys, *arguments)


def test_no_row_is_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A question with no answer prints the head of the table and ends with 1."""
    text = _out(capsys, "query", "targets_of_drug", "--param", "drug=dupilumab", "--param", "min_support=999", code=1)
    assert text.splitlines()[0].startswith("target")


def test_queries_lists_finds_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """All questions by default, those that speak of a word, and one with both texts."""
    assert len(json.loads(_out(capsys, "queries", "--format", "json"))) == len(questions()) >= 30
    assert [row["name"] for row in json.loads(_out(capsys, "queries", "targets drug", "--format", "json"))]
    page = _out(capsys, "queries", "--show", "targets_of_drug")
    assert "SELECT DISTINCT" in page
    assert "MATCH" in page
    assert "Ask it: immunokg query targets_of_drug --param drug=" in page
    shown = json.loads(_out(capsys, "queries", "--show", "targets_of_drug", "--format", "json"))
    assert shown["parameters"][0]["required"] is True
    assert _out(capsys, "queries", "nothing like this", code=1) == ""


@pytest.mark.parametrize("language", ["sparql", "cypher"])
def test_a_shown_text_runs(capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str) -> None:
    """The text of a question, saved to a file, runs as a free query with its parameters."""
    file = tmp_path / "mine.txt"
    file.write_text(_out(capsys, "queries", "--show", "targets_of_drug", "--language", language), "utf-8")
    text = _out(capsys, language, f"@{file}", "-p", "drug=DRUGBANK:DB12159", "-p", "min_support=0", "--format", "json")
    assert "IL4R" in {row["target_name"] for row in json.loads(text)}


def test_language_needs_show(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that would do nothing is refused."""
    assert "--language goes with --show" in _refused(capsys, "queries", "--language", "cypher")


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("sparql-json", ox.QueryResultsFormat.JSON),
        ("sparql-xml", ox.QueryResultsFormat.XML),
        ("sparql-csv", None),
        ("sparql-tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_sparql_results_are_those_of_the_w3c(
    capsys: pytest.CaptureFixture[str], form: str, kind: ox.QueryResultsFormat | None
) -> None:
    """Another reader of each results format finds the row."""
    text = _out(capsys, "sparql", SELECT, "-p", "gene=HGNC:6015", "--format", form)
    if kind is None:
        assert text.splitlines() == ["drug,name", "http://identifiers.org/drugbank/DB12159,dupilumab"]
        return
    found = ox.parse_query_results(text, format=kind)
    assert isinstance(found, ox.QuerySolutions)
    assert [str(row["name"]) for row in found] == ['"dupilumab"']


@pytest.mark.parametrize(
    ("form", "kind"),
    [("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES), ("jsonld", ox.RdfFormat.JSON_LD),
     ("text", ox.RdfFormat.N_TRIPLES)],
)  # fmt: skip
def test_constructed_triples_are_rdf(capsys: pytest.CaptureFixture[str], form: str, kind: ox.RdfFormat) -> None:
    """Another parser reads the triples of a CONSTRUCT in every RDF format."""
    text = _out(capsys, "sparql", CONSTRUCT, "--format", form)
    triples = list(ox.parse(input=text, format=kind))
    assert triples
    assert {t.object for t in triples} == {ox.NamedNode("http://identifiers.org/hgnc/6015")}


def test_a_format_must_fit_the_query(capsys: pytest.CaptureFixture[str]) -> None:
    """Turtle is for triples, the results formats are for rows, and the message says which fit."""
    assert "use one of: sparql-json" in _refused(capsys, "sparql", SELECT, "--format", "turtle")
    assert "use one of: turtle" in _refused(capsys, "sparql", CONSTRUCT, "--format", "sparql-xml")


@pytest.mark.parametrize(("text", "code"), [("ASK { ?s a biolink:Gene }", 0), ("ASK { ?s a biolink:Nothing }", 1)])
def test_ask_in_every_form(capsys: pytest.CaptureFixture[str], text: str, code: int) -> None:
    """A yes or no is a word, a truth value in JSON and XML, and the exit code."""
    word = "true" if code == 0 else "false"
    assert _out(capsys, "sparql", text, code=code) == f"{word}\n"
    assert json.loads(_out(capsys, "sparql", text, "--format", "sparql-json", code=code))["boolean"] is (code == 0)
    assert f"<boolean>{word}</boolean>" in _out(capsys, "sparql", text, "--format", "sparql-xml", code=code)


def test_values_are_bound_not_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    """A value with a quote and a bracket is a name that nothing has, not a piece of the query."""
    text = "SELECT ?thing { ?thing rdfs:label ?name }"
    assert _out(capsys, "sparql", text, "-p", 'name=x" } UNION { ?thing a biolink:Gene', "--format", "jsonl", code=1) == ""
    assert "HGNC:6015" in _out(capsys, "sparql", text, "-p", "name=IL4R")


def test_cypher_in_every_form(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A table for people, JSON with the parts of a node for programs, a text from a file."""
    file = tmp_path / "drugs.cypher"
    file.write_text("MATCH (d:Drug)-[r:DECREASES_ACTIVITY_OF]->(g:Gene {name: $gene}) RETURN d, r, d.name AS name", "utf-8")
    given = ("cypher", f"@{file}", "--param", "gene=IL4R")
    assert "(:Entity:Drug" in _out(capsys, *given).replace("(:Entity:Biologic:Drug", "(:Entity:Drug")
    row = json.loads(_out(capsys, *given, "--format", "json"))[0]
    assert row["d"]["properties"]["id"] == "DRUGBANK:DB12159"
    assert "Drug" in row["d"]["labels"]
    assert row["r"]["type"] == "DECREASES_ACTIVITY_OF"
    assert row["r"]["properties"]["asserted"] is True
    line = next(csv.DictReader(io.StringIO(_out(capsys, *given, "--format", "csv"))))
    assert line["name"] == "dupilumab"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MATCH (n:Drug) RETRN n", "RETRN"),
        ("MATCH (n) DETACH DELETE n", "read"),
        ("CREATE (n:Drug) RETURN n", "read"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "LOAD CSV"),
        ("CALL dbms.listConfig()", "dbms.listConfig"),
        ("MATCH (d:Drug {name: $drug}) RETURN d", "drug"),
    ],
    ids=["syntax", "delete", "create", "load csv", "procedure", "parameter"],
)
def test_bad_cypher_is_one_message(capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """What is misspelt, what writes, what reaches files and what lacks a parameter is named in one message."""
    assert said in _refused(capsys, "cypher", text)


def test_an_unknown_label_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    """A label that nothing has gives no row and a note that says which was probably meant."""
    assert main(["cypher", "MATCH (n:Drugg) RETURN n.name"]) == 1
    assert "Drug" in capsys.readouterr().err


def test_a_server_that_is_not_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without NEO4J_URI the engine neo4j says what to set."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    assert main(["cypher", "RETURN 1", "--engine", "neo4j"]) in (2, 3)
    assert "NEO4J_URI" in capsys.readouterr().err
