"""What the user of a shell has chosen: engine (and with it the language), form, limits and parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from immunokg.querying import CYPHER_ENGINES, ENGINES
from immunokg.shell.clauses import Language
from ontologies.errors import BadInput

__all__ = ["Settings", "engine_for", "read_value", "require_server"]


@dataclass(slots=True)
class Settings:
    """The choices in force; the language follows from the engine, so the two never disagree.

    >>> settings = Settings("neo4j")
    >>> settings.language, settings.prompt
    ('cypher', 'cypher neo4j> ')
    """

    engine: str = ENGINES[0]
    format: str = "text"
    timeout: float = 30.0
    limit: int = 1000
    parameters: dict[str, Any] = field(default_factory=dict)
    cypher_engine: str = CYPHER_ENGINES[0]

    def __post_init__(self) -> None:
        self.choose(self.engine)

    @property
    def language(self) -> Language:
        """SPARQL on Oxigraph, Cypher on the others."""
        return "cypher" if self.engine in CYPHER_ENGINES else "sparql"

    @property
    def prompt(self) -> str:
        """What stands before the cursor: the language, and the engine where it is not the usual one."""
        usual = self.engine in (ENGINES[0], CYPHER_ENGINES[0])
        return f"{self.language}> " if usual else f"{self.language} {self.engine}> "

    def choose(self, engine: str) -> None:
        """Use an engine; `engine_for` comes back to it for its language."""
        if engine not in ENGINES:
            raise BadInput(f"there is no engine {engine!r}; use one of: {', '.join(ENGINES)}")
        self.engine = engine
        if engine in CYPHER_ENGINES:
            self.cypher_engine = engine


def engine_for(language: str | None, engine: str | None) -> str:
    """Return the engine for the options ``--language`` and ``--engine``; raises `BadInput` when they contradict each other.

    >>> engine_for("cypher", None), engine_for(None, "neo4j"), engine_for(None, None)
    ('arcadedb', 'neo4j', 'oxigraph')
    """
    if engine is None:
        return CYPHER_ENGINES[0] if language == "cypher" else ENGINES[0]
    if language is not None and (language == "cypher") != (engine in CYPHER_ENGINES):
        speaks = "Cypher" if engine in CYPHER_ENGINES else "SPARQL"
        raise BadInput(f"{engine} answers {speaks}; leave out --language {language}, or --engine {engine}")
    return engine


def require_server(engine: str) -> None:
    """Raise `BackendError` when the engine is a server that the environment does not name: now, not at the first query."""
    if engine == "neo4j":
        import os

        from queries.cypher_engine.server_settings import ServerSettings

        ServerSettings.from_environment(os.environ)


def read_value(text: str) -> Any:
    """Return what a text after ``.param NAME=`` stands for: JSON where it is that, else the text itself.

    >>> read_value("5"), read_value('["IL4", "IL13"]'), read_value("alopecia areata"), read_value("NaN")
    (5, ['IL4', 'IL13'], 'alopecia areata', 'NaN')
    """
    import json

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return text
