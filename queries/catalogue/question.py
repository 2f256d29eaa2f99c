"""The questions of the catalogue: one SPARQL and one Cypher text each, under one name, with one header.

The files are ``queries/sparql/NAME.rq`` and ``queries/cypher/NAME.cypher``; they are read when first needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ontologies.errors import BadInput, Fault, UnknownThing
from queries.catalogue.header import MARKS, Column, Header, Parameter, parse_header

__all__ = ["FOLDERS", "Question", "UnknownQuestion", "find_questions", "question", "questions", "read_questions"]

_HERE = Path(__file__).resolve().parent.parent
FOLDERS = {".rq": _HERE / "sparql", ".cypher": _HERE / "cypher"}
"""Where the texts of each language are, by file name ending."""


class UnknownQuestion(UnknownThing):
    """The catalogue has no question of this name; `candidates` are names that are spelled alike or speak of the same.

    >>> print(UnknownQuestion("target_of_drug", ["targets_of_drug"]))
    there is no question 'target_of_drug'; nearest: targets_of_drug ('immunokg queries' lists all)
    """

    def __init__(self, text: str, candidates: Sequence[str] = ()) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        near = f"; nearest: {', '.join(self.candidates)}" if self.candidates else ""
        super().__init__(f"there is no question {text!r}{near} ('immunokg queries' lists all)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question in both languages; `header` is what the two files say alike."""

    name: str
    header: Header
    sparql: str
    cypher: str

    @property
    def title(self) -> str:
        """A few words."""
        return self.header.title

    @property
    def question(self) -> str:
        """The question as a researcher asks it."""
        return self.header.question

    @property
    def description(self) -> str:
        """What the answer holds and what it leaves out; may be empty."""
        return self.header.description

    @property
    def category(self) -> str:
        """A key of `queries.catalogue.header.CATEGORIES`."""
        return self.header.category

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What may be given."""
        return self.header.parameters

    @property
    def columns(self) -> tuple[Column, ...]:
        """What comes back."""
        return self.header.columns

    @property
    def order(self) -> tuple[tuple[str, bool], ...]:
        """The columns by which rows are sorted, and whether the largest comes first."""
        return self.header.order

    def examples(self, *, all_given: bool = False) -> dict[str, str]:
        """Return an example of every required parameter, or of all parameters.

        >>> question("targets_of_drug").examples()
        {'drug': 'DRUGBANK:DB12159'}
        """
        return {p.name: p.example for p in self.parameters if p.required or all_given}


@cache
def questions() -> Mapping[str, Question]:
    """Return every question by its name, in the order of names.

    >>> questions()["targets_of_drug"].title
    'Targets of a drug'
    """
    return MappingProxyType(read_questions(FOLDERS))


def question(name: str) -> Question:
    """Return a question; raises `UnknownQuestion` with the nearest names.

    >>> question("targets-of-drug").name
    'targets_of_drug'
    """
    found = questions()
    wanted = name.strip().lower().replace("-", "_")
    if wanted in found:
        return found[wanted]
    near = get_close_matches(wanted, found, n=3, cutoff=0.6)
    raise UnknownQuestion(name, near or [other.name for other in find_questions(name)][:5])


def find_questions(text: str = "") -> tuple[Question, ...]:
    """Return the questions that speak of every word of a text, by name; all of them for no text.

    >>> [found.name for found in find_questions("targets of a drug")]
    ['targets_of_drug']
    """
    words = text.lower().replace("_", " ").split()
    return tuple(found for found in questions().values() if all(word in _told(found) for word in words))


def _told(found: Question) -> str:
    return " ".join((found.name.replace("_", " "), found.title, found.question, found.description, found.category)).lower()


def read_questions(folders: Mapping[str, Path]) -> dict[str, Question]:
    """Return the questions of two folders, by name.

    Raises `BadInput` for a header that cannot be read, a question in one language only, and headers that differ.
    """
    texts = {
        suffix: {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*{suffix}"))}
        for suffix, folder in folders.items()
    }
    sparql, cypher = texts[".rq"], texts[".cypher"]
    faults = [
        Fault(f"{name}{suffix}", problem="is missing", fix="every question is asked in both languages")
        for suffix, other in ((".rq", cypher), (".cypher", sparql))
        for name in sorted(other.keys() - texts[suffix].keys())
    ]
    if faults:
        raise BadInput(f"{len(faults)} questions stand in one language only", faults)
    return {name: _question(name, sparql[name], cypher[name]) for name in sorted(sparql)}


def _question(name: str, sparql: str, cypher: str) -> Question:
    header = parse_header(sparql, mark=MARKS[".rq"], source=f"{name}.rq")
    other = parse_header(cypher, mark=MARKS[".cypher"], source=f"{name}.cypher")
    if header != other:
        parts = [part for part in Header.__slots__ if getattr(header, part) != getattr(other, part)]
        fault = Fault(f"{name}.cypher", 1, 1, ", ".join(parts), f"differs from {name}.rq", "say the same in both")
        raise BadInput(f"the headers of {name} differ", [fault])
    return Question(name, header, sparql, cypher)
