"""Rows of an answer as a pandas data frame or an Arrow table: the one place where answers become either."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ontologies.errors import MissingPart

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["arrow_table", "data_frame"]


def data_frame(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """Return rows as a `pandas.DataFrame`; raises `ontologies.errors.MissingPart` where pandas is not installed.

    >>> data_frame(("drug", "studies"), [("dupilumab", 4)]).shape
    (1, 2)
    """
    try:
        pandas: Any = import_module("pandas")
    except ImportError:
        raise MissingPart("pandas", "pip install pandas") from None
    return pandas.DataFrame([tuple(row) for row in rows], columns=list(columns))


def arrow_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_text: Callable[[Any], Any] = str
) -> pa.Table:
    """Return rows as an Arrow table; a column without one type of its own is text (JSON where `as_text` gives no text).

    >>> arrow_table(("drug", "studies"), [("dupilumab", 4), ("CBP-201", None)]).schema.types
    [DataType(string), DataType(int64)]
    """
    import pyarrow as pa

    arrays = [_array([row[place] for row in rows], as_text) for place in range(len(columns))]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _array(values: list[Any], as_text: Callable[[Any], Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else _text(value, as_text) for value in values])


def _text(value: Any, as_text: Callable[[Any], Any]) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=as_text, ensure_ascii=False)
