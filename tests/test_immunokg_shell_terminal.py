"""The real command at a real terminal, as a user drives it: typing, Tab, history, Ctrl-C, Ctrl-D, and a window that is closed."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kg.directory import Source, build_graph
from kg.graph import Graph
from tests.limits import HANG
from tests.shell_terminal import UP, Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"
NAME = "SELECT ?name { HGNC:6015 rdfs:label ?name }"


@pytest.fixture(scope="module")
def small(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a graph directory whose SPARQL view is built."""
    path = tmp_path_factory.mktemp("shell") / "g.ikg"
    build_graph(path, [Source("corpus", small_graph.records)])
    return str(path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a cache directory of one's own, where the history goes."""
    return tmp_path / "home"


@pytest.fixture
def terminal(small: str, home: Path, repo_root: Path) -> Iterator[Terminal]:
    """Return a shell that has shown its first prompt."""
    with Terminal(["--graph", small], repo_root, environment={"IMMUNOKG_HOME": str(home)}) as opened:
        opened.until("sparql>")
        yield opened


def test_a_query_is_typed_and_answered(terminal: Terminal) -> None:
    """Enter runs a whole line; the table comes with the number of rows and the time."""
    terminal.keys(f"{NAME}\r")
    shown = terminal.until("row in .*sparql>")
    assert "IL4R" in shown
    assert "1 row in " in shown


def test_a_query_of_several_lines_runs_at_its_end(terminal: Terminal) -> None:
    """Enter goes on in a new line until a semicolon, or an empty line, ends the query."""
    terminal.keys("SELECT ?name {\r HGNC:6015 rdfs:label ?name\r}\r;\r")
    assert "IL4R" in terminal.until("row in .*sparql>")
    terminal.keys("SELECT ?name {\r\r HGNC:6015 rdfs:label ?name\r}\r\r")
    assert "IL4R" in terminal.until("row in .*sparql>")
    terminal.keys("ASK { HGNC:6015 a biolink:Gene }\x1b\r# went on")
    terminal.until("went on")
    terminal.keys("\r\r")
    terminal.until("true.*sparql>")


def test_tab_completes(terminal: Terminal) -> None:
    """Tab writes what is alone, offers what is several, and turns a name into the CURIE."""
    terminal.keys("SELECT ?name { HGNC:6015 rdfs:la\t")
    terminal.until("bel")
    terminal.keys(" ?name }\r")
    assert "IL4R" in terminal.until("row in .*sparql>")
    terminal.keys("SELECT ?p { @Dupixe\t")
    terminal.until("DB12159")
    terminal.keys(" ikg:decreases\t")
    terminal.until("decreases_synthesis_of")
    terminal.keys("\t")
    terminal.until("decreases_abundance_of")
    terminal.keys("\r")  # takes the offer, runs nothing
    terminal.keys(" ?p }\r")
    assert "0 rows in" in terminal.until("rows in .*sparql>")


def test_ctrl_c_stops_a_query_and_clears_a_line(terminal: Terminal) -> None:
    """The process that runs the query is gone at once, the prompt is back, and the next query runs; a half line is dropped."""
    terminal.keys(f"{LONG}\r")
    _wait_for(lambda: bool(terminal.children()))
    (worker,) = terminal.children()
    _wait_for(lambda: worker.cpu_times().user > 0.3)
    terminal.keys("\x03")
    terminal.until("stopped.*sparql>")
    psutil.wait_procs([worker], HANG)
    assert not worker.is_running()
    terminal.keys("SELECT nothing")
    terminal.until("nothing")
    terminal.keys("\x03")
    terminal.until("sparql>")
    terminal.keys(f"{NAME}\r")
    assert "IL4R" in terminal.until("row in .*sparql>")


def test_errors_are_shown_in_place(terminal: Terminal) -> None:
    """One message, the line, a caret under the slip; then the prompt."""
    terminal.keys("SELECT * { ?s ?p ?o } LIMT 3\r")
    lines = terminal.until(r"\^.*sparql>").splitlines()
    (place,) = (number for number, line in enumerate(lines) if "query:1:23: this is no word of SPARQL" in line)
    assert "did you mean LIMIT?" in lines[place]
    assert lines[place + 1].index("LIMT") == lines[place + 2].index("^")
    terminal.keys(".hlep\r")
    terminal.until(r"there is no command \.hlep; did you mean \.help\?.*sparql>")


def test_data_cannot_command_the_terminal(terminal: Terminal) -> None:
    """Escape codes in the data are blanks on a terminal, in every form."""
    query = 'SELECT ?x { VALUES ?x { "a\\u001b[41mRED" } }'
    for form in ("text", "csv", "tsv", "markdown", "json"):
        terminal.keys(f".format {form}\r")
        terminal.until("sparql>")
        terminal.keys(f"{query}\r")
        assert "\x1b[41m" not in terminal.until("row in .*sparql>", raw=True)


def test_history_survives_the_session(terminal: Terminal, small: str, home: Path, repo_root: Path) -> None:
    """Arrow up brings back what was asked, in this session and in the next; nobody else can read it; Ctrl-D leaves."""
    terminal.keys(f"{NAME}\r")
    terminal.until("row in .*sparql>")
    terminal.keys(UP)
    terminal.until("HGNC:6015")
    terminal.keys("\r")
    terminal.until("row in .*sparql>")
    terminal.keys("\x04")
    assert terminal.ends() == 0
    file = home / "shell-history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text("utf-8").count(f"+{NAME}\n") == 1
    with Terminal(["--graph", small], repo_root, environment={"IMMUNOKG_HOME": str(home)}) as second:
        second.until("sparql>")
        second.keys(f"{UP}\r")
        assert "IL4R" in second.until("row in .*sparql>")
        second.keys(".quit\r")
        assert second.ends() == 0


def test_a_history_that_cannot_be_kept_disturbs_nobody(small: str, tmp_path: Path, repo_root: Path) -> None:
    """Where the cache directory cannot be made, there is no history and no word about it."""
    (tmp_path / "home").write_text("a file in the way", "utf-8")
    with Terminal(["--graph", small], repo_root, environment={"IMMUNOKG_HOME": str(tmp_path / "home")}) as opened:
        opened.until("sparql>")
        opened.keys(f"{NAME}\r")
        shown = opened.until("row in .*sparql>")
        assert "IL4R" in shown
        assert "history" not in shown
        opened.keys("\x04")
        assert opened.ends() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (None, 129)])
@pytest.mark.parametrize("busy", [False, True], ids=["at the prompt", "in a query"])
def test_nothing_is_left_running(terminal: Terminal, number: signal.Signals | None, code: int, busy: bool) -> None:
    """Told to end, or with its window closed, at the prompt or in a query: the shell ends its processes and itself."""
    terminal.keys(f"{NAME}\r")
    terminal.until("row in .*sparql>")
    (worker,) = terminal.children()
    if busy:
        terminal.keys(f"{LONG}\r")
        _wait_for(lambda: worker.cpu_times().user > 0.3)
    if number is None:
        terminal.hang_up()
        assert terminal.process.wait(HANG) == code
    else:
        terminal.process.send_signal(number)
        assert terminal.ends() == code
    psutil.wait_procs([worker], HANG)
    assert not worker.is_running()


def test_answers_go_to_a_file_while_a_person_types(small: str, home: Path, repo_root: Path, tmp_path: Path) -> None:
    """With stdout redirected, the prompt is shown on stderr, and the file holds the answers alone."""
    target = tmp_path / "out.csv"
    with target.open("wb") as file, Terminal(
        ["--graph", small, "--format", "csv"], repo_root, environment={"IMMUNOKG_HOME": str(home)}, stdout=file.fileno()
    ) as opened:
        opened.until("sparql>")
        opened.keys(f"{NAME}\r")
        opened.until("row in .*sparql>")
        opened.keys("\x04")
        assert opened.ends() == 0
    assert target.read_text("utf-8") == "name\nIL4R\n"


def test_a_dumb_terminal_will_do(small: str, home: Path, repo_root: Path) -> None:
    """Without cursor movements and colours, as in an editor's window, one can still ask."""
    environment = {"IMMUNOKG_HOME": str(home), "TERM": "dumb"}
    with Terminal(["--graph", small], repo_root, environment=environment) as opened:
        opened.until("sparql>")
        opened.keys(f"{NAME}\r")
        assert "IL4R" in opened.until("row in .*sparql>")
        opened.keys(".quit\r")
        assert opened.ends() == 0


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < end, "never came"
        time.sleep(0.02)
