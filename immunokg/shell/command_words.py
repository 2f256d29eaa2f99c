"""The commands of the shell, as completion and ``.help`` know them: the names, what follows them, what they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from immunokg.shell.names import FindEntities
from immunokg.shell.words import Candidate, Word, fitting

__all__ = ["COMMANDS", "complete_command", "help_lines"]

COMMANDS = {
    ".help": ("[COMMAND]", "This list, and how to type a query."),
    ".sparql": ("", "Ask in SPARQL."),
    ".cypher": ("", "Ask in Cypher."),
    ".engine": ("NAME", "oxigraph (SPARQL), arcadedb or neo4j (both Cypher)."),
    ".format": ("NAME", "text, markdown, json, jsonl, csv or tsv."),
    ".timeout": ("SECONDS", "Stop a query then."),
    ".limit": ("ROWS", "Rows of an answer at most."),
    ".param": ("NAME=VALUE", "What $NAME is in Cypher: JSON, else text; NAME= removes it."),
    ".params": ("", "The values given so far."),
    ".queries": ("[TEXT]", "Questions of the catalogue, or those that speak of TEXT."),
    ".query": ("NAME K=V …", "Ask a question of the catalogue; entities by name or CURIE."),
    ".show": ("NAME", "A question: its parameters and its text, to run or edit."),
    ".find": ("TEXT", "Entities called TEXT or nearly so, with their CURIEs."),
    ".schema": ("[NAME]", "Labels and types, classes and properties, with counts; or about one."),
    ".read": ("FILE", "Run the statements of a file."),
    ".save": ("FILE", "Save the last answer: .csv, .tsv, .json, .jsonl or .md."),
    ".quit": ("", "Leave (also Ctrl-D)."),
}
"""Each command, what it takes, and what it does."""

_TYPING = """
A query of one line runs at Enter; one of several lines when it ends with a semicolon, or at an
empty line (inside brackets: two). Alt-Enter starts a new line whatever was typed. Tab completes
labels, types, properties, prefixes, keywords; @name and Tab writes the CURIE of an entity. Ctrl-C
stops a query or clears the line, Ctrl-R searches what was asked before, Ctrl-X Ctrl-E opens the
editor."""

_VALUE = re.compile(r"""(?:^|\s)(\w+)=("[^"]*|'[^']*|\S*)\Z""")
_MOST_FILES = 200


def help_lines() -> list[str]:
    """Return what ``.help`` prints."""
    size = max(len(f"{name} {takes}") for name, (takes, _) in COMMANDS.items())
    lines = [f"{f'{name} {takes}'.ljust(size)}  {about}" for name, (takes, about) in COMMANDS.items()]
    return [*lines, *_TYPING.splitlines()]


def complete_command(text: str, find: FindEntities, *, parameters: Iterable[str] = ()) -> list[Candidate]:
    """Return what may stand at the end of a line that begins with a dot.

    >>> [c.text for c in complete_command(".sc", lambda text: ())], [c.text for c in complete_command(".format j", list)]
    (['.schema'], ['json', 'jsonl'])
    """
    name, space, rest = text.lstrip().partition(" ")
    if not space:
        return fitting([Word(command, about) for command, (_, about) in COMMANDS.items()], name)
    rest = rest.lstrip()
    if name == ".query":
        return _complete_question(rest, find)
    if name == ".find":
        return [Candidate(e.name, len(rest), f"{e.category} {e.curie}") for e in find(rest)] if rest.strip() else []
    if name in (".read", ".save"):
        return _complete_path(rest)
    return fitting(_words_after(name, parameters), rest)


def _words_after(name: str, parameters: Iterable[str]) -> Iterable[Word]:
    from immunokg.options import TABLE_FORMATS
    from immunokg.shell.cypher_words import labels, types
    from immunokg.shell.sparql_words import all_terms

    if name == ".engine":
        return (Word("oxigraph", "SPARQL"), Word("arcadedb", "Cypher, on this machine"), Word("neo4j", "Cypher, on a server"))
    if name == ".format":
        return map(Word, TABLE_FORMATS)
    if name == ".show":
        return _questions()
    if name == ".schema":
        return (*labels(), *types(), *all_terms())
    if name == ".param":
        return (Word(f"{parameter}=") for parameter in sorted(parameters))
    return ()


def _questions() -> list[Word]:
    from queries.catalogue import questions

    return [Word(name, asked.title) for name, asked in questions().items()]


def _complete_question(rest: str, find: FindEntities) -> list[Candidate]:
    from queries.catalogue import questions

    name, space, given = rest.partition(" ")
    if not space:
        return fitting(_questions(), name)
    asked = questions().get(name)
    if asked is None:
        return []
    kinds = {parameter.name: parameter for parameter in asked.parameters}
    value = _VALUE.search(given)
    if value is None:
        typed = given.rpartition(" ")[2]
        left = [Word(f"{p.name}=", p.description) for p in asked.parameters if f"{p.name}=" not in given]
        return fitting(left, typed)
    parameter, typed = kinds.get(value.group(1)), value.group(2)
    if parameter is None:
        return []
    text = typed[1:] if typed[:1] in ("'", '"') else typed
    if parameter.type == "entity":
        entities = find(text) if text.strip() else ()
        return [Candidate(e.curie, len(typed), f"{e.category} {e.curie}", e.name) for e in entities]
    return fitting(_values(parameter.type, parameter.default, parameter.example), text, replaced=len(typed))


def _values(kind: str, default: str | None, example: str) -> list[Word]:
    if kind == "relation":
        from immunokg.shell.cypher_words import values_of

        return list(values_of("relation"))
    if kind == "boolean":
        return [Word("true"), Word("false")]
    known = dict.fromkeys(filter(None, (default, example)))
    return [Word(text, "default" if text == default else "for example") for text in known]


def _complete_path(typed: str) -> list[Candidate]:
    folder, _, begun = typed.rpartition("/")
    here = Path(f"{folder}/" if folder or typed.startswith("/") else ".").expanduser()
    try:
        found = sorted(path for path in here.iterdir() if path.name.startswith("." if begun.startswith(".") else ""))
    except OSError:
        return []
    words = [Word(f"{path.name}/" if path.is_dir() else path.name) for path in found if path.name.startswith(begun)]
    hidden = begun.startswith(".")
    return [Candidate(word.text, len(begun)) for word in words if hidden or not word.text.startswith(".")][:_MOST_FILES]
