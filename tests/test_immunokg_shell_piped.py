"""`immunokg shell < script`: no prompt, answers on stdout, and an exit code that a program can read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kg.directory import Source, build_graph
from kg.graph import Graph
from tests.limits import HANG

NAME = "SELECT ?name { HGNC:6015 rdfs:label ?name }"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"


@pytest.fixture(scope="module")
def small(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a graph directory."""
    path = tmp_path_factory.mktemp("piped") / "g.ikg"
    build_graph(path, [Source("corpus", small_graph.records)])
    return str(path)


def piped(script: str | bytes, *arguments: str, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of the command on a script."""
    raw = script if isinstance(script, bytes) else script.encode()
    kept = {name: value for name, value in os.environ.items() if name != "NEO4J_URI"}
    done = subprocess.run(
        [sys.executable, "-m", "immunokg", "shell", *arguments], input=raw, capture_output=True, timeout=4 * HANG, check=False,
        env={**kept, **(environment or {})},
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_script_is_answered(small: str, tmp_path: Path) -> None:
    """Statements by semicolon, blank line and end of input; commands between; nothing but answers on stdout, no prompt."""
    saved = tmp_path / "a.json"
    script = (
        f"# names\n{NAME};\nASK {{ HGNC:6015\n a biolink:Gene }}\n\n.limit 1\n.find Dupixent\n.save {saved}\n"
        "PREFIX x: <http://identifiers.org/hgnc/>\n\nSELECT ?name { x:6015 rdfs:label ?name }"
    )
    code, out, err = piped(script, "--graph", small, "--format", "csv")
    found = "curie,name,category,matched,statements\nDRUGBANK:DB12159,dupilumab,Drug,Dupixent,4\n"
    assert (code, out) == (0, f"name\nIL4R\nanswer\ntrue\n{found}name\nIL4R\n")
    assert err == f"saved 1 rows to {saved}\n"
    assert saved.read_text("utf-8").startswith('[\n  {"curie": "DRUGBANK:DB12159"')


def test_the_script_of_the_page_runs(repo_root: Path) -> None:
    """The example of docs/shell.md prints what stands below it."""
    page = (repo_root / "docs" / "shell.md").read_text("utf-8")
    script, out = re.findall(r"<<'END'\n(.*?)\nEND\n```\n\n```text\n(.*?)```", page, re.DOTALL)[0]
    assert piped(script, "--format", "csv", "--quiet") == (0, out, "")


def test_nothing_in_nothing_out(small: str) -> None:
    """An empty script, or one of comments, is done at once."""
    assert piped("", "--graph", small) == (0, "", "")
    assert piped("\n# nothing\n;\n", "--graph", small) == (0, "", "")


@pytest.mark.parametrize(
    ("script", "arguments", "code", "says"),
    [
        (f"{NAME};\nSELECT * {{ ?s ?p ?o }} LIMT 3;\nASK {{}}", (), 2, "immunokg: standard input:2:23: this is no word of"),
        (f"{NAME};\n.hlep\nASK {{}}", (), 2, "immunokg: standard input:2:1: there is no command .hlep; did you mean .help?"),
        (f"{NAME};\n.query targets_of_drug drug=dupilumap", (), 2, "nearest: dupilumab (DRUGBANK:DB12159)"),
        (f"{NAME};\n{LONG}\n\nASK {{}}", ("--timeout", "0.2"), 3, "standard input:2:1: the query was stopped after 0.2 s"),
        (f"{NAME};\nSELECT * {{ SERVICE <http://x/> {{ ?s ?p ?o }} }}", (), 2, "standard input:2:12: SERVICE is not allowed"),
        (f"{NAME};\n.save nowhere/a.csv", (), 3, "cannot write nowhere/a.csv"),
        (f"{NAME};\n.engine neo4j", (), 3, "NEO4J_URI"),
        (f"{NAME};\n.read none.rq", (), 2, "standard input:2:1: cannot read none.rq"),
    ],
)
def test_the_first_error_ends_the_run(small: str, script: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    """What stood before it was answered, what stands behind is not run; one line says where and what, and the code which kind."""
    found, out, err = piped(script, "--graph", small, "--format", "csv", *arguments)
    assert (found, out) == (code, "name\nIL4R\n")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("script", "arguments", "code", "says"),
    [
        (b"ASK { \xff }", (), 2, "standard input is not UTF-8 (byte 7)"),
        (b"#" * (1 << 20) + b"\nASK {}", (), 2, "standard input is larger than 1 MiB"),
        (b"ASK {}", ("--language", "cypher", "--engine", "oxigraph"), 2, "oxigraph answers SPARQL; leave out --language cypher"),
        (b"ASK {}", ("--engine", "neo4j"), 3, "NEO4J_URI"),
        (b"ASK {}", ("--engine", "neo4"), 2, "'neo4' is not one of"),
        (b"ASK {}", ("--graph", "none.ikg"), 2, "graph directory none.ikg (--graph) does not exist"),
        (b"ASK {}", ("--limit", "0"), 2, "--limit"),
    ],
)
def test_what_cannot_begin(small: str, script: bytes, arguments: tuple[str, ...], code: int, says: str) -> None:
    """Options that contradict each other, a graph that is not there, a script that is no text: one line, nothing printed."""
    found, out, err = piped(script, "--graph", small, *arguments)
    assert (found, out) == (code, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_leaving_early_is_no_error(small: str) -> None:
    """After .quit the rest is not run."""
    assert piped(".quit\nASK {", "--graph", small) == (0, "", "")


def test_interruption_ends_with_its_code(small: str) -> None:
    """Ctrl-C in a script ends it with one line and exit code 130, and leaves no process behind."""
    for number, code, says in ((signal.SIGINT, 130, "immunokg: interrupted"), (signal.SIGTERM, 143, "")):
        with _running(small) as process:
            (worker,) = _children_at_work(process)
            process.send_signal(number)
            _, err = process.communicate(timeout=HANG)
            assert process.returncode == code
            assert err.decode().startswith(says)
            psutil.wait_procs([worker], HANG)
            assert not worker.is_running()


def _running(small: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "immunokg", "shell", "--graph", small], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(LONG.encode())
    process.stdin.close()
    process.stdin = None
    return process


def _children_at_work(process: subprocess.Popen[bytes]) -> Iterator[psutil.Process]:
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        found = psutil.Process(process.pid).children()
        if found and found[0].cpu_times().user > 0.3:
            return iter(found)
        time.sleep(0.02)
    raise AssertionError("the query never ran")


def test_help_costs_no_library(repo_root: Path) -> None:
    """Asking for help, and running a script, load no line editor; nor does help load an engine."""
    script = (
        "import sys\nfrom immunokg.cli import main\n{}\n"
        "print(sorted({{m.partition('.')[0] for m in sys.modules}} & {{'prompt_toolkit', 'pygments', 'pyoxigraph', 'rich'}}))"
    )
    for call, loaded in (("main(['shell', '--help'])", "[]"), ("main(['shell', '--graph', 'none.ikg'])", "[]")):
        done = subprocess.run(
            [sys.executable, "-c", script.format(call)], capture_output=True, text=True, check=True, cwd=repo_root, timeout=HANG,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == loaded
