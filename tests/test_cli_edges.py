"""The edge of the command line: one-line errors, exit codes, streams, interruption, broken pipes, full disks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from immunokg.cli import COMMANDS, main
from kg.directory import build_graph
from kg.graph import Graph
from kg.manifest import Source


@pytest.fixture(scope="module")
def small(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of a graph directory with the hand-made graph."""
    path = tmp_path_factory.mktemp("graphs") / "small.ikg"
    build_graph(path, [Source("corpus", small_graph.records), Source("drugmechdb")])
    return str(path)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "immunokg", *arguments]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["explian"], 2, "did you mean 'explain'?"),
        (["explain", "dupilumab"], 2, "Missing argument 'TARGET'"),
        (["explain", "dupilumab", "eczema", "--as-of", "2018-13"], 2, "2018-10-01, 2018-10 or 2018"),
        (["explain", "dupilumab", "eczema", "--as-of", "yesterday"], 2, "is no date"),
        (["explain", "dupilumab", "eczema", "--context", "cell"], 2, "is not KEY=VALUE"),
        (["explain", "dupilumab", "alopecia areata", "--context", "organ=skin"], 2, "the contexts are taxon, cell"),
        (["explain", "dupilumab", "alopecia areata", "--figure", "why.doc"], 2, ".svg"),
        (["explain", "dupilumab", "alopecia areata", "--k", "0"], 2, "--k"),
        (["explain", "dupilumap", "alopecia areata"], 2, "nearest: dupilumab (DRUGBANK:DB12159)"),
        (["explain", "dupilumab", "dupilumab"], 2, "named twice"),
        (["search", "IL4R", "--category", "Gnee"], 2, "unknown category 'Gnee'"),
        (["sparql", "SELECT ?x {"], 2, "query:1:11"),
        (["sparql", "SELECT ?s { SERVICE <http://x/> { ?s ?p ?o } }"], 2, "SERVICE is not allowed"),
        (["sparql", "@none.rq"], 2, "cannot read none.rq"),
        (["subgraph"], 2, "say which part"),
        (["subgraph", "--around", "IL4R", "--explain", "a", "b"], 2, "exclude each other"),
        (["subgraph", "--around", "nothing like it"], 2, "no entity is called"),
        (["export", "svg", "--out", "why.svg"], 2, "add --explain SOURCE TARGET"),
        (["export", "neo4j-csv"], 2, "--out DIR"),
        (["export", "gexf"], 2, "is not one of"),
        (["load", "drugmechdb", "none.jsonl"], 2, "--into"),
        (["load", "drugmechdb", "none.jsonl", "--into", "x.ikg"], 2, "none.jsonl"),
        (["load", "drugmechbd", "none.jsonl", "--dry-run"], 2, "did you mean 'drugmechdb'?"),
        (["load", "drugmechdb", "x", "--strict", "--lenient", "--dry-run"], 2, "exclude each other"),
        (["build", "--from", "drugmechdb=x.jsonl"], 2, "--out"),
        (["stats", "--graph", "none.ikg"], 2, "does not exist; build one with"),
    ],
)
def test_mistakes_are_one_line_with_the_fix(
    small: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    """Each mistake gives its exit code, one line on stderr that names the fix, and nothing on stdout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMMUNOKG_GRAPH", small if arguments[0] != "load" or "--into" in arguments else "")
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert says in err
    assert out == ""
    assert len(err.splitlines()) <= 2
    assert err.startswith("immunokg: ")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_no_answer_is_exit_code_one(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Known things without any path, an empty result, a false ASK: understood, and the answer is none."""
    assert main(["explain", "dupilumab", "alopecia areata", "--as-of", "2000", "--graph", small]) == 1
    assert "Nothing in this graph" in capsys.readouterr().out
    assert main(["search", "zzzzzzzz", "--graph", small]) == 1
    assert main(["sparql", "ASK { HGNC:6015 rdfs:label 'CD4' }", "--graph", small]) == 1
    assert main(["sparql", "SELECT ?s { ?s rdfs:label 'CD4' }", "--graph", small]) == 1
    capsys.readouterr()
    assert main(["search", "zzzzzzzz", "--graph", small, "--format", "json"]) == 1
    assert capsys.readouterr().out == "[\n]\n"


def test_a_directory_that_is_no_graph_is_a_backend_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty directory has no graph in it: exit code 3, with the command that makes one."""
    assert main(["stats", "--graph", str(tmp_path)]) == 3
    assert "immunokg build --out" in capsys.readouterr().err


def test_a_damaged_graph_is_a_backend_error(
    small_graph: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Parquet file cut short is noticed, named, and never a traceback."""
    path = tmp_path / "g.ikg"
    build_graph(path, [Source("corpus", small_graph.records)])
    file = next(path.glob("g-*/statements.parquet"))
    file.write_bytes(file.read_bytes()[:-40])
    assert main(["stats", "--graph", str(path)]) == 3
    assert "statements.parquet is missing or damaged" in capsys.readouterr().err


def test_help_and_version_are_quick_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """Help lists every command; no argument at all is help too."""
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed for name in COMMANDS)
    assert main([]) == 0
    assert capsys.readouterr().out == listed
    assert main(["--version"]) == 0
    assert "immunokg, version" in capsys.readouterr().out


def test_a_defect_of_ours_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An error nobody foresaw says so in one line with exit code 3; --verbose shows the trace."""
    from immunokg.commands import stats

    def fail(session: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(stats.command, "callback", lambda **_: fail(None))
    assert main(["stats"]) == 3
    assert capsys.readouterr().err.startswith("immunokg: internal error (ZeroDivisionError: a defect)")
    assert main(["stats", "--verbose"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
def test_interruption_is_one_line_and_130(small: str) -> None:
    """Ctrl-C while a command waits for standard input ends it with one line and exit code 130."""
    process = subprocess.Popen(
        _command("sparql", "-", "--graph", small), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "immunokg: interrupted; nothing was left half written\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes close differently there")
def test_a_closed_pipe_is_quiet(small: str) -> None:
    """A reader that stops reading (head) makes no noise."""
    process = subprocess.Popen(
        _command("export", "nquads", "--graph", small), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_exit_code_three(small: str) -> None:
    """Writing the result to a full device is one line and exit code 3."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            _command("stats", "--graph", small), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_ascii_terminal_gets_replacements(small: str) -> None:
    """Where the terminal knows no Greek, a replacement is printed instead of a traceback."""
    done = subprocess.run(
        _command("search", "CD124", "--graph", small), capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert b"HGNC:6015" in done.stdout


def test_quiet_and_verbose_concern_stderr_alone(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet silences notes, --verbose adds them, and stdout is the same."""
    assert main(["search", "CD124", "--graph", small, "--verbose"]) == 0
    loud = capsys.readouterr()
    assert main(["search", "CD124", "--graph", small, "--quiet"]) == 0
    quiet = capsys.readouterr()
    assert (quiet.err, quiet.out) == ("", loud.out)
    assert "graph:" in loud.err


def test_no_color_is_obeyed(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No escape code reaches an output that is no terminal."""
    assert main(["explain", "dupilumab", "alopecia areata", "--graph", small]) == 0
    assert "\x1b[" not in capsys.readouterr().out
