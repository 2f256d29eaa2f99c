"""What each command of the shell does, and what it says to a slip."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from immunokg.console import Session
from immunokg.knowledge_graph import KnowledgeGraph
from immunokg.shell.command_words import COMMANDS
from immunokg.shell.dot_commands import run_command
from immunokg.shell.schema import describe
from immunokg.shell.session import Shell
from immunokg.shell.settings import Settings
from kg.graph import Graph
from ontologies.errors import BackendError, BadInput, ImmunoKGError, UnknownThing
from queries.cypher_engine.answer import CypherAnswer

LABELS = "SELECT ?name { HGNC:6015 rdfs:label ?name }"


@pytest.fixture(scope="module")
def graph(small_graph: Graph) -> Iterator[KnowledgeGraph]:
    """Return a small graph that answers SPARQL, with its process ended at the end."""
    opened = KnowledgeGraph(small_graph)
    yield opened
    Shell(Session(), opened, Settings()).close()


@pytest.fixture
def shell(graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell that prints CSV, in an empty folder, with no server named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEO4J_URI", raising=False)
    return Shell(Session(), graph, Settings(format="csv"))


def test_help_lists_every_command(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command is told in one line that fits a terminal, and how to type a query below."""
    shell.run(".help")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[: len(COMMANDS)]] == list(COMMANDS)
    assert max(map(len, lines)) <= 100
    assert any("Alt-Enter" in line for line in lines)
    shell.run(".help save\n.help .limit;")
    assert "Save the last answer" in capsys.readouterr().out


def test_every_command_is_documented(repo_root: Path) -> None:
    """docs/shell.md tells of each command, and of no other."""
    page = (repo_root / "docs" / "shell.md").read_text("utf-8")
    table = page.partition("## Commands")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\.[a-z]+)", "\n".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))))
    assert told == set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (".hlep", "did you mean .help?"),
        (".sav x.csv", "did you mean .save?"),
        (".querys", "did you mean .query?"),
        (".tables", "did you mean .schema?"),
        (".mode csv", "did you mean .format?"),
        (":help", "did you mean .help?"),
        (":exit", "did you mean .quit?"),
        (":param x => 1", "did you mean .param?"),
        ("\\q", "did you mean .quit?"),
        ("\\dt", "did you mean .schema?"),
        ("\\?", "did you mean .help?"),
        (".xyzzy", "there is no command .xyzzy; .help lists the commands"),
        (".", "there is no command .; .help lists the commands"),
        (".help nothing", "there is no command .nothing"),
        (".quit now", ".quit takes nothing after it"),
        (".engine neo4", "did you mean neo4j?"),
        (".engine blazegraph", "use one of: oxigraph, arcadedb, neo4j"),
        (".format cvs", "did you mean csv?"),
        (".timeout soon", "'soon' is no number of seconds; write .timeout 60"),
        (".timeout 0", "write a number of seconds above 0"),
        (".timeout nan", "write a number of seconds above 0"),
        (".timeout inf", "write a number of seconds above 0"),
        (".limit many", "'many' is no number of rows; write .limit 500"),
        (".limit 1.5", "write a whole number from 1"),
        (".limit inf", "write a whole number from 1"),
        (".param drug", "write .param drug=dupilumab"),
        (".param 1x=2", "write .param drug=dupilumab"),
        (".query", "which question? write .query targets_of_drug drug=dupilumab"),
        (".query x 'a", "cannot read that (No closing quotation)"),
        (".query targets_of_drug dupilumab", "is not NAME=VALUE; put a value with blanks into quotes"),
        (".query targets_of_drug drug=a drug=b", "parameter drug is given twice"),
        (".query targets_of_drug drg=IL4R", "there is no parameter 'drg'"),
        (".query target_of_drug", "nearest: targets_of_drug"),
        (".query targets_of_drug drug=dupilumap", "nearest: dupilumab"),
        (".show", "which question?"),
        (".show nothing_like_it", "there is no question"),
        (".find", "what? write .find dupilumab"),
        (".schema Drgu", "did you mean Drug"),
        (".schema decreases_activty_of", "did you mean decreases_activity_of"),
        (".read", "which file? write .read questions.rq"),
        (".read none.rq", "cannot read none.rq"),
        (".save", "which file? write .save answer.csv"),
        (".save x.csv", "there is no answer to save yet"),
    ],
)
def test_slips_are_told_with_what_was_meant(shell: Shell, line: str, says: str) -> None:
    """A misspelt command, value or name is one message with the nearest that there is; nothing is changed."""
    before = (shell.settings.engine, shell.settings.format, shell.settings.timeout, shell.settings.limit)
    with pytest.raises((BadInput, UnknownThing)) as caught:
        run_command(shell, line)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert before == (shell.settings.engine, shell.settings.format, shell.settings.timeout, shell.settings.limit)


def test_engine_and_language_go_together(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choosing an engine chooses its language; .cypher comes back to the engine that was used for it last."""
    seen = []
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    for line in (".cypher", ".sparql", ".engine neo4j", ".sparql", ".cypher", ".engine ARCADEDB", ".engine oxigraph", ".cypher"):
        shell.run(line)
        seen.append((shell.settings.language, shell.settings.engine, shell.settings.prompt))
    arcadedb, oxigraph = ("cypher", "arcadedb", "cypher> "), ("sparql", "oxigraph", "sparql> ")
    neo4j = ("cypher", "neo4j", "cypher neo4j> ")
    assert seen == [arcadedb, oxigraph, neo4j, oxigraph, neo4j, arcadedb, oxigraph, arcadedb]
    assert capsys.readouterr() == ("", "")
    shell.run(".engine")
    assert capsys.readouterr().err == "Cypher on arcadedb\n"


def test_a_server_that_is_not_named_is_told_at_once(shell: Shell) -> None:
    """Without NEO4J_URI there is no server to choose."""
    with pytest.raises(ImmunoKGError, match="NEO4J_URI"):
        shell.run(".engine neo4j")
    assert shell.settings.engine == "oxigraph"


def test_choices_are_set_and_told(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a value a command says what holds."""
    shell.run(".format TSV\n.timeout 2.5\n.limit 1,500\n.format\n.timeout\n.limit\n.timeout 60s;")
    assert capsys.readouterr().err.splitlines() == ["format tsv", "timeout 2.5 s", "limit 1,500 rows"]
    assert (shell.settings.format, shell.settings.timeout, shell.settings.limit) == ("tsv", 60, 1500)


def test_parameters_are_kept_listed_and_removed(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A parameter is JSON or text; an empty value takes it away."""
    shell.run('.params\n.param $drug = alopecia areata\n.param ids=["IL4", "IL13"]\n.param n=3\n.param n=\n.params\n.param')
    out, err = capsys.readouterr()
    assert out.splitlines() == ['drug="alopecia areata"', 'ids=["IL4", "IL13"]'] * 2
    assert err.splitlines() == ["no parameters; .param NAME=VALUE gives one"]
    assert shell.settings.parameters == {"drug": "alopecia areata", "ids": ["IL4", "IL13"]}


def test_questions_are_listed_shown_and_asked(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """The catalogue: found by words, shown in the language in force without its header, asked with names for entities."""
    shell.run(".queries targets of a drug")
    assert capsys.readouterr().out.splitlines()[1].startswith("targets_of_drug,")
    shell.run(".queries nothingwhatever")
    assert "no question speaks of 'nothingwhatever'" in capsys.readouterr().err
    shell.run(".show targets_of_drug\n.cypher\n.show targets-of-drug\n.sparql")
    sparql, cypher = capsys.readouterr().out.split("targets_of_drug:")[1:]
    assert "SELECT DISTINCT ?target" in sparql
    assert "RETURN DISTINCT" in cypher
    assert "  drug=DRUGBANK:DB12159" in cypher
    assert "# title" not in sparql
    shell.run('.query targets_of_drug drug="Dupixent" min_support=1')
    assert capsys.readouterr().out.splitlines()[1].startswith("HGNC:6015,IL4R,Gene,decreases_activity_of")


def test_entities_are_found(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Names with typos, and how many statements speak of each."""
    shell.run(".find Dupixnet")
    assert capsys.readouterr().out.splitlines()[1] == "DRUGBANK:DB12159,dupilumab,Drug,Dupixent,4"
    shell.run(".find zzzzzzzz")
    assert capsys.readouterr() == ("", "nothing is called 'zzzzzzzz' or spelled like it\n")


def test_schema_counts_classes_and_properties(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """In SPARQL: every class and property with how often it occurs and what it means."""
    shell.run(".schema")
    rows = [line.split(",", 3) for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["kind", "name", "count", "meaning"]
    assert ["class", "ikg:Statement", "4"] in [row[:3] for row in rows]
    assert ["property", "ikg:supports", "4"] in [row[:3] for row in rows]
    assert ["property", "rdfs:label", "4"] in [row[:3] for row in rows]
    assert all(row[3] for row in rows if row[1].startswith("ikg:"))


def test_schema_counts_labels_and_types(small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """In Cypher: every label and type; on a server only what is ours, without the label that says so."""
    asked = []

    class Counted(KnowledgeGraph):
        """A graph whose counts the test says."""

        def cypher(self, text: str, *_: object, **__: object) -> CypherAnswer:
            asked.append(text)
            rows = (("FROM", 7),) if "type(r)" in text else (("Entity", 4), ("ImmunoKG", 9), ("Their own", 1))
            return CypherAnswer(("name", "count"), rows)

    for engine, ours in (("arcadedb", False), ("neo4j", True)):
        Shell(Session(), Counted(small_graph), Settings(engine, "csv")).run(".schema")
        assert all((":ImmunoKG" in text) is ours for text in asked)
        assert capsys.readouterr().out.splitlines() == [
            "kind,name,count,meaning", "label,Entity,4,anything the graph speaks of", "label,Their own,1,",
            "type,FROM,7,Evidence → Publication",
        ]  # fmt: skip
        asked.clear()


def test_one_word_of_the_schema_is_described() -> None:
    """Labels and types with their properties, classes and properties of RDF with or without the prefix."""
    named, held = describe(":Condition")
    assert named.startswith("Condition (label): ")
    assert held == "properties: id (text), variable (text), operator (text), value (text), unit (text)"
    assert list(describe("SUBJECT")) == ["SUBJECT (type): Statement → Entity", "no properties"]
    assert "statement_id (text)" in list(describe("TREATS"))[1]
    assert list(describe("ikg:treats")) == list(describe("treats"))
    assert next(describe("biolink:Gene")).startswith("biolink:Gene (class): ")
    assert next(describe("rdfs:label")).startswith("rdfs:label (property)")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.csv", b"name\nIL4R\n"), ("a.TSV", b"name\nIL4R\n"), ("a.json", b'[\n  {"name": "IL4R"}\n]\n'), ("a.jsonl", b'{"name"'),
     ("with blanks.md", b"| name |\n|---|\n| IL4R |\n"), ("a.txt", b"name\n")],
)  # fmt: skip
def test_answers_are_saved_by_ending(shell: Shell, tmp_path: Path, name: str, begins: bytes) -> None:
    """The ending says the form; a file that was there is replaced, and nothing else is left in the folder."""
    (tmp_path / name).write_text("old", "utf-8")
    shell.run(f"{LABELS};\n.save {name}")
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_was_cut_is_said_when_it_is_saved(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A saved answer that lacks rows says so."""
    shell.run('.limit 1\nSELECT ?s { ?s ?p ?o };\n.save "a.csv"')
    assert capsys.readouterr().err.splitlines()[-1] == "saved 1 rows to a.csv (the answer was cut: stopped at 1 rows)"


def test_answers_that_cannot_be_saved(shell: Shell, tmp_path: Path) -> None:
    """Another ending, a folder, a folder that is not there: one message, and no file."""
    shell.run(LABELS)
    for line, says in ((".save a.xls", "use one of: .csv"), (".save x/a.csv", "cannot write x/a.csv"), (".save .", "the ending")):
        with pytest.raises((BadInput, BackendError), match=says.replace(".", r"\.")):
            shell.run(line)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of files are POSIX")
def test_saved_files_have_the_usual_mode(shell: Shell, tmp_path: Path) -> None:
    """A saved answer can be read by whoever the umask allows, unlike the history."""
    mask = os.umask(0o022)
    try:
        shell.run(f"{LABELS};\n.save a.csv")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o644


def test_files_are_read(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Statements, commands and other files in a file; what it chooses holds afterwards."""
    (tmp_path / "all of it.rq").write_text(f"\ufeff# all\n{LABELS}\n\n.format jsonl\n.read 'inner.rq'\nASK {{}}\n", "utf-8")
    (tmp_path / "inner.rq").write_text(f"{LABELS}\n", "utf-8")
    shell.run(f".read all of it.rq\n{LABELS}")
    assert capsys.readouterr().out.splitlines() == ["name", "IL4R", '{"name": "IL4R"}', "true", '{"name": "IL4R"}']


def test_files_end_at_the_first_error(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names the file in which it is; what stands below it is not run."""
    (tmp_path / "outer.rq").write_text("\n.read inner.rq\nASK {}\n", "utf-8")
    (tmp_path / "inner.rq").write_text("ASK {}\n\nASK {\n  ?s }}\n\nASK {}", "utf-8")
    with pytest.raises(BadInput, match=r"^inner\.rq:4:7: this bracket closes nothing"):
        shell.run(".read outer.rq")
    assert capsys.readouterr().out == "answer\ntrue\n"
    assert shell.depth == 0


def test_a_file_that_reads_itself_is_refused(shell: Shell, tmp_path: Path) -> None:
    """One message, not a flood."""
    (tmp_path / "a.rq").write_text(".read a.rq\n", "utf-8")
    with pytest.raises(BadInput, match="does one of them read itself") as caught:
        shell.run(".read a.rq")
    assert len(str(caught.value).splitlines()) == 1
    assert shell.depth == 0


@pytest.mark.parametrize("word", [".quit", ".exit", "quit", "EXIT;", "exit"])
def test_leaving(shell: Shell, capsys: pytest.CaptureFixture[str], word: str) -> None:
    """After .quit nothing more is run, wherever it stands."""
    shell.run(f"{word}\n{LABELS}")
    assert shell.leaving
    assert capsys.readouterr().out == ""


def test_results_are_json_that_programs_read(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Lists printed by commands are in the form in force, too."""
    shell.run(".format json\n.queries\n")
    listed = json.loads(capsys.readouterr().out)
    assert {"name", "question", "parameters"} == set(listed[0])
