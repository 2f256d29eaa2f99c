"""ImmunoKG: ask immunology literature why, and get the mechanisms for and against with their evidence.

The command line is ``immunokg``; in Python the same verbs hang on one object:

>>> import immunokg as ikg
>>> g = ikg.open()
>>> g.search("Dupixent")[0].curie
'DRUGBANK:DB12159'
>>> e = g.explain("dupilumab", "alopecia areata")
>>> e.benefit.status, e.harm.status
('observed', 'observed')

Questions of the catalogue (``immunokg queries``) need no object:

>>> ikg.query("targets_of_drug", drug="Dupixent").columns[0]
'target'

`open` without a path gives the built-in graph: the curated corpus, built once into the user cache directory. With a path
it opens any graph directory that ``immunokg build`` or ``immunokg load`` wrote. Importing this package costs nothing;
engines are imported when a method needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from immunokg.knowledge_graph import Hit, KnowledgeGraph, open_graph
    from immunokg.knowledge_graph import open_graph as open  # noqa: A004  # the verb of the library: ikg.open()
    from immunokg.querying import query

__all__ = ["Hit", "KnowledgeGraph", "__version__", "open", "open_graph", "query"]

__version__ = "0.1.0"

_LAZY = {
    "Hit": ("knowledge_graph", "Hit"),
    "KnowledgeGraph": ("knowledge_graph", "KnowledgeGraph"),
    "open": ("knowledge_graph", "open_graph"),
    "open_graph": ("knowledge_graph", "open_graph"),
    "query": ("querying", "query"),
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from importlib import import_module

        module, public = _LAZY[name]
        return getattr(import_module(f"immunokg.{module}"), public)
    raise AttributeError(f"module 'immunokg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
