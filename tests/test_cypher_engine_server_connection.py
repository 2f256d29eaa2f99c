"""What stands between us and a Neo4j server: one clear message each, and never the password."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ontologies.errors import BackendError, BadInput, ImmunoKGError
from queries.cypher_engine.server import ServerCypher, ServerSettings
from queries.cypher_engine.server_connection import connect, server_version
from queries.cypher_engine.server_errors import explain_server_error
from queries.query_errors import QueryStopped
from tests.limits import HANG
from tests.neo4j_server import Neo4jServer, free_port

SECRET = "a-secret-of-mine"


@pytest.fixture(scope="module")
def settings(neo4j_server: Neo4jServer) -> ServerSettings:
    """Return where the server is."""
    return ServerSettings.from_environment(neo4j_server.environment)


def refused(settings: ServerSettings) -> str:
    """Return the one line that is said when this server is asked."""
    with ServerCypher(settings) as engine, pytest.raises(ImmunoKGError) as caught:
        engine.query("RETURN 1")
    said = str(caught.value)
    assert "\n" not in said
    assert SECRET not in said
    assert settings.password not in said
    return said


@contextmanager
def listening(reply: bytes) -> Iterator[int]:
    """Answer whatever comes to a port of ours with the same bytes, then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(HANG)

        def serve() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                    with caller:
                        caller.recv(1000)
                        caller.sendall(reply)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(HANG)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_wrong_credentials(settings: ServerSettings, scheme: str) -> None:
    """A wrong password names the user and the variables."""
    uri = scheme + settings.uri[len("bolt") :]
    said = refused(replace(settings, uri=uri, password=SECRET))
    assert said == f"the Neo4j server at {uri} refused the user 'neo4j' or the password; check NEO4J_USER and NEO4J_PASSWORD"


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_is_down(settings: ServerSettings, scheme: str) -> None:
    """A port where nobody listens is said with what to do."""
    said = refused(replace(settings, uri=f"{scheme}://127.0.0.1:{free_port()}"))
    assert "no Neo4j server answers at" in said
    assert "(Connection refused); start it, or correct NEO4J_URI" in said


def test_a_name_that_nobody_has(settings: ServerSettings) -> None:
    """A host that cannot be found is said as such."""
    assert "no Neo4j server answers at bolt://no-such-host.invalid" in refused(replace(settings, uri="bolt://no-such-host.invalid"))


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s"])
def test_encryption_on_our_side_only(settings: ServerSettings, scheme: str) -> None:
    """A server that does not encrypt is said so, with the address to try."""
    plain, rest = scheme.partition("+")[0], settings.uri.partition("://")[2]
    said = refused(replace(settings, uri=f"{scheme}://{rest}"))
    assert said.endswith(f"does not answer encrypted; try {plain}://{rest}")


def test_encryption_on_their_side_only(settings: ServerSettings) -> None:
    """A port that wants encryption answers plain words with an alert; the message names that as a reason."""
    with listening(bytes((0x15, 3, 3, 0, 2, 2, 40))) as port:
        assert "encryption (bolt+s://)" in refused(replace(settings, uri=f"bolt://127.0.0.1:{port}"))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no program openssl, which makes the certificate")
def test_a_certificate_that_nobody_signed(settings: ServerSettings, tmp_path: Path) -> None:
    """A certificate of one's own is refused with the scheme that accepts it."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", "k.pem", "-out", "c.pem"], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            caller, _ = listener.accept()
            with pytest.raises(ssl.SSLError), caller:
                context.wrap_socket(caller, server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        said = refused(replace(settings, uri=f"bolt+s://127.0.0.1:{port}"))
        thread.join(HANG)
    assert "cannot be trusted (self-signed certificate" in said
    assert f"bolt+ssc://127.0.0.1:{port}" in said


def test_a_certificate_for_another_name() -> None:
    """What is wrong with a certificate is told in the words of the check, also from inside a group of errors."""
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_message = "Hostname mismatch"
    error = ExceptionGroup("all addresses failed", [OSError("first"), cause])
    said = str(explain_server_error(error, ServerSettings("neo4j+s://db.example", "neo4j", SECRET)))
    assert "the certificate of neo4j+s://db.example cannot be trusted (Hostname mismatch)" in said
    assert "neo4j+ssc://db.example" in said


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "a web server answers at"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "speaks no Bolt that we know"),
        (b"\x00\x00\x00\x00", "a server older than Neo4j 5"),
        (b"", "no Neo4j server answers"),
    ],
    ids=["web", "ssh", "old Bolt", "hangs up"],
)
def test_other_programs_on_the_port(settings: ServerSettings, reply: bytes, words: str) -> None:
    """Whatever else answers there is told apart as well as can be."""
    with listening(reply) as port:
        assert words in refused(replace(settings, uri=f"bolt://127.0.0.1:{port}"))


def driver_of(agent: str) -> tuple[Any, list[str]]:
    """Return a driver of a server that calls itself something, and what will have been done to it."""
    done: list[str] = []
    driver = SimpleNamespace(get_server_info=lambda: SimpleNamespace(agent=agent), close=lambda: done.append("closed"))
    return driver, done


@pytest.mark.parametrize("agent", ["Neo4j/4.4.38", "Neo4j/3.5.35"])
def test_a_server_too_old_is_refused(settings: ServerSettings, agent: str) -> None:
    """A server before version 5 is named with its version and what is needed, and its connection is closed."""
    driver, done = driver_of(agent)
    engine = ServerCypher(settings, open_driver=lambda *_args, **_options: driver)
    with pytest.raises(BackendError) as caught:
        engine.query("RETURN 1")
    assert str(caught.value) == f"the server at {settings.uri} is {agent.replace('/', ' ')}; ImmunoKG needs Neo4j 5 or later"
    assert done == ["closed"]


@pytest.mark.parametrize("agent", ["Neo4j/5.0.0", "Neo4j/2026.08.1", "Neo4j/dev", "Another/v5.11.0"])
def test_a_server_new_enough_is_taken(settings: ServerSettings, agent: str) -> None:
    """Version 5 and the years are accepted; who does not say its version is not refused for it."""
    driver, done = driver_of(agent)
    assert connect(settings, open_driver=lambda *_args, **_options: driver) is driver
    assert done == []


def test_an_answer_that_nobody_waits_for_is_read_no_further(settings: ServerSettings) -> None:
    """After the time limit the thread that reads an answer lets go of it; here the answer has no end."""
    let_go = threading.Event()

    class Endless:
        """What a session returns."""

        def keys(self) -> list[str]:
            return ["n"]

        def __iter__(self) -> Iterator[Any]:
            return repeat(SimpleNamespace(values=lambda: [True]))

        def consume(self) -> None:
            let_go.set()

    driver, done = driver_of("Neo4j/5.26.30")
    driver.session = lambda **_options: nullcontext(SimpleNamespace(run=lambda *_arguments: Endless()))
    engine = ServerCypher(settings, open_driver=lambda *_args, **_options: driver)
    with pytest.raises(QueryStopped, match=r"stopped after 0\.1 s"):
        engine.query("UNWIND range(1, 100000000000) AS x RETURN true", timeout=0.1, max_rows=10**9)
    assert let_go.wait(HANG)
    assert done == ["closed"]


def test_the_running_server_says_its_version(neo4j_server: Neo4jServer, settings: ServerSettings) -> None:
    """What the real server calls itself is read."""
    driver = connect(settings)
    major = int(neo4j_server.distribution.version.partition(".")[0])
    found = server_version(driver.get_server_info().agent)
    driver.close()
    assert found is not None
    assert found[0] == major


@pytest.mark.parametrize(
    ("uri", "words"),
    [("http://localhost", "write it like bolt://localhost:7687"), ("", "write it like"), ("localhost:7687", "write it like"),
     ("bolt://", "write it like"), ("bolt://localhost:port", "write it like"), ("bolt://[", "write it like"),
     (f"bolt://neo4j:{SECRET}@localhost", "give them as NEO4J_USER and NEO4J_PASSWORD")],
)  # fmt: skip
def test_addresses_that_are_none(uri: str, words: str) -> None:
    """A bad address is refused before anything is tried; a password in it is not printed."""
    with pytest.raises(BadInput) as caught:
        ServerSettings(uri, "neo4j", SECRET)
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)


def test_settings_come_from_the_environment() -> None:
    """User and database have defaults, address and password have none; the password never shows."""
    environment = {"NEO4J_URI": "neo4j+s://db.example", "NEO4J_PASSWORD": SECRET}
    found = ServerSettings.from_environment(environment)
    assert (found.user, found.password, found.database) == ("neo4j", SECRET, "")
    assert SECRET not in repr(found)
    more = ServerSettings.from_environment(environment | {"NEO4J_USER": "ann", "NEO4J_DATABASE": "kg"})
    assert (more.user, more.database) == ("ann", "kg")
    for missing in environment:
        with pytest.raises(BackendError, match=missing):
            ServerSettings.from_environment({k: v for k, v in environment.items() if k != missing})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Neo.ClientError.Security.CredentialsExpired", "wants a new password"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords"),
        ("Neo.ClientError.Security.Forbidden", "does not allow this to the user 'neo4j'"),
        ("Neo.TransientError.Database.DatabaseUnavailable", "is not available now"),
        ("Neo.DatabaseError.General.UnknownError", "the Neo4j server at bolt://localhost answered: something"),
    ],
)
def test_rarer_refusals_of_a_server(code: str, words: str) -> None:
    """What a server may also say is told with what to do."""
    from neo4j.exceptions import Neo4jError

    error = Neo4jError._hydrate_neo4j(code=code, message="something")
    assert words in str(explain_server_error(error, ServerSettings("bolt://localhost", "neo4j", SECRET)))


def test_a_server_lost_while_a_query_runs(neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    """A server that dies under a query is one message; when it is up again, the same engine goes on."""
    server = Neo4jServer(tmp_path / "home", version=neo4j_server.distribution.version)
    with server, ServerCypher(ServerSettings.from_environment(server.environment), timeout=HANG) as engine:
        assert engine.query("RETURN 1").values() == [(1,)]
        killer = threading.Timer(0.5, server.kill)
        killer.start()
        with pytest.raises(BackendError, match="was lost while the query ran: the server stopped"):
            engine.query("UNWIND range(1, 100000000000) AS x RETURN count(x * x / 3)")
        killer.join(HANG)
        with pytest.raises(BackendError, match="no Neo4j server answers"):
            engine.query("RETURN 1")
        server.start()
        assert engine.query("RETURN 1").values() == [(1,)]
