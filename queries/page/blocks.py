"""The few kinds of block a readable page is made of; `queries.page.whole` fills them, three renderings print them.

A text is a plain string or a tuple of spans: strings, citations, links, and words to stress. What it holds may come from
anybody's file, so each rendering cleans and escapes every string of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from queries.explanation.shown import SideName, Status

__all__ = [
    "BREAK", "GLUE", "Block", "Break", "Bullets", "Cite", "FigurePlace", "Heading", "Item", "Link", "Paragraph", "Reference",
    "References", "Span", "Strong", "Table", "Text", "Verdict", "clean", "joined", "plain", "spans",
]  # fmt: skip

#: A space at which no line is broken.
GLUE: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class Cite:
    """The numbers of the references that a claim rests on."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.numbers))}]"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address outside, where a rendering has links."""

    words: str
    url: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Strong:
    """Words to stress."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line within a text."""

    def __str__(self) -> str:
        return "\n"


BREAK: Final = Break()
Span: TypeAlias = str | Cite | Link | Strong | Break
Text: TypeAlias = str | tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of level 1, 2 or 3; `key` names the place, so that a page can point at it."""

    level: int
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a `note` explains how to read and claims nothing, a `warning` must not be overlooked."""

    text: Text
    note: bool = False
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list with points below it; with `fold` HTML shows those closed behind these words."""

    text: Text
    details: tuple[Item, ...] = ()
    fold: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of items; `numbered` counts them, `tree` shows them as branches of what stands above."""

    items: tuple[Item, ...]
    numbered: bool = False
    tree: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a header row; the last column takes the width that is left, `numbers` are set right."""

    caption: Text
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure one side is, in a word and in sentences."""

    side: SideName
    status: Status
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where a page that can show pictures puts the figure; others leave it out."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One work that the page cites: its description, and its number or address in a catalogue."""

    number: int
    text: str
    identifier: Link | str


@dataclass(frozen=True, slots=True)
class References:
    """The works that the page cites, by number."""

    entries: tuple[Reference, ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Verdict | FigurePlace | References


def spans(text: Text) -> Iterator[Span]:
    """Yield the parts of a text with every string cleaned; empty strings are left out."""
    for span in (text,) if isinstance(text, str) else text:
        match span:
            case Cite():
                if span.numbers:
                    yield span
            case Link(words, url):
                yield Link(clean(words), url)
            case Strong(words):
                yield Strong(clean(words))
            case Break():
                yield span
            case _:
                if span:
                    yield clean(span)


def joined(texts: Iterable[Text], by: Span = " ") -> Text:
    """Return several texts as one, with `by` between them.

    >>> joined(["IL4", ("IL13", Cite((2,)))], ", ")
    ('IL4', ', ', 'IL13', Cite(numbers=(2,)))
    """
    parts: list[Span] = []
    for text in texts:
        parts += [by] if parts else []
        parts += [text] if isinstance(text, str) else text
    return tuple(parts)


def plain(text: Text) -> str:
    """Return the text without marks, as it stands in a terminal.

    >>> plain(("IL4 lowers TNF ", Cite((3, 5))))
    'IL4 lowers TNF [3, 5]'
    """
    return "".join(map(str, spans(text)))


def clean(text: str) -> str:
    r"""Return the text as one line without control characters or marks that turn the reading direction.

    They become U+FFFD, so that a name cannot hide, reorder or restyle what stands beside it; white space becomes spaces.

    >>> clean("IL-4" + chr(0x1b) + "[31m" + chr(0x202e) + "\tchain")
    'IL-4�[31m� chain'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_cleaned(character) for character in text)


def _cleaned(character: str) -> str:
    if character == GLUE:
        return character
    category = unicodedata.category(character)
    if character.isspace() or category in ("Zl", "Zp"):
        return " "
    hostile = category in ("Cc", "Cs", "Co", "Cn") or (category == "Cf" and character not in "\u200c\u200d\u00ad")
    return "\ufffd" if hostile else character
