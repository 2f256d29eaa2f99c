"""The blocks of a page as HTML: sections, tables with captions, evidence in closed `details`, citations that lead to the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from queries.page.blocks import (
    Block,
    Break,
    Bullets,
    Cite,
    FigurePlace,
    Heading,
    Item,
    Link,
    Paragraph,
    References,
    Strong,
    Table,
    Text,
    Verdict,
    clean,
    spans,
)

__all__ = ["render_html"]

_CAPTION = (
    "Both mechanisms in one picture. Arrows and bars are steps, the numbers on them studies; the same steps stand as lists below."
)


def render_html(blocks: Iterable[Block], *, picture: str = "", mark: str = "") -> str:
    """Return the blocks as the inside of an HTML element; `picture` is markup already made safe.

    `mark` begins every identifier, so that several answers can stand in one document.

    >>> print(render_html([Heading(1, "IL4 & <b>")]))
    <header>
    <h1>IL4 &amp; &lt;b&gt;</h1>
    </header>
    """
    return "\n".join(_Page(list(blocks), picture, mark).lines())


class _Page:
    """One page on its way to HTML."""

    def __init__(self, blocks: Sequence[Block], picture: str, mark: str) -> None:
        self.blocks = blocks
        self.picture = picture
        self.mark = mark

    def lines(self) -> Iterator[str]:
        parts: list[list[Block]] = [[]]
        for block in self.blocks:
            if isinstance(block, Heading) and block.level == 2:
                parts.append([])
            parts[-1].append(block)
        yield "<header>"
        yield from self._flow(parts[0])
        yield "</header>"
        yield from self._contents()
        for part in parts[1:]:
            heading = part[0]
            key = heading.key if isinstance(heading, Heading) else ""
            yield f'<section aria-labelledby="{self._id(key)}">' if key else "<section>"
            yield from self._flow(part)
            yield "</section>"

    def _contents(self) -> Iterator[str]:
        headings = [block for block in self.blocks if isinstance(block, Heading) and block.level == 2 and block.key]
        if len(headings) > 1:
            links = "".join(f'<li><a href="#{self._id(h.key)}">{self._words(h.text)}</a></li>' for h in headings)
            yield f'<nav aria-label="Contents"><ul>{links}</ul></nav>'

    def _flow(self, blocks: Sequence[Block]) -> Iterator[str]:
        for kind, group in groupby(blocks, key=lambda block: isinstance(block, Verdict)):
            if kind:
                yield '<div class="verdicts">'
            for block in group:
                yield from self._block(block)
            if kind:
                yield "</div>"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level, text, key):
                place = f' id="{self._id(key)}"' if key and level > 1 else ""
                yield f"<h{level}{place}>{self._words(text)}</h{level}>"
            case Paragraph(text, note, warning):
                kind = ' class="note"' if note else ' class="warning" role="note"' if warning else ""
                yield f"<p{kind}>{self._words(text)}</p>"
            case Verdict(side, status, texts):
                yield f'<section class="verdict {side}"><h2>{side.capitalize()}: {status}</h2>'
                yield from (f"<p>{self._words(text)}</p>" for text in texts)
                yield "</section>"
            case Bullets(items, numbered, tree):
                yield self._list(items, "ol" if numbered else "ul", ' class="tree"' if tree else "")
            case Table():
                yield from self._table(block)
            case References(entries):
                yield '<ol class="references">'
                for entry in entries:
                    words = self._words((f"{entry.text} ", entry.identifier))
                    yield f'<li id="{self._id(f"ref-{entry.number}")}" value="{entry.number}">{words}</li>'
                yield "</ol>"
            case FigurePlace():
                if self.picture:
                    yield '<figure class="picture">'
                    yield f'<div class="scroll" tabindex="0" role="region" aria-label="Figure">{self.picture}</div>'
                    yield f"<figcaption>{_CAPTION}</figcaption></figure>"

    def _list(self, items: Sequence[Item], tag: str, looks: str = "") -> str:
        return f"<{tag}{looks}>\n{''.join(map(self._item, items))}</{tag}>"

    def _item(self, item: Item) -> str:
        below = self._list(item.details, "ul") if item.details else ""
        if below and item.fold:
            below = f"<details><summary>{self._words(item.fold)}</summary>{below}</details>"
        return f"<li>{self._words(item.text)}{below}</li>\n"

    def _table(self, table: Table) -> Iterator[str]:
        looks = [' class="number"' if i in table.numbers else "" for i in range(len(table.header))]
        yield f'<table role="table"><caption>{self._words(table.caption)}</caption>'
        heads = "".join(
            f'<th role="columnheader" scope="col"{look}>{self._words(text)}</th>'
            for text, look in zip(table.header, looks, strict=True)
        )
        yield f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">'
        for row in table.rows:
            cells = "".join(
                f'<td role="cell" data-label="{_quoted(name)}"{look}>{self._words(cell)}</td>'
                for cell, name, look in zip(row, table.header, looks, strict=True)
            )
            yield f'<tr role="row">{cells}</tr>'
        yield "</tbody></table>"

    def _words(self, text: Text) -> str:
        parts = []
        for span in spans(text):
            match span:
                case Cite(numbers):
                    links = ", ".join(f'<a href="#{self._id(f"ref-{n}")}">{n}</a>' for n in numbers)
                    parts.append(f'<span class="cite">[{links}]</span>')
                case Link(words, url):
                    parts.append(f'<a href="{_quoted(url)}" rel="noopener noreferrer">{_quoted(words)}</a>')
                case Strong(words):
                    parts.append(f"<strong>{_quoted(words)}</strong>")
                case Break():
                    parts.append("<br>")
                case _:
                    parts.append(_quoted(span))
        return "".join(parts)

    def _id(self, key: str) -> str:
        return f"{self.mark}{key}"


def _quoted(text: str) -> str:
    return escape(clean(text), quote=True)
