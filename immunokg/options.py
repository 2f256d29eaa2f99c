"""Options and argument types that commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from immunokg.console import Session

__all__ = [
    "ISO_DATE",
    "KEY_VALUE",
    "TABLE_FORMATS",
    "IsoDate",
    "KeyValue",
    "limit_options",
    "read_text_argument",
    "shared_options",
    "text_source",
]

Command = Callable[..., Any]

TABLE_FORMATS = ("text", "markdown", "json", "jsonl", "csv", "tsv")


def shared_options(*formats: str, graph: bool = True) -> Callable[[Command], Command]:
    """Give a command ``--graph``, ``--format`` (of `formats`), ``--quiet`` and ``--verbose`` as one `Session` argument."""

    def decorate(function: Command) -> Command:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            session = Session(
                graph=kwargs.pop("graph", None),
                format=kwargs.pop("format", "text"),
                quiet=kwargs.pop("quiet"),
                verbose=kwargs.pop("verbose"),
            )
            return function(session, *args, **kwargs)

        options = [
            click.option("-q", "--quiet", is_flag=True, help="Print nothing on stderr but errors."),
            click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is being done."),
        ]
        if formats:
            choice = click.Choice(formats)
            options.append(
                click.option("--format", type=choice, default=formats[0], show_default=True, help="Form of the result.")
            )
        if graph:
            options.append(
                click.option(
                    "--graph", metavar="DIR", help="Graph directory [default: IMMUNOKG_GRAPH, else the built-in graph]."
                )
            )
        command: Command = run
        for option in options:
            command = option(command)
        return command

    return decorate


def limit_options(function: Command) -> Command:
    """Give a command ``--timeout`` and ``--limit`` of a query."""
    seconds = click.FloatRange(min=0, min_open=True)
    options = (
        click.option("--timeout", type=seconds, default=30.0, show_default=True, metavar="SECONDS", help="Stop the query then."),
        click.option("--limit", type=click.IntRange(1), default=100_000, show_default=True, help="Rows kept at most."),
    )
    for option in reversed(options):
        function = option(function)
    return function


if TYPE_CHECKING:
    _TextParam = click.ParamType[str]
    _PairParam = click.ParamType[tuple[str, str]]
else:  # older versions of click cannot be subscripted
    _TextParam = _PairParam = click.ParamType


class IsoDate(_TextParam):
    """A date as YYYY, YYYY-MM or YYYY-MM-DD; shorter ones mean their last day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date unchanged when it exists in the calendar; fail with the three forms otherwise."""
        from datetime import date

        text = str(value).strip()
        whole = f"{text}-01-01"[:10] if re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text) else ""
        try:
            date.fromisoformat(whole)
        except ValueError:
            self.fail(f"{text!r} is no date; write 2018-10-01, 2018-10 or 2018", param, ctx)
        return text


class KeyValue(_PairParam):
    """A pair written KEY=VALUE."""

    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return (key, value); fail when the equals sign or one of the two is missing."""
        if isinstance(value, tuple):
            return str(value[0]), str(value[1])
        key, equals, rest = str(value).partition("=")
        if not (equals and key.strip() and rest.strip()):
            self.fail(f"{value!r} is not KEY=VALUE", param, ctx)
        return key.strip(), rest.strip()


ISO_DATE = IsoDate()
KEY_VALUE = KeyValue()

MAX_TEXT = 1 << 20


def text_source(text: str) -> str:
    """Return what errors call a free text that was given as itself, as ``@FILE`` or as ``-``.

    >>> text_source("@hubs.cypher"), text_source("-"), text_source("ASK {}")
    ('hubs.cypher', 'standard input', 'query')
    """
    return text[1:] if text.startswith("@") else "standard input" if text == "-" else "query"


def read_text_argument(text: str) -> str:
    """Return a free text given as itself, as ``@FILE`` or as ``-`` (stdin); refuse more than a megabyte.

    >>> read_text_argument("ASK {}")
    'ASK {}'
    """
    import sys

    from ontologies.errors import BadInput

    if text == "-":
        raw, origin = sys.stdin.buffer.read(MAX_TEXT + 1), "standard input"
    elif text.startswith("@"):
        origin = text[1:]
        try:
            with open(origin, "rb") as file:  # noqa: PTH123  # accepts /dev/fd and the like as given
                raw = file.read(MAX_TEXT + 1)
        except OSError as error:
            raise BadInput(f"cannot read {origin}: {error.strerror}") from error
    else:
        return text
    if len(raw) > MAX_TEXT:
        raise BadInput(f"{origin} is larger than 1 MiB; a query that long is refused")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{origin} is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from error
