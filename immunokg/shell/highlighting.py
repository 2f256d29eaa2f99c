"""Colours of what is typed: SPARQL, Cypher with its parameters, and commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer, PygmentsLexer, SimpleLexer
from prompt_toolkit.styles import Style
from pygments.lexer import inherit
from pygments.lexers.graph import CypherLexer
from pygments.lexers.rdf import SparqlLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from immunokg.shell.clauses import Language
from immunokg.shell.statements import is_command

__all__ = ["STYLE", "OurCypherLexer", "ShellLexer"]

STYLE = Style.from_dict(
    {
        "prompt": "bold",
        "command": "ansimagenta",
        "pygments.keyword": "ansiblue bold",
        "pygments.literal.string": "ansigreen",
        "pygments.literal.number": "ansicyan",
        "pygments.comment": "ansibrightblack italic",
        "pygments.name.variable": "ansimagenta",
        "pygments.name.label": "ansigreen",
        "pygments.name.class": "ansiyellow",
        "pygments.name.function": "ansicyan",
        "pygments.name.namespace": "ansiyellow",
        "pygments.name.tag": "",
        "pygments.error": "",
        "bottom-toolbar": "noreverse ansibrightblack",
    }
)
"""Colours of the terminal's own palette, so that they can be read on a dark and on a light ground."""


class OurCypherLexer(CypherLexer):
    """The Cypher of today: parameters, all operators, comments of several lines, text that is not closed yet.

    >>> [text for kind, text in OurCypherLexer().get_tokens("WHERE n.id = $drug") if kind in Name.Variable]
    ['$drug']
    """

    tokens: ClassVar = {
        "root": [
            (r"\$(?:\w+|`[^`]*`)", Name.Variable),
            (r"//[^\n]*", Comment.Single),
            (r"/\*(?:[^*]|\*(?!/))*(?:\*/)?", Comment.Multiline),
            (r"'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?", String),
            (r"(?<=:)[^\W\d]\w*", Name.Class),
            (r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", Number),
            (r"(?:and|or|xor|exists|count|elsewhere|offset|else|contains|profile|explain|show)\b(?!\s*\()", Keyword),
            (r"[^\W\d]\w*(?=\()", Name.Function),
            (r"[-+/%^<>=~|&!\[\]]", Operator),
            inherit,
        ]
    }


class ShellLexer(Lexer):
    """Colours a text as the language in force, or as a command."""

    def __init__(self, language: Callable[[], Language]) -> None:
        self._language = language
        self._lexers: dict[str, Lexer] = {
            "sparql": PygmentsLexer(SparqlLexer), "cypher": PygmentsLexer(OurCypherLexer), "": SimpleLexer("class:command"),
        }  # fmt: skip

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return what gives the coloured pieces of a line."""
        return self._lexers["" if is_command(document.text) else self._language()].lex_document(document)
