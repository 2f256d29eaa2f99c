"""Every error ImmunoKG raises on purpose, as one tree.

::

    ImmunoKGError
    ├── BadInput (ValueError)            a file, record or argument is wrong
    │   ├── MalformedCurie               not a CURIE, or off the pattern of its prefix
    │   └── UnknownRelation              a relation or category that the vocabulary lacks
    ├── UnknownThing (LookupError)       asked about something the graph does not hold
    │   ├── UnknownName                  no entity has this name; carries candidates
    │   ├── UnknownStudy                 no study or publication has this key; carries candidates
    │   └── AmbiguousName                several entities fit; carries all of them
    ├── NoAnswer (Exception)             the question was understood and the answer is "none"
    ├── BackendError (RuntimeError)      a store, file system or optional part failed
    │   └── MissingPart                  an optional library or program is not installed
    └── (all carry their data as attributes and print as one line)

Catch `BadInput` when the user can mend the input, `UnknownThing` to offer candidates, `BackendError` to retry or to
check the installation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "AmbiguousName",
    "BackendError",
    "BadInput",
    "Fault",
    "ImmunoKGError",
    "MalformedCurie",
    "MissingPart",
    "NoAnswer",
    "UnknownName",
    "UnknownRelation",
    "UnknownStudy",
    "UnknownThing",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of an input, and how to mend it.

    Lines and columns count from 1; 0 means that the place is not known.

    >>> print(Fault("th2.yaml", 12, 5, "relation", "unknown relation 'inhibit'", "use 'decreases_activity_of'"))
    th2.yaml:12:5: relation: unknown relation 'inhibit' (use 'decreases_activity_of')
    """

    file: str
    line: int = 0
    column: int = 0
    field: str = ""
    problem: str = ""
    fix: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        field = f" {self.field}:" if self.field else ""
        fix = f" ({self.fix})" if self.fix else ""
        return f"{place}:{field} {self.problem}{fix}"


class ImmunoKGError(Exception):
    """Something ImmunoKG noticed and can explain."""


class BadInput(ImmunoKGError, ValueError):
    """The input is wrong; `faults` lists every fault found, not only the first.

    >>> error = BadInput("2 faults in th2.yaml", [Fault("th2.yaml", 3, 1, "id", "is missing", "add one")])
    >>> error.faults[0].line
    3
    """

    def __init__(self, message: str, faults: Iterable[Fault] = (), *, truncated: bool = False) -> None:
        self.message = message
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.truncated = truncated
        super().__init__(message)

    def __str__(self) -> str:
        lines = [self.message, *(f"  {fault}" for fault in self.faults)]
        if self.truncated:
            lines.append("  … reading stopped here; mend these faults and run again")
        return "\n".join(lines)


class MalformedCurie(BadInput):
    """The identifier is no CURIE, its prefix is unknown, or its local part is off the pattern."""


class UnknownRelation(BadInput):
    """The relation (or category) is not in the vocabulary; `valid` lists near and valid ones."""

    def __init__(self, name: str, valid: Sequence[str], *, kind: str = "relation") -> None:
        self.name = name
        self.valid = tuple(valid)
        super().__init__(f"unknown {kind} {name!r}; did you mean one of: {', '.join(self.valid)}?")


class UnknownThing(ImmunoKGError, LookupError):
    """The graph does not hold what was asked for."""


class UnknownName(UnknownThing):
    """No entity has this name; `candidates` holds (name, CURIE) pairs that are spelled alike.

    >>> print(UnknownName("dupilumap", [("dupilumab", "DRUGBANK:DB12159")]))
    no entity is called 'dupilumap'; nearest: dupilumab (DRUGBANK:DB12159)
    """

    def __init__(self, text: str, candidates: Sequence[tuple[str, str]] = ()) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        near = ", ".join(f"{name} ({curie})" for name, curie in self.candidates)
        super().__init__(f"no entity is called {text!r}" + (f"; nearest: {near}" if near else ""))


class UnknownStudy(UnknownThing):
    """No evidence of the graph is of this study or publication; `candidates` are keys that are spelled alike.

    >>> print(UnknownStudy("BRAVE-AA", ["BRAVE-AA1", "BRAVE-AA2"]))
    no study or publication is called 'BRAVE-AA'; nearest: BRAVE-AA1, BRAVE-AA2
    """

    def __init__(self, text: str, candidates: Sequence[str] = ()) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        near = f"; nearest: {', '.join(self.candidates)}" if self.candidates else ""
        super().__init__(f"no study or publication is called {text!r}{near}")


class AmbiguousName(UnknownThing):
    """Several entities fit the name and none is preferred; `candidates` holds (name, CURIE) pairs."""

    def __init__(self, text: str, candidates: Sequence[tuple[str, str]]) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        fits = ", ".join(f"{name} ({curie})" for name, curie in self.candidates)
        super().__init__(f"{text!r} is ambiguous: {fits}; give the CURIE or the full name")


class NoAnswer(ImmunoKGError):
    """The question was understood and there is nothing to return where one thing was asked for."""


class BackendError(ImmunoKGError, RuntimeError):
    """A store, the file system or an external program failed."""


class MissingPart(BackendError):
    """An optional library or program is missing; `install` is the command that adds it."""

    def __init__(self, part: str, install: str) -> None:
        self.part = part
        self.install = install
        super().__init__(f"{part} is not installed; run: {install}")
