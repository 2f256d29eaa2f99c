"""What went wrong on a Neo4j server, as one sentence with the fix; a password is never part of it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from typing import Any

from ontologies.errors import BackendError, BadInput, ImmunoKGError
from queries.cypher_engine.server_settings import ServerSettings
from queries.query_errors import QueryError, QueryStopped

__all__ = ["explain_server_error"]

_PLACE = re.compile(r"\s*\(line (\d+), column (\d+) \(offset: \d+\)\)")
_QUOTED = re.compile(r"(?:Invalid input|Variable|Unknown function|Unexpected) ['`]([^'`\n]{1,60})['`]")
_LIST = re.compile(r": expected (.*)$", re.DOTALL)
_SHOWN = re.compile(r"\s*\n?\"[^\n]*\"\s*\n?\s*\^\s*$")  # the line of the text again, and a mark below it
_TIMES = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "TransactionTerminated", "Terminated")
_MEMORY = ("OutOfMemoryError", "MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError")
_UNKNOWN_DATABASE = ("DatabaseNotFound", "GraphNotFound")


def explain_server_error(
    error: BaseException,
    settings: ServerSettings,
    *,
    text: str | None = None,
    source: str = "query",
    seconds: float | None = None,
) -> ImmunoKGError:
    """Return the error to raise for what the driver raised.

    Args:
        error: an exception of the ``neo4j`` package or of the network.
        settings: the server that was asked.
        text: the Cypher that was sent, if any was; then faults of the text are `QueryError`.
        source: how errors call the text.
        seconds: the time that the query was allowed.
    """
    chain = list(_causes(error))
    code = next((c for e in chain if (c := str(getattr(e, "code", "") or "")).startswith("Neo.")), "")
    name = code.rpartition(".")[2]
    if code.startswith("Neo.ClientError.Security."):
        return _explain_refusal(name, chain, settings)
    if name in _UNKNOWN_DATABASE or "DatabaseUnavailable" in name:
        return BackendError(_without_database(settings, name))
    if name in _MEMORY:
        return QueryStopped(
            "the query took more memory than the server allows it; make it narrower, add LIMIT, or raise "
            "db.memory.transaction.max on the server"
        )
    if name in _TIMES:
        allowed = "" if seconds is None else f" after {seconds:g} s"
        return QueryStopped(f"the query was stopped{allowed}; make it narrower, add LIMIT, or allow more time")
    if code:
        message = next((str(m) for e in chain if (m := getattr(e, "message", None))), str(error))
        if text is None:
            return BackendError(f"the Neo4j server at {settings.uri} answered: {_line(message)}")
        return _explain_query(name, message, text, source)
    return _explain_connection(chain, settings, asked=text is not None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it, also inside groups."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [*getattr(found, "exceptions", ()), found.__cause__ or found.__context__]


def _explain_refusal(name: str, chain: list[BaseException], settings: ServerSettings) -> ImmunoKGError:
    if name == "Unauthorized":
        what, fix = f"refused the user {settings.user!r} or the password", "check NEO4J_USER and NEO4J_PASSWORD"
    elif name == "CredentialsExpired":
        what, fix = f"wants a new password of the user {settings.user!r}", "change it in Neo4j Browser or cypher-shell"
    elif name == "AuthenticationRateLimit":
        what, fix = "saw too many wrong passwords", "check NEO4J_USER and NEO4J_PASSWORD, and wait some seconds"
    else:
        message = next((str(m) for e in chain if (m := getattr(e, "message", None))), name)
        what, fix = f"does not allow this to the user {settings.user!r} ({_line(message)})", "ask its operator"
    return BackendError(f"the Neo4j server at {settings.uri} {what}; {fix}")


def _without_database(settings: ServerSettings, name: str) -> str:
    state = "is not available now" if "Unavailable" in name else "is unknown there"
    called = f"the database {settings.database!r}" if settings.database else "the database of this user"
    return f"the Neo4j server at {settings.uri} answers, but {called} {state}; check NEO4J_DATABASE (SHOW DATABASES lists them)"


def _explain_query(name: str, message: str, text: str, source: str) -> ImmunoKGError:
    if name == "AccessMode":
        return QueryError(source, 0, 0, "", "this query writes, and here queries only read", "remove what changes the graph")
    if name == "ParameterMissing":
        names = ", ".join(f"${part.strip()}" for part in message.rpartition(":")[2].split(","))
        return QueryError(source, 0, 0, "", f"no value is given for {names}", "give one for every parameter")
    if name == "ForbiddenOnReadOnlyDatabase" or name.startswith("Forbidden"):
        return QueryError(source, 0, 0, "", _line(message), "a query only reads the graph")
    place = _PLACE.search(message)
    said = (message[: place.start()] if place else _SHOWN.sub("", message)).strip()
    line, column = (int(place.group(1)), int(place.group(2))) if place else (0, 0)
    if line == 0:
        column = 0
    quoted = _QUOTED.search(said)
    offending = quoted.group(1) if quoted and quoted.group(1) in text else _word_at(text, line, column)
    fix = ""
    expected = _LIST.search(said)
    if expected is not None and said.startswith(("Invalid input", "Unexpected end")):
        said, fix = said[: expected.start()], f"expected here: {_line(expected.group(1))}"
    return QueryError(source, line, column, offending, _line(said.replace("( ", "(")), fix)


def _word_at(text: str, line: int, column: int) -> str:
    """Return what stands at a place of the text: a word, else one character, else nothing."""
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    rest = lines[line - 1][max(column - 1, 0) :]
    word = re.match(r"\w+|\S", rest)
    return word.group()[:40] if word else ""


def _explain_connection(chain: list[BaseException], settings: ServerSettings, *, asked: bool) -> ImmunoKGError:
    from neo4j.exceptions import BrokenRecordError, ConfigurationError, UnsupportedServerProduct

    said = " ".join(str(e) for e in chain)
    if any(isinstance(e, ssl.SSLError) for e in chain) or "SSL" in said:
        return BackendError(_encryption(chain, settings))
    if any(isinstance(e, UnsupportedServerProduct) for e in chain):
        return BackendError(
            f"what answers at {settings.uri} speaks no Bolt that we know: another program, encryption (bolt+s://), or a server "
            "older than Neo4j 5; check NEO4J_URI"
        )
    if any(isinstance(e, ConfigurationError) for e in chain):
        return BadInput(f"the address {settings.uri} cannot be used: {_line(str(chain[0]))}")
    if any(isinstance(e, BrokenRecordError) for e in chain):
        return BackendError("the answer holds a value that cannot be read, such as a year beyond 9999; select toString(…) of it")
    if "looks like HTTP" in said:
        return BackendError(f"a web server answers at {settings.uri}; give the Bolt port, usually 7687, in NEO4J_URI")
    if asked and not any(isinstance(e, ConnectionRefusedError) for e in chain):
        return BackendError(
            f"the connection to {settings.uri} was lost while the query ran: the server stopped, or ran out of memory; "
            "ask again when it is up"
        )
    why = next((e.strerror for e in chain if isinstance(e, OSError) and e.strerror), "") or "no answer"
    return BackendError(
        f"no Neo4j server answers at {settings.uri} ({why}); start it, or correct NEO4J_URI (the Bolt port is usually 7687)"
    )


def _encryption(chain: list[BaseException], settings: ServerSettings) -> str:
    scheme, _, rest = settings.uri.partition("://")
    plain = scheme.partition("+")[0]
    refused: Any = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return (
            f"the certificate of {settings.uri} cannot be trusted ({refused.verify_message}); use the name that stands in it, or "
            f"{plain}+ssc://{rest} for a certificate of your own"
        )
    return f"{settings.uri} asks for encryption, and the server there does not answer encrypted; try {plain}://{rest}"


def _line(text: str) -> str:
    """Return text as one line of bounded length."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else flat[:299] + "…"
