"""A real Neo4j server for the tests, from Maven Central: the jars, a home of its own, free ports of 127.0.0.1.

`distribution` fetches the jars of a version once (`mvn dependency:copy-dependencies`) into ``.venv-test/neo4j/VERSION``;
`Neo4jServer` runs one server with its own data in a temporary folder. The fixture `neo4j_server` is one server for the whole
session (with pytest-xdist one per worker, for the community edition has a single database), stopped at the end. What its
database holds is whatever the test before left there: push with ``prune=True`` or call `Neo4jServer.wipe` first.

A missing Java or Maven is a failure that names what to install, never a skip; ``make test`` installs both where it may.
``IMMUNOKG_TEST_NEO4J=2026.08.1`` runs the same tests on another version (``.ci/nightly``).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

__all__ = ["VERSION", "Distribution", "Neo4jServer", "distribution", "free_port", "neo4j_server"]

ROOT = Path(__file__).resolve().parent.parent
VERSION = os.environ.get("IMMUNOKG_TEST_NEO4J", "5.26.30")
"""The version of the server that the tests use."""

_START = 180.0  # seconds; 6 to 7 on a quiet machine
_STOP = 60.0
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
_POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>immunokg</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version>
  </dependency></dependencies>
</project>
"""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The jars of one version of Neo4j and a Java that runs them."""

    version: str
    java: str
    lib: Path

    def command(self, main: str, *arguments: str, heap_mb: int = 512) -> list[str]:
        """Return the command line of one of its programs."""
        opens = [f"--add-opens={module}=ALL-UNNAMED" for module in _OPENS]
        memory = [f"-Xmx{heap_mb}m", "-XX:+UseSerialGC"]
        return [self.java, *opens, *memory, "-cp", f"{self.lib}/*", main, *arguments]

    @property
    def entry_point(self) -> str:
        """The class that starts the server; its name differs between the versions."""
        with zipfile.ZipFile(self.lib / f"neo4j-{self.version}.jar") as jar:
            return jar.read("META-INF/services/org.neo4j.server.startup.EntryPoint").decode().split()[0]


@cache
def distribution(version: str = VERSION) -> Distribution:
    """Return a version of Neo4j, fetched from Maven Central if it was not yet; fails the test if it cannot be had."""
    least = "17" if version.startswith("5.") else "21"
    found = subprocess.run(["sh", str(ROOT / ".ci" / "find-java"), least], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(f"{found.stderr.strip()}", pytrace=False)
    folder = ROOT / ".venv-test" / "neo4j" / version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{version}.lock").open("w") as lock:
        with contextlib.suppress(ImportError):  # Windows has no such locks
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "lib").is_dir():
            _fetch(version, folder)
    return Distribution(version, found.stdout.strip(), folder / "lib")


def _fetch(version: str, folder: Path) -> None:
    """Copy the jars beside their place, then rename: a run that is killed leaves nothing that looks whole."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "pom.xml").write_text(_POM.format(version=version), "utf-8")
    done = subprocess.run(
        ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=part", "-DincludeScope=runtime"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.fail(f"Maven cannot fetch Neo4j {version}:\n{done.stdout}{done.stderr}", pytrace=False)
    (folder / "part").rename(folder / "lib")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Neo4jServer:
    """One server with a home of its own; a context manager that stops it.

    Args:
        home: an empty folder, or the home of a server that was stopped or killed before.
        version: which Neo4j.
        heap_mb: memory of its Java.
        settings: lines of ``neo4j.conf`` beside ours, or instead of them.
    """

    def __init__(
        self, home: Path, *, version: str = VERSION, heap_mb: int = 512, settings: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.distribution = distribution(version)
        self.port = free_port()
        self.user, self.password, self.database = "neo4j", secrets.token_hex(16), "neo4j"
        self._heap_mb = heap_mb
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("conf", "data", "logs", "plugins", "run", "import", "lib", "licenses"):
            (home / name).mkdir(parents=True, exist_ok=True)
        self._configure()
        self.admin("dbms", "set-initial-password", self.password)

    @property
    def uri(self) -> str:
        """The address for a driver."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which ImmunoKG finds the server."""
        return {
            "NEO4J_URI": self.uri, "NEO4J_USER": self.user, "NEO4J_PASSWORD": self.password, "NEO4J_DATABASE": self.database,
        }  # fmt: skip

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    def admin(self, *arguments: str, cwd: Path | None = None, heap_mb: int = 512) -> str:
        """Run a command of ``neo4j-admin`` on this home (for imports the server must be stopped) and return what it said."""
        done = subprocess.run(
            self.distribution.command("org.neo4j.cli.AdminTool", *arguments, heap_mb=heap_mb),
            cwd=cwd or self.home, env=os.environ | self._homes(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def __enter__(self) -> Neo4jServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        for last in (False, False, True):
            homes = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
            command = self.distribution.command(self.distribution.entry_point, *homes, heap_mb=self._heap_mb)
            with (self.home / "logs" / "console.log").open("ab") as log:
                self._process = subprocess.Popen(
                    command, cwd=self.home, env=os.environ | self._homes(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            if self._answers():
                return
            self.stop()
            if last:
                pytest.fail(f"Neo4j {self.distribution.version} did not start:\n{self.log()}", pytrace=False)
            self.port = free_port()  # another program may have taken the port meanwhile
            self._configure()

    def stop(self) -> None:
        """End the server as an operator would, and by force if it does not end."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        process, self._process = self._process, None
        assert process is not None
        process.kill()
        process.wait()

    def log(self) -> str:
        """Return the end of what the server printed."""
        with contextlib.suppress(OSError):
            return (self.home / "logs" / "console.log").read_text("utf-8", "replace")[-4000:]
        return ""

    def run(self, text: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run Cypher around everything that is ours, with all rights, and return the rows."""
        import neo4j

        with (
            neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password)) as driver,
            driver.session(database=self.database) as session,
        ):
            return [tuple(record.values()) for record in session.run(text, parameters)]

    def wipe(self, *, schema: bool = False, rows: int = 1000) -> None:
        """Remove all nodes and relationships, so many in a transaction; with `schema` also all constraints and indexes.

        Without constraints all plans of queries are made anew, which is slow.
        """
        for what in ("()-[x]->()", "(x)"):
            while self.run(f"MATCH {what} WITH x LIMIT {rows} DELETE x RETURN count(*)") != [(0,)]:
                pass
        if schema:
            for (name,) in self.run("SHOW CONSTRAINTS YIELD name"):
                self.run(f"DROP CONSTRAINT `{name}`")
            for (name,) in self.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
                self.run(f"DROP INDEX `{name}`")

    def _homes(self) -> dict[str, str]:
        return {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}

    def _configure(self) -> None:
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "server.memory.pagecache.size": "64m",
            "db.memory.transaction.max": "128m",
        }
        lines = [f"{name}={value}\n" for name, value in (settings | self._settings).items()]
        (self.home / "conf" / "neo4j.conf").write_text("".join(lines), "utf-8")

    def _answers(self) -> bool:
        """Wait until a query is answered; False if the server ended or never answers."""
        import neo4j.exceptions

        assert self._process is not None
        end = time.monotonic() + _START
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                self.run("RETURN 1")
            except (OSError, neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
                time.sleep(0.1)
            else:
                return True
        return False


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """Run one real Neo4j server until the session ends."""
    with Neo4jServer(tmp_path_factory.mktemp("neo4j")) as server:
        yield server
