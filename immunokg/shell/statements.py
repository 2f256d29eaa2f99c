r"""Where one statement ends and the next begins, in what is typed, piped or read from a file.

A statement ends at a ``;`` outside brackets, strings and comments, or at a blank line after which another one begins. A line
that begins with a dot, where a statement could begin, is a command.

>>> [s.text for s in statements("ASK { ?s a ikg:Claim ;\n ikg:verdict ?v }; .help\nASK {}", "sparql")]
['ASK { ?s a ikg:Claim ;\n ikg:verdict ?v }', '.help', 'ASK {}']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from immunokg.shell.clauses import STARTS, Clauses, Language, Token, tokens

__all__ = ["Statement", "is_command", "is_complete", "next_statement", "statements"]

_COMMAND = re.compile(r"[.:\\](?=[^\W\d]|[?!]|\s|\Z)")
"""Ours begin with a dot; those of other shells begin with a colon or a backslash, and are answered with ours."""
_LONE = re.compile(r"(?:help|quit|exit)\s*;?", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_EMPTY_LAST = re.compile(r"\n[ \t\r]*\Z")
_TWO_EMPTY_LAST = re.compile(r"\n[ \t\r]*\n[ \t\r]*\Z")


class Statement(NamedTuple):
    """One statement or command: where it begins (also as `line` and `column`, from 1), and where the rest begins."""

    text: str
    start: int
    line: int
    column: int
    end: int


def statements(text: str, language: Language) -> Iterator[Statement]:
    """Yield all statements and commands of a text that stays in one language."""
    at = 0
    while (found := next_statement(text, at, language)) is not None:
        yield found
        at = found.end


def next_statement(text: str, start: int, language: Language) -> Statement | None:
    r"""Return the first statement or command at or after `start`, or None when nothing but blanks and comments is left.

    >>> next_statement("// all drugs\nMATCH (d:Drug)\n\nRETURN d; RETURN 1", 0, "cypher")
    Statement(text='MATCH (d:Drug)\n\nRETURN d', start=13, line=2, column=1, end=38)
    """
    clauses = Clauses(language)
    begin = last = start
    for token in tokens(text, start, language):
        if not clauses.begun:
            if token.text == ";":
                continue
            begin = token.start
            if _is_command_at(text, begin):
                end = text.find("\n", begin)
                end = len(text) if end < 0 else end
                return _statement(text, begin, end, end)
        elif token.text == ";" and clauses.depth <= 0:
            return _statement(text, begin, last, token.start + 1)
        elif _begins_anew(clauses, token, text[last : token.start], language):
            return _statement(text, begin, last, token.start)
        if token.kind == "unclosed":
            return _statement(text, begin, len(text), len(text))
        clauses.take(token)
        last = token.start + len(token.text)
    return _statement(text, begin, last, len(text)) if clauses.begun else None


def is_command(text: str) -> bool:
    """Tell whether a text is a command and no query.

    >>> is_command(".engine neo4j"), is_command("exit"), is_command("ASK {}")
    (True, True, False)
    """
    return _is_command_at(text.lstrip(), 0)


def is_complete(text: str, language: Language) -> bool:
    r"""Tell whether Enter at the end of the text runs it.

    It does for a command, after a ``;``, after an empty line, and for a query of one line that can stand as it is. Inside
    brackets and strings, and after PREFIX lines alone, it takes two empty lines.

    >>> [is_complete(text, "sparql") for text in ("ASK {}", "SELECT ?s", "SELECT ?s {\n?s ?p ?o }", "ASK {\n};", "ASK {\n}\n")]
    [True, False, False, True, True]
    """
    last = next(iter([*statements(text, language)][-1:]), None)
    if last is None:  # nothing, or a comment above what is still to come
        return not text.strip() or bool(_EMPTY_LAST.search(text))
    if _is_command_at(last.text, 0) or _TWO_EMPTY_LAST.search(text):
        return True
    if last.start + len(last.text) < last.end and text[last.end - 1] == ";":
        return True
    clauses = Clauses(language)
    for token in tokens(last.text, 0, language):
        clauses.take(token)
    if clauses.depth > 0 or clauses.unclosed:
        return False
    if _EMPTY_LAST.search(text):
        return not clauses.is_prologue
    return clauses.is_finished and "\n" not in text[last.start :]


def _is_command_at(text: str, start: int) -> bool:
    if _COMMAND.match(text, start):
        return True
    end = text.find("\n", start)
    return bool(_LONE.fullmatch(text[start : len(text) if end < 0 else end].rstrip()))


def _begins_anew(clauses: Clauses, token: Token, gap: str, language: Language) -> bool:
    """Tell whether a new statement or command begins at the token, although no ``;`` ended the one before."""
    if clauses.depth > 0 or "\n" not in gap or not clauses.is_finished:
        return False
    if token.text.startswith("."):
        return gap.endswith("\n")
    return bool(_BLANK_LINE.search(gap)) and token.kind == "word" and token.text.upper() in STARTS[language]


def _statement(text: str, begin: int, stop: int, end: int) -> Statement:
    line = text.count("\n", 0, begin) + 1
    return Statement(text[begin:stop].rstrip(), begin, line, begin - text.rfind("\n", 0, begin), end)
