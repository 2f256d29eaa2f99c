"""A page as CommonMark with pipe tables; what looks like markup in names, findings and titles is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from queries.page.blocks import (
    GLUE,
    Block,
    Break,
    Bullets,
    FigurePlace,
    Heading,
    Item,
    Link,
    Paragraph,
    Reference,
    References,
    Strong,
    Table,
    Text,
    Verdict,
    spans,
)

__all__ = ["render_markdown"]


def render_markdown(blocks: Iterable[Block]) -> str:
    r"""Return the page as Markdown.

    >>> print(render_markdown([Heading(2, "Fork"), Paragraph("IL4R *down*")]))
    ## Fork
    <BLANKLINE>
    IL4R \*down\*
    <BLANKLINE>
    """
    return "\n\n".join(part for block in blocks if (part := _block(block))) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_words(text)}"
        case Paragraph(text, note):
            return f"_{_words(text)}_" if note else _words(text)
        case Verdict(side, status, texts):
            return f"**{side.upper()} {status}.** " + " ".join(_words(text) for text in texts)
        case Bullets(items, numbered):
            return "\n".join(_items(items, numbered=numbered))
        case Table(caption, header, rows, numbers):
            marks = " | ".join("---:" if i in numbers else "---" for i in range(len(header)))
            lines = [_row(header), f"| {marks} |", *(_row(row) for row in rows)]
            return f"**{_words(caption)}**\n\n" + "\n".join(lines)
        case References(entries):
            return "\n".join(_reference(entry) for entry in entries)
        case FigurePlace():
            return ""


def _items(items: Iterable[Item], *, numbered: bool = False, indent: str = "") -> Iterator[str]:
    for number, item in enumerate(items, 1):
        mark = f"{number}. " if numbered else "- "
        yield f"{indent}{mark}{_words(item.text)}"
        yield from _items(item.details, indent=indent + " " * len(mark))


def _reference(entry: Reference) -> str:
    return f"{entry.number}. {_words((entry.text, ' ', entry.identifier))}"


def _row(cells: Iterable[Text]) -> str:
    return "| " + " | ".join(_words(cell) for cell in cells) + " |"


def _words(text: Text) -> str:
    parts = []
    for span in spans(text):
        match span:
            case Strong(words):
                parts.append(f"**{_escaped(words)}**")
            case Break():
                parts.append("<br>")
            case Link(words, url):
                parts.append(f"[{_escaped(words)}]({url})")
            case _:
                parts.append(_escaped(str(span)))
    return _START.sub(r"\1\\\2", "".join(parts).strip())


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|~$&"} | {GLUE: " ", "\n": " "})
#: What would make a paragraph a list, a rule or a heading when it stands first.
_START = re.compile(r"^([0-9]*)([-+=.)])")


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
