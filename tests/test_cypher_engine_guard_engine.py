"""Thousands of spellings of LOAD CSV and CALL against the real engine: what passes the guard does nothing.

The engine of these tests has its own walls taken down (files and addresses are open to it), so that only the guard stands.
"""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.worker_process import WorkerProcess, library_folder
from ontologies.errors import BadInput
from queries.cypher_engine.embedded import EmbeddedCypher
from queries.cypher_engine.guard import check_cypher
from queries.query_errors import QueryError

MARK = "dupilumab-7"
WEAK = """
import sys
sys.path.insert(0, {root!r})
import kg.cypher_process as process
original = process._Engine.set
def weaker(self, name, value):
    original(self, name, True if "loadCsv" in name else value)
    original(self, "opencypher.loadCsv.blockedIpRanges", "")
process._Engine.set = weaker
process.main()
"""
LOADS = ("LOAD", "load", "LoAd", r"\u004cOAD", r"L\u004FAD", "LOA\u200bD", "\uff2cOAD", "L/**/OAD", "`LOAD`", "L\u00d6AD",
         "0LOAD", "'x'LOAD")  # fmt: skip
CSVS = ("CSV", "csv", "CsV", "C\u017fV", r"CS\u0056", r"\u0043SV", "CS\u00adV", "`CSV`", "CSV\u00e9")
CALLS = ("CALL", "call", "CaLl", r"\u0043ALL", r"C\u0041LL", "CA\u200bLL", "`CALL`", "C\u00c5LL", "OPTIONAL CALL", "0CALL",
         "1.CALL", ".CALL", ":CALL", "$CALL", "CALL CALL")  # fmt: skip
STATS = ("meta.stats", "META.STATS", "`meta`.`stats`", "meta . stats", "meta/**/./**/stats", "meta.`stats`", "`meta.stats`",
         "meta\n.\nstats", "db.labels.meta.stats", r"meta.\u0073tats", "db.labels() CALL meta.stats")  # fmt: skip
GAPS = (" ", "\t", "\n", "\r\n", "\r", "\f", "\v", "/**/", "/* c */", "//c\n", "//\r", "/* ' */", '/* " */', "/* ` */", "/*/* */",
        "/* */ /* */", "// ' \n", "//*\n", "\u00a0", "\u2003", "\u2028", "\u2029", "\u0085", "\ufeff", "\u200b", "\x1c", "\x1f",
        "", "\u00a7", "#", "@", "~", "?", "\\", " \u00e9 ", "\\\n", "\u3000", "\u180e", "\x00")  # fmt: skip
BEFORES = (
    "", "", "", "MATCH (n) ", "UNWIND [1] AS x ", r"WITH 'a\\' AS a ", r"WITH 'a\'' AS a ", "WITH \"'\" AS a ", "WITH '\"' AS a ",
    "WITH '/*' AS a ", "WITH '//' AS a ", "/*'*/", "//'\n", '/* " */', "WITH 1 AS `a'b` ", "WITH 1 AS `a``b` ",
    r"WITH '\u0041' AS a ", r"WITH '\\u0027' AS a ", "EXPLAIN ", "PROFILE ", "CYPHER 5 ", "RETURN 1 AS row UNION ", "CALL { ",
    "CALL () { ", "FOREACH (x IN [1] | ", "OPTIONAL ", "WITH $p AS a ", "RETURN 1;", "; ", "WITH 1.", "WITH [1,2] AS l ",
    "WITH {a:1} AS m ", "MATCH (n:", "MATCH (n:A|", "MATCH (n) WHERE n.", "WITH 'it''s' AS a ", "WITH '\r' AS a ",
    "WITH '\\\n' AS a ", "//\u2028", "//\u0085", "//\x0b",
)  # fmt: skip
AFTERS = (
    "",
    " RETURN row LIMIT 1",
    " RETURN row /* */",
    " RETURN row //",
    " RETURN row } RETURN row",
    "*/",
    " WITH row RETURN row",
)
HEADERS = ("", " WITH HEADERS", " with/**/headers")
YIELDS = ("()", "(  )", "() YIELD *", "() YIELD value", "() YIELD value AS v", "", " ()", "/**/()")
ENDS = ("", " RETURN *", " RETURN value", " RETURN 1 AS one", " } RETURN 1 AS x", " WITH 1 AS y RETURN y")


class Listener:
    """A web server that hands out one marked row and counts who came."""

    def __init__(self) -> None:
        self.heard = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        body = f"{MARK}\n".encode()
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            self.heard += 1
            with caller:
                caller.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def close(self) -> None:
        """Stop."""
        self._server.close()


class WeakEngine:
    """The process of the engine without its walls, asked without the guard."""

    def __init__(self, root: Path, store: Path, folder: Path) -> None:
        script = folder / "weak.py"
        script.write_text(WEAK.format(root=str(root)), encoding="utf-8")
        libraries = [library_folder("arcadedb_embedded", "arcadedb-embedded", "pip install arcadedb-embedded")]
        settings = {"library": libraries, "memory_mb": 512, "read_only": True}
        self._process = WorkerProcess(script, settings, folder=folder, own_session=True)
        assert self._process.wait_until_ready() == ""
        self._process.send({"do": "open", "database": str(store)})
        assert (self._process.receive(60) or {}).get("ready")

    def ask(self, text: str, url: str) -> dict[str, Any]:
        """Return the frame that answers a text."""
        limits = {"rows": 10, "size": 1_000_000, "milliseconds": 20_000}
        self._process.send({"do": "query", "text": text, "parameters": {"url": url, "p": 1}, **limits})
        frame = self._process.receive(60)
        assert frame is not None
        return frame

    def close(self) -> None:
        """End the process."""
        self._process.end()


@pytest.fixture(scope="module")
def weak(repo_root: Path, cypher_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeakEngine]:
    engine = WeakEngine(repo_root, cypher_store, tmp_path_factory.mktemp("weak"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


def gap(chosen: random.Random) -> str:
    return chosen.choice(GAPS) if chosen.random() < 0.7 else " "


def loads(number: int, targets: list[str]) -> Iterator[str]:
    """Yield spellings of LOAD CSV, about every tenth of which the engine would obey."""
    chosen = random.Random(20181114)
    for _ in range(number):
        word = chosen.choice(LOADS) if chosen.random() < 0.6 else "LOAD"
        csv = chosen.choice(CSVS) if chosen.random() < 0.6 else "CSV"
        source = f"FROM {chosen.choice(targets)} AS row"
        after = chosen.choice(AFTERS) if chosen.random() < 0.6 else " RETURN row"
        yield f"{chosen.choice(BEFORES)}{word}{gap(chosen)}{csv}{chosen.choice(HEADERS)} {source}{after}"


def calls(number: int) -> Iterator[str]:
    """Yield spellings of a call of a procedure that tells numbers of nodes."""
    chosen = random.Random(20190201)
    for _ in range(number):
        word = chosen.choice(CALLS) if chosen.random() < 0.6 else "CALL"
        yield f"{chosen.choice(BEFORES)}{word}{gap(chosen)}{chosen.choice(STATS)}{chosen.choice(YIELDS)}{chosen.choice(ENDS)}"


def passes(text: str) -> bool:
    try:
        check_cypher(text)
    except BadInput:
        return False
    return True


def test_no_spelling_of_load_csv_that_passes_reads_anything(weak: WeakEngine, listener: Listener, tmp_path: Path) -> None:
    """Of 6,000 spellings, none passes the guard and reaches a file or an address; many would without it."""
    file = tmp_path / "rows.csv"
    file.write_text(f"{MARK}\n", encoding="utf-8")
    url = f"file://{file}"
    targets = [f"'{url}'", f"'{file}'", f'"{url}"', "'file:///etc/passwd'", f"'http://127.0.0.1:{listener.port}/x.csv'", "$url"]

    def does_something(text: str) -> bool:
        before = listener.heard
        frame = json.dumps(weak.ask(text, url))
        return MARK in frame or "root:x:" in frame or listener.heard > before

    reached, obeyed = [], 0
    for number, text in enumerate(loads(6000, targets)):
        if passes(text):
            reached += [text] if does_something(text) else []
        elif number % 10 == 0:
            obeyed += does_something(text)
    assert reached == []
    assert obeyed > 10


def test_no_spelling_of_a_call_that_passes_runs_the_procedure(weak: WeakEngine) -> None:
    """Of 6,000 spellings, none passes the guard and calls a procedure that is not on the list; many would without it."""

    def runs(text: str) -> bool:
        frame = weak.ask(text, "")
        return "nodeCount" in json.dumps([frame.get("rows"), frame.get("side")])

    reached, obeyed = [], 0
    for number, text in enumerate(calls(6000)):
        if passes(text):
            reached += [text] if runs(text) else []
        elif number % 10 == 0:
            obeyed += runs(text)
    assert reached == []
    assert obeyed > 10


def test_behind_the_guard_the_engine_itself_reads_no_file_and_no_address(
    cypher_store: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard, our engine still refuses: its own settings are the second wall."""
    monkeypatch.setattr("queries.cypher_engine.embedded.check_cypher", lambda *_, **__: None)
    before = listener.heard
    with EmbeddedCypher(cypher_store, memory_mb=512) as engine:
        for target in ("file:///etc/passwd", "/etc/passwd", f"http://127.0.0.1:{listener.port}/x.csv"):
            with pytest.raises(QueryError, match=r"(?i)load csv"):
                engine.query("LOAD CSV FROM $target AS row RETURN row", {"target": target})
        assert engine.query("RETURN 1 AS one").values() == [(1,)]
    assert listener.heard == before
