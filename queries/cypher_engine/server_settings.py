"""Where the Neo4j server is and who we are there: from ``NEO4J_URI``, ``NEO4J_USER``, ``NEO4J_PASSWORD``, ``NEO4J_DATABASE``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ontologies.errors import BackendError, BadInput

__all__ = ["SCHEMES", "ServerSettings"]

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
"""The kinds of address; ``+s`` is encrypted, ``+ssc`` encrypted with a certificate that nobody signed."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """One database of one Neo4j server; the password is never printed.

    `database` may be empty: then it is the one that the server gives this user.

    >>> ServerSettings("bolt://localhost:7687", "neo4j", "secret")
    ServerSettings(uri='bolt://localhost:7687', user='neo4j', database='')
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that is none, or that holds a password; raises `BadInput`."""
        try:
            parts = urlsplit(self.uri)
            scheme, host, _ = parts.scheme, parts.hostname, parts.port
        except ValueError:
            scheme, host = "", None
        else:
            if parts.username is not None or parts.password is not None:
                raise BadInput("NEO4J_URI holds a user or a password; give them as NEO4J_USER and NEO4J_PASSWORD")
        if scheme not in SCHEMES or not host:
            raise BadInput(f"NEO4J_URI is {self.uri!r}; write it like bolt://localhost:7687 (or {', '.join(SCHEMES[1:])})")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> ServerSettings:
        """Read the four variables.

        Raises:
            BackendError: no server is named, or no password given.
            BadInput: the address is none.

        >>> found = ServerSettings.from_environment({"NEO4J_URI": "bolt://localhost", "NEO4J_PASSWORD": "secret"})
        >>> found.user, found.database
        ('neo4j', '')
        """
        uri, password = environ.get("NEO4J_URI", ""), environ.get("NEO4J_PASSWORD", "")
        if not uri:
            raise BackendError("no Neo4j server is named; set NEO4J_URI (such as bolt://localhost:7687) and NEO4J_PASSWORD")
        if not password:
            raise BackendError("NEO4J_PASSWORD is not set; give the password of the user in NEO4J_USER (neo4j if not set)")
        return cls(uri, environ.get("NEO4J_USER") or "neo4j", password, environ.get("NEO4J_DATABASE", ""))
