"""The commands of the shell: what a line that begins with a dot does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING

from immunokg.options import TABLE_FORMATS, read_text_argument
from immunokg.querying import ENGINES
from immunokg.shell.answers import Table, save_table
from immunokg.shell.command_words import COMMANDS, help_lines
from immunokg.shell.schema import describe, schema_table
from immunokg.shell.settings import read_value, require_server
from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.shell.session import Shell
    from queries.catalogue import Question

__all__ = ["run_command"]

_OTHERS = {
    "exit": ".quit", "q": ".quit", "h": ".help", "?": ".help", "!": ".help", "i": ".read", "source": ".read", "play": ".read",
    "o": ".save", "output": ".save", "once": ".save", "mode": ".format", "x": ".format", "tables": ".schema", "d": ".schema",
    "dt": ".schema", "set": ".param", "use": ".engine", "connect": ".engine", "c": ".engine", "conninfo": ".engine",
}  # fmt: skip
"""What the commands of psql, sqlite3 and cypher-shell are called here."""

_DEEPEST = 8


def run_command(shell: Shell, line: str) -> None:
    """Run one command; raises `BadInput` for one that there is not, with the nearest that there is."""
    name, _, rest = line.strip().rstrip(";").partition(" ")
    bare = name.lstrip(".:\\").lower()
    command = ".quit" if bare == "exit" else f".{bare}"
    if command not in COMMANDS or name.startswith((":", "\\")):
        raise _unknown(name, bare)
    rest = rest.strip()
    if rest and not COMMANDS[command][0]:
        raise BadInput(f"{command} takes nothing after it")
    _RUN[command](shell, rest)


def _unknown(name: str, bare: str) -> BadInput:
    near = _OTHERS.get(bare) or f".{bare}"
    if near not in COMMANDS:
        near = next(iter(get_close_matches(near, COMMANDS, 1, 0.6)), "")
    meant = f"; did you mean {near}?" if near else "; .help lists the commands"
    return BadInput(f"there is no command {name}{meant}")


def _help(shell: Shell, rest: str) -> None:
    if not rest:
        shell.console.write_lines(help_lines())
        return
    name = f".{rest.lstrip('.')}"
    if name not in COMMANDS:
        raise _unknown(name, rest.lstrip("."))
    takes, about = COMMANDS[name]
    shell.console.write(f"{name} {takes}".rstrip() + f"\n  {about}")


def _sparql(shell: Shell, _: str) -> None:
    _engine(shell, "oxigraph")


def _cypher(shell: Shell, _: str) -> None:
    _engine(shell, shell.settings.cypher_engine)


def _engine(shell: Shell, rest: str) -> None:
    if rest:
        engine = _one_of(rest, ENGINES, "engine")
        require_server(engine)
        shell.settings.choose(engine)
    if shell.interactive or not rest:
        speaks = "Cypher" if shell.settings.language == "cypher" else "SPARQL"
        shell.console.say(f"{speaks} on {shell.settings.engine}")


def _format(shell: Shell, rest: str) -> None:
    if rest:
        shell.settings.format = _one_of(rest, TABLE_FORMATS, "format")
    else:
        shell.console.say(f"format {shell.settings.format}")


def _timeout(shell: Shell, rest: str) -> None:
    if rest:
        seconds = _number(rest.removesuffix("s"), ".timeout 60", "seconds")
        if not (0 < seconds < math.inf):
            raise BadInput(f"{rest!r} is no time limit; write a number of seconds above 0, such as .timeout 60")
        shell.settings.timeout = seconds
    else:
        shell.console.say(f"timeout {shell.settings.timeout:g} s")


def _limit(shell: Shell, rest: str) -> None:
    if rest:
        rows = _number(rest.replace(",", ""), ".limit 500", "rows")
        if not (1 <= rows < math.inf) or rows != int(rows):
            raise BadInput(f"{rest!r} is no number of rows; write a whole number from 1, such as .limit 500")
        shell.settings.limit = int(rows)
    else:
        shell.console.say(f"limit {shell.settings.limit:,} rows")


def _param(shell: Shell, rest: str) -> None:
    name, equals, value = rest.partition("=")
    name = name.strip().removeprefix("$")
    if not rest:
        _params(shell, "")
    elif not equals or not name.isidentifier():
        raise BadInput(f"{rest!r} is not NAME=VALUE; write .param drug=dupilumab and use $drug in the query")
    elif value.strip():
        shell.settings.parameters[name] = read_value(value.strip())
    else:
        shell.settings.parameters.pop(name, None)


def _params(shell: Shell, _: str) -> None:
    import json

    for name, value in sorted(shell.settings.parameters.items()):
        shell.console.write(f"{name}={json.dumps(value, ensure_ascii=False)}")
    if not shell.settings.parameters:
        shell.console.say("no parameters; .param NAME=VALUE gives one")


def _queries(shell: Shell, rest: str) -> None:
    from queries.catalogue import find_questions

    found = find_questions(rest)
    if not found:
        shell.console.say(f"no question speaks of {rest!r}; .queries lists all")
        return
    columns = ("name", "question", "parameters")
    rows = [(q.name, q.question, [p.name if p.required else f"[{p.name}]" for p in q.parameters]) for q in found]
    shell.show(Table(columns, tuple(rows)))


def _query(shell: Shell, rest: str) -> None:
    import shlex

    try:
        words = shlex.split(rest)
    except ValueError as error:
        raise BadInput(f'cannot read that ({error}); write .query drugs_of_target target="IL4R"') from None
    if not words:
        raise BadInput("which question? write .query targets_of_drug drug=dupilumab; .queries lists them")
    name, *given = words
    parameters: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not (key and equals):
            raise BadInput(f"{pair!r} is not NAME=VALUE; put a value with blanks into quotes: disease=\"alopecia areata\"")
        if key in parameters:
            raise BadInput(f"parameter {key} is given twice; keep one")
        parameters[key] = value
    shell.ask_catalogue(name, parameters)


def _show(shell: Shell, rest: str) -> None:
    from queries.catalogue import question

    if not rest:
        raise BadInput("which question? .queries lists them; then .show NAME")
    shell.console.write_lines(_question_lines(question(rest), shell.settings.language))


def _question_lines(asked: Question, language: str) -> Iterator[str]:
    yield f"{asked.name}: {asked.question}"
    for parameter in asked.parameters:
        default = "" if parameter.required else f" [{parameter.default or 'any'}]"
        yield f"  {parameter.name}={parameter.example}{default}  {parameter.description}"
    lines = (asked.cypher if language == "cypher" else asked.sparql).rstrip().splitlines()
    yield ""
    yield from dropwhile(lambda line: line.startswith(("#", "//")), lines)  # what the header says stands above


def _find(shell: Shell, rest: str) -> None:
    if not rest:
        raise BadInput("what? write .find dupilumab")
    hits = shell.graph.search(rest, limit=min(shell.settings.limit, 20))
    if not hits:
        shell.console.say(f"nothing is called {rest!r} or spelled like it")
        return
    rows = tuple((hit.curie, hit.name, hit.category, hit.matched, hit.statements) for hit in hits)
    shell.show(Table(("curie", "name", "category", "matched", "statements"), rows))


def _schema(shell: Shell, rest: str) -> None:
    if rest:
        shell.console.write_lines(describe(rest))
    else:
        shell.show(schema_table(shell))


def _read(shell: Shell, rest: str) -> None:
    path = _path(rest, ".read questions.rq")
    if shell.depth >= _DEEPEST:
        raise BadInput(f"{path}: files read one another {_DEEPEST} deep; does one of them read itself?")
    shell.depth += 1
    try:
        shell.run(read_text_argument(f"@{Path(path).expanduser()}"), path)
    finally:
        shell.depth -= 1


def _save(shell: Shell, rest: str) -> None:
    path = _path(rest, ".save answer.csv")
    if shell.last is None:
        raise BadInput("there is no answer to save yet; ask something first")
    save_table(shell.last, Path(path).expanduser())
    cut = f" (the answer was cut: {shell.last.truncated})" if shell.last.truncated else ""
    shell.console.say(f"saved {len(shell.last.rows):,} rows to {path}{cut}")


def _quit(shell: Shell, _: str) -> None:
    shell.leaving = True


def _path(rest: str, example: str) -> str:
    path = rest[1:-1] if rest[:1] in ("'", '"') and rest[-1:] == rest[:1] and len(rest) > 1 else rest
    if not path:
        raise BadInput(f"which file? write {example}")
    return path


def _one_of(text: str, allowed: tuple[str, ...], kind: str) -> str:
    if text.lower() in allowed:
        return text.lower()
    near = get_close_matches(text.lower(), allowed, 1, 0.6)
    meant = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(allowed)}"
    raise BadInput(f"there is no {kind} {text!r}; {meant}")


def _number(text: str, example: str, unit: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{text!r} is no number of {unit}; write {example}") from None


_RUN: dict[str, Callable[[Shell, str], None]] = {
    ".help": _help, ".sparql": _sparql, ".cypher": _cypher, ".engine": _engine, ".format": _format, ".timeout": _timeout,
    ".limit": _limit, ".param": _param, ".params": _params, ".queries": _queries, ".query": _query, ".show": _show,
    ".find": _find, ".schema": _schema, ".read": _read, ".save": _save, ".quit": _quit,
}  # fmt: skip
