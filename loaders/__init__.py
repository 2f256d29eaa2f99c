"""A source in, statements out: the curated corpus, and one module for every other source.

A loader reads a stream once and yields `kg.model.Entity` and `kg.model.Assertion` values; what it cannot keep is listed and
counted in a `LossReport`, and what is wrong with a file comes as one `BadInput` with every fault.

>>> from loaders import LossReport, read_source
>>> report = LossReport()
>>> assertions = [record for record in read_source("corpus", report=report) if hasattr(record, "statement")]
>>> case = {a.evidence.record: a for a in assertions if a.evidence.study == "INDEX-CASE-2018"}
>>> case["P007"].statement.claim, case["P007"].evidence.observation.time
(Claim(subject='DRUGBANK:DB12159', relation='ameliorates_condition', object='MONDO:0019080'), '6 wk')
>>> report.is_empty
True

``docs/loaders.md`` says what each source gives, what it loses, and how to write a loader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loaders.base import Loss, LossReport, SourceInfo
    from loaders.curated import load_corpus
    from loaders.registry import find_loader, read_source, source_infos

__all__ = ["Loss", "LossReport", "SourceInfo", "find_loader", "load_corpus", "read_source", "source_infos"]

_HOMES = {
    "Loss": "loaders.base",
    "LossReport": "loaders.base",
    "SourceInfo": "loaders.base",
    "find_loader": "loaders.registry",
    "load_corpus": "loaders.curated",
    "read_source": "loaders.registry",
    "source_infos": "loaders.registry",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'loaders' has no attribute {name!r}; it has {', '.join(__all__)}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
