"""Each command on the built-in graph: what it prints, in every form."""

from __future__ import annotations

import csv
import io
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from immunokg.cli import main

RECORD = {
    "graph": {"_id": "DB12159_MESH_D003876_1", "drug": "dupilumab", "disease": "Atopic dermatitis"},
    "nodes": [
        {"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
        {"id": "UniProt:P24394", "label": "Protein", "name": "Interleukin-4 receptor subunit alpha"},
    ],
    "links": [{"key": "decreases activity of", "source": "MESH:C582203", "target": "UniProt:P24394"}],
}


def _out(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code, capsys.readouterr().err
    return capsys.readouterr().out


def test_explain_prints_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    """The page names both sides, the clinical evidence and what is missing."""
    page = _out(capsys, "explain", "dupilumab", "alopecia areata")
    for words in ("BENEFIT observed", "HARM observed", "CLINICAL EVIDENCE", "alopecia totalis"):
        assert words in page


def test_explain_as_json_is_of_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON form has the keys that scripts rely on."""
    answer = json.loads(_out(capsys, "explain", "dupilumab", "alopecia areata", "--format", "json", "--k", "3"))
    assert {"question", "clinical", "benefit", "harm", "fork", "conditions", "missing"} <= answer.keys()
    for side in ("benefit", "harm"):
        assert sum(not path["hypothesis"] for path in answer[side]["paths"]) == 3
    schema = json.loads((files("queries") / "explanation.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(answer)


def test_explain_in_the_past(capsys: pytest.CaptureFixture[str]) -> None:
    """As of 1 October 2018 the index report of 10 October is out, the case of January is in, both sides have a mechanism."""
    text = _out(capsys, "explain", "dupilumab", "alopecia areata", "--as-of", "2018-10-01", "--format", "json")
    answer = json.loads(text)
    assert "DOI:10.1001/jamadermatol.2018.2976" not in text
    assert any(finding["evidence"]["date"].startswith("2018-01") for finding in answer["clinical"])
    assert answer["question"]["left_out_undated"] > 0
    assert answer["benefit"]["paths"]
    assert answer["harm"]["paths"]


def test_explain_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    """Markdown has headings and no terminal codes."""
    page = _out(capsys, "explain", "baricitinib", "alopecia areata", "--format", "markdown")
    assert page.startswith("# ")


def test_explain_draws_a_figure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """--figure writes the picture beside the page and says where on stderr."""
    target = tmp_path / "why.svg"
    assert main(["explain", "dupilumab", "alopecia areata", "--figure", str(target)]) == 0
    assert capsys.readouterr().err == f"figure: {target}\n"
    assert target.read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("text", "curie"),
    [("Dupixent", "DRUGBANK:DB12159"), ("CD124", "HGNC:6015"), ("HGNC:6015", "HGNC:6015"), ("alopecai areata", "MONDO:0005340")],
)
def test_search_finds_names_synonyms_curies_and_typos(capsys: pytest.CaptureFixture[str], text: str, curie: str) -> None:
    """The best hit stands first."""
    assert json.loads(_out(capsys, "search", text, "--format", "json"))[0]["curie"] == curie


def test_search_within_a_category(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the category asked for is listed."""
    rows = json.loads(_out(capsys, "search", "IL-4", "--category", "Gene", "--format", "json"))
    assert rows
    assert {row["category"] for row in rows} == {"Gene"}


def test_tables_have_the_same_rows_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON, JSON lines, CSV, TSV, Markdown and text list the same entities."""
    def ask(form: str) -> str:
        return _out(capsys, "search", "IL4", "--limit", "5", "--format", form)

    curies = [row["curie"] for row in json.loads(ask("json"))]
    assert [json.loads(line)["curie"] for line in ask("jsonl").splitlines()] == curies
    assert [row["curie"] for row in csv.DictReader(io.StringIO(ask("csv")))] == curies
    assert [row["curie"] for row in csv.DictReader(io.StringIO(ask("tsv")), delimiter="\t")] == curies
    assert [line.split("|")[1].strip() for line in ask("markdown").splitlines()[2:]] == curies
    assert [line.split()[0] for line in ask("text").splitlines()[2:]] == curies


def test_sparql_from_text_file_and_stdin(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The three ways to give a query give the same answer."""
    query = "SELECT ?name { HGNC:6015 rdfs:label ?name }"
    (tmp_path / "q.rq").write_text(query, "utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    answers = {_out(capsys, "sparql", given, "--format", "csv") for given in (query, f"@{tmp_path / 'q.rq'}", "-")}
    assert answers == {"name\nIL4R\n"}


def test_sparql_construct_prints_triples(capsys: pytest.CaptureFixture[str]) -> None:
    """A CONSTRUCT is printed as N-Triples, or as a table of three columns."""
    query = "CONSTRUCT { HGNC:6015 rdfs:label ?n } { HGNC:6015 rdfs:label ?n }"
    line = '<http://identifiers.org/hgnc/6015> <http://www.w3.org/2000/01/rdf-schema#label> "IL4R" .\n'
    assert _out(capsys, "sparql", query) == line
    assert json.loads(_out(capsys, "sparql", query, "--format", "jsonl"))["object"] == "IL4R"


def test_stats_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Every table of the counts sums to its total."""
    counts = json.loads(_out(capsys, "stats", "--format", "json"))
    assert sum(counts["statements_by_relation"].values()) == counts["totals"]["statements"] >= 850
    assert sum(counts["evidence_by_stance"].values()) == counts["totals"]["evidence"] >= 1050
    assert sum(counts["entities_by_category"].values()) == counts["totals"]["entities"]
    assert "evidence by design" in _out(capsys, "stats")


def test_validate_finds_nothing_in_the_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """The built-in graph keeps every rule and shape."""
    assert _out(capsys, "validate") == ""
    assert _out(capsys, "validate", "--format", "json") == "[\n]\n"


def test_subgraph_lists_and_saves(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A part is listed as a table, or saved by the ending of the file."""
    rows = json.loads(_out(capsys, "subgraph", "--around", "IL4R", "--tier", "structural", "--format", "json"))
    assert {row["relation"] for row in rows} >= {"part_of"}
    target = tmp_path / "il4r.ttl"
    assert _out(capsys, "subgraph", "--around", "IL4R", "--out", str(target)) == ""
    assert "rdf:" in target.read_text("utf-8")


@pytest.mark.parametrize("form", ["graphml", "turtle", "nquads", "trig", "jsonld"])
def test_export_to_stdout_and_file_are_equal(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, form: str) -> None:
    """`-` and a file get the same bytes."""
    target = tmp_path / "part"
    assert main(["export", form, "--around", "IL13", "--out", str(target)]) == 0
    capfdbinary.readouterr()
    assert main(["export", form, "--around", "IL13", "--out", "-"]) == 0
    assert capfdbinary.readouterr().out == target.read_bytes()


def test_export_of_a_picture_and_of_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Pictures show explanations; CSV is a directory."""
    picture = tmp_path / "why.png"
    _out(capsys, "export", "png", "--explain", "dupilumab", "alopecia areata", "--out", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    query = "SELECT ?d { ?d ikg:decreases_activity_of ?x }"
    _out(capsys, "export", "neo4j-csv", "--query", query, "--out", str(tmp_path / "csv"))
    assert (tmp_path / "csv" / "import.args").is_file()


def test_sources_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Name, release and licence of everything that can be loaded."""
    rows = {row["name"]: row for row in json.loads(_out(capsys, "sources", "--format", "json"))}
    assert rows.keys() == {"corpus", "drugmechdb"}
    assert rows["drugmechdb"]["licence"] == "CC0-1.0"


def _record_file(tmp_path: Path, *records: object) -> str:
    path = tmp_path / "paths.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return str(path)


def test_load_makes_a_graph_with_the_corpus(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A new directory holds the corpus and the source; loading again changes nothing; counts of the claim join."""
    target = tmp_path / "mine.ikg"
    file = _record_file(tmp_path, RECORD)
    report = json.loads(_out(capsys, "load", "drugmechdb", file, "--into", str(target), "--report", "json"))
    assert report["read"]["records"] == 1
    first = json.loads(_out(capsys, "stats", "--graph", str(target), "--format", "json"))
    assert first["evidence_by_source"]["drugmechdb"] == 1
    assert first["evidence_by_source"]["corpus"] >= 1050
    _out(capsys, "load", "drugmechdb", file, "--into", str(target))
    assert json.loads(_out(capsys, "stats", "--graph", str(target), "--format", "json")) == first


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """--dry-run reads, reports and leaves the folder as it was."""
    file = _record_file(tmp_path, RECORD)
    assert "records: 1" in _out(capsys, "load", "drugmechdb", file, "--dry-run")
    assert [path.name for path in tmp_path.iterdir()] == ["paths.jsonl"]


def test_a_faulty_file_leaves_the_graph_as_it_was(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Faults are listed with file and line, exit code 2, and the graph that was there stays byte for byte."""
    target = tmp_path / "mine.ikg"
    _out(capsys, "load", "drugmechdb", _record_file(tmp_path, RECORD), "--into", str(target))
    before = {path: path.read_bytes() for path in target.rglob("*.parquet")}
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(RECORD) + '\n{"graph": 7}\nno json\n', "utf-8")
    assert main(["load", "drugmechdb", str(bad), "--into", str(target)]) == 2
    err = capsys.readouterr().err
    assert re.search(r"bad\.jsonl:2", err)
    assert re.search(r"bad\.jsonl:3", err)
    assert {path: path.read_bytes() for path in target.rglob("*.parquet")} == before
    assert main(["load", "drugmechdb", str(bad), "--into", str(target), "--lenient"]) == 1


def test_build_with_a_source(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`build --from` is the corpus with the source in one step, and gives the digest that `load` gives."""
    file = _record_file(tmp_path, RECORD)
    built = json.loads(
        _out(capsys, "build", "--from", f"drugmechdb={file}", "--out", str(tmp_path / "a.ikg"), "--format", "json")
    )
    _out(capsys, "load", "drugmechdb", file, "--into", str(tmp_path / "b.ikg"))
    loaded = json.loads((next((tmp_path / "b.ikg").glob("g-*")) / "manifest.json").read_text("utf-8"))
    assert built["digest"] == loaded["digest"]
    assert [source["name"] for source in built["sources"]] == ["corpus", "drugmechdb"]
