"""The answer of a Cypher query, the same for every engine, and the protocol that the engines share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from queries.cypher_engine.values import FrozenMap, Node, Path, Relationship, Value, plain
from queries.frames import arrow_table, data_frame

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CypherAnswer", "CypherEngine"]


@dataclass(frozen=True, slots=True)
class CypherAnswer:
    """The rows of a query; `truncated` says why rows are missing (empty: none are), `notices` what may be a slip.

    >>> answer = CypherAnswer(("drug", "targets"), (("dupilumab", ("IL4R",)),))
    >>> answer.values(), answer.to_dicts()
    ([('dupilumab', ['IL4R'])], [{'drug': 'dupilumab', 'targets': ['IL4R']}])
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    truncated: str = ""
    notices: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return iter(self.rows)

    def values(self) -> list[tuple[Any, ...]]:
        """Return the rows with Python lists and dicts for lists and maps; nodes, relationships and paths stay what they are."""
        return [tuple(plain(value) for value in row) for row in self.rows]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict per row, column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.values()]

    def to_pandas(self) -> Any:
        """Return the answer as a pandas data frame; raises `MissingPart` where pandas is not installed."""
        return data_frame(self.columns, self.values())

    def to_arrow(self) -> pa.Table:
        """Return the answer as an Arrow table; a column without one type of its own is JSON text."""
        return arrow_table(self.columns, self.values(), as_text=_jsonable)


class CypherEngine(Protocol):
    """What answers Cypher: `queries.cypher_engine.embedded.EmbeddedCypher` or a Neo4j server."""

    @property
    def name(self) -> str:
        """``arcadedb`` or ``neo4j``."""

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        max_rows: int | None = None,
        source: str = "query",
    ) -> CypherAnswer:
        """Return the answer; raises `QueryError`, `QueryStopped` or `BackendError`."""

    def close(self) -> None:
        """Give back what the engine holds; a later query opens it again."""


def _jsonable(value: Any) -> Any:
    if isinstance(value, FrozenMap):
        return plain(value)
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": value.properties}
    if isinstance(value, Relationship):
        return {"type": value.type, "start": value.start, "end": value.end, "properties": value.properties}
    if isinstance(value, Path):
        return {"nodes": value.nodes, "relationships": value.relationships}
    return value.hex() if isinstance(value, bytes) else value.isoformat() if hasattr(value, "isoformat") else str(value)
