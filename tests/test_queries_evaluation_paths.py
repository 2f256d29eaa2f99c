"""The whole evaluation on hand-made records whose answer is known, and a sample of the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from immunokg.cli import main
from immunokg.evaluating import evaluation_graph, read_gold
from queries.evaluation.paths import EMPTY, PathEvaluation, evaluate_paths
from queries.evaluation.ranking import METHODS
from queries.evaluation.report import to_text

DRUGS = {"a": "MESH:D000001", "b": "MESH:D000002", "c": "MESH:D000003"}
DISEASES = {"x": "MESH:D000011", "y": "MESH:D000012"}
GENE, PROCESS, OTHER = "UniProt:P00001", "GO:0000001", "GO:0000002"
LABELS = {GENE: "Protein", PROCESS: "BiologicalProcess", OTHER: "BiologicalProcess"}


def record(drug: str, disease: str, *links: tuple[str, str, str], number: int = 1) -> dict[str, Any]:
    ends = {DRUGS[drug]: "Drug", DISEASES[disease]: "Disease"}
    nodes = [{"id": i, "label": label, "name": i} for i, label in (ends | LABELS).items()]
    graph = {"_id": f"{drug}_{disease}_{number}", "drug_mesh": DRUGS[drug], "disease_mesh": DISEASES[disease]}
    told = [{"source": source, "key": key, "target": target} for source, key, target in links]
    return {"graph": graph, "nodes": nodes, "links": told}


def chain(drug: str, disease: str, *, through: str = PROCESS, number: int = 1) -> dict[str, Any]:
    """A drug lowers the gene, which drives a process, which drives the disease."""
    return record(
        drug, disease, (DRUGS[drug], "decreases activity of", GENE), (GENE, "positively regulates", through),
        (through, "causes", DISEASES[disease]), number=number,
    )  # fmt: skip


def written(folder: Path, *records: dict[str, Any], name: str = "r.jsonl") -> Path:
    file = folder / name
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return file


def evaluated(folder: Path, *records: dict[str, Any], **options: Any) -> PathEvaluation:
    file = written(folder, *records)
    graph = evaluation_graph([file], corpus=False)
    return evaluate_paths(graph, read_gold(file, graph), samples=20, **options)


def values(found: PathEvaluation, method: str, *measures: str) -> list[float | None]:
    [one] = [m for m in found.methods if m.method == method]
    return [one.everywhere[measure].value for measure in measures]


def test_what_other_records_say_is_found(tmp_path: Path) -> None:
    """Four records of two drugs and two diseases: each path can be joined from the other three."""
    found = evaluated(tmp_path, *(chain(drug, disease) for drug in "ab" for disease in "xy"))
    assert (found.questions, found.drugs, found.coverage.value, found.possible.value, found.elsewhere.value) == (4, 2, 1, 1, 1)
    for method in METHODS:
        assert values(found, method, "hit@1", "hit@k", "mrr", "best f1", "union f1", "best sign accuracy") == [1] * 6
    assert values(found, EMPTY, "hit@1", "hit@k", "best f1", "best sign accuracy") == [0, 0, 0, None]


def test_what_only_the_own_record_says_is_hidden(tmp_path: Path) -> None:
    """Without the fourth record nothing else says what the third drug acts on, or what drives the second disease."""
    found = evaluated(tmp_path, chain("a", "x"), chain("b", "x"), chain("c", "y"))
    assert found.coverage.value == found.possible.value == found.elsewhere.value == 0
    assert values(found, "immunokg", "hit@k", "best f1") == [0, 0]


def test_both_records_of_a_pair_are_hidden(tmp_path: Path) -> None:
    """A second record of the same pair gives nothing away; the pair counts once, and other pairs may use both."""
    found = evaluated(tmp_path, chain("a", "x"), chain("a", "x", number=2))
    assert (found.records, found.questions, found.coverage.value) == (2, 1, 0)
    found = evaluated(
        tmp_path, *(chain(drug, disease) for drug in "ab" for disease in "xy"), chain("a", "x", through=OTHER, number=2)
    )
    assert found.questions == 4
    assert values(found, "immunokg", "hit@1", "hit@k") == [0.75, 1]  # for b and x the second record's process leads to less


def test_a_wrong_sign_is_a_miss(tmp_path: Path) -> None:
    """One record says that drug a raises the gene, which lowers the process; the other record of a says that it lowers it.

    Asked about either, only the other is there: the gene's direction is wrong, the process's right.
    """
    own = record(
        "a", "x", (DRUGS["a"], "increases activity of", GENE), (GENE, "negatively regulates", PROCESS),
        (PROCESS, "causes", DISEASES["x"]),
    )  # fmt: skip
    found = evaluated(tmp_path, own, chain("a", "y"), chain("b", "x"), chain("b", "y"))
    [ours] = [m for m in found.methods if m.method == "immunokg"]
    assert ours.everywhere["hit@1"].value == 0.5
    assert ours.everywhere["hit@1 unsigned"].value == 1
    assert ours.everywhere["best sign accuracy"].value == pytest.approx(6 / 8)


def test_unknown_ends_and_links_without_sign(tmp_path: Path) -> None:
    """Pairs of which the graph holds nothing count as not answered, and are told apart."""
    graph_file, gold_file = written(tmp_path, chain("a", "x")), written(tmp_path, chain("b", "y"), name="g.jsonl")
    graph = evaluation_graph([graph_file], corpus=False)
    found = evaluate_paths(graph, read_gold(gold_file, graph), samples=20)
    assert (found.questions, found.unknown_ends, found.coverage.value) == (1, 1, 0)
    unsigned = record("a", "x", (DRUGS["a"], "regulates", GENE), (GENE, "causes", DISEASES["x"]))
    assert evaluated(tmp_path, unsigned, chain("b", "x")).signed.value == 0.5


def test_a_sample_and_the_same_seed(tmp_path: Path) -> None:
    """A sample asks fewer; the same seed gives the same numbers; progress is told to the end."""
    records = [chain(drug, disease) for drug in "abc" for disease in "xy"]
    told: list[tuple[int, int]] = []
    found = evaluated(tmp_path, *records, sample=3, seed=4, progress=lambda *done: told.append(done))
    assert (found.questions, told) == (3, [(1, 3), (2, 3), (3, 3)])
    assert found == evaluated(tmp_path, *records, sample=3, seed=4)


def test_the_other_half_is_hidden_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --gold the pairs of that file are asked about; both files make the graph, and a pair's records hide in both."""
    data = written(tmp_path, chain("a", "y"), chain("b", "x"), chain("b", "y"), chain("c", "x", number=2))
    gold = written(tmp_path, chain("a", "x"), chain("c", "x"), name="g.jsonl")
    assert main(["evaluate", "paths", "--data", str(data), "--gold", str(gold), "--no-corpus", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["questions"]) == (2, 2)
    assert found["coverage"]["value"] == 0.5  # nothing but its own two records says what c acts on
    assert found["methods"][0]["everywhere"]["hit@1"]["value"] == 0.5


def test_the_command_prints_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text has every method, the orientation with its source, and fits a wide terminal."""
    file = written(tmp_path, *(chain(drug, disease) for drug in "ab" for disease in "xy"))
    assert main(["evaluate", "paths", "--data", str(file), "--no-corpus"]) == 0
    text = capsys.readouterr().out
    assert [line.split()[0] for line in text.splitlines() if line.startswith((*METHODS, EMPTY))][:6] == [*METHODS, EMPTY]
    assert "not like for like: KGML-xDTD" in text
    assert max(map(len, text.splitlines())) <= 220


def test_gold_alone_makes_the_graph_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--gold without --data asks the same as --data without --gold; neither is nothing to ask."""
    file = written(tmp_path, *(chain(drug, disease) for drug in "ab" for disease in "xy"))
    pages = []
    for option in ("--gold", "--data"):
        assert main(["evaluate", "paths", option, str(file), "--no-corpus"]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1]
    assert main(["evaluate", "paths"]) == 2
    assert "there is nothing to ask about" in capsys.readouterr().err


def test_bad_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file, a folder, and a file that is no DrugMechDB: one line and exit code 2."""
    (tmp_path / "bad.jsonl").write_text("[]", "utf-8")
    for name, problem in (("none", "does not exist"), (".", "is a folder"), ("bad.jsonl", "a JSON object was expected")):
        assert main(["evaluate", "paths", "--data", str(tmp_path / name), "--no-corpus"]) == 2
        assert problem in capsys.readouterr().err


def test_readers_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels are joined, tested and written as the table that ships; shipped rates are scored on a sample."""
    statements = [{"type": "Complex", "matches_hash": "1", "evidence": [{"source_api": "reach", "source_hash": 5}]}]
    labels = [{"source_hash": 5, "pa_hash": n, "correct": n > 2} for n in range(12)] + [{"source_hash": 6, "correct": True}]
    (tmp_path / "s.json").write_text(json.dumps(statements), "utf-8")
    (tmp_path / "l.jsonl").write_text("\n".join(map(json.dumps, labels)), "utf-8")
    (tmp_path / "g.tsv").write_text("TYPE\tCORRECT\nComplex\t1\nComplex\t0\n", "utf-8")
    asked = ["evaluate", "readers", "--labels", str(tmp_path / "l.jsonl"), "--statements", str(tmp_path / "s.json")]
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert "12 labels of 12 statements, 9 right; 1 more could not be joined." in text
    assert "not shown to beat the constant guess" in text or "worse than the constant guess" in text
    assert main([*asked, "--format", "tsv", "--source", "mine"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("reach\t12\t9\t")
    assert main(["evaluate", "readers", "--gold", str(tmp_path / "g.tsv")]) == 0
    assert "2 labels of 2 statements, 1 right" in capsys.readouterr().out
    assert main(["evaluate", "readers"]) == 2
    assert "there is nothing to test" in capsys.readouterr().err
    assert main(["evaluate", "readers", "--labels", str(tmp_path / "l.jsonl")]) == 2
    assert "give them with --statements" in capsys.readouterr().err


def test_a_sample_of_the_development_half(shared_data: Path) -> None:
    """On real records: no ranking hits more than is possible, coverage bounds hits, and the page is printed."""
    file = shared_data / "data" / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz"
    graph = evaluation_graph([file])
    found = evaluate_paths(graph, read_gold(file, graph), sample=40, seed=2, samples=50)
    shares = (found.signed.value, found.elsewhere.value, found.possible.value)
    assert all(share is not None for share in shares)
    for method in found.methods:
        assert (method.everywhere["hit@k"].value or 0) <= (found.possible.value or 0) <= (found.coverage.value or 0)
        assert (method.everywhere["hit@1"].value or 0) <= (method.everywhere["mrr"].value or 0)
    assert to_text(found)
