"""Small graph directories that several test files build, damage and look into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.directory import Source
from kg.model import Assertion, Entity, Evidence, Publication, Record, Statement

IL4, IL4R = "HGNC:6014", "HGNC:6015"
NAMES: list[Record] = [Entity(IL4, "IL4", "Gene"), Entity(IL4R, "IL4R", "Gene")]
STEPS = ("locked", "cleaned", "read", "assembled", "written", "described", "checked", "synced", "renamed", "pointer written")


def finding(number: int, source: str = "corpus", relation: str = "increases_activity_of") -> Assertion:
    evidence = Evidence("supports", Publication(f"PMID:{number}"), f"PMID:{number}", "in_vitro", source=source)
    return Assertion(Statement(IL4, relation, IL4R), evidence)


def source(*numbers: int, name: str = "corpus", **more: Any) -> Source:
    return Source(name, [*NAMES, *(finding(number, name) for number in numbers)], **more)


def entries(path: Path) -> list[str]:
    """Return what lies in a graph directory, locks aside."""
    return sorted(entry.name for entry in path.iterdir() if entry.name != ".build-lock")


def damage(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))
