"""A driver of a Neo4j server that is known to answer, to let us in, and to be new enough."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ontologies.errors import BackendError
from queries.cypher_engine.server_errors import explain_server_error
from queries.cypher_engine.server_settings import ServerSettings

if TYPE_CHECKING:
    import neo4j

__all__ = ["OLDEST", "connect", "server_version"]

OLDEST = (5, 0)
"""The oldest server whose Cypher is ours."""

_CONNECT_SECONDS = 10.0
_ACQUIRE_SECONDS = 20.0


def connect(settings: ServerSettings, *, open_driver: Callable[..., Any] | None = None, **options: Any) -> neo4j.Driver:
    """Return a driver after the first answer of the server; close it when done.

    `open_driver` takes the place of ``neo4j.GraphDatabase.driver``, `options` are for it. Raises `BackendError` with what to do:
    nothing answers there, something else than Neo4j does, encryption on one side only, wrong user or password, an old server.
    """
    import neo4j
    from neo4j.exceptions import DriverError, Neo4jError

    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver has to say we say in our own words
    make: Callable[..., neo4j.Driver] = open_driver or neo4j.GraphDatabase.driver
    driver: neo4j.Driver | None = None
    try:
        driver = make(
            settings.uri,
            auth=(settings.user, settings.password),
            connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=_ACQUIRE_SECONDS,
            telemetry_disabled=True,
            user_agent="immunokg",
            **options,
        )
        agent = driver.get_server_info().agent
        _check_version(agent, settings)
    except (DriverError, Neo4jError, OSError, ValueError) as error:
        if driver is not None:
            driver.close()
        raise explain_server_error(error, settings) from error
    except BaseException:
        if driver is not None:
            driver.close()
        raise
    return driver


def server_version(agent: str) -> tuple[int, int] | None:
    """Return major and minor version of a server from what it calls itself; None when it does not say.

    >>> server_version("Neo4j/5.26.30"), server_version("Neo4j/2026.08.1"), server_version("Neo4j/dev")
    ((5, 26), (2026, 8), None)
    """
    found = re.search(r"/v?(\d+)\.(\d+)", agent)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _check_version(agent: str, settings: ServerSettings) -> None:
    version = server_version(agent)
    if version is not None and version < OLDEST:
        raise BackendError(f"the server at {settings.uri} is {agent.replace('/', ' ')}; ImmunoKG needs Neo4j 5 or later")
