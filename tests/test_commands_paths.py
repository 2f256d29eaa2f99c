"""``immunokg paths``: its forms, its exit codes, and a different answer for each bad question."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

import immunokg as ikg
from immunokg.cli import main
from queries.named_paths import COLUMNS
from tests.test_explain_bad_input import dense

QUESTION = ["paths", "dupilumab", "alopecia areata"]


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run the command line and return its code and both streams."""
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A numbered chain with its cost by term and the studies of every step."""
    code, out, _ = run([*QUESTION, "--sign", "down", "--k", "3"], capsys)
    assert code == 0
    assert out.startswith("1. dupilumab -| ")
    assert out.count("cost ") == 3
    assert "(down): " in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The same as data, with the question in names."""
    code, out, _ = run([*QUESTION, "--k", "2", "--avoid", "IL4", "--format", "json"], capsys)
    plain = json.loads(out)
    assert (code, len(plain["paths"]), plain["partial"]) == (0, 2, "")
    assert plain["question"]["avoid"][0]["name"] == "IL4"
    assert all(step["object"]["name"] != "IL4" for path in plain["paths"] for step in path["steps"])


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_tables(form: str, separator: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One row for each step, under the published columns."""
    code, out, _ = run([*QUESTION, "--k", "2", "--format", form], capsys)
    rows = list(csv.DictReader(io.StringIO(out), delimiter=separator))
    assert code == 0
    assert tuple(rows[0]) == COLUMNS
    assert {row["path"] for row in rows} == {"1", "2"}
    assert rows[0]["subject_name"] == "dupilumab"


def test_several_ends_and_every_filter(capsys: pytest.CaptureFixture[str]) -> None:
    """Options may be repeated and combined."""
    code, out, err = run(
        [
            "paths", "IL4", "STAT6", "--and-source", "IL13", "--and-target", "JAK1", "--tier", "causal", "--relation", "raises",
            "--avoid-relation", "produces", "--avoid-category", "Cell", "--category", "Gene", "--category", "Complex",
            "--min-support", "1", "--min-belief", "0.5", "--as-of", "2024", "--source-of", "corpus", "--context", "species=human",
            "--no-coherence", "--hypotheses", "--max-steps", "2", "--format", "json", "--quiet",
        ],
        capsys,
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert {path["steps"][0]["subject"]["name"] for path in json.loads(out)["paths"]} == {"IL4", "IL13"}


def test_patterns_and_through(capsys: pytest.CaptureFixture[str]) -> None:
    """A pattern with a named entity, and a node to pass."""
    pattern = 'Drug -| Gene -> … -> "IFNG" -> … -> Disease'
    code, out, _ = run([*QUESTION, "--pattern", pattern, "--through", "CXCL10", "--format", "json"], capsys)
    paths = json.loads(out)["paths"]
    assert code == 0
    assert paths
    assert all({"IFNG", "CXCL10"} <= {step["object"]["name"] for step in path["steps"]} for path in paths)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["paths", "dupilumap", "alopecia areata"], 2, "no entity is called 'dupilumap'; nearest: dupilumab"),
        (["paths", "dupilumab", "eczema"], 2, "is ambiguous"),
        (["paths", "dupilumab", "MONDO:0011292"], 2, "atopic dermatitis (MONDO:0004980)"),
        (["paths", "dupilumab", "Dupixent"], 2, "is both source and target"),
        ([*QUESTION, "--through", "JAK9"], 2, "no entity is called 'JAK9'"),
        ([*QUESTION, "--avoid", "JAK1", "--through", "JAK1"], 2, "is to be passed and to be avoided"),
        ([*QUESTION, "--pattern", "Drug -> Gen -> Disease"], 2, "pattern:1:9: node: 'Gen' is no category (use Gene"),
        ([*QUESTION, "--pattern", "Gene -> … -> Disease"], 2, "the pattern begins with Gene"),
        ([*QUESTION, "--relation", "decreases_activty_of"], 2, "did you mean one of: decreases_activity_of"),
        ([*QUESTION, "--category", "Gen"], 2, "unknown category 'Gen'"),
        ([*QUESTION, "--source-of", "nowhere"], 2, "the sources are corpus"),
        ([*QUESTION, "--context", "mood=good"], 2, "unknown context 'mood'"),
        ([*QUESTION, "--context", "population=tall"], 2, "no population is called 'tall'"),
        ([*QUESTION, "--as-of", "soon"], 2, "is no date"),
        ([*QUESTION, "--max-steps", "0"], 2, "--max-steps"),
        ([*QUESTION, "--max-steps", "1"], 1, "no path of at most 1 step: there is one of at most 3 steps"),
        (["paths", "alopecia areata", "IL4"], 1, "no path leaves a disease or a patient, and alopecia areata is one"),
        ([*QUESTION, "--min-support", "99"], 1, "there is one with any number of studies"),
    ],
)
def test_each_bad_question_has_its_answer(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error that says what to do, nothing on standard output."""
    found, out, err = run(arguments, capsys)
    assert found == code
    assert said in err
    assert out == ""


def test_an_explosion_gives_what_was_found_and_says_so() -> None:
    """On a graph with more paths than anybody could list the answer comes in time, in order, marked partial."""
    graph = ikg.KnowledgeGraph(dense(60, 3000))
    graph.paths("dupilumab", "alopecia areata", k=1)  # the index is made before the clock starts
    started = time.monotonic()
    found = graph.paths("dupilumab", "alopecia areata", k=100_000, max_steps=8, timeout=0.5)
    assert time.monotonic() - started < 30
    assert found.partial == "the time limit"
    assert [path.score for path in found] == sorted(path.score for path in found)
    assert found.to_dict()["partial"] == "the time limit"


def test_partial_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The mark stands in the JSON and on standard error."""
    code, out, err = run([*QUESTION, "--timeout", "0.000001", "--format", "json"], capsys)
    assert code == 1
    assert json.loads(out)["partial"] == "the time limit"
    assert "partial: the search stopped at the time limit; no path had been found by then" in err


def test_nothing_heavy_is_loaded_for_the_shipped_graph(repo_root: Path) -> None:
    """Once the index is there, asking for paths reads it and no array, table or database library."""
    ikg.open().paths("dupilumab", "IL13", k=1)
    script = (
        "from immunokg.cli import main\n"
        "main(['paths', 'dupilumab', 'alopecia areata', '--format', 'json', '--k', '1'])\n"
        "import sys\n"
        "print([m for m in ('numpy', 'duckdb', 'pyarrow', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=repo_root, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_python_verb_takes_the_same_words() -> None:
    """Names, words for signs, one text where several may stand."""
    found = ikg.open().paths("dupilumab", ["IL13", "IL4"], sign="down", max_steps=1, tiers="causal")
    assert {path.target.name for path in found} == {"IL13", "IL4"}
    with pytest.raises(ValueError, match="use up, down or any"):
        ikg.open().paths("dupilumab", "IL13", sign="sideways")


def test_the_documented_commands_run(repo_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line of docs/paths.md that calls the program finds something, and its Python runs."""
    blocks = re.findall(r"```(sh|python)\n(.*?)```", (repo_root / "docs" / "paths.md").read_text("utf-8"), re.DOTALL)
    lines = [line for kind, text in blocks if kind == "sh" for line in text.splitlines()]
    assert len(lines) == 6
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "immunokg"
        assert main(arguments) == 0, line
    for text in (text for kind, text in blocks if kind == "python"):
        exec(compile(text, "docs/paths.md", "exec"), {})
    assert "<5 paths>" in capsys.readouterr().out


def test_every_option_is_documented(repo_root: Path) -> None:
    """docs/paths.md names every option of the command."""
    from immunokg.commands.paths import command

    page = (repo_root / "docs" / "paths.md").read_text("utf-8")
    shared = {"--graph", "--format", "--quiet", "-q", "--verbose", "-v", "--coherence", "--help"}
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts) if name.startswith("-")}
    assert [name for name in sorted(options - shared) if f"`{name}" not in page] == []
